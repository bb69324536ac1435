/* Reads what the configuration says of streams. */
#define _POSIX_C_SOURCE 200809L

#include "http.h"

#include <ctype.h>

#define DEFAULT_BATCH_RECORDS 100
#define MAX_BATCH_RECORDS 100000
#define DEFAULT_MAX_RETRIES 5
#define DEFAULT_MAX_WAIT_MS 60000
#define MAX_MAX_WAIT_MS 540000

typedef struct {
    const char *name;
    int value;
} choice_t;

static const choice_t pagings[] = {
    {"none", PAGING_NONE}, {"link", PAGING_LINK},     {"page", PAGING_NUMBER}, {"offset", PAGING_OFFSET},
    {"cursor", PAGING_CURSOR}, {"nextUrl", PAGING_URL}, {NULL, 0},
};
static const choice_t bodies[] = {
    {"record", BODY_RECORD}, {"array", BODY_ARRAY}, {"wrapped", BODY_WRAPPED}, {"ndjson", BODY_NDJSON},
    {NULL, 0},
};

/* The value of one of several words; `otherwise` where the member is missing, -1 where it is another. */
static int choose(const choice_t *choices, tenon_str_t value, int otherwise) {
    if (value.size == 0) { return otherwise; }
    for (; choices->name != NULL; choices++) {
        if (tenon_json_equals(value, choices->name)) { return choices->value; }
    }
    return -1;
}

static char *text_or(tenon_str_t object, const char *key, const char *otherwise) {
    char *text = tenon_json_copy(tenon_json_member(object, key), NULL);
    return text != NULL || otherwise == NULL ? text : strdup(otherwise);
}

static void pagination_free(pagination_t *pagination) {
    free(pagination->parameter);
    free(pagination->size_parameter);
    free(pagination->path);
    free(pagination->header);
}

static void delivery_free(delivery_t *delivery) {
    free(delivery->endpoint);
    free(delivery->method);
    free(delivery->wrapper);
    free(delivery->items_path);
    free(delivery->status_path);
    free(delivery->error_path);
}

void stream_free(stream_t *stream) {
    free(stream->name);
    free(stream->endpoint);
    free(stream->records_path);
    pagination_free(&stream->pagination);
    delivery_free(&stream->delivery);
    memset(stream, 0, sizeof *stream);
}

/* The member of the stream, or else that of the whole configuration. */
static tenon_str_t setting(tenon_str_t json, tenon_str_t own, const char *key) {
    tenon_str_t value = tenon_json_member(own, key);
    return value.size > 0 ? value : tenon_json_member(json, key);
}

static tenon_status_t read_pagination(
    pagination_t *pagination, const tenon_call_t *call, tenon_str_t json, const char *records_path
) {
    static const char *const parameters[] = {NULL, NULL, "page", "offset", "cursor", NULL};
    int type = choose(pagings, tenon_json_member(json, "type"), PAGING_NONE);
    if (type < 0) {
        return fail_at(
            call, "/pagination/type", "pagination.type is link, page, offset, cursor, nextUrl or none%s", ""
        );
    }
    pagination->type = (paging_t)type;
    pagination->parameter = text_or(json, "parameter", parameters[type]);
    pagination->size_parameter = text_or(json, "sizeParameter", NULL);
    pagination->path = text_or(json, type == PAGING_URL ? "nextUrlPath" : "cursorPath", NULL);
    pagination->header = text_or(json, "cursorHeader", NULL);
    pagination->size = tenon_json_int_or(json, "size", 0);
    pagination->first = tenon_json_int_or(json, "first", type == PAGING_NUMBER ? 1 : 0);
    pagination->max_pages = tenon_json_int_or(json, "maxPages", INT64_MAX);
    pagination->follows_other_origins = tenon_json_bool_or(json, "followOtherOrigins", 0);
    pagination->ends_at_short_page = tenon_json_bool_or(json, "shortPageIsLast", 0);
    pagination->allows_equal_pages = tenon_json_bool_or(json, "allowEqualPages", 0);
    int has_outside = records_path != NULL && records_path[0] != '\0';
    if (type == PAGING_CURSOR && pagination->header == NULL && (pagination->path == NULL || !has_outside)) {
        return fail_at(
            call, "/pagination/cursorPath",
            "cursor pages need cursorHeader, or cursorPath and a recordsPath beside it%s", ""
        );
    }
    if (type == PAGING_URL && (pagination->path == NULL || !has_outside)) {
        return fail_at(
            call, "/pagination/nextUrlPath", "nextUrl pages need nextUrlPath and a recordsPath beside it%s",
            ""
        );
    }
    if (type == PAGING_OFFSET && pagination->size < 1) {
        return fail_at(call, "/pagination/size", "offset pages need their size%s", "");
    }
    for (char *c = pagination->header; c != NULL && *c != '\0'; c++) { *c = (char)tolower((unsigned char)*c); }
    return TENON_OK;
}

