/* Reading and writing JSON in a connector, header-only, without globals.
 *
 * A value is the piece of text that it stands in (a tenon_str_t), so that reading allocates nothing:
 *
 *     tenon_str_t key, value;
 *     tenon_json_items_t items = tenon_json_items(object);
 *     while (tenon_json_next_member(&items, &key, &value)) { ... }
 *
 *     char *path = tenon_json_copy(tenon_json_member(object, "path"), NULL);
 *
 * What is not JSON reads as a missing value (size 0), never as something else. Nesting is limited. Writing
 * goes to a tenon_text_t that grows; running out of memory is remembered, so that one test at the end is
 * enough.
 */
#ifndef TENON_JSON_H
#define TENON_JSON_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tenon/base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TENON_JSON_MAX_DEPTH 128

/* ---- text ---- */

/* The text of a literal. */
#define TENON_STR(literal) tenon_str("" literal, sizeof(literal) - 1)

static inline tenon_str_t tenon_str(const char *data, size_t size) {
    tenon_str_t text = {data, (uint64_t)size};
    return text;
}

/* The text of a C string; NULL is empty. */
static inline tenon_str_t tenon_str_of(const char *text) {
    return tenon_str(text, text == NULL ? 0 : strlen(text));
}

static inline tenon_bytes_t tenon_bytes(tenon_str_t text) {
    tenon_bytes_t bytes = {(const uint8_t *)text.data, text.size};
    return bytes;
}

static inline int tenon_str_equals(tenon_str_t text, const char *other) {
    size_t size = strlen(other);
    return text.size == size && (size == 0 || memcmp(text.data, other, size) == 0);
}

/* ---- reading: one value ---- */

static inline const char *tenon_json_space(const char *p, const char *end) {
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r')) { p++; }
    return p;
}

static inline int tenon_json_hex(const char *p, uint32_t *unit) {
    *unit = 0;
    for (int i = 0; i < 4; i++) {
        char c = p[i];
        uint32_t digit;
        if (c >= '0' && c <= '9') {
            digit = (uint32_t)(c - '0');
        } else if (c >= 'a' && c <= 'f') {
            digit = (uint32_t)(c - 'a') + 10;
        } else if (c >= 'A' && c <= 'F') {
            digit = (uint32_t)(c - 'A') + 10;
        } else {
            return 0;
        }
        *unit = *unit << 4 | digit;
    }
    return 1;
}

/* Past the string that starts at `p` (a quote), or NULL. */
static inline const char *tenon_json_scan_string(const char *p, const char *end) {
    for (p++; p < end; p++) {
        if (*p == '"') { return p + 1; }
        if ((unsigned char)*p < 0x20) { return NULL; }
        if (*p != '\\') { continue; }
        p++;
        if (p >= end || *p == '\0') { return NULL; }
        if (*p == 'u') {
            uint32_t unit;
            if (end - p < 5 || !tenon_json_hex(p + 1, &unit)) { return NULL; }
            p += 4;
        } else if (strchr("\"\\/bfnrt", *p) == NULL) {
            return NULL;
        }
    }
    return NULL;
}

static inline const char *tenon_json_scan_digits(const char *p, const char *end) {
    const char *first = p;
    while (p < end && *p >= '0' && *p <= '9') { p++; }
    return p == first ? NULL : p;
}

static inline const char *tenon_json_scan_number(const char *p, const char *end) {
    if (p < end && *p == '-') { p++; }
    if (p < end && *p == '0') {
        p++;
    } else {
        p = tenon_json_scan_digits(p, end);
    }
    if (p != NULL && p < end && *p == '.') { p = tenon_json_scan_digits(p + 1, end); }
    if (p != NULL && p < end && (*p == 'e' || *p == 'E')) {
        p++;
        if (p < end && (*p == '+' || *p == '-')) { p++; }
        p = tenon_json_scan_digits(p, end);
    }
    return p;
}

static inline const char *tenon_json_scan_word(const char *p, const char *end, const char *word) {
    size_t size = strlen(word);
    return (size_t)(end - p) >= size && memcmp(p, word, size) == 0 ? p + size : NULL;
}

