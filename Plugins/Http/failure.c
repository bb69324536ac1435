/* What went wrong, whose fault it is, and whether a write may have happened.
 *
 *     no connection, refused, TLS                          UNAVAILABLE           not applied
 *     timeout, lost connection  before anything was sent                         not applied
 *                               after                      TIMEOUT, UNAVAILABLE  unknown
 *     3xx that is not followed  configuration              INVALID_ARGUMENT      unknown
 *     401, 403, 404             configuration                                    not applied
 *     405, 406, 415             configuration              INVALID_ARGUMENT      not applied
 *     408, 425, 429, 503        transient, Retry-After     RATE_LIMITED (429)    not applied
 *     other 5xx                 transient                  UNAVAILABLE           unknown
 *     other 4xx                 this record                BAD_DATA              not applied
 */
#include "http.h"

#define MAX_QUOTED_BYTES 200

typedef struct {
    CURLcode result;
    tenon_status_t status;
    tenon_error_class_t error_class;
} transfer_meaning_t;

static const transfer_meaning_t transfer_meanings[] = {
    {CURLE_URL_MALFORMAT, TENON_INVALID_ARGUMENT, TENON_CLASS_CONFIG},
    {CURLE_UNSUPPORTED_PROTOCOL, TENON_INVALID_ARGUMENT, TENON_CLASS_CONFIG},
    {CURLE_COULDNT_RESOLVE_HOST, TENON_UNAVAILABLE, TENON_CLASS_TRANSIENT},
    {CURLE_COULDNT_RESOLVE_PROXY, TENON_UNAVAILABLE, TENON_CLASS_TRANSIENT},
    {CURLE_COULDNT_CONNECT, TENON_UNAVAILABLE, TENON_CLASS_TRANSIENT},
    {CURLE_PEER_FAILED_VERIFICATION, TENON_UNAVAILABLE, TENON_CLASS_CONFIG},
    {CURLE_SSL_CACERT_BADFILE, TENON_INVALID_ARGUMENT, TENON_CLASS_CONFIG},
    {CURLE_OPERATION_TIMEDOUT, TENON_TIMEOUT, TENON_CLASS_TRANSIENT},
    {CURLE_ABORTED_BY_CALLBACK, TENON_CANCELLED, TENON_CLASS_UNSET},
    {CURLE_OUT_OF_MEMORY, TENON_RESOURCE_EXHAUSTED, TENON_CLASS_UNSET},
    {CURLE_BAD_CONTENT_ENCODING, TENON_BAD_DATA, TENON_CLASS_DATA},
};

tenon_status_t fail_transfer(
    const transfer_t *transfer, const tenon_call_t *call, const exchange_t *exchange
) {
    transfer_meaning_t meaning = {transfer->result, TENON_UNAVAILABLE, TENON_CLASS_TRANSIENT};
    for (size_t i = 0; i < sizeof transfer_meanings / sizeof transfer_meanings[0]; i++) {
        if (transfer_meanings[i].result == transfer->result) { meaning = transfer_meanings[i]; }
    }
    long sent_bytes = 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_REQUEST_SIZE, &sent_bytes);
    tenon_error_t error = tenon_error(
        meaning.error_class, sent_bytes > 0 ? TENON_EFFECT_UNKNOWN : TENON_EFFECT_NOT_APPLIED
    );
    if (exchange->follows_others) { error.effect = TENON_EFFECT_UNKNOWN; }
    error.vendor_code = (int32_t)transfer->result;
    int url_size = url_public_size(exchange->url);
    if (transfer->is_too_large) {
        /* The server has done its part: only the answer does not fit. */
        if (transfer->status >= 200 && transfer->status < 300) { error.effect = TENON_EFFECT_APPLIED; }
        error.error_class = TENON_CLASS_CONFIG;
        return tenon_fail_with(
            call, TENON_RESOURCE_EXHAUSTED, error,
            "%s %.*s: the answer is larger than %lld bytes (maxResponseBytes)", exchange->method, url_size,
            exchange->url, (long long)exchange->max_body_bytes
        );
    }
    const char *reason = transfer->reason[0] != '\0' ? transfer->reason
                                                     : curl_easy_strerror(transfer->result);
    if (meaning.status == TENON_CANCELLED) { reason = "cancelled"; }
    /* See set_unrepeatable: curl wanted to send it again. */
    if (transfer->result == CURLE_SEND_FAIL_REWIND) { reason = "the connection broke before an answer came"; }
    return tenon_fail_with(
        call, meaning.status, error, "%s %.*s: %s%s", exchange->method, url_size, exchange->url, reason,
        sent_bytes > 0 && meaning.status != TENON_CANCELLED ? ", after the request was sent" : ""
    );
}

