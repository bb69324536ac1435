/* From SQLite's values, which have a type each, to columns, which have one type.
 *
 * A column starts with what it is declared to hold and is widened, where its first rows hold something else,
 * along
 *
 *     integer -> real -> text -> blob
 *
 * so that nothing is ever changed: a real column takes only integers that a double holds exactly, a text
 * column takes numbers in their shortest exact form, and text that is not UTF-8 or a blob makes the column
 * binary. */
#include "sqlite.h"

#define SNIFFED_ROWS 1000
/* Integers up to here are doubles too. */
#define MAX_EXACT_INTEGER ((int64_t)1 << 53)

static int is_exact(int64_t value) { return value >= -MAX_EXACT_INTEGER && value <= MAX_EXACT_INTEGER; }

static int is_utf8(const unsigned char *p, size_t size) {
    const unsigned char *end = p + size;
    while (p < end) {
        uint64_t eight;
        /* Mostly ASCII: eight characters at a time. */
        if (end - p >= 8 && (memcpy(&eight, p, 8), (eight & 0x8080808080808080u) == 0)) {
            p += 8;
            continue;
        }
        size_t length = tenon_utf8_length(p, end);
        if (length == 0) { return 0; }
        p += length;
    }
    return 1;
}

static int is_text(sqlite3_stmt *statement, int column) {
    const unsigned char *text = sqlite3_column_text(statement, column);
    return is_utf8(text, (size_t)sqlite3_column_bytes(statement, column));
}

int storage_fits(storage_t storage, sqlite3_stmt *statement, int column) {
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_NULL: return 1;
    case SQLITE_INTEGER: return storage != STORE_REAL || is_exact(sqlite3_column_int64(statement, column));
    case SQLITE_FLOAT: return storage != STORE_INTEGER;
    case SQLITE_TEXT: return storage == STORE_BLOB || (storage == STORE_TEXT && is_text(statement, column));
    default: return storage == STORE_BLOB;
    }
}

storage_t storage_widened(storage_t storage, sqlite3_stmt *statement, int column) {
    storage_t needed = storage;
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_NULL: return storage;
    case SQLITE_INTEGER: needed = STORE_INTEGER; break;
    case SQLITE_FLOAT: needed = STORE_REAL; break;
    case SQLITE_TEXT: needed = STORE_TEXT; break;
    default: needed = STORE_BLOB;
    }
    if (needed < storage) { needed = storage; }
    while (needed < STORE_BLOB && !storage_fits(needed, statement, column)) { needed++; }
    return needed;
}

int storage_sniff(sqlite3_stmt *statement, const int *indexes, storage_t *storages, size_t count) {
    /* A large integer before the first real would not fit into the real column. */
    char *has_large = calloc(count + 1, 1);
    int code = has_large != NULL ? SQLITE_ROW : SQLITE_NOMEM;
    for (int row = 0; row < SNIFFED_ROWS && code == SQLITE_ROW; row++) {
        code = sqlite3_step(statement);
        for (size_t i = 0; i < count && code == SQLITE_ROW; i++) {
            int column = indexes != NULL ? indexes[i] : (int)i;
            int is_integer = sqlite3_column_type(statement, column) == SQLITE_INTEGER;
            if (is_integer && !is_exact(sqlite3_column_int64(statement, column))) { has_large[i] = 1; }
            storages[i] = storage_widened(storages[i], statement, column);
            if (storages[i] == STORE_REAL && has_large[i]) { storages[i] = STORE_TEXT; }
        }
    }
    free(has_large);
    for (size_t i = 0; i < count; i++) {
        if (storages[i] == STORE_ANY) { storages[i] = STORE_TEXT; }
    }
    sqlite3_reset(statement);
    return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
}

static void add_as_bytes(tenon_column_t *column, sqlite3_stmt *statement, int index) {
    char number[32];
    size_t size;
    switch (sqlite3_column_type(statement, index)) {
    case SQLITE_INTEGER:
        size = (size_t)snprintf(
            number, sizeof number, "%lld", (long long)sqlite3_column_int64(statement, index)
        );
        tenon_column_add_bytes(column, number, size);
        return;
    case SQLITE_FLOAT:
        size = format_real(number, sqlite3_column_double(statement, index));
        tenon_column_add_bytes(column, number, size);
        return;
    default: {
        const void *bytes = sqlite3_column_blob(statement, index);
        tenon_column_add_bytes(column, bytes, (size_t)sqlite3_column_bytes(statement, index));
    }
    }
}

void column_add_value(tenon_column_t *column, storage_t storage, sqlite3_stmt *statement, int index) {
    if (sqlite3_column_type(statement, index) == SQLITE_NULL) {
        tenon_column_add_null(column);
    } else if (storage == STORE_INTEGER) {
        tenon_column_add_int64(column, sqlite3_column_int64(statement, index));
    } else if (storage == STORE_REAL) {
        tenon_column_add_double(column, sqlite3_column_double(statement, index));
    } else {
        add_as_bytes(column, statement, index);
    }
}

const char *storage_format(storage_t storage) {
    switch (storage) {
    case STORE_INTEGER: return "l";
    case STORE_REAL: return "g";
    case STORE_BLOB: return "z";
    default: return "u";
    }
}

const char *storage_type_name(storage_t storage) {
    switch (storage) {
    case STORE_INTEGER: return "int64";
    case STORE_REAL: return "float64";
    case STORE_BLOB: return "binary";
    default: return "utf8";
    }
}
