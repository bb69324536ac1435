/* URLs: joined, encoded where it is necessary, compared. */
#include "http.h"

#include <ctype.h>
#include <strings.h>

static void add_encoded_byte(tenon_text_t *text, unsigned char c) { tenon_text_format(text, "%%%02X", c); }

/* An endpoint is encoded already: only what can never stand in a URL is encoded, so that nothing is encoded
 * twice. */
static void add_endpoint(tenon_text_t *text, tenon_str_t endpoint) {
    for (uint64_t i = 0; i < endpoint.size; i++) {
        unsigned char c = (unsigned char)endpoint.data[i];
        if (c <= 0x20 || c >= 0x7F || strchr("\"<>\\^`{|}#", c) != NULL) {
            add_encoded_byte(text, c);
        } else {
            tenon_text_add(text, tenon_str((const char *)&endpoint.data[i], 1));
        }
    }
}

/* A name or value in a query: everything but the unreserved characters is encoded. */
static void add_component(tenon_text_t *text, const char *data, size_t size) {
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)data[i];
        if (isalnum(c) || c == '-' || c == '.' || c == '_' || c == '~') {
            tenon_text_add(text, tenon_str(&data[i], 1));
        } else {
            add_encoded_byte(text, c);
        }
    }
}

static void add_json_component(tenon_text_t *text, tenon_str_t value) {
    size_t size = 0;
    char *copy = tenon_json_copy(value, &size);
    if (copy != NULL) {
        add_component(text, copy, size);
    } else {
        add_component(text, value.data, (size_t)value.size);
    }
    free(copy);
}

static void add_pair(tenon_text_t *text, char *separator, tenon_str_t name, tenon_str_t value) {
    if (tenon_json_is_null(value)) { return; }
    tenon_text_add(text, tenon_str(separator, 1));
    *separator = '&';
    add_json_component(text, name);
    tenon_text_add(text, TENON_STR("="));
    add_json_component(text, value);
}

/* Members become pairs, arrays one pair for each element; null leaves the pair out. */
static void add_query(tenon_text_t *text, tenon_str_t query) {
    char separator = text->size > 0 && memchr(text->data, '?', text->size) != NULL ? '&' : '?';
    tenon_json_items_t members = tenon_json_items(query);
    tenon_str_t name, value, element;
    while (tenon_json_next_member(&members, &name, &value)) {
        if (tenon_json_kind(value) != '[') {
            add_pair(text, &separator, name, value);
            continue;
        }
        tenon_json_items_t elements = tenon_json_items(value);
        while (tenon_json_next(&elements, &element)) { add_pair(text, &separator, name, element); }
    }
}

char *url_join(const char *base, tenon_str_t endpoint, tenon_str_t query) {
    tenon_text_t url = {0};
    size_t base_size = strlen(base);
    int is_absolute = endpoint.size >= base_size && base_size > 0 && memcmp(endpoint.data, base, base_size) == 0;
    if (!is_absolute) {
        while (base_size > 0 && base[base_size - 1] == '/') { base_size--; }
        tenon_text_add(&url, tenon_str(base, base_size));
        /* Without the slash, "@elsewhere.com" would name another server. */
        int has_start = endpoint.size > 0 && (endpoint.data[0] == '/' || endpoint.data[0] == '?');
        if (endpoint.size > 0 && !has_start) { tenon_text_add(&url, TENON_STR("/")); }
    }
    add_endpoint(&url, endpoint);
    if (tenon_json_kind(query) == '{') { add_query(&url, query); }
    tenon_text_add(&url, tenon_str("", 1));
    if (url.failed || url.size > MAX_URL_BYTES) { tenon_text_free(&url); }
    return url.data;
}

/* The part up to the path: scheme, server and port, unless it is the one of the scheme. */
static size_t origin_size(const char *url) {
    const char *server = strstr(url, "://");
    if (server == NULL) { return 0; }
    server += 3;
    const char *end = server + strcspn(server, "/?#");
    const char *port = strncasecmp(url, "https:", 6) == 0 ? ":443" : ":80";
    size_t port_size = strlen(port);
    int has_port = (size_t)(end - server) > port_size && memcmp(end - port_size, port, port_size) == 0;
    if (has_port) { end -= port_size; }
    return (size_t)(end - url);
}

int url_same_origin(const char *one, const char *other) {
    size_t size = origin_size(one);
    return size > 0 && size == origin_size(other) && strncasecmp(one, other, size) == 0;
}