/* Past the value that starts at `p`, or NULL where there is none. */
static inline const char *tenon_json_scan(const char *p, const char *end, int depth) {
    if (p >= end || depth > TENON_JSON_MAX_DEPTH) { return NULL; }
    switch (*p) {
    case '"': return tenon_json_scan_string(p, end);
    case 't': return tenon_json_scan_word(p, end, "true");
    case 'f': return tenon_json_scan_word(p, end, "false");
    case 'n': return tenon_json_scan_word(p, end, "null");
    case '{':
    case '[': break;
    default: return tenon_json_scan_number(p, end);
    }
    char close = *p == '{' ? '}' : ']';
    p = tenon_json_space(p + 1, end);
    if (p < end && *p == close) { return p + 1; }
    while (p < end) {
        if (close == '}') {
            p = *p == '"' ? tenon_json_scan_string(p, end) : NULL;
            if (p == NULL) { return NULL; }
            p = tenon_json_space(p, end);
            if (p >= end || *p != ':') { return NULL; }
            p = tenon_json_space(p + 1, end);
        }
        p = tenon_json_scan(p, end, depth + 1);
        if (p == NULL) { return NULL; }
        p = tenon_json_space(p, end);
        if (p < end && *p == close) { return p + 1; }
        if (p >= end || *p != ',') { return NULL; }
        p = tenon_json_space(p + 1, end);
    }
    return NULL;
}

/* The value of a whole document without the white space around it; size 0 where it is not JSON. */
static inline tenon_str_t tenon_json_value(tenon_str_t document) {
    if (document.data == NULL) { return tenon_str(NULL, 0); }
    const char *end = document.data + document.size;
    const char *start = tenon_json_space(document.data, end);
    const char *stop = tenon_json_scan(start, end, 0);
    if (stop == NULL || tenon_json_space(stop, end) != end) { return tenon_str(NULL, 0); }
    return tenon_str(start, (size_t)(stop - start));
}

/* '{' '[' '"' 't' 'f' 'n', '0' for any number, or 0 for a missing value. */
static inline char tenon_json_kind(tenon_str_t value) {
    if (value.size == 0) { return 0; }
    return strchr("{[\"tfn", value.data[0]) != NULL ? value.data[0] : '0';
}

static inline int tenon_json_is_null(tenon_str_t value) { return tenon_json_kind(value) == 'n'; }

/* 1 and the integer where the value is one that 64 bits hold exactly, else 0. 5.0 is not an integer here. */
static inline int tenon_json_int64(tenon_str_t value, int64_t *integer) {
    if (tenon_json_kind(value) != '0') { return 0; }
    const char *p = value.data;
    const char *end = p + value.size;
    int negative = *p == '-';
    if (negative) { p++; }
    if (p == end) { return 0; }
    uint64_t magnitude = 0;
    for (; p < end; p++) {
        if (*p < '0' || *p > '9') { return 0; }
        uint64_t digit = (uint64_t)(*p - '0');
        if (magnitude > (UINT64_MAX - digit) / 10) { return 0; }
        magnitude = magnitude * 10 + digit;
    }
    if (magnitude > (uint64_t)INT64_MAX + (uint64_t)negative) { return 0; }
    *integer = negative ? (int64_t)(0 - magnitude) : (int64_t)magnitude;
    return 1;
}

/* 1 and the number where the value is a number. */
static inline int tenon_json_double(tenon_str_t value, double *number) {
    char digits[400];
    if (tenon_json_kind(value) != '0' || value.size >= sizeof digits) { return 0; }
    memcpy(digits, value.data, (size_t)value.size);
    digits[value.size] = '\0';
    *number = strtod(digits, NULL);
    return 1;
}

/* Reads one character of a string's inside, undoing escapes: its bytes go to `out`, their number is answered.
 * What is no character (half of a surrogate pair) becomes U+FFFD. The string has been scanned before. */
static inline size_t tenon_json_character(const char **cursor, const char *end, char out[4]) {
    const char *p = *cursor;
    if (*p != '\\') {
        out[0] = *p;
        *cursor = p + 1;
        return 1;
    }
    *cursor = p + 2;
    switch (p[1]) {
    case 'b': out[0] = '\b'; return 1;
    case 'f': out[0] = '\f'; return 1;
    case 'n': out[0] = '\n'; return 1;
    case 'r': out[0] = '\r'; return 1;
    case 't': out[0] = '\t'; return 1;
    case 'u': break;
    default: out[0] = p[1]; return 1;
    }
    uint32_t point = 0, low = 0;
    tenon_json_hex(p + 2, &point);
    *cursor = p + 6;
    if (point >= 0xD800 && point < 0xE000) {
        int paired = point < 0xDC00 && end - p >= 12 && p[6] == '\\' && p[7] == 'u'
            && tenon_json_hex(p + 8, &low) && low >= 0xDC00 && low < 0xE000;
        point = paired ? 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00) : 0xFFFD;
        if (paired) { *cursor = p + 12; }
    }
    if (point < 0x80) {
        out[0] = (char)point;
        return 1;
    }
    size_t count = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    for (size_t i = count - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (point & 0x3F));
        point >>= 6;
    }
    static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    out[0] = (char)(lead[count] | point);
    return count;
}

