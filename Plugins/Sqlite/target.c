/* Writes batches into a table, exactly once.
 *
 * Everything between two commits is one transaction of SQLite, and the sequence for (job, stream) is stored
 * in it, in the table _tenon_sequences. So rows and number appear together or not at all.
 *
 *     append      INSERT
 *     upsert      INSERT ... ON CONFLICT (keys) DO UPDATE
 *     overwrite   DELETE of all rows in the first transaction of the job: others see the old rows until it
 *                 commits. A job that goes on after an interruption adds to the rows it has committed.
 */
#include "writer.h"

static const char create_sequences[] =
    "CREATE TABLE IF NOT EXISTS _tenon_sequences ("
    "job TEXT NOT NULL, stream TEXT NOT NULL, sequence INTEGER NOT NULL, committed_at TEXT NOT NULL,"
    " PRIMARY KEY (job, stream)) WITHOUT ROWID";
static const char store_sequence[] =
    "INSERT INTO _tenon_sequences VALUES (?1, ?2, ?3, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))"
    " ON CONFLICT (job, stream)"
    " DO UPDATE SET sequence = excluded.sequence, committed_at = excluded.committed_at";
/* Each run of a pipeline is a job of its own: without this the table would grow for ever. */
static const char forget_old_jobs[] =
    "DELETE FROM _tenon_sequences WHERE committed_at < strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-30 days')";
static const char load_sequence[] = "SELECT sequence FROM _tenon_sequences WHERE job = ?1 AND stream = ?2";

void close_writer(tenon_writer_t *writer) {
    sqlite3_finalize(writer->insert);
    sqlite3_finalize(writer->insert_all);
    connection_close(&writer->connection);
    free_names(writer->formats);
    free(writer->job);
    free(writer->stream);
    free(writer->create_sql);
    free(writer->insert_sql);
    free(writer->insert_all_sql);
    free(writer->refused);
    free(writer);
}

int stored_sequence(tenon_writer_t *writer, int64_t *sequence) {
    sqlite3_stmt *statement = NULL;
    *sequence = 0;
    int code = sqlite3_table_column_metadata(
        writer->connection.db, "main", "_tenon_sequences", NULL, NULL, NULL, NULL, NULL, NULL
    );
    if (code != SQLITE_OK) {
        /* The error is also how SQLite says that there is no such table. */
        return code == SQLITE_ERROR ? SQLITE_OK : code;
    }
    code = connection_prepare(&writer->connection, load_sequence, &statement);
    if (code == SQLITE_OK) {
        sqlite3_bind_text(statement, 1, writer->job, -1, SQLITE_STATIC);
        sqlite3_bind_text(statement, 2, writer->stream, -1, SQLITE_STATIC);
        code = sqlite3_step(statement);
    }
    if (code == SQLITE_ROW) { *sequence = sqlite3_column_int64(statement, 0); }
    sqlite3_finalize(statement);
    return code == SQLITE_ROW || code == SQLITE_DONE ? SQLITE_OK : code;
}

tenon_status_t prepare_insert(tenon_writer_t *writer, const tenon_call_t *call) {
    connection_t *connection = &writer->connection;
    if (writer->insert != NULL) { return TENON_OK; }
    if (connection_prepare(connection, writer->insert_all_sql, &writer->insert_all) == SQLITE_OK
        && connection_prepare(connection, writer->insert_sql, &writer->insert) == SQLITE_OK) {
        return TENON_OK;
    }
    const char *reason = sqlite3_errmsg(writer->connection.db);
    if (strncmp(reason, "ON CONFLICT", 11) == 0) {
        return tenon_fail_unchanged(
            call, TENON_INVALID_ARGUMENT,
            "the keys of %s are neither its primary key nor the columns of a UNIQUE index; make one",
            writer->stream
        );
    }
    return fail_sqlite(
        &writer->connection, call, TENON_EFFECT_NOT_APPLIED, "cannot write to %s", writer->stream
    );
}

/* ---- writing ---- */

/* Starts the transaction with all that belongs to its beginning. */
static tenon_status_t begin(tenon_writer_t *writer, const tenon_call_t *call) {
    connection_t *connection = &writer->connection;
    if (writer->has_begun) { return TENON_OK; }
    int code = connection_run(connection, "BEGIN IMMEDIATE");
    if (code == SQLITE_OK) { code = connection_run(connection, create_sequences); }
    if (code == SQLITE_OK && writer->create_sql != NULL) {
        code = connection_run(connection, writer->create_sql);
    }
    tenon_status_t status = code == SQLITE_OK ? prepare_insert(writer, call) : TENON_OK;
    if (code == SQLITE_OK && status == TENON_OK && writer->replaces) {
        tenon_text_t sql = {0};
        tenon_text_add(&sql, TENON_STR("DELETE FROM "));
        add_identifier(&sql, writer->stream);
        code = connection_run_text(connection, &sql);
    }
    if (code == SQLITE_OK && status == TENON_OK) {
        writer->has_begun = 1;
        return TENON_OK;
    }
    if (code != SQLITE_OK) {
        status = fail_sqlite(
            connection, call, TENON_EFFECT_NOT_APPLIED, "cannot begin to write to %s", writer->stream
        );
    }
    connection_run(connection, "ROLLBACK");
    return status;
}

