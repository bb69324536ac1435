/* The action `request`: one request, one answer. */
#include "http.h"

#include <ctype.h>

#define MAX_METHOD_BYTES 16

typedef struct {
    tenon_instance_t *instance;
    const tenon_call_t *call;
    tenon_str_t input;
    char method[MAX_METHOD_BYTES];
    char *url;
    char *text_body;
    struct curl_slist *headers;
    exchange_t exchange;
} request_t;

static tenon_status_t fail_input(const request_t *request, const char *path, const char *message) {
    tenon_error_t error = tenon_error(TENON_CLASS_CONFIG, TENON_EFFECT_NOT_APPLIED);
    error.field_path = tenon_str_of(path);
    return tenon_fail_with(request->call, TENON_INVALID_ARGUMENT, error, "%s", message);
}

static tenon_status_t read_method(request_t *request) {
    tenon_str_t value = tenon_json_member(request->input, "method");
    char *method = value.size > 0 ? tenon_json_copy(value, NULL) : NULL;
    size_t size = method != NULL ? strlen(method) : 0;
    int is_valid = value.size == 0 || (size > 0 && size < MAX_METHOD_BYTES);
    for (size_t i = 0; i < size && is_valid; i++) {
        is_valid = isalpha((unsigned char)method[i]);
        request->method[i] = (char)toupper((unsigned char)method[i]);
    }
    free(method);
    if (value.size == 0) { memcpy(request->method, "GET", 4); }
    return is_valid ? TENON_OK : fail_input(request, "/method", "method must be a word such as GET or POST");
}

static tenon_status_t read_endpoint(request_t *request) {
    const char *base = request->instance->configuration.base_url;
    tenon_str_t value = tenon_json_member(request->input, "endpoint");
    size_t size = 0;
    char *endpoint = value.size > 0 ? tenon_json_copy(value, &size) : NULL;
    tenon_status_t status = TENON_OK;
    if (value.size > 0 && endpoint == NULL) {
        status = fail_input(request, "/endpoint", "endpoint must be text");
    } else if (url_leaves(base, tenon_str(endpoint, size))) {
        status = fail_input(
            request, "/endpoint", "endpoint must be a path below baseUrl, not another server"
        );
    } else {
        request->url = url_join(base, tenon_str(endpoint, size), tenon_json_member(request->input, "query"));
        if (request->url == NULL) {
            status = fail_input(request, "/endpoint", "the URL is longer than 65536 bytes");
        }
    }
    free(endpoint);
    return status;
}

static tenon_status_t read_headers(request_t *request) {
    tenon_json_items_t members = tenon_json_items(tenon_json_member(request->input, "headers"));
    tenon_str_t key, value;
    tenon_status_t status = TENON_OK;
    while (status == TENON_OK && tenon_json_next_member(&members, &key, &value)) {
        char kind = tenon_json_kind(value);
        if (kind == 'n') { continue; }
        size_t size = 0;
        char *name = tenon_json_copy(key, NULL);
        char *text = tenon_json_copy(value, &size);
        tenon_str_t line = text != NULL ? tenon_str(text, size) : value;
        if (name == NULL || kind == '{' || kind == '[') {
            status = fail_input(request, "/headers", "the values of headers must be text");
        } else if (!header_is_valid(tenon_str_of(name), line)) {
            status = fail_input(
                request, "/headers", "a header has a line break or another control character"
            );
        } else if (!header_append(&request->headers, name, line)) {
            status = tenon_fail_unchanged(request->call, TENON_RESOURCE_EXHAUSTED, "out of memory");
        }
        free(name);
        free(text);
    }
    return status;
}

/* Whether the request says that its body is something else than JSON. */
static int has_other_type(const request_t *request) {
    for (const struct curl_slist *line = request->headers; line != NULL; line = line->next) {
        struct curl_slist one = {line->data, NULL};
        if (header_is_listed(&one, "content-type")) { return strstr(line->data, "json") == NULL; }
    }
    return 0;
}

/* Text under another content type is sent as it is, everything else as JSON. */
static tenon_status_t read_body(request_t *request) {
    tenon_str_t data = tenon_json_member(request->input, "data");
    if (data.size == 0 || tenon_json_is_null(data)) { return TENON_OK; }
    request->exchange.has_body = 1;
    request->exchange.body = data.data;
    request->exchange.body_size = (size_t)data.size;
    if (has_other_type(request)) {
        request->text_body = tenon_json_copy(data, &request->exchange.body_size);
        if (request->text_body != NULL) { request->exchange.body = request->text_body; }
        return TENON_OK;
    }
    if (header_is_listed(request->headers, "content-type")) { return TENON_OK; }
    if (header_append(&request->headers, "Content-Type", TENON_STR("application/json"))) { return TENON_OK; }
    return tenon_fail_unchanged(request->call, TENON_RESOURCE_EXHAUSTED, "out of memory");
}

