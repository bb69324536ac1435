/* One exchange at a time over curl's multi interface, which can be woken from another thread. */
#include "http.h"

#include <strings.h>

#define MAX_HEADER_BYTES 65536u
#define MAX_ERROR_BODY_BYTES 4096
#define CONNECT_TIMEOUT_MS 10000L
#define WAIT_MS 1000
#define MAX_IDLE_SECONDS 4L

static size_t take_body(char *data, size_t size, size_t count, void *context) {
    transfer_t *transfer = context;
    size *= count;
    long status = 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    if (transfer->consume != NULL && status >= 200 && status < 300) {
        return transfer->consume(transfer->context, data, size) ? size : CURL_WRITEFUNC_ERROR;
    }
    /* Of a bad answer to a stream, the beginning is enough to say what is wrong. */
    if (transfer->consume != NULL && transfer->body.size >= MAX_ERROR_BODY_BYTES) { return size; }
    if ((int64_t)(transfer->body.size + size) > transfer->max_body_bytes) {
        transfer->is_too_large = 1;
        return CURL_WRITEFUNC_ERROR;
    }
    tenon_text_add(&transfer->body, tenon_str(data, size));
    return transfer->body.failed ? CURL_WRITEFUNC_ERROR : size;
}

static size_t take_header(char *data, size_t size, size_t count, void *context) {
    transfer_t *transfer = context;
    size *= count;
    /* A status line begins a new answer: what came before was a 100 or belongs to a proxy. */
    if (size > 5 && memcmp(data, "HTTP/", 5) == 0) { transfer->header_lines.size = 0; }
    if (transfer->header_lines.size + size > MAX_HEADER_BYTES) {
        transfer->is_too_large = 1;
        return 0;
    }
    tenon_text_add(&transfer->header_lines, tenon_str(data, size));
    return transfer->header_lines.failed ? 0 : size;
}

transfer_t *transfer_make(void) {
    transfer_t *transfer = calloc(1, sizeof *transfer);
    if (transfer == NULL) { return NULL; }
    transfer->multi = curl_multi_init();
    transfer->easy = curl_easy_init();
    if (transfer->multi != NULL && transfer->easy != NULL) { return transfer; }
    transfer_free(transfer);
    return NULL;
}

static void stop(transfer_t *transfer) {
    if (transfer->is_running) { curl_multi_remove_handle(transfer->multi, transfer->easy); }
    transfer->is_running = 0;
}

void transfer_free(transfer_t *transfer) {
    stop(transfer);
    curl_easy_cleanup(transfer->easy);
    curl_multi_cleanup(transfer->multi);
    curl_slist_free_all(transfer->sent_headers);
    tenon_text_free(&transfer->body);
    tenon_text_free(&transfer->header_lines);
    free(transfer);
}

/* Appends a line; the list is gone and NULL where memory is short. */
static struct curl_slist *appended(struct curl_slist *list, const char *line) {
    struct curl_slist *longer = list != NULL ? curl_slist_append(list, line) : NULL;
    if (longer == NULL) { curl_slist_free_all(list); }
    return longer;
}

/* The request's own headers come first and win over configured ones. "Expect:" keeps curl from waiting for a
 * 100, and without a body there is no type either. */
static int gather_headers(
    transfer_t *transfer, const configuration_t *configuration, const exchange_t *exchange, int is_foreign
) {
    struct curl_slist *list = curl_slist_append(NULL, "Expect:");
    const struct curl_slist *own = is_foreign ? NULL : exchange->headers;
    for (; own != NULL; own = own->next) { list = appended(list, own->data); }
    for (size_t i = 0; !is_foreign && i < configuration->header_count; i++) {
        char name[256];
        const char *line = configuration->headers[i];
        snprintf(name, sizeof name, "%.*s", (int)strcspn(line, ":;"), line);
        if (!header_is_listed(list, name)) { list = appended(list, line); }
    }
    if (!header_is_listed(list, "Accept")) { list = appended(list, "Accept: application/json, */*;q=0.5"); }
    if (!exchange->has_body && !header_is_listed(list, "Content-Type")) {
        list = appended(list, "Content-Type:");
    }
    curl_slist_free_all(transfer->sent_headers);
    transfer->sent_headers = list;
    return list != NULL;
}

