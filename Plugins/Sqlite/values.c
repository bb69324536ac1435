/* Values between SQLite and JSON: integers exact, text as text, blobs as base64. */
#include "sqlite.h"

#include <math.h>

void add_identifier(tenon_text_t *text, const char *name) {
    tenon_text_add(text, TENON_STR("\""));
    for (const char *quote; (quote = strchr(name, '"')) != NULL; name = quote + 1) {
        tenon_text_add(text, tenon_str(name, (size_t)(quote - name)));
        tenon_text_add(text, TENON_STR("\"\""));
    }
    tenon_text_add(text, tenon_str_of(name));
    tenon_text_add(text, TENON_STR("\""));
}

size_t format_real(char text[32], double value) {
    int size = 0;
    for (int digits = 15; digits <= 17; digits++) {
        size = snprintf(text, 32, "%.*g", digits, value);
        if (strtod(text, NULL) == value) { break; }
    }
    return (size_t)size;
}

static const char base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void add_base64(tenon_text_t *text, const uint8_t *bytes, size_t size) {
    for (size_t i = 0; i < size; i += 3) {
        uint32_t group = (uint32_t)bytes[i] << 16;
        if (i + 1 < size) { group |= (uint32_t)bytes[i + 1] << 8; }
        if (i + 2 < size) { group |= bytes[i + 2]; }
        char digits[4] = {
            base64_digits[group >> 18], base64_digits[group >> 12 & 63],
            i + 1 < size ? base64_digits[group >> 6 & 63] : '=',
            i + 2 < size ? base64_digits[group & 63] : '='
        };
        tenon_text_add(text, tenon_str(digits, 4));
    }
}

/* Undoes base64 in place; -1 where it is none. */
static int64_t decode_base64(char *text, size_t size) {
    if (size % 4 != 0) { return -1; }
    size_t count = 0;
    for (size_t i = 0; i < size; i += 4) {
        uint32_t group = 0;
        int padding = 0;
        for (size_t j = i; j < i + 4; j++) {
            const char *digit = text[j] != '\0' ? strchr(base64_digits, text[j]) : NULL;
            if (text[j] == '=' && i + 4 == size && j >= i + 2) {
                padding++;
            } else if (digit == NULL || padding > 0) {
                return -1;
            }
            group = group << 6 | (uint32_t)(digit != NULL ? digit - base64_digits : 0);
        }
        for (int k = 0; k < 3 - padding; k++) { text[count++] = (char)(group >> (16 - 8 * k)); }
    }
    return (int64_t)count;
}

void add_value(tenon_text_t *text, sqlite3_stmt *statement, int column) {
    char number[32];
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
        tenon_text_format(text, "%lld", (long long)sqlite3_column_int64(statement, column));
        break;
    case SQLITE_FLOAT: {
        double value = sqlite3_column_double(statement, column);
        size_t size = format_real(number, value);
        /* JSON has no infinity; its name as text is at least not another number. */
        if (isinf(value)) {
            tenon_text_add(text, value > 0 ? TENON_STR("\"Infinity\"") : TENON_STR("\"-Infinity\""));
        } else {
            tenon_text_add(text, tenon_str(number, size));
            if (strpbrk(number, ".e") == NULL) { tenon_text_add(text, TENON_STR(".0")); }
        }
        break;
    }
    case SQLITE_TEXT: {
        const char *data = (const char *)sqlite3_column_text(statement, column);
        tenon_text_add_json(text, tenon_str(data, (size_t)sqlite3_column_bytes(statement, column)));
        break;
    }
    case SQLITE_BLOB: {
        const uint8_t *data = sqlite3_column_blob(statement, column);
        tenon_text_add(text, TENON_STR("\""));
        add_base64(text, data, (size_t)sqlite3_column_bytes(statement, column));
        tenon_text_add(text, TENON_STR("\""));
        break;
    }
    default: tenon_text_add(text, TENON_STR("null"));
    }
}