/* A string's text on the heap, with a NUL behind it; the caller frees it. NULL where the value is no string
 * or memory is short. With `size` NULL, a string that has a NUL inside is refused too: C would see only a
 * part of it. */
static inline char *tenon_json_copy(tenon_str_t value, size_t *size) {
    if (tenon_json_kind(value) != '"') { return NULL; }
    char *text = (char *)malloc((size_t)value.size);
    if (text == NULL) { return NULL; }
    const char *p = value.data + 1;
    const char *end = value.data + value.size - 1;
    size_t count = 0;
    while (p < end) {
        char bytes[4];
        size_t added = tenon_json_character(&p, end, bytes);
        memcpy(text + count, bytes, added);
        count += added;
    }
    text[count] = '\0';
    if (size != NULL) {
        *size = count;
    } else if (memchr(text, '\0', count) != NULL) {
        free(text);
        return NULL;
    }
    return text;
}

/* 1 where the value is the string `text`. */
static inline int tenon_json_equals(tenon_str_t value, const char *text) {
    if (tenon_json_kind(value) != '"') { return 0; }
    const char *p = value.data + 1;
    const char *end = value.data + value.size - 1;
    size_t left = strlen(text);
    while (p < end) {
        char bytes[4];
        size_t count = tenon_json_character(&p, end, bytes);
        if (count > left || memcmp(bytes, text, count) != 0) { return 0; }
        text += count;
        left -= count;
    }
    return left == 0;
}

/* ---- reading: arrays and objects ---- */

/* The members or elements that are still to come. */
typedef struct tenon_json_items_t {
    const char *next;
    const char *end;
} tenon_json_items_t;

/* Starts to walk an object or an array; anything else has no items. */
static inline tenon_json_items_t tenon_json_items(tenon_str_t container) {
    char kind = tenon_json_kind(container);
    tenon_json_items_t items = {NULL, NULL};
    if (kind == '{' || kind == '[') {
        items.next = container.data + 1;
        items.end = container.data + container.size - 1;
    }
    return items;
}

/* The next element of an array: 1, or 0 at the end. */
static inline int tenon_json_next(tenon_json_items_t *items, tenon_str_t *value) {
    const char *p = tenon_json_space(items->next, items->end);
    if (p < items->end && *p == ',') { p = tenon_json_space(p + 1, items->end); }
    const char *stop = tenon_json_scan(p, items->end, 1);
    if (stop == NULL) { return 0; }
    *value = tenon_str(p, (size_t)(stop - p));
    items->next = stop;
    return 1;
}

/* The next member of an object: 1, or 0 at the end. `key` has its quotes: compare it with tenon_json_equals.
 */
static inline int tenon_json_next_member(tenon_json_items_t *items, tenon_str_t *key, tenon_str_t *value) {
    if (!tenon_json_next(items, key)) { return 0; }
    const char *p = tenon_json_space(items->next, items->end);
    if (p >= items->end || *p != ':') { return 0; }
    items->next = p + 1;
    return tenon_json_next(items, value);
}

/* The member `key` of an object, the first where there are several; size 0 where there is none. */
static inline tenon_str_t tenon_json_member(tenon_str_t object, const char *key) {
    tenon_str_t name, value;
    tenon_json_items_t items = tenon_json_items(tenon_json_kind(object) == '{' ? object : tenon_str(NULL, 0));
    while (tenon_json_next_member(&items, &name, &value)) {
        if (tenon_json_equals(name, key)) { return value; }
    }
    return tenon_str(NULL, 0);
}

/* Members with a value to use where they are missing or of another kind. */
static inline int64_t tenon_json_int_or(tenon_str_t object, const char *key, int64_t otherwise) {
    int64_t integer;
    return tenon_json_int64(tenon_json_member(object, key), &integer) ? integer : otherwise;
}

static inline int tenon_json_bool_or(tenon_str_t object, const char *key, int otherwise) {
    char kind = tenon_json_kind(tenon_json_member(object, key));
    return kind == 't' ? 1 : kind == 'f' ? 0 : otherwise;
}