static tenon_status_t read_delivery(
    delivery_t *delivery, const tenon_call_t *call, tenon_str_t variables, tenon_str_t json
) {
    tenon_status_t status = TENON_OK;
    int body = choose(bodies, tenon_json_member(json, "body"), BODY_ARRAY);
    if (body < 0) {
        return fail_at(call, "/target/body", "target.body is record, array, wrapped or ndjson%s", "");
    }
    delivery->body = (body_t)body;
    delivery->endpoint = expanded(
        call, variables, tenon_json_member(json, "endpoint"), "/target/endpoint", &status
    );
    delivery->method = text_or(json, "method", "POST");
    delivery->wrapper = text_or(json, "wrapper", "records");
    delivery->items_path = text_or(json, "itemsPath", NULL);
    delivery->status_path = text_or(json, "itemStatusPath", "status");
    delivery->error_path = text_or(json, "itemErrorPath", "error");
    delivery->batch_size = tenon_json_int_or(json, "batchSize", DEFAULT_BATCH_RECORDS);
    if (delivery->batch_size < 1 || body == BODY_RECORD) { delivery->batch_size = 1; }
    if (delivery->batch_size > MAX_BATCH_RECORDS) { delivery->batch_size = MAX_BATCH_RECORDS; }
    for (char *c = delivery->method; c != NULL && *c != '\0'; c++) {
        if (isalpha((unsigned char)*c)) { continue; }
        return fail_at(call, "/target/method", "target.method must be a word such as POST%s", "");
    }
    return status;
}

tenon_status_t stream_read(
    stream_t *stream, const tenon_call_t *call, tenon_str_t json, tenon_str_t own, const char *path
) {
    tenon_status_t status = TENON_OK;
    int is_object = tenon_json_kind(own) == '{';
    tenon_str_t format = setting(json, own, "format");
    stream->endpoint = expanded(
        call, json, is_object ? tenon_json_member(own, "endpoint") : own, path, &status
    );
    stream->records_path = tenon_json_copy(setting(json, own, "recordsPath"), NULL);
    stream->is_ndjson = tenon_json_equals(format, "ndjson");
    if (format.size > 0 && !stream->is_ndjson && !tenon_json_equals(format, "json")) {
        return fail_at(call, "/format", "format is json or ndjson%s", "");
    }
    if (status == TENON_OK) {
        status = read_pagination(
            &stream->pagination, call, setting(json, own, "pagination"), stream->records_path
        );
    }
    if (status == TENON_OK) {
        status = read_delivery(&stream->delivery, call, json, setting(json, own, "target"));
    }
    return status;
}

tenon_status_t rate_limit_read(rate_limit_t *limit, const tenon_call_t *call, tenon_str_t json) {
    tenon_str_t value = tenon_json_member(json, "requestsPerSecond");
    limit->requests_per_second = 0;
    double *rate = &limit->requests_per_second;
    if (value.size > 0 && (!tenon_json_double(value, rate) || *rate < 0.001)) {
        return fail_at(
            call, "/rateLimit/requestsPerSecond", "requestsPerSecond must be a number of at least 0.001%s", ""
        );
    }
    limit->max_retries = tenon_json_int_or(json, "maxRetries", DEFAULT_MAX_RETRIES);
    limit->max_wait_ms = tenon_json_int_or(json, "maxWaitMs", DEFAULT_MAX_WAIT_MS);
    /* The host ends a call that takes longer than ten minutes. */
    if (limit->max_wait_ms > MAX_MAX_WAIT_MS) {
        return fail_at(call, "/rateLimit/maxWaitMs", "maxWaitMs must not be above 540000%s", "");
    }
    return TENON_OK;
}