/* Binds a string, or the blob of {"base64": "..."}. */
static int bind_bytes(sqlite3_stmt *statement, int index, tenon_str_t value) {
    tenon_str_t encoded = tenon_json_member(value, "base64");
    int is_blob = tenon_json_kind(encoded) == '"';
    size_t size = 0;
    char *text = tenon_json_copy(is_blob ? encoded : value, &size);
    if (text == NULL) { return SQLITE_NOMEM; }
    if (!is_blob) { return sqlite3_bind_text64(statement, index, text, size, free, SQLITE_UTF8); }
    int64_t count = decode_base64(text, size);
    if (count < 0) {
        free(text);
        return SQLITE_MISMATCH;
    }
    return sqlite3_bind_blob64(statement, index, text, (sqlite3_uint64)count, free);
}

static int bind_one(sqlite3_stmt *statement, int index, tenon_str_t value) {
    int64_t integer;
    double real;
    switch (tenon_json_kind(value)) {
    case 'n': return sqlite3_bind_null(statement, index);
    case 't': return sqlite3_bind_int(statement, index, 1);
    case 'f': return sqlite3_bind_int(statement, index, 0);
    case '"': return bind_bytes(statement, index, value);
    case '{':
        if (tenon_json_member(value, "base64").size > 0) { return bind_bytes(statement, index, value); }
        return sqlite3_bind_text64(statement, index, value.data, value.size, SQLITE_TRANSIENT, SQLITE_UTF8);
    case '[':
        return sqlite3_bind_text64(statement, index, value.data, value.size, SQLITE_TRANSIENT, SQLITE_UTF8);
    default:
        if (tenon_json_int64(value, &integer)) { return sqlite3_bind_int64(statement, index, integer); }
        /* An integer beyond 64 bits would lose digits as a double. */
        int is_integer = memchr(value.data, '.', value.size) == NULL
            && memchr(value.data, 'e', value.size) == NULL && memchr(value.data, 'E', value.size) == NULL;
        if (is_integer || !tenon_json_double(value, &real)) { return SQLITE_MISMATCH; }
        return sqlite3_bind_double(statement, index, real);
    }
}

static tenon_status_t fail_parameter(const tenon_call_t *call, const char *name, int code) {
    tenon_error_t error = tenon_error(TENON_CLASS_CONFIG, TENON_EFFECT_NOT_APPLIED);
    error.field_path = TENON_STR("/params");
    error.vendor_code = code;
    const char *reason = code == SQLITE_MISMATCH
        ? "it is an integer beyond 64 bits (give it as text) or not base64"
        : sqlite3_errstr(code);
    return tenon_fail_with(
        call, TENON_INVALID_ARGUMENT, error, "parameter %s cannot be used: %s", name, reason
    );
}

static tenon_status_t bind_by_name(
    const tenon_call_t *call, sqlite3_stmt *statement, tenon_str_t parameters
) {
    int count = sqlite3_bind_parameter_count(statement);
    for (int index = 1; index <= count; index++) {
        const char *name = sqlite3_bind_parameter_name(statement, index);
        tenon_str_t value = name != NULL ? tenon_json_member(parameters, name + 1) : tenon_str(NULL, 0);
        if (value.size == 0) {
            return tenon_fail_unchanged(
                call, TENON_INVALID_ARGUMENT, "params has no value for the parameter %s",
                name != NULL ? name : "?"
            );
        }
        int code = bind_one(statement, index, value);
        if (code != SQLITE_OK) { return fail_parameter(call, name, code); }
    }
    return TENON_OK;
}

tenon_status_t bind_parameters(
    connection_t *connection, const tenon_call_t *call, sqlite3_stmt *statement, tenon_str_t parameters
) {
    (void)connection;
    int wanted = sqlite3_bind_parameter_count(statement);
    if (tenon_json_kind(parameters) == '{') { return bind_by_name(call, statement, parameters); }
    tenon_json_items_t items = tenon_json_items(parameters);
    tenon_str_t value;
    int given = 0;
    while (tenon_json_next(&items, &value)) {
        given++;
        if (given > wanted) { continue; }
        char name[16];
        snprintf(name, sizeof name, "%d", given);
        int code = bind_one(statement, given, value);
        if (code != SQLITE_OK) { return fail_parameter(call, name, code); }
    }
    if (given == wanted) { return TENON_OK; }
    tenon_error_t error = tenon_error(TENON_CLASS_CONFIG, TENON_EFFECT_NOT_APPLIED);
    error.field_path = TENON_STR("/params");
    return tenon_fail_with(
        call, TENON_INVALID_ARGUMENT, error, "the statement has %d parameters, params has %d values", wanted,
        given
    );
}
