/* The actions: `query` reads, `execute` changes. */
#include "sqlite.h"

#define DEFAULT_MAX_ROWS 10000
/* What an answer may grow to; the host's own limit lies above. */
#define MAX_ANSWER_BYTES ((size_t)15 << 20)

typedef struct {
    connection_t *connection;
    const tenon_call_t *call;
    tenon_str_t parameters;
    int64_t max_rows;
    tenon_text_t answer;
} action_t;

/* Member names of the rows; a name that occurs again gets _2, _3. */
static char **column_names(sqlite3_stmt *statement, int count) {
    char **names = calloc((size_t)count + 1, sizeof *names);
    for (int i = 0; names != NULL && i < count; i++) {
        int same = 1;
        for (int j = 0; j < i; j++) {
            same += strcmp(sqlite3_column_name(statement, j), sqlite3_column_name(statement, i)) == 0;
        }
        tenon_text_t name = {0}, quoted = {0};
        tenon_text_format(&name, same > 1 ? "%s_%d" : "%s", sqlite3_column_name(statement, i), same);
        tenon_text_add_json(&quoted, tenon_text_str(&name));
        tenon_text_add(&quoted, tenon_str("", 1));
        tenon_text_free(&name);
        names[i] = quoted.data;
        if (!quoted.failed) { continue; }
        tenon_text_free(&quoted);
        names[i] = NULL;
        free_names(names);
        return NULL;
    }
    return names;
}

static tenon_status_t fail_too_large(action_t *action) {
    return tenon_fail_unchanged(
        action->call, TENON_RESOURCE_EXHAUSTED,
        "the rows take more than %zu bytes; ask for fewer, or use a pipeline", MAX_ANSWER_BYTES
    );
}

/* Adds `"columns":[...],"rows":[...],"truncated":false`. The statement is stepped to its end, so that a
 * change takes place even when nobody wants all of its rows. */
static tenon_status_t add_rows(action_t *action, sqlite3_stmt *statement) {
    tenon_text_t *answer = &action->answer;
    int count = sqlite3_column_count(statement);
    char **names = column_names(statement, count);
    if (names == NULL) { return tenon_fail(action->call, TENON_RESOURCE_EXHAUSTED, "out of memory"); }
    tenon_text_add(answer, TENON_STR("\"columns\":["));
    for (int i = 0; i < count; i++) { tenon_text_format(answer, "%s%s", i > 0 ? "," : "", names[i]); }
    tenon_text_add(answer, TENON_STR("],\"rows\":["));
    int64_t row_count = 0;
    int is_read_only = sqlite3_stmt_readonly(statement);
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        if (row_count++ >= action->max_rows) {
            if (is_read_only) { break; }
            continue;
        }
        tenon_text_add(answer, row_count > 1 ? TENON_STR(",{") : TENON_STR("{"));
        for (int i = 0; i < count; i++) {
            tenon_text_format(answer, "%s%s:", i > 0 ? "," : "", names[i]);
            add_value(answer, statement, i);
        }
        tenon_text_add(answer, TENON_STR("}"));
        if (answer->size > MAX_ANSWER_BYTES) { break; }
    }
    free_names(names);
    if (answer->failed || answer->size > MAX_ANSWER_BYTES) { return fail_too_large(action); }
    if (code != SQLITE_DONE && code != SQLITE_ROW) {
        return fail_sqlite(
            action->connection, action->call, TENON_EFFECT_NOT_APPLIED, "the statement failed"
        );
    }
    tenon_text_format(answer, "],\"truncated\":%s", row_count > action->max_rows ? "true" : "false");
    return TENON_OK;
}

/* What an action may not do: control the transaction, which is the action's own, and set what outlives the
 * call in the connection. Pragmas that take an argument only to read are the exception. */
static int authorize(
    void *context, int code, const char *first, const char *second, const char *schema, const char *trigger
) {
    static const char *const readers[] = {
        "table_info", "table_xinfo", "table_list", "index_list", "index_info", "index_xinfo",
        "foreign_key_list", "foreign_key_check", "integrity_check", "quick_check", "user_version",
        "application_id",
    };
    (void)context, (void)schema, (void)trigger;
    if (code == SQLITE_TRANSACTION || code == SQLITE_ATTACH || code == SQLITE_DETACH) { return SQLITE_DENY; }
    if (code != SQLITE_PRAGMA || second == NULL) { return SQLITE_OK; }
    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
        if (sqlite3_stricmp(first, readers[i]) == 0) { return SQLITE_OK; }
    }
    return SQLITE_DENY;
}

static tenon_status_t fail_statement(action_t *action) {
    if ((sqlite3_errcode(action->connection->db) & 0xFF) == SQLITE_AUTH) {
        tenon_error_t error = tenon_error(TENON_CLASS_CONFIG, TENON_EFFECT_NOT_APPLIED);
        error.field_path = TENON_STR("/sql");
        return tenon_fail_with(
            action->call, TENON_INVALID_ARGUMENT, error,
            "an action has its own transaction and keeps no settings; leave BEGIN, COMMIT, ROLLBACK, ATTACH"
            " and pragmas that set something out"
        );
    }
    return fail_sqlite(
        action->connection, action->call, TENON_EFFECT_NOT_APPLIED, "the statement is not valid"
    );
}