/* 201, "2xx" or a list of these; without it everything below 400. */
static int matches_status(tenon_str_t wanted, long status) {
    int64_t number;
    char text[8];
    if (tenon_json_int64(wanted, &number)) { return number == status; }
    if (tenon_json_kind(wanted) == '"' && wanted.size == 5) {
        snprintf(text, sizeof text, "%ld", status);
        for (int i = 0; i < 3; i++) {
            char c = wanted.data[i + 1];
            if (c != text[i] && c != 'x' && c != 'X') { return 0; }
        }
        return 1;
    }
    tenon_json_items_t items = tenon_json_items(wanted);
    tenon_str_t item;
    while (tenon_json_kind(wanted) == '[' && tenon_json_next(&items, &item)) {
        if (matches_status(item, status)) { return 1; }
    }
    return 0;
}

static int is_success(const request_t *request, long status) {
    tenon_str_t wanted = tenon_json_member(request->input, "successStatus");
    if (wanted.size == 0 || tenon_json_is_null(wanted)) { return status < 400; }
    return matches_status(wanted, status);
}

static tenon_status_t write_answer(const transfer_t *transfer, const tenon_output_t *output) {
    tenon_text_t answer = {0};
    tenon_text_format(&answer, "{\"status\":%ld,\"headers\":", transfer->status);
    add_headers(&answer, transfer);
    tenon_text_add(&answer, TENON_STR(",\"body\":"));
    add_body(&answer, transfer);
    tenon_text_add(&answer, TENON_STR("}"));
    return tenon_write_text(output, &answer);
}

static tenon_status_t perform(request_t *request, transfer_t *transfer, const tenon_output_t *output) {
    const configuration_t *configuration = &request->instance->configuration;
    int redirect_count = 0;
    int is_run = 0;
    transfer_begin_call(transfer, request->call);
    tenon_status_t status = pace_wait(request->instance, transfer, request->call, TENON_EFFECT_NOT_APPLIED);
    if (status == TENON_OK) {
        request->exchange.timeout_ms = exchange_timeout(configuration, request->call);
        is_run = transfer_run(transfer, configuration, &request->exchange, &redirect_count);
    }
    transfer_end_call(transfer, request->call);
    if (status != TENON_OK) { return status; }
    pace_learn(request->instance, transfer);
    if (!is_run) { return tenon_fail_unchanged(request->call, TENON_RESOURCE_EXHAUSTED, "out of memory"); }
    if (transfer->result != CURLE_OK) { return fail_transfer(transfer, request->call, &request->exchange); }
    if (redirect_count > MAX_REDIRECTS) {
        return tenon_fail_unchanged(
            request->call, TENON_BAD_DATA, "%s %.*s is redirected more than %d times",
            request->exchange.method, url_public_size(request->url), request->url, MAX_REDIRECTS
        );
    }
    if (!is_success(request, transfer->status)) {
        return fail_status(transfer, request->call, &request->exchange);
    }
    return write_answer(transfer, output);
}

static tenon_status_t invoke(
    tenon_instance_t *instance, const tenon_call_t *call, tenon_str_t name, tenon_str_t input,
    const tenon_output_t *output
) {
    if (!tenon_str_equals(name, "request")) {
        return tenon_fail_unchanged(
            call, TENON_NOT_FOUND, "there is no action %.*s; there is request", (int)name.size, name.data
        );
    }
    request_t request = {0};
    request.instance = instance;
    request.call = call;
    request.input = tenon_json_value(input);
    tenon_status_t status = read_method(&request);
    if (status == TENON_OK) { status = read_endpoint(&request); }
    if (status == TENON_OK) { status = read_headers(&request); }
    if (status == TENON_OK) { status = read_body(&request); }
    if (status == TENON_OK
        && !header_append_call(&request.headers, call, &instance->configuration, request.method)) {
        status = tenon_fail_unchanged(call, TENON_RESOURCE_EXHAUSTED, "out of memory");
    }
    if (status == TENON_OK) {
        request.exchange.method = request.method;
        request.exchange.url = request.url;
        request.exchange.headers = request.headers;
        request.exchange.max_body_bytes = instance->configuration.max_response_bytes;
        transfer_t *transfer = instance_take_transfer(instance);
        status = transfer != NULL ? perform(&request, transfer, output)
                                  : tenon_fail_unchanged(call, TENON_RESOURCE_EXHAUSTED, "out of memory");
        if (transfer != NULL) { instance_return_transfer(instance, transfer); }
    }
    curl_slist_free_all(request.headers);
    free(request.url);
    free(request.text_body);
    return status;
}

const tenon_action_v1_t action_table = {invoke};