/* What a failed batch leaves: with the savepoint, the rows before it; without, SQLite has rolled back
 * everything. */
static tenon_status_t fail_batch(tenon_writer_t *writer, const tenon_call_t *call) {
    connection_t *connection = &writer->connection;
    int is_intact = !sqlite3_get_autocommit(connection->db);
    tenon_effect_t effect = is_intact ? TENON_EFFECT_NOT_APPLIED : TENON_EFFECT_UNKNOWN;
    tenon_status_t status = fail_sqlite(
        connection, call, effect,
        is_intact ? "cannot write to %s" : "cannot write to %s, all since the last commit is undone",
        writer->stream
    );
    if (is_intact) {
        is_intact = connection_run(connection, "ROLLBACK TO batch; RELEASE batch") == SQLITE_OK;
    }
    if (!is_intact) { writer->is_broken = 1; }
    return status;
}

/* Refuses what SQLite cannot store, before it sees it. */
static tenon_status_t refuse_rows(tenon_writer_t *writer, const tenon_rejects_t *rejects) {
    const struct ArrowArray *batch = writer->batch;
    tenon_status_t status = TENON_OK;
    for (size_t i = 0; i < writer->column_count; i++) {
        const char *format = writer->formats[i];
        if (format[0] != 'f' && format[0] != 'g' && format[0] != 'L') { continue; }
        for (int64_t row = 0; row < batch->length && status == TENON_OK; row++) {
            const char *reason = refusal(batch->children[i], row, format);
            if (reason == NULL || (writer->refused != NULL && writer->refused[row])) { continue; }
            if (writer->refused == NULL) { writer->refused = calloc((size_t)batch->length, 1); }
            if (writer->refused == NULL) { return TENON_RESOURCE_EXHAUSTED; }
            writer->refused[row] = 1;
            status = rejects->add(rejects, (uint64_t)row, TENON_BAD_DATA, tenon_str_of(reason));
        }
    }
    return status;
}

/* Inserts one row. SQLITE_OK, also for a row that was rejected, or the code of an error that concerns more.
 */
static int insert_row(
    tenon_writer_t *writer, int64_t row, const tenon_rejects_t *rejects, tenon_status_t *reject_status
) {
    int code = SQLITE_OK;
    for (size_t i = 0; i < writer->column_count && code == SQLITE_OK; i++) {
        code = bind_value(writer->insert, (int)i + 1, writer->batch->children[i], row, writer->formats[i]);
    }
    if (code == SQLITE_OK) {
        code = sqlite3_step(writer->insert);
        if (code == SQLITE_DONE) { return sqlite3_reset(writer->insert); }
        sqlite3_reset(writer->insert);
    }
    if (!is_row_error(code) || sqlite3_get_autocommit(writer->connection.db)) { return code; }
    int is_double = code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY
        || code == SQLITE_CONSTRAINT_ROWID;
    const char *reason = sqlite3_errmsg(writer->connection.db);
    *reject_status = rejects->add(
        rejects, (uint64_t)row, is_double ? TENON_ALREADY_EXISTS : TENON_BAD_DATA, tenon_str_of(reason)
    );
    return SQLITE_OK;
}

/* One statement for all rows. Where it fails because of one of them, what it did is undone and the rows come
 * one by one, to find out which they are. */
static int insert_rows(tenon_writer_t *writer, const tenon_rejects_t *rejects, tenon_status_t *reject_status) {
    connection_t *connection = &writer->connection;
    int code = sqlite3_step(writer->insert_all);
    int reset_code = sqlite3_reset(writer->insert_all);
    if (code == SQLITE_DONE) { return reset_code; }
    if (!is_row_error(code) || sqlite3_get_autocommit(connection->db)) { return code; }
    code = connection_run(connection, "ROLLBACK TO batch");
    for (int64_t row = 0; row < writer->batch->length && code == SQLITE_OK && *reject_status == TENON_OK;
         row++) {
        if (writer->refused != NULL && writer->refused[row]) { continue; }
        code = insert_row(writer, row, rejects, reject_status);
    }
    sqlite3_clear_bindings(writer->insert);
    return code;
}

