/* The configuration. Scalars that have no meaning of their own are variables for {{name}} in URLs and
 * headers. */
#define _POSIX_C_SOURCE 200809L

#include "http.h"

#include <strings.h>

#define DEFAULT_TIMEOUT_MS 30000
#define DEFAULT_MAX_RESPONSE_BYTES ((int64_t)15 << 20)

tenon_status_t fail_at(
    const tenon_call_t *call, const char *path, const char *message, const char *what
) {
    tenon_error_t error = tenon_error(TENON_CLASS_CONFIG, TENON_EFFECT_NOT_APPLIED);
    error.field_path = tenon_str_of(path);
    return tenon_fail_with(call, TENON_INVALID_ARGUMENT, error, message, what);
}

void configuration_free(configuration_t *configuration) {
    for (size_t i = 0; i < configuration->header_count; i++) { free(configuration->headers[i]); }
    free(configuration->headers);
    for (size_t i = 0; i < configuration->stream_count; i++) { stream_free(&configuration->streams[i]); }
    free(configuration->streams);
    stream_free(&configuration->fallback);
    free(configuration->base_url);
    free(configuration->default_stream);
    free(configuration->check_endpoint);
    free(configuration->idempotency_header);
    free(configuration->proxy);
    free(configuration->ca_file);
    memset(configuration, 0, sizeof *configuration);
}

char *expanded(
    const tenon_call_t *call, tenon_str_t json, tenon_str_t value, const char *path, tenon_status_t *status
) {
    char missing[64];
    char *text = tenon_json_copy(value, NULL);
    if (text == NULL || *status != TENON_OK) {
        free(text);
        return NULL;
    }
    char *result = template_expand(text, json, missing);
    free(text);
    if (result == NULL) {
        *status = missing[0] != '\0'
            ? fail_at(call, path, "{{%s}} names nothing in the configuration", missing)
            : tenon_fail(call, TENON_RESOURCE_EXHAUSTED, "out of memory");
    }
    return result;
}

static int add_line(configuration_t *configuration, const char *name, const char *before, tenon_str_t value) {
    tenon_text_t line = {0};
    size_t bytes = (configuration->header_count + 1) * sizeof *configuration->headers;
    char **grown = realloc(configuration->headers, bytes);
    if (grown == NULL) { return 0; }
    configuration->headers = grown;
    const char *format = value.size > 0 || before[0] != '\0' ? "%s: %s%.*s" : "%s;%s%.*s";
    tenon_text_format(&line, format, name, before, (int)value.size, value.data != NULL ? value.data : "");
    if (line.failed) { return 0; }
    grown[configuration->header_count++] = line.data;
    return 1;
}

static tenon_status_t add_header(
    configuration_t *configuration, const tenon_call_t *call, const char *name, const char *before,
    tenon_str_t value
) {
    if (!header_is_valid(tenon_str_of(name), value)) {
        return fail_at(call, "/headers", "the header %s has a line break or another control character", name);
    }
    if (add_line(configuration, name, before, value)) { return TENON_OK; }
    return tenon_fail(call, TENON_RESOURCE_EXHAUSTED, "out of memory");
}

static tenon_status_t read_headers(
    configuration_t *configuration, const tenon_call_t *call, tenon_str_t json
) {
    tenon_json_items_t members = tenon_json_items(tenon_json_member(json, "headers"));
    tenon_str_t key, value;
    tenon_status_t status = TENON_OK;
    while (status == TENON_OK && tenon_json_next_member(&members, &key, &value)) {
        char *name = tenon_json_copy(key, NULL);
        char *text = expanded(call, json, value, "/headers", &status);
        if (status == TENON_OK && (name == NULL || text == NULL)) {
            status = fail_at(
                call, "/headers", "the value of the header %s must be text", name != NULL ? name : "?"
            );
        }
        if (status == TENON_OK) { status = add_header(configuration, call, name, "", tenon_str_of(text)); }
        free(name);
        free(text);
    }
    return status;
}

/* "user:password" in base64. */
static char *basic_credentials(const char *user, const char *password) {
    tenon_text_t plain = {0}, encoded = {0};
    tenon_text_format(&plain, "%s:%s", user, password);
    add_base64(&encoded, tenon_text_str(&plain));
    tenon_text_add(&encoded, tenon_str("", 1));
    tenon_text_free(&plain);
    return encoded.data;
}

static tenon_status_t read_key(
    configuration_t *configuration, const tenon_call_t *call, tenon_str_t key, tenon_str_t header
) {
    char *secret = tenon_json_copy(key, NULL);
    char *name = tenon_json_copy(header, NULL);
    tenon_status_t status = secret == NULL
        ? fail_at(call, "/auth", "the key must be text%s", "")
        : add_header(configuration, call, name != NULL ? name : "X-API-Key", "", tenon_str_of(secret));
    free(secret);
    free(name);
    return status;
}

static tenon_status_t read_basic(configuration_t *configuration, const tenon_call_t *call, tenon_str_t auth) {
    char *user = tenon_json_copy(tenon_json_member(auth, "username"), NULL);
    char *password = tenon_json_copy(tenon_json_member(auth, "password"), NULL);
    char *credentials = user != NULL && password != NULL ? basic_credentials(user, password) : NULL;
    tenon_status_t status = credentials == NULL
        ? fail_at(call, "/auth", "basic authentication needs username and password%s", "")
        : add_header(configuration, call, "Authorization", "Basic ", tenon_str_of(credentials));
    free(user);
    free(password);
    free(credentials);
    return status;
}