int url_leaves(const char *base, tenon_str_t endpoint) {
    char start[1024];
    size_t size = endpoint.size < sizeof start ? (size_t)endpoint.size : sizeof start - 1;
    memcpy(start, endpoint.data != NULL ? endpoint.data : "", size);
    start[size] = '\0';
    const char *scheme = strstr(start, "://");
    const char *slash = strpbrk(start, "/?#");
    if (scheme == NULL || slash == NULL || slash < scheme) { return 0; }
    return strncmp(start, base, strlen(base)) != 0 || !url_same_origin(start, base);
}

char *url_with(const char *url, const char *name, const char *value) {
    tenon_text_t pair = {0}, result = {0};
    add_component(&pair, name, strlen(name));
    tenon_text_add(&pair, TENON_STR("="));
    size_t head = strcspn(url, "?");
    tenon_text_add(&result, tenon_str(url, head));
    tenon_text_add(&result, TENON_STR("?"));
    /* What the query has besides stays as it is, in its order. */
    for (const char *p = url + head + (url[head] == '?'); !pair.failed && *p != '\0';) {
        size_t size = strcspn(p, "&");
        int is_same = size + 1 >= pair.size && strncmp(p, pair.data, pair.size - 1) == 0
            && (size + 1 == pair.size || p[pair.size - 1] == '=');
        if (!is_same && size > 0) {
            tenon_text_add(&result, tenon_str(p, size));
            tenon_text_add(&result, TENON_STR("&"));
        }
        p += size + (p[size] == '&');
    }
    tenon_text_add(&result, tenon_text_str(&pair));
    add_component(&result, value, strlen(value));
    tenon_text_add(&result, tenon_str("", 1));
    if (pair.failed || result.failed || result.size > MAX_URL_BYTES) { tenon_text_free(&result); }
    tenon_text_free(&pair);
    return result.data;
}

char *url_resolve(const char *base, tenon_str_t reference) {
    char *text = NULL, *copy = NULL;
    CURLU *url = curl_url();
    tenon_text_t wanted = {0};
    tenon_text_add(&wanted, reference);
    tenon_text_add(&wanted, tenon_str("", 1));
    int is_plain = !wanted.failed && memchr(wanted.data, '\0', wanted.size) == wanted.data + reference.size;
    if (url != NULL && is_plain && reference.size < MAX_URL_BYTES
        && curl_url_set(url, CURLUPART_URL, base, 0) == CURLUE_OK
        && curl_url_set(url, CURLUPART_URL, wanted.data, CURLU_URLENCODE) == CURLUE_OK
        && curl_url_set(url, CURLUPART_FRAGMENT, NULL, 0) == CURLUE_OK
        && curl_url_get(url, CURLUPART_URL, &text, 0) == CURLUE_OK
        && (strncmp(text, "http://", 7) == 0 || strncmp(text, "https://", 8) == 0)) {
        tenon_text_t result = {0};
        tenon_text_add(&result, tenon_str(text, strlen(text) + 1));
        copy = result.data;
    }
    curl_free(text);
    curl_url_cleanup(url);
    tenon_text_free(&wanted);
    return copy;
}

int url_public_size(const char *url) { return (int)strcspn(url, "?"); }

/* ---- templates ---- */

static int add_variable(tenon_text_t *text, tenon_str_t variables, const char *name) {
    tenon_str_t value = tenon_json_member(variables, name);
    char kind = tenon_json_kind(value);
    if (kind == 0 || kind == '{' || kind == '[' || kind == 'n') { return 0; }
    char *copy = tenon_json_copy(value, NULL);
    tenon_text_add(text, copy != NULL ? tenon_str_of(copy) : value);
    free(copy);
    return 1;
}

char *template_expand(const char *text, tenon_str_t variables, char missing[64]) {
    tenon_text_t expanded = {0};
    for (const char *start; (start = strstr(text, "{{")) != NULL;) {
        const char *end = strstr(start, "}}");
        if (end == NULL) { break; }
        tenon_text_add(&expanded, tenon_str(text, (size_t)(start - text)));
        const char *name = start + 2 + strspn(start + 2, " ");
        size_t size = (size_t)(end - name);
        while (end > name && size > 0 && name[size - 1] == ' ') { size--; }
        snprintf(missing, 64, "%.*s", (int)(size < 63 ? size : 63), name);
        if (end < name || !add_variable(&expanded, variables, missing)) {
            tenon_text_free(&expanded);
            return NULL;
        }
        text = end + 2;
    }
    missing[0] = '\0';
    tenon_text_add(&expanded, tenon_str(text, strlen(text) + 1));
    if (expanded.failed) { tenon_text_free(&expanded); }
    return expanded.data;
}