static tenon_status_t write_rows(
    tenon_writer_t *writer, const tenon_call_t *call, const tenon_rejects_t *rejects
) {
    connection_t *connection = &writer->connection;
    tenon_status_t status = refuse_rows(writer, rejects);
    int code = status == TENON_OK ? connection_run(connection, "SAVEPOINT batch") : SQLITE_OK;
    if (code == SQLITE_OK && status == TENON_OK) { code = insert_rows(writer, rejects, &status); }
    if (code == SQLITE_OK && status == TENON_OK && atomic_load(&connection->is_cancelled)) {
        code = SQLITE_INTERRUPT;
    }
    if (code == SQLITE_OK && status == TENON_OK) { code = connection_run(connection, "RELEASE batch"); }
    if (code == SQLITE_INTERRUPT && !sqlite3_get_autocommit(connection->db)) {
        connection_run(connection, "ROLLBACK TO batch; RELEASE batch");
        status = tenon_fail_unchanged(call, TENON_CANCELLED, "cancelled while writing to %s", writer->stream);
    } else if (code != SQLITE_OK) {
        status = fail_batch(writer, call);
    } else if (status != TENON_OK) {
        connection_run(connection, "ROLLBACK TO batch; RELEASE batch");
    }
    return status;
}

static tenon_status_t write_batch(
    tenon_writer_t *writer, const tenon_call_t *call, const struct ArrowArray *batch,
    const tenon_rejects_t *rejects
) {
    if (writer->is_broken) {
        return tenon_fail(call, TENON_INVALID_STATE, "the transaction was rolled back; open a new writer");
    }
    connection_begin_call(&writer->connection, call);
    tenon_status_t status = begin(writer, call);
    if (status == TENON_OK) {
        writer->batch = batch;
        status = write_rows(writer, call, rejects);
        writer->batch = NULL;
        free(writer->refused);
        writer->refused = NULL;
    }
    connection_end_call(&writer->connection, call);
    return status;
}

/* ---- committing ---- */

static void roll_back(tenon_writer_t *writer) {
    if (!sqlite3_get_autocommit(writer->connection.db)) { connection_run(&writer->connection, "ROLLBACK"); }
    /* The table may have been made in this transaction: the statement is prepared anew when it is there
     * again. */
    if (writer->create_sql != NULL) {
        sqlite3_finalize(writer->insert);
        sqlite3_finalize(writer->insert_all);
        writer->insert = writer->insert_all = NULL;
    }
    writer->has_begun = 0;
}

static int put_sequence(tenon_writer_t *writer, int64_t sequence) {
    sqlite3_stmt *statement = NULL;
    int code = connection_prepare(&writer->connection, store_sequence, &statement);
    if (code == SQLITE_OK) {
        sqlite3_bind_text(statement, 1, writer->job, -1, SQLITE_STATIC);
        sqlite3_bind_text(statement, 2, writer->stream, -1, SQLITE_STATIC);
        sqlite3_bind_int64(statement, 3, sequence);
        code = sqlite3_step(statement);
    }
    sqlite3_finalize(statement);
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

static tenon_status_t commit_sequence(tenon_writer_t *writer, const tenon_call_t *call, uint64_t sequence) {
    connection_t *connection = &writer->connection;
    int64_t stored = 0;
    tenon_status_t status = begin(writer, call);
    if (status != TENON_OK) { return status; }
    int code = stored_sequence(writer, &stored);
    if (code == SQLITE_OK && sequence <= (uint64_t)stored) {
        roll_back(writer);
        return TENON_OK;
    }
    if (code == SQLITE_OK && stored == 0) { code = connection_run(connection, forget_old_jobs); }
    if (code == SQLITE_OK) { code = put_sequence(writer, (int64_t)sequence); }
    if (code == SQLITE_OK) { code = connection_run(connection, "COMMIT"); }
    if (code == SQLITE_OK) {
        writer->has_begun = 0;
        writer->replaces = 0;
        return TENON_OK;
    }
    /* After an input or output error nobody knows whether the commit reached the disk. */
    tenon_effect_t effect = (code & 0xFF) == SQLITE_IOERR ? TENON_EFFECT_UNKNOWN : TENON_EFFECT_NOT_APPLIED;
    status = fail_sqlite(connection, call, effect, "cannot commit to %s", writer->stream);
    roll_back(writer);
    writer->is_broken = 1;
    return status;
}

static tenon_status_t commit(tenon_writer_t *writer, const tenon_call_t *call, uint64_t sequence) {
    if (writer->is_broken) {
        return tenon_fail_unchanged(
            call, TENON_INVALID_STATE, "the transaction was rolled back; open a new writer"
        );
    }
    if (sequence > INT64_MAX) {
        return tenon_fail(call, TENON_INVALID_ARGUMENT, "the sequence is too large");
    }
    connection_begin_call(&writer->connection, call);
    tenon_status_t status = commit_sequence(writer, call, sequence);
    connection_end_call(&writer->connection, call);
    return status;
}

static tenon_status_t abort_writer(tenon_writer_t *writer, const tenon_call_t *call) {
    (void)call;
    roll_back(writer);
    return TENON_OK;
}

const tenon_target_v1_t target_table = {open_writer, write_batch, commit, abort_writer, close_writer};
