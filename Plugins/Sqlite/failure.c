/* What SQLite's codes mean to the host, and hints for names that do not exist. */
#define _POSIX_C_SOURCE 200809L

#include "sqlite.h"

typedef struct {
    int code;
    tenon_status_t status;
    tenon_error_class_t error_class;
} meaning_t;

static const meaning_t meanings[] = {
    {SQLITE_BUSY, TENON_CONFLICT, TENON_CLASS_TRANSIENT},
    {SQLITE_LOCKED, TENON_CONFLICT, TENON_CLASS_TRANSIENT},
    {SQLITE_INTERRUPT, TENON_CANCELLED, TENON_CLASS_UNSET},
    {SQLITE_FULL, TENON_RESOURCE_EXHAUSTED, TENON_CLASS_UNSET},
    {SQLITE_NOMEM, TENON_RESOURCE_EXHAUSTED, TENON_CLASS_UNSET},
    {SQLITE_TOOBIG, TENON_BAD_DATA, TENON_CLASS_DATA},
    {SQLITE_MISMATCH, TENON_BAD_DATA, TENON_CLASS_DATA},
    {SQLITE_CONSTRAINT, TENON_BAD_DATA, TENON_CLASS_DATA},
    {SQLITE_READONLY, TENON_PERMISSION_DENIED, TENON_CLASS_CONFIG},
    {SQLITE_PERM, TENON_PERMISSION_DENIED, TENON_CLASS_CONFIG},
    {SQLITE_AUTH, TENON_PERMISSION_DENIED, TENON_CLASS_CONFIG},
    {SQLITE_CORRUPT, TENON_BAD_DATA, TENON_CLASS_CONFIG},
    {SQLITE_NOTADB, TENON_BAD_DATA, TENON_CLASS_CONFIG},
    {SQLITE_IOERR, TENON_UNAVAILABLE, TENON_CLASS_TRANSIENT},
    {SQLITE_CANTOPEN, TENON_UNAVAILABLE, TENON_CLASS_TRANSIENT},
    {SQLITE_SCHEMA, TENON_SCHEMA_CHANGED, TENON_CLASS_UNSET},
    {SQLITE_ERROR, TENON_INVALID_ARGUMENT, TENON_CLASS_CONFIG},
    {SQLITE_RANGE, TENON_INVALID_ARGUMENT, TENON_CLASS_CONFIG},
};

int is_row_error(int code) {
    int primary = code & 0xFF;
    return primary == SQLITE_CONSTRAINT || primary == SQLITE_MISMATCH || primary == SQLITE_TOOBIG;
}

/* The table that SQLite's message says is missing, or NULL. */
static const char *missing_table(const char *message) {
    static const char prefix[] = "no such table: ";
    return strncmp(message, prefix, sizeof prefix - 1) == 0 ? message + sizeof prefix - 1 : NULL;
}

tenon_status_t fail_sqlite(
    connection_t *connection, const tenon_call_t *call, tenon_effect_t effect, const char *format, ...
) {
    int code = sqlite3_extended_errcode(connection->db);
    /* No error of SQLite's: then memory was short on our side. */
    if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE) { code = SQLITE_NOMEM; }
    meaning_t meaning = {code, TENON_INTERNAL, TENON_CLASS_UNSET};
    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++) {
        if (meanings[i].code == (code & 0xFF)) { meaning = meanings[i]; }
    }
    tenon_text_t message = {0};
    va_list arguments;
    va_start(arguments, format);
    tenon_text_vformat(&message, format, arguments);
    va_end(arguments);
    /* Asking for other tables replaces the connection's error, so its text is taken first. */
    tenon_text_format(
        &message, ": %s", code == SQLITE_NOMEM ? "out of memory" : sqlite3_errmsg(connection->db)
    );
    const char *table = missing_table(sqlite3_errmsg(connection->db));
    char *wanted = table != NULL ? strdup(table) : NULL;
    char **names = wanted != NULL ? stream_names(connection) : NULL;
    size_t count = 0;
    while (names != NULL && names[count] != NULL) { count++; }
    if (names != NULL) { suggest_name(&message, wanted, (const char *const *)names, count); }
    if ((code & 0xFF) == SQLITE_BUSY) {
        tenon_text_add(&message, TENON_STR("; another program holds the lock"));
    }
    tenon_error_t error = tenon_error(meaning.error_class, effect);
    error.vendor_code = code;
    tenon_status_t status = tenon_fail_with(
        call, meaning.status, error, "%.*s", (int)message.size, message.data
    );
    tenon_text_free(&message);
    free_names(names);
    free(wanted);
    return status;
}

/* The number of characters to change, to add or to leave out, at most `limit` + 1. */
static size_t edit_distance(const char *a, const char *b, size_t limit) {
    size_t rows[2][65];
    size_t a_size = strlen(a), b_size = strlen(b);
    if (a_size > 64 || b_size > 64) { return limit + 1; }
    for (size_t j = 0; j <= b_size; j++) { rows[0][j] = j; }
    for (size_t i = 1; i <= a_size; i++) {
        size_t *above = rows[(i - 1) & 1], *row = rows[i & 1];
        row[0] = i;
        for (size_t j = 1; j <= b_size; j++) {
            size_t replaced = above[j - 1] + (sqlite3_strnicmp(&a[i - 1], &b[j - 1], 1) != 0);
            size_t removed = above[j] + 1, added = row[j - 1] + 1;
            row[j] = replaced < removed ? replaced : removed;
            if (added < row[j]) { row[j] = added; }
        }
    }
    return rows[a_size & 1][b_size];
}

void suggest_name(tenon_text_t *text, const char *wanted, const char *const *names, size_t count) {
    size_t best = strlen(wanted) / 3 + 1;
    const char *nearest = NULL;
    for (size_t i = 0; i < count; i++) {
        size_t distance = edit_distance(wanted, names[i], best);
        if (distance <= best && (nearest == NULL || distance < best)) {
            best = distance;
            nearest = names[i];
        }
    }
    if (nearest != NULL) { tenon_text_format(text, "; did you mean \"%s\"?", nearest); }
}
