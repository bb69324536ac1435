/* Connections: how they are opened, and how a cancelled call gets out of them. */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <time.h>

#include "sqlite.h"

/* Instructions of SQLite's machine between two looks at the flag. */
#define INSTRUCTIONS_BETWEEN_CHECKS 20000

/* sqlite3_interrupt alone would be lost between two statements; the flag is not. */
static int is_cancelled(void *context) {
    connection_t *connection = context;
    return atomic_load_explicit(&connection->is_cancelled, memory_order_relaxed);
}

static void cancel(void *context) {
    connection_t *connection = context;
    atomic_store(&connection->is_cancelled, 1);
    sqlite3_interrupt(connection->db);
}

/* Waits for another connection's lock in short steps, so that a cancel is heard. */
static int wait_for_lock(void *context, int attempt) {
    connection_t *connection = context;
    int64_t step_ms = attempt < 5 ? 1 : attempt < 20 ? 5 : 20;
    if (attempt == 0) { connection->waited_ms = 0; }
    if (connection->waited_ms >= connection->busy_timeout_ms || is_cancelled(connection)) { return 0; }
    struct timespec pause = {0, (long)step_ms * 1000000};
    nanosleep(&pause, NULL);
    connection->waited_ms += step_ms;
    return 1;
}

static tenon_status_t fail_to_open(
    connection_t *connection, const tenon_instance_t *instance, const tenon_call_t *call, int code
) {
    tenon_error_t error = tenon_error(TENON_CLASS_CONFIG, TENON_EFFECT_NOT_APPLIED);
    error.field_path = TENON_STR("/path");
    error.vendor_code = code;
    int system_error = connection->db != NULL ? sqlite3_system_errno(connection->db) : 0;
    connection_close(connection);
    if (system_error == ENOENT && !instance->creates_missing) {
        return tenon_fail_with(
            call, TENON_NOT_FOUND, error, "there is no database %s; set createIfMissing to have it made",
            instance->path
        );
    }
    tenon_status_t status = TENON_UNAVAILABLE;
    if (system_error == EACCES || system_error == EPERM) { status = TENON_PERMISSION_DENIED; }
    if (system_error == ENOENT) { status = TENON_NOT_FOUND; }
    if (code == SQLITE_NOTADB) { status = TENON_BAD_DATA; }
    return tenon_fail_with(
        call, status, error, "cannot open the database %s: %s", instance->path,
        system_error != 0 ? strerror(system_error) : sqlite3_errstr(code)
    );
}

tenon_status_t connection_open(
    connection_t *connection, const tenon_instance_t *instance, const tenon_call_t *call
) {
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    flags |= instance->is_read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    if (!instance->is_read_only && instance->creates_missing) { flags |= SQLITE_OPEN_CREATE; }
    connection->db = NULL;
    connection->busy_timeout_ms = instance->busy_timeout_ms;
    connection->waited_ms = 0;
    atomic_store(&connection->is_cancelled, 0);
    int code = sqlite3_open_v2(instance->path, &connection->db, flags, NULL);
    if (code != SQLITE_OK) { return fail_to_open(connection, instance, call, code); }
    sqlite3_busy_handler(connection->db, wait_for_lock, connection);
    sqlite3_progress_handler(connection->db, INSTRUCTIONS_BETWEEN_CHECKS, is_cancelled, connection);
    /* A database from elsewhere may not attack through its schema, nor reach other files. */
    sqlite3_db_config(connection->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(connection->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(connection->db, SQLITE_DBCONFIG_ENABLE_FKEY, instance->has_foreign_keys, NULL);
    sqlite3_limit(connection->db, SQLITE_LIMIT_ATTACHED, 0);
    /* Opening reads nothing; this finds out whether it is a database at all. */
    connection_begin_call(connection, call);
    code = connection_run(connection, "SELECT 1 FROM sqlite_schema LIMIT 1");
    connection_end_call(connection, call);
    if (code == SQLITE_OK) { return TENON_OK; }
    if (code == SQLITE_NOTADB || code == SQLITE_CANTOPEN) {
        return fail_to_open(connection, instance, call, code);
    }
    tenon_status_t status = fail_sqlite(
        connection, call, TENON_EFFECT_NOT_APPLIED, "cannot read the database %s", instance->path
    );
    connection_close(connection);
    return status;
}

void connection_close(connection_t *connection) {
    sqlite3_close_v2(connection->db);
    connection->db = NULL;
}

void connection_begin_call(connection_t *connection, const tenon_call_t *call) {
    atomic_store(&connection->is_cancelled, 0);
    call->on_cancel(call, cancel, connection);
}

void connection_end_call(connection_t *connection, const tenon_call_t *call) {
    (void)connection;
    call->on_cancel(call, NULL, NULL);
}

int connection_run(connection_t *connection, const char *sql) {
    return sqlite3_exec(connection->db, sql, NULL, NULL, NULL);
}

/* Frees `sql`. */
int connection_run_text(connection_t *connection, tenon_text_t *sql) {
    tenon_text_add(sql, tenon_str("", 1));
    int code = sql->failed ? SQLITE_NOMEM : connection_run(connection, sql->data);
    tenon_text_free(sql);
    return code;
}

int connection_prepare(connection_t *connection, const char *sql, sqlite3_stmt **out_statement) {
    return sqlite3_prepare_v3(connection->db, sql, -1, SQLITE_PREPARE_PERSISTENT, out_statement, NULL);
}
