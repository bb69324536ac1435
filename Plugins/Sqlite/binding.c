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

static int bind_text_copy(sqlite3_stmt *statement, int parameter, const char *text, int size) {
    return sqlite3_bind_text(statement, parameter, text, size, SQLITE_TRANSIENT);
}

static int bind_moment(sqlite3_stmt *statement, int parameter, const char *format, int64_t value) {
    char text[80];
    int size = 0;
    if (format[1] == 'd') {
        size = format_date(text, sizeof text, value);
    } else if (format[1] == 't') {
        size = format_time(text, sizeof text, value);
    } else {
        int64_t days = value / MICROSECONDS_PER_DAY - (value % MICROSECONDS_PER_DAY < 0);
        size = format_date(text, sizeof text, days);
        text[size++] = 'T';
        size += format_time(text + size, sizeof text - (size_t)size, value - days * MICROSECONDS_PER_DAY);
        if (format[4] != '\0') { text[size++] = 'Z'; }
    }
    return bind_text_copy(statement, parameter, text, size);
}

/* Digits of a 128-bit integer with the decimal point put in. */
static int bind_decimal(sqlite3_stmt *statement, int parameter, const char *format, const uint64_t *words) {
    char text[64];
    char *end = text + sizeof text;
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
    return bind_text_copy(statement, parameter, p, (int)(end - p));
}

const char *bind_value(
    sqlite3_stmt *statement, int parameter, const struct ArrowArray *column, int64_t row, const char *format
) {
    int code;
    if (format[0] == 'n' || tenon_is_null(column, row)) {
        code = sqlite3_bind_null(statement, parameter);
        return code == SQLITE_OK ? NULL : "out of memory";
    }
    switch (format[0]) {
    case 'b': code = sqlite3_bind_int(statement, parameter, tenon_bool_at(column, row)); break;
    case 'f': {
        float value = *(const float *)tenon_value_at(column, row, 4);
        if (isnan(value)) { return "SQLite has no NaN"; }
        code = sqlite3_bind_double(statement, parameter, (double)value);
        break;
    }
    case 'g': {
        double value = *(const double *)tenon_value_at(column, row, 8);
        if (isnan(value)) { return "SQLite has no NaN"; }
        code = sqlite3_bind_double(statement, parameter, value);
        break;
    }
    case 'u': {
        /* The batch lives until the statement has run. */
        tenon_str_t text = tenon_bytes_at(column, row);
        /* Empty text may have no address, which SQLite would take for NULL. */
        const char *data = text.size > 0 ? text.data : "";
        code = sqlite3_bind_text(statement, parameter, data, (int)text.size, SQLITE_STATIC);
        break;
    }
    case 'z': {
        tenon_str_t bytes = tenon_bytes_at(column, row);
        const char *data = bytes.size > 0 ? bytes.data : "";
        code = sqlite3_bind_blob(statement, parameter, data, (int)bytes.size, SQLITE_STATIC);
        break;
    }
    case 'd': code = bind_decimal(statement, parameter, format, tenon_value_at(column, row, 16)); break;
    case 't': code = bind_moment(statement, parameter, format, tenon_integer_at(column, row, format)); break;
    default: {
        int64_t value = tenon_integer_at(column, row, format);
        if (format[0] == 'L' && value < 0) { return "an integer above 9223372036854775807 does not fit"; }
        code = sqlite3_bind_int64(statement, parameter, value);
    }
    }
    if (code == SQLITE_TOOBIG) { return "the value is larger than SQLite takes"; }
    return code == SQLITE_OK ? NULL : "out of memory";
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