/* ---- writing ---- */

/* Text that grows. Start with `tenon_text_t text = TENON_TEXT_EMPTY;`, end with tenon_text_free. */
typedef struct tenon_text_t {
    char *data;
    size_t size;
    size_t capacity;
    /* 1 once memory was short: what was added since then is missing. */
    size_t failed;
} tenon_text_t;

#define TENON_TEXT_EMPTY {NULL, 0, 0, 0}

static inline void tenon_text_free(tenon_text_t *text) {
    free(text->data);
    memset(text, 0, sizeof *text);
}

/* Makes room for `more` bytes and answers whether there is. */
static inline int tenon_text_reserve(tenon_text_t *text, size_t more) {
    if (text->capacity - text->size >= more) { return !text->failed; }
    if (more > SIZE_MAX / 2 - text->size) {
        text->failed = 1;
        return 0;
    }
    size_t capacity = text->capacity < 128 ? 256 : text->capacity * 2;
    if (capacity < text->size + more) { capacity = text->size + more; }
    char *data = text->failed ? NULL : (char *)realloc(text->data, capacity);
    if (data == NULL) {
        text->failed = 1;
        return 0;
    }
    text->data = data;
    text->capacity = capacity;
    return 1;
}

static inline void tenon_text_add(tenon_text_t *text, tenon_str_t piece) {
    if (piece.size == 0 || !tenon_text_reserve(text, (size_t)piece.size)) { return; }
    memcpy(text->data + text->size, piece.data, (size_t)piece.size);
    text->size += (size_t)piece.size;
}

#if defined(__GNUC__)
__attribute__((format(printf, 2, 0)))
#endif
static inline void tenon_text_vformat(tenon_text_t *text, const char *format, va_list arguments) {
    va_list again;
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, arguments);
    if (size < 0) {
        text->failed = 1;
    } else if (tenon_text_reserve(text, (size_t)size + 1)) {
        vsnprintf(text->data + text->size, (size_t)size + 1, format, again);
        text->size += (size_t)size;
    }
    va_end(again);
}

#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
static inline void tenon_text_format(tenon_text_t *text, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    tenon_text_vformat(text, format, arguments);
    va_end(arguments);
}

static inline tenon_str_t tenon_text_str(const tenon_text_t *text) {
    return tenon_str(text->data, text->size);
}

/* The length of the UTF-8 character at `p`, 0 where there is none. */
static inline size_t tenon_utf8_length(const unsigned char *p, const unsigned char *end) {
    size_t count = *p < 0x80 ? 1 : *p < 0xC2 ? 0 : *p < 0xE0 ? 2 : *p < 0xF0 ? 3 : *p < 0xF5 ? 4 : 0;
    if (count == 0 || (size_t)(end - p) < count) { return 0; }
    for (size_t i = 1; i < count; i++) {
        if ((p[i] & 0xC0) != 0x80) { return 0; }
    }
    if (count < 3) { return count; }
    int is_overlong = (*p == 0xE0 && p[1] < 0xA0) || (*p == 0xF0 && p[1] < 0x90);
    int is_beyond = (*p == 0xED && p[1] >= 0xA0) || (*p == 0xF4 && p[1] >= 0x90);
    return is_overlong || is_beyond ? 0 : count;
}

/* Adds `piece` as a JSON string with its quotes. Bytes that are not UTF-8 become U+FFFD. */
static inline void tenon_text_add_json(tenon_text_t *text, tenon_str_t piece) {
    const unsigned char *p = (const unsigned char *)piece.data;
    const unsigned char *end = p + piece.size;
    tenon_text_add(text, TENON_STR("\""));
    while (p < end) {
        const unsigned char *plain = p;
        size_t count = 1;
        while (p < end && *p >= 0x20 && *p != '"' && *p != '\\' && (count = tenon_utf8_length(p, end)) > 0) {
            p += count;
        }
        tenon_text_add(text, tenon_str((const char *)plain, (size_t)(p - plain)));
        if (p >= end) { break; }
        if (count == 0) {
            tenon_text_add(text, TENON_STR("\xEF\xBF\xBD"));
        } else if (*p == '"' || *p == '\\') {
            tenon_text_format(text, "\\%c", *p);
        } else {
            tenon_text_format(text, "\\u%04x", (unsigned)*p);
        }
        p++;
    }
    tenon_text_add(text, TENON_STR("\""));
}

#ifdef __cplusplus
}
#endif
#endif