/* Hands out a body piece by piece. Without a way to rewind. */
static size_t give_body(char *buffer, size_t size, size_t count, void *context) {
    transfer_t *transfer = context;
    size *= count;
    if (size > transfer->unsent_size) { size = transfer->unsent_size; }
    memcpy(buffer, transfer->unsent, size);
    transfer->unsent += size;
    transfer->unsent_size -= size;
    return size;
}

static int is_repeatable(const char *method) {
    static const char *const methods[] = {"GET", "HEAD", "OPTIONS", "PUT", "DELETE"};
    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        if (strcmp(method, methods[i]) == 0) { return 1; }
    }
    return 0;
}

/* curl sends a request again by itself when a connection that was open already breaks before the answer. A
 * request that must not happen twice has a body that cannot be rewound, or else a connection of its own. */
static void set_unrepeatable(transfer_t *transfer, const exchange_t *exchange) {
    CURL *easy = transfer->easy;
    /* Servers close idle connections after some seconds, perhaps right now. */
    curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, MAX_IDLE_SECONDS);
    if (!exchange->has_body || exchange->body_size == 0) {
        curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
        return;
    }
    transfer->unsent = exchange->body;
    transfer->unsent_size = exchange->body_size;
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, NULL);
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, give_body);
    curl_easy_setopt(easy, CURLOPT_READDATA, transfer);
}

static void set_method(transfer_t *transfer, const exchange_t *exchange) {
    CURL *easy = transfer->easy;
    int takes_body = strcmp(exchange->method, "POST") == 0 || strcmp(exchange->method, "PUT") == 0
        || strcmp(exchange->method, "PATCH") == 0;
    if (strcmp(exchange->method, "HEAD") == 0) {
        /* With a body, curl would wait for one in the answer too. */
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    } else if (exchange->has_body || takes_body) {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, exchange->has_body ? exchange->body : "");
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)exchange->body_size);
    }
    if (!is_repeatable(exchange->method)) { set_unrepeatable(transfer, exchange); }
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, exchange->method);
}

static void set_limits(CURL *easy, const exchange_t *exchange) {
    long timeout_ms = exchange->timeout_ms > INT32_MAX ? INT32_MAX : (long)exchange->timeout_ms;
    if (timeout_ms < 1) { timeout_ms = 1; }
    if (exchange->is_stream) {
        curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
        curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, timeout_ms / 1000 + 1);
    } else {
        curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, timeout_ms);
    }
    curl_easy_setopt(
        easy, CURLOPT_CONNECTTIMEOUT_MS, timeout_ms < CONNECT_TIMEOUT_MS ? timeout_ms : CONNECT_TIMEOUT_MS
    );
}

int transfer_start(
    transfer_t *transfer, const configuration_t *configuration, const exchange_t *exchange, int is_foreign
) {
    CURL *easy = transfer->easy;
    stop(transfer);
    /* Forgets the options of the last exchange; the connections belong to the multi handle and stay. */
    curl_easy_reset(easy);
    transfer->body.size = 0;
    transfer->header_lines.size = 0;
    transfer->max_body_bytes = exchange->max_body_bytes;
    transfer->is_too_large = 0;
    transfer->status = 0;
    transfer->result = CURLE_OK;
    transfer->reason[0] = '\0';
    if (!gather_headers(transfer, configuration, exchange, is_foreign)) { return 0; }
#if LIBCURL_VERSION_NUM >= 0x075500
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS, CURLPROTO_HTTP | CURLPROTO_HTTPS);
#endif
    curl_easy_setopt(easy, CURLOPT_URL, exchange->url);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer->sent_headers);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "tenon-http/1.0");
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
    /* Empty: no proxy, whatever the environment says. */
    curl_easy_setopt(easy, CURLOPT_PROXY, configuration->proxy != NULL ? configuration->proxy : "");
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, configuration->verifies_tls ? 1L : 0L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, configuration->verifies_tls ? 2L : 0L);
    if (configuration->ca_file != NULL) { curl_easy_setopt(easy, CURLOPT_CAINFO, configuration->ca_file); }
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->reason);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
    set_method(transfer, exchange);
    set_limits(easy, exchange);
    transfer->is_running = curl_multi_add_handle(transfer->multi, easy) == CURLM_OK;
    return transfer->is_running;
}