tenon_status_t status_meaning(long http_status, tenon_error_t *error) {
    error->effect = TENON_EFFECT_NOT_APPLIED;
    error->error_class = TENON_CLASS_CONFIG;
    if (http_status >= 300 && http_status < 400) {
        error->effect = TENON_EFFECT_UNKNOWN;
        return TENON_INVALID_ARGUMENT;
    }
    switch (http_status) {
    case 401: return TENON_UNAUTHENTICATED;
    case 403: return TENON_PERMISSION_DENIED;
    case 404: return TENON_NOT_FOUND;
    case 405:
    case 406:
    case 415: return TENON_INVALID_ARGUMENT;
    default: break;
    }
    error->error_class = TENON_CLASS_TRANSIENT;
    switch (http_status) {
    case 408: return TENON_TIMEOUT;
    case 429: return TENON_RATE_LIMITED;
    case 425:
    case 503: return TENON_UNAVAILABLE;
    default: break;
    }
    if (http_status >= 500) {
        error->effect = TENON_EFFECT_UNKNOWN;
        return TENON_UNAVAILABLE;
    }
    error->error_class = TENON_CLASS_DATA;
    return http_status == 409 ? TENON_CONFLICT : TENON_BAD_DATA;
}

/* The beginning of the body, on one line and not cut inside of a character. */
static int quoted_size(tenon_str_t body) {
    size_t size = 0;
    const unsigned char *p = (const unsigned char *)body.data;
    while (size < body.size && size < MAX_QUOTED_BYTES) {
        size_t length = tenon_utf8_length(p + size, p + body.size);
        if (length == 0 || p[size] < 0x20) { break; }
        size += length;
    }
    return (int)size;
}

tenon_status_t fail_status(const transfer_t *transfer, const tenon_call_t *call, const exchange_t *exchange) {
    tenon_error_t error = tenon_error(TENON_CLASS_UNSET, TENON_EFFECT_UNKNOWN);
    tenon_status_t status = status_meaning(transfer->status, &error);
    if (exchange->follows_others) { error.effect = TENON_EFFECT_UNKNOWN; }
    error.vendor_code = (int32_t)transfer->status;
    error.retry_after_ms = (uint64_t)asked_wait_ms(transfer);
    tenon_text_t details = {0};
    tenon_text_format(&details, "{\"status\":%ld", transfer->status);
    if (transfer->body.size <= 4096) {
        tenon_text_add(&details, TENON_STR(",\"body\":"));
        add_body(&details, transfer);
    }
    tenon_text_add(&details, TENON_STR("}"));
    if (!details.failed) { error.details_json = tenon_text_str(&details); }
    tenon_str_t body = tenon_text_str(&transfer->body);
    int size = quoted_size(body);
    const char *target = NULL;
    curl_easy_getinfo(transfer->easy, CURLINFO_REDIRECT_URL, &target);
    int has_target = target != NULL && transfer->status >= 300 && transfer->status < 400;
    status = has_target
        ? tenon_fail_with(
              call, status, error, "%s %.*s answered %ld, a redirect to %.*s that is not followed",
              exchange->method, url_public_size(exchange->url), exchange->url, transfer->status,
              url_public_size(target), target
          )
        : tenon_fail_with(
              call, status, error, "%s %.*s answered %ld%s%.*s", exchange->method,
              url_public_size(exchange->url), exchange->url, transfer->status, size > 0 ? ": " : "", size,
              size > 0 ? body.data : ""
          );
    tenon_text_free(&details);
    return status;
}
