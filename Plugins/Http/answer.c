/* An answer as JSON. */
#include "http.h"

#include <ctype.h>
#include <strings.h>

typedef struct {
    tenon_str_t name;
    tenon_str_t value;
} line_t;

/* The next "Name: value" from `cursor` on; 0 at the end. */
static int next_line(const char **cursor, const char *end, line_t *line) {
    while (*cursor < end) {
        const char *start = *cursor;
        const char *stop = memchr(start, '\n', (size_t)(end - start));
        *cursor = stop != NULL ? stop + 1 : end;
        const char *colon = memchr(start, ':', (size_t)(*cursor - start));
        if (colon == NULL || colon == start) { continue; }
        const char *value = tenon_json_space(colon + 1, *cursor);
        const char *value_end = *cursor;
        while (value_end > value && isspace((unsigned char)value_end[-1])) { value_end--; }
        line->name = tenon_str(start, (size_t)(colon - start));
        line->value = tenon_str(value, (size_t)(value_end - value));
        return 1;
    }
    return 0;
}

static int has_name(const line_t *line, tenon_str_t name) {
    return line->name.size == name.size && strncasecmp(line->name.data, name.data, (size_t)name.size) == 0;
}

/* The values of all lines with this name from `cursor` on, as one: RFC 9110 section 5.3. */
static void add_joined(tenon_text_t *text, const char *cursor, const char *end, const line_t *first) {
    tenon_text_t joined = {0};
    line_t line;
    tenon_text_add(&joined, first->value);
    while (next_line(&cursor, end, &line)) {
        if (!has_name(&line, first->name)) { continue; }
        tenon_text_add(&joined, TENON_STR(", "));
        tenon_text_add(&joined, line.value);
    }
    tenon_text_add_json(text, tenon_text_str(&joined));
    tenon_text_free(&joined);
}

void add_headers(tenon_text_t *text, const transfer_t *transfer) {
    const char *begin = transfer->header_lines.data;
    const char *end = begin + transfer->header_lines.size;
    const char *cursor = begin;
    line_t line, earlier;
    int count = 0;
    tenon_text_add(text, TENON_STR("{"));
    while (next_line(&cursor, end, &line)) {
        const char *look = begin;
        int is_first = 1;
        while (next_line(&look, line.name.data, &earlier)) {
            is_first = is_first && !has_name(&earlier, line.name);
        }
        if (!is_first) { continue; }
        if (count++ > 0) { tenon_text_add(text, TENON_STR(",")); }
        size_t start = text->size;
        tenon_text_add_json(text, line.name);
        for (size_t i = start; i < text->size; i++) {
            text->data[i] = (char)tolower((unsigned char)text->data[i]);
        }
        tenon_text_add(text, TENON_STR(":"));
        add_joined(text, cursor, end, &line);
    }
    tenon_text_add(text, TENON_STR("}"));
}

void add_base64(tenon_text_t *text, tenon_str_t body) {
    const unsigned char *bytes = (const unsigned char *)body.data;
    size_t size = (size_t)body.size;
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < size; i += 3) {
        unsigned group = (unsigned)bytes[i] << 16;
        if (i + 1 < size) { group |= (unsigned)bytes[i + 1] << 8; }
        if (i + 2 < size) { group |= bytes[i + 2]; }
        char four[4] = {
            digits[group >> 18], digits[group >> 12 & 63], i + 1 < size ? digits[group >> 6 & 63] : '=',
            i + 2 < size ? digits[group & 63] : '='
        };
        tenon_text_add(text, tenon_str(four, 4));
    }
}

static int is_utf8(tenon_str_t body) {
    const unsigned char *p = (const unsigned char *)body.data;
    const unsigned char *end = p + body.size;
    while (p < end) {
        size_t size = tenon_utf8_length(p, end);
        if (size == 0) { return 0; }
        p += size;
    }
    return 1;
}

static int contains(tenon_str_t text, const char *word) {
    size_t size = strlen(word);
    for (uint64_t i = 0; i + size <= text.size; i++) {
        if (strncasecmp(text.data + i, word, size) == 0) { return 1; }
    }
    return 0;
}

tenon_str_t json_at(tenon_str_t document, const char *path) {
    tenon_str_t value = tenon_json_value(document);
    char separator = path[0] == '/' ? '/' : '.';
    if (path[0] == '/' || path[0] == '$') { path += path[0] == '$' && path[1] == '.' ? 2 : 1; }
    while (*path != '\0' && value.size > 0) {
        char name[256];
        size_t size = strcspn(path, separator == '/' ? "/" : ".");
        if (size >= sizeof name) { return tenon_str(NULL, 0); }
        memcpy(name, path, size);
        name[size] = '\0';
        value = tenon_json_member(value, name);
        path += size + (path[size] != '\0');
    }
    return value;
}

void add_body(tenon_text_t *text, const transfer_t *transfer) {
    tenon_str_t body = tenon_text_str(&transfer->body);
    tenon_str_t type = transfer_header(transfer, "content-type");
    if (body.size >= 3 && memcmp(body.data, "\xEF\xBB\xBF", 3) == 0) {
        body = tenon_str(body.data + 3, (size_t)body.size - 3);
    }
    if (body.size == 0) {
        tenon_text_add(text, TENON_STR("null"));
        return;
    }
    if (!is_utf8(body)) {
        tenon_text_add(text, TENON_STR("{\"base64\":\""));
        add_base64(text, body);
        tenon_text_add(text, TENON_STR("\"}"));
        return;
    }
    tenon_str_t value = tenon_json_value(body);
    char kind = tenon_json_kind(value);
    /* What is called text is only taken for JSON where it can hardly be anything else: "12" stays text. */
    int is_json = kind != 0 && (type.size == 0 || contains(type, "json") || kind == '{' || kind == '[');
    if (is_json) {
        tenon_text_add(text, value);
    } else {
        tenon_text_add_json(text, body);
    }
}
