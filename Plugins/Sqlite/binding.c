/* From columns to SQLite's values. Dates and times become ISO 8601 text that sorts as it should. */
#include "sqlite.h"

#include <math.h>

#define MICROSECONDS_PER_DAY INT64_C(86400000000)

/* Year, month and day of a day counted from 1970-01-01 (the proleptic Gregorian calendar, from eras of 400
 * years). */
static int format_date(char *text, size_t size, int64_t days) {
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted_month = (5 * day_of_year + 2) / 153;
    int day = (int)(day_of_year - (153 * shifted_month + 2) / 5 + 1);
    int month = (int)(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
    long long year = (long long)(year_of_era + era * 400 + (month <= 2));
    return snprintf(text, size, "%04lld-%02d-%02d", year, month, day);
}

static int format_time(char *text, size_t size, int64_t microseconds) {
    int64_t seconds = microseconds / 1000000;
    return snprintf(
        text, size, "%02d:%02d:%02d.%06d", (int)(seconds / 3600), (int)(seconds / 60 % 60),
        (int)(seconds % 60), (int)(microseconds % 1000000)
    );
}

/* A value as SQLite takes it. `data` may lie in `buffer`. */
typedef struct {
    int type;
    int is_copied;
    int64_t integer;
    double real;
    const char *data;
    size_t size;
    char buffer[80];
} stored_t;

static void store_moment(stored_t *stored, const char *format, int64_t value) {
    char *text = stored->buffer;
    size_t room = sizeof stored->buffer;
    int size = 0;
    if (format[1] == 'd') {
        size = format_date(text, room, value);
    } else if (format[1] == 't') {
        size = format_time(text, room, value);
    } else {
        int64_t days = value / MICROSECONDS_PER_DAY - (value % MICROSECONDS_PER_DAY < 0);
        size = format_date(text, room, days);
        text[size++] = 'T';
        size += format_time(text + size, room - (size_t)size, value - days * MICROSECONDS_PER_DAY);
        if (format[4] != '\0') { text[size++] = 'Z'; }
    }
    stored->data = text;
    stored->size = (size_t)size;
}

/* Digits of a 128-bit integer with the decimal point put in. */
static void store_decimal(stored_t *stored, const char *format, const uint64_t *words) {
    char *end = stored->buffer + sizeof stored->buffer;
    char *p = end;
    const char *comma = strchr(format, ',');
    long scale = comma != NULL ? strtol(comma + 1, NULL, 10) : 0;
    uint64_t low = words[0], high = words[1];
    int is_negative = (int64_t)high < 0;
    if (is_negative) {
        low = ~low + 1;
        high = ~high + (low == 0);
    }
    /* Four words of 32 bits, divided by ten again and again. */
    uint32_t parts[4] = {(uint32_t)(high >> 32), (uint32_t)high, (uint32_t)(low >> 32), (uint32_t)low};
    long digits = 0;
    while (digits <= scale || (parts[0] | parts[1] | parts[2] | parts[3]) != 0) {
        uint64_t rest = 0;
        for (int i = 0; i < 4; i++) {
            uint64_t dividend = rest << 32 | parts[i];
            parts[i] = (uint32_t)(dividend / 10);
            rest = dividend % 10;
        }
        if (digits == scale && scale > 0) { *--p = '.'; }
        *--p = (char)('0' + rest);
        if (++digits > 45) { break; }
    }
    if (is_negative) { *--p = '-'; }
    stored->data = p;
    stored->size = (size_t)(end - p);
}

/* Lends bytes of the batch. Empty ones may have no address, which SQLite would take for NULL. */
static void store_bytes(stored_t *stored, int type, tenon_str_t bytes) {
    stored->type = type;
    stored->data = bytes.size > 0 ? bytes.data : "";
    stored->size = (size_t)bytes.size;
}

static void store_text(stored_t *stored) {
    stored->type = SQLITE_TEXT;
    stored->is_copied = 1;
}

static void take_value(
    stored_t *stored, const struct ArrowArray *column, int64_t row, const char *format
) {
    stored->is_copied = 0;
    stored->type = SQLITE_NULL;
    if (format[0] == 'n' || tenon_is_null(column, row)) { return; }
    stored->type = SQLITE_INTEGER;
    switch (format[0]) {
    case 'b': stored->integer = tenon_bool_at(column, row); break;
    case 'f':
        stored->type = SQLITE_FLOAT;
        stored->real = (double)*(const float *)tenon_value_at(column, row, 4);
        break;
    case 'g':
        stored->type = SQLITE_FLOAT;
        stored->real = *(const double *)tenon_value_at(column, row, 8);
        break;
    case 'u': store_bytes(stored, SQLITE_TEXT, tenon_bytes_at(column, row)); break;
    case 'z': store_bytes(stored, SQLITE_BLOB, tenon_bytes_at(column, row)); break;
    case 'd':
        store_decimal(stored, format, tenon_value_at(column, row, 16));
        store_text(stored);
        break;
    case 't':
        store_moment(stored, format, tenon_integer_at(column, row, format));
        store_text(stored);
        break;
    default: stored->integer = tenon_integer_at(column, row, format);
    }
}

const char *refusal(const struct ArrowArray *column, int64_t row, const char *format) {
    if ((format[0] != 'f' && format[0] != 'g' && format[0] != 'L') || tenon_is_null(column, row)) {
        return NULL;
    }
    if (format[0] == 'L') {
        return tenon_integer_at(column, row, format) < 0
            ? "an integer above 9223372036854775807 does not fit"
            : NULL;
    }
    int is_nan = format[0] == 'f' ? isnan(*(const float *)tenon_value_at(column, row, 4))
                                  : isnan(*(const double *)tenon_value_at(column, row, 8));
    return is_nan ? "SQLite has no NaN" : NULL;
}

int bind_value(
    sqlite3_stmt *statement, int parameter, const struct ArrowArray *column, int64_t row, const char *format
) {
    stored_t stored;
    take_value(&stored, column, row, format);
    /* The batch lives until the statement has run. */
    sqlite3_destructor_type lifetime = stored.is_copied ? SQLITE_TRANSIENT : SQLITE_STATIC;
    switch (stored.type) {
    case SQLITE_INTEGER: return sqlite3_bind_int64(statement, parameter, stored.integer);
    case SQLITE_FLOAT: return sqlite3_bind_double(statement, parameter, stored.real);
    case SQLITE_TEXT:
        return sqlite3_bind_text(statement, parameter, stored.data, (int)stored.size, lifetime);
    case SQLITE_BLOB:
        return sqlite3_bind_blob(statement, parameter, stored.data, (int)stored.size, lifetime);
    default: return sqlite3_bind_null(statement, parameter);
    }
}

void result_value(
    sqlite3_context *context, const struct ArrowArray *column, int64_t row, const char *format
) {
    stored_t stored;
    take_value(&stored, column, row, format);
    sqlite3_destructor_type lifetime = stored.is_copied ? SQLITE_TRANSIENT : SQLITE_STATIC;
    switch (stored.type) {
    case SQLITE_INTEGER: sqlite3_result_int64(context, stored.integer); break;
    case SQLITE_FLOAT: sqlite3_result_double(context, stored.real); break;
    case SQLITE_TEXT: sqlite3_result_text(context, stored.data, (int)stored.size, lifetime); break;
    case SQLITE_BLOB: sqlite3_result_blob(context, stored.data, (int)stored.size, lifetime); break;
    default: sqlite3_result_null(context);
    }
}

const char *column_type_for(const char *format) {
    switch (format[0]) {
    case 'b': return "BOOLEAN";
    case 'f':
    case 'g': return "REAL";
    /* Decimals are text: as numbers they would turn into doubles. */
    case 'd':
    case 't':
    case 'u': return "TEXT";
    case 'z': return "BLOB";
    case 'n': return "";
    default: return "INTEGER";
    }
}