static tenon_status_t read_auth(configuration_t *configuration, const tenon_call_t *call, tenon_str_t json) {
    tenon_str_t auth = tenon_json_member(json, "auth");
    tenon_str_t type = tenon_json_member(auth, "type");
    tenon_str_t plain_key = tenon_json_member(json, "apiKey");
    if (plain_key.size > 0) {
        tenon_status_t status = read_key(
            configuration, call, plain_key, tenon_json_member(json, "apiKeyHeader")
        );
        if (status != TENON_OK) { return status; }
    }
    if (auth.size == 0) { return TENON_OK; }
    if (tenon_json_equals(type, "basic")) { return read_basic(configuration, call, auth); }
    if (tenon_json_equals(type, "apiKey")) {
        return read_key(
            configuration, call, tenon_json_member(auth, "key"), tenon_json_member(auth, "header")
        );
    }
    if (!tenon_json_equals(type, "bearer")) {
        return fail_at(call, "/auth/type", "auth.type is bearer, basic or apiKey%s", "");
    }
    char *token = tenon_json_copy(tenon_json_member(auth, "token"), NULL);
    tenon_status_t status = token == NULL
        ? fail_at(call, "/auth/token", "bearer authentication needs a token%s", "")
        : add_header(configuration, call, "Authorization", "Bearer ", tenon_str_of(token));
    free(token);
    return status;
}

static tenon_status_t read_streams(
    configuration_t *configuration, const tenon_call_t *call, tenon_str_t json
) {
    tenon_json_items_t members = tenon_json_items(tenon_json_member(json, "streams"));
    tenon_str_t key, value;
    tenon_status_t status = TENON_OK;
    while (status == TENON_OK && tenon_json_next_member(&members, &key, &value)) {
        size_t count = configuration->stream_count;
        stream_t *grown = realloc(configuration->streams, (count + 1) * sizeof *grown);
        if (grown == NULL) { return tenon_fail(call, TENON_RESOURCE_EXHAUSTED, "out of memory"); }
        configuration->streams = grown;
        stream_t *stream = &grown[configuration->stream_count++];
        memset(stream, 0, sizeof *stream);
        stream->name = tenon_json_copy(key, NULL);
        status = stream_read(stream, call, json, value, "/streams");
        if (status == TENON_OK && (stream->name == NULL || stream->endpoint == NULL)) {
            status = fail_at(
                call, "/streams", "the stream %s needs an endpoint", stream->name != NULL ? stream->name : "?"
            );
        }
    }
    return status;
}

static tenon_status_t check_base(const configuration_t *configuration, const tenon_call_t *call) {
    const char *base = configuration->base_url;
    int is_http = base != NULL
        && (strncasecmp(base, "http://", 7) == 0 || strncasecmp(base, "https://", 8) == 0);
    const char *server = is_http ? strchr(base, ':') + 3 : NULL;
    if (is_http && memchr(server, '@', strcspn(server, "/")) != NULL) {
        /* URLs stand in messages; and credentials in them would be sent to whom redirects name. */
        return fail_at(call, "/baseUrl", "baseUrl must not have a user name or password; use auth%s", "");
    }
    if (is_http && strpbrk(base, " \r\n\t#?\\") == NULL) { return TENON_OK; }
    return fail_at(call, "/baseUrl", "baseUrl must begin with http:// or https:// and have no query%s", "");
}

tenon_status_t configuration_read(
    configuration_t *configuration, const tenon_call_t *call, tenon_str_t json
) {
    tenon_status_t status = TENON_OK;
    memset(configuration, 0, sizeof *configuration);
    configuration->base_url = expanded(call, json, tenon_json_member(json, "baseUrl"), "/baseUrl", &status);
    configuration->check_endpoint = expanded(
        call, json, tenon_json_member(json, "checkEndpoint"), "/checkEndpoint", &status
    );
    configuration->default_stream = tenon_json_copy(tenon_json_member(json, "defaultStream"), NULL);
    configuration->proxy = tenon_json_copy(tenon_json_member(json, "proxy"), NULL);
    configuration->ca_file = tenon_json_copy(tenon_json_member(json, "caFile"), NULL);
    configuration->idempotency_header = tenon_json_copy(tenon_json_member(json, "idempotencyHeader"), NULL);
    if (configuration->idempotency_header == NULL) {
        configuration->idempotency_header = strdup("Idempotency-Key");
    }
    configuration->timeout_ms = tenon_json_int_or(
        json, "timeoutMs", tenon_json_int_or(json, "timeout", DEFAULT_TIMEOUT_MS)
    );
    configuration->max_response_bytes = tenon_json_int_or(
        json, "maxResponseBytes", DEFAULT_MAX_RESPONSE_BYTES
    );
    configuration->verifies_tls = tenon_json_bool_or(json, "verifyTls", 1);
    if (status == TENON_OK) { status = check_base(configuration, call); }
    if (status == TENON_OK) { status = read_headers(configuration, call, json); }
    if (status == TENON_OK) { status = read_auth(configuration, call, json); }
    if (status == TENON_OK) { status = read_streams(configuration, call, json); }
    if (status == TENON_OK) {
        status = stream_read(&configuration->fallback, call, json, tenon_str(NULL, 0), "/streams");
    }
    if (status == TENON_OK) {
        status = rate_limit_read(&configuration->rate_limit, call, tenon_json_member(json, "rateLimit"));
    }
    const char *key_header = configuration->idempotency_header;
    if (status == TENON_OK && key_header == NULL) {
        status = tenon_fail(call, TENON_RESOURCE_EXHAUSTED, "out of memory");
    }
    if (status == TENON_OK && key_header[0] != '\0'
        && !header_is_valid(tenon_str_of(key_header), TENON_STR(""))) {
        status = fail_at(call, "/idempotencyHeader", "idempotencyHeader must be the name of a header%s", "");
    }
    if (status != TENON_OK) { configuration_free(configuration); }
    return status;
}