static tenon_status_t run_query(action_t *action, const char *sql) {
    sqlite3_stmt *statement = NULL;
    const char *rest = NULL;
    sqlite3_set_authorizer(action->connection->db, authorize, NULL);
    int code = sqlite3_prepare_v2(action->connection->db, sql, -1, &statement, &rest);
    tenon_status_t status;
    if (code != SQLITE_OK) {
        status = fail_statement(action);
    } else if (statement == NULL || rest[strspn(rest, " \t\r\n;")] != '\0') {
        status = tenon_fail_unchanged(
            action->call, TENON_INVALID_ARGUMENT, "query takes exactly one statement"
        );
    } else if (!sqlite3_stmt_readonly(statement) || sqlite3_column_count(statement) == 0) {
        status = tenon_fail_unchanged(
            action->call, TENON_INVALID_ARGUMENT, "query only reads; use execute for a statement that changes"
        );
    } else {
        status = bind_parameters(action->connection, action->call, statement, action->parameters);
        if (status == TENON_OK) {
            tenon_text_add(&action->answer, TENON_STR("{"));
            status = add_rows(action, statement);
            tenon_text_add(&action->answer, TENON_STR("}"));
        }
    }
    sqlite3_finalize(statement);
    sqlite3_set_authorizer(action->connection->db, NULL, NULL);
    return status;
}

/* Runs one statement after the other. Only the rows of the last one are answered. */
static tenon_status_t run_statements(action_t *action, const char *sql) {
    connection_t *connection = action->connection;
    tenon_status_t status = TENON_OK;
    while (status == TENON_OK) {
        sqlite3_stmt *statement = NULL;
        if (sqlite3_prepare_v2(connection->db, sql, -1, &statement, &sql) != SQLITE_OK) {
            return fail_statement(action);
        }
        if (statement == NULL) { break; }
        if (sqlite3_bind_parameter_count(statement) > 0 || action->parameters.size > 0) {
            status = bind_parameters(connection, action->call, statement, action->parameters);
        }
        if (status == TENON_OK) {
            action->answer.size = 0;
            tenon_text_add(&action->answer, TENON_STR("{"));
            status = add_rows(action, statement);
        }
        sqlite3_finalize(statement);
    }
    return status;
}

/* All statements take effect or none, so that a failure has the effect "not applied". */
static tenon_status_t run_execute(action_t *action, const char *sql) {
    connection_t *connection = action->connection;
    sqlite3_int64 before = sqlite3_total_changes64(connection->db);
    if (connection_run(connection, "BEGIN IMMEDIATE") != SQLITE_OK) {
        return fail_sqlite(connection, action->call, TENON_EFFECT_NOT_APPLIED, "cannot change the database");
    }
    sqlite3_set_authorizer(connection->db, authorize, NULL);
    tenon_status_t status = run_statements(action, sql);
    sqlite3_set_authorizer(connection->db, NULL, NULL);
    if (status == TENON_OK && connection_run(connection, "COMMIT") != SQLITE_OK) {
        /* An input or output error may come after the commit took place. */
        int code = sqlite3_errcode(connection->db) & 0xFF;
        tenon_effect_t effect = code == SQLITE_IOERR ? TENON_EFFECT_UNKNOWN : TENON_EFFECT_NOT_APPLIED;
        status = fail_sqlite(connection, action->call, effect, "cannot commit");
    }
    if (!sqlite3_get_autocommit(connection->db)) { connection_run(connection, "ROLLBACK"); }
    if (status != TENON_OK) { return status; }
    if (action->answer.size == 0) {
        tenon_text_add(&action->answer, TENON_STR("{\"columns\":[],\"rows\":[]"));
    }
    tenon_text_format(
        &action->answer, ",\"changes\":%lld,\"lastInsertId\":%lld}",
        (long long)(sqlite3_total_changes64(connection->db) - before),
        (long long)sqlite3_last_insert_rowid(connection->db)
    );
    return TENON_OK;
}

static tenon_status_t invoke(
    tenon_instance_t *instance, const tenon_call_t *call, tenon_str_t name, tenon_str_t input,
    const tenon_output_t *output
) {
    action_t action = {&instance->connection, call, tenon_json_member(input, "params"), 0, {0}};
    action.max_rows = tenon_json_int_or(input, "maxRows", DEFAULT_MAX_ROWS);
    int is_query = tenon_str_equals(name, "query");
    if (!is_query && !tenon_str_equals(name, "execute")) {
        return tenon_fail_unchanged(
            call, TENON_NOT_FOUND, "there is no action %.*s; there are query and execute", (int)name.size,
            name.data
        );
    }
    char *sql = tenon_json_copy(tenon_json_member(input, "sql"), NULL);
    if (sql == NULL) {
        tenon_error_t error = tenon_error(TENON_CLASS_CONFIG, TENON_EFFECT_NOT_APPLIED);
        error.field_path = TENON_STR("/sql");
        return tenon_fail_with(call, TENON_INVALID_ARGUMENT, error, "sql must be a statement");
    }
    connection_begin_call(action.connection, call);
    tenon_status_t status = is_query ? run_query(&action, sql) : run_execute(&action, sql);
    connection_end_call(action.connection, call);
    free(sql);
    if (status == TENON_OK) { return tenon_write_text(output, &action.answer); }
    tenon_text_free(&action.answer);
    return status;
}

const tenon_action_v1_t action_table = {invoke};