void transfer_advance(transfer_t *transfer, int wait_ms) {
    int running = 0, left = 0;
    if (!transfer->is_running) { return; }
    if (atomic_load(&transfer->is_cancelled)) {
        transfer->result = CURLE_ABORTED_BY_CALLBACK;
        stop(transfer);
        return;
    }
    if (wait_ms > 0) { curl_multi_poll(transfer->multi, NULL, 0, wait_ms, NULL); }
    curl_multi_perform(transfer->multi, &running);
    for (CURLMsg *message; (message = curl_multi_info_read(transfer->multi, &left)) != NULL;) {
        if (message->msg != CURLMSG_DONE) { continue; }
        transfer->result = message->data.result;
        curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &transfer->status);
        stop(transfer);
        return;
    }
}

const char *transfer_redirect(const transfer_t *transfer, const exchange_t *exchange) {
    int is_read = strcmp(exchange->method, "GET") == 0 || strcmp(exchange->method, "HEAD") == 0;
    const char *target = NULL;
    if (transfer->result != CURLE_OK || !is_read || transfer->status < 300 || transfer->status > 308) {
        return NULL;
    }
    curl_easy_getinfo(transfer->easy, CURLINFO_REDIRECT_URL, &target);
    return target;
}

int transfer_run(
    transfer_t *transfer, const configuration_t *configuration, const exchange_t *exchange,
    int *redirect_count
) {
    exchange_t step = *exchange;
    char *url = NULL;
    int is_foreign = 0, is_started;
    *redirect_count = 0;
    while ((is_started = transfer_start(transfer, configuration, &step, is_foreign))) {
        transfer_advance(transfer, 0);
        while (transfer->is_running) { transfer_advance(transfer, WAIT_MS); }
        const char *target = transfer_redirect(transfer, &step);
        if (target == NULL || ++*redirect_count > MAX_REDIRECTS) { break; }
        tenon_text_t copy = {0};
        tenon_text_add(&copy, tenon_str(target, strlen(target) + 1));
        /* Once elsewhere, always elsewhere: credentials go to the configured server only. */
        is_foreign = is_foreign || !url_same_origin(target, exchange->url);
        if (is_foreign) { step.has_body = 0; }
        free(url);
        url = copy.data;
        step.url = url;
        if (copy.failed) {
            is_started = 0;
            break;
        }
    }
    free(url);
    return is_started;
}

static void cancel(void *context) {
    transfer_t *transfer = context;
    atomic_store(&transfer->is_cancelled, 1);
    curl_multi_wakeup(transfer->multi);
}

void transfer_begin_call(transfer_t *transfer, const tenon_call_t *call) {
    atomic_store(&transfer->is_cancelled, 0);
    call->on_cancel(call, cancel, transfer);
}

void transfer_end_call(transfer_t *transfer, const tenon_call_t *call) {
    (void)transfer;
    call->on_cancel(call, NULL, NULL);
}

int transfer_wait(transfer_t *transfer, int64_t wait_ms) {
    int64_t end_ms = monotonic_ms() + wait_ms;
    for (int64_t left_ms = wait_ms; left_ms > 0; left_ms = end_ms - monotonic_ms()) {
        if (atomic_load(&transfer->is_cancelled)) { return 0; }
        curl_multi_poll(transfer->multi, NULL, 0, left_ms < WAIT_MS ? (int)left_ms : WAIT_MS, NULL);
    }
    return !atomic_load(&transfer->is_cancelled);
}

tenon_str_t transfer_next_header(const transfer_t *transfer, const char *name, size_t *offset) {
    const char *begin = transfer->header_lines.data;
    const char *end = begin + transfer->header_lines.size;
    const char *line = begin + *offset;
    size_t size = strlen(name);
    while (line < end) {
        const char *stop_at = memchr(line, '\n', (size_t)(end - line));
        const char *next = stop_at != NULL ? stop_at + 1 : end;
        *offset = (size_t)(next - begin);
        if ((size_t)(next - line) > size && line[size] == ':' && strncasecmp(line, name, size) == 0) {
            const char *value = tenon_json_space(line + size + 1, next);
            while (next > value && (next[-1] == '\r' || next[-1] == '\n' || next[-1] == ' ')) { next--; }
            return tenon_str(value, (size_t)(next - value));
        }
        line = next;
    }
    return tenon_str(NULL, 0);
}

tenon_str_t transfer_header(const transfer_t *transfer, const char *name) {
    size_t offset = 0;
    return transfer_next_header(transfer, name, &offset);
}
