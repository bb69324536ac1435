/* Header lines, which must not be able to end and begin another. */
#include "http.h"

#include <ctype.h>
#include <strings.h>

int header_is_valid(tenon_str_t name, tenon_str_t value) {
    if (name.size == 0) { return 0; }
    for (uint64_t i = 0; i < name.size; i++) {
        unsigned char c = (unsigned char)name.data[i];
        if (!isalnum(c) && (c == 0 || strchr("!#$%&'*+-.^_`|~", c) == NULL)) { return 0; }
    }
    for (uint64_t i = 0; i < value.size; i++) {
        unsigned char c = (unsigned char)value.data[i];
        if ((c < 0x20 && c != '\t') || c == 0x7F) { return 0; }
    }
    return 1;
}

int header_append(struct curl_slist **list, const char *name, tenon_str_t value) {
    tenon_text_t line = {0};
    /* "Name;" is how curl is told to send a header without a value. */
    tenon_text_format(&line, value.size > 0 ? "%s: %.*s" : "%s;", name, (int)value.size, value.data);
    struct curl_slist *longer = line.failed ? NULL : curl_slist_append(*list, line.data);
    tenon_text_free(&line);
    if (longer == NULL) { return 0; }
    *list = longer;
    return 1;
}

int header_is_named(const char *line, const char *name) {
    size_t size = strlen(name);
    return strncasecmp(line, name, size) == 0 && (line[size] == ':' || line[size] == ';');
}

int header_is_listed(const struct curl_slist *list, const char *name) {
    for (; list != NULL; list = list->next) {
        if (header_is_named(list->data, name)) { return 1; }
    }
    return 0;
}

int header_append_call(
    struct curl_slist **list, const tenon_call_t *call, const configuration_t *configuration,
    const char *method
) {
    int is_read = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0 || strcmp(method, "OPTIONS") == 0;
    const char *key_header = configuration->idempotency_header;
    int is_done = 1, has_key = key_header[0] != '\0' && call->idempotency_key.size > 0;
    if (call->traceparent.size > 0 && !header_is_listed(*list, "traceparent")
        && header_is_valid(TENON_STR("traceparent"), call->traceparent)) {
        is_done = header_append(list, "traceparent", call->traceparent);
    }
    if (is_done && !is_read && has_key && !header_is_listed(*list, key_header)
        && header_is_valid(tenon_str_of(key_header), call->idempotency_key)) {
        is_done = header_append(list, key_header, call->idempotency_key);
    }
    return is_done;
}
