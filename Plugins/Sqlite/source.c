/* Reads a table, a view or a query in batches.
 *
 * A table with a rowid is read in its order, in pieces: each `next` goes on after the last rowid. So its
 * position is one number, portable to another process, and no lock is held between two pieces. A WAL
 * database, where reading blocks nobody, is read in one snapshot. Everything else is one statement from
 * beginning to end and has no positions. */
#define _POSIX_C_SOURCE 200809L

#include "sqlite.h"

#define DEFAULT_BATCH_BYTES (1 << 20)
#define MAX_BATCH_ROWS 65536

struct tenon_reader_t {
    tenon_instance_t *instance;
    connection_t connection;
    sqlite3_stmt *statement;
    /* Under which its widened columns are remembered: the stream or the query. */
    char *name;
    char **column_names;
    storage_t *storages;
    /* 1 for a column that the request wants as text. */
    char *is_nullable;
    tenon_column_t *columns;
    size_t column_count;
    int has_rowid;
    int has_schema;
    int is_running;
    /* Where the next piece begins, the last rowid that was read, and the last one there was at the beginning.
     */
    int64_t next_rowid;
    int64_t last_rowid;
    int64_t end_rowid;
    int64_t remaining_rows;
    int has_limit;
    int64_t batch_bytes;
    int64_t checkpoint_rows;
    int64_t rows_since_checkpoint;
};

static void close_reader(tenon_reader_t *reader) {
    sqlite3_finalize(reader->statement);
    for (size_t i = 0; i < reader->column_count; i++) {
        if (reader->columns != NULL) { tenon_column_free(&reader->columns[i]); }
        if (reader->column_names != NULL) { free(reader->column_names[i]); }
    }
    connection_close(&reader->connection);
    free(reader->name);
    free(reader->column_names);
    free(reader->storages);
    free(reader->is_nullable);
    free(reader->columns);
    free(reader);
}

static int allocate_columns(tenon_reader_t *reader, size_t count) {
    reader->column_count = count;
    reader->column_names = calloc(count + 1, sizeof *reader->column_names);
    reader->storages = calloc(count + 1, sizeof *reader->storages);
    reader->is_nullable = calloc(count + 1, 1);
    reader->columns = calloc(count + 1, sizeof *reader->columns);
    return reader->column_names != NULL && reader->storages != NULL && reader->is_nullable != NULL
        && reader->columns != NULL;
}

static int set_column(
    tenon_reader_t *reader, size_t index, const char *name, storage_t storage, int is_nullable
) {
    reader->column_names[index] = strdup(name);
    reader->is_nullable[index] = (char)is_nullable;
    reader->storages[index] = instance_storage(reader->instance, reader->name, name, storage);
    return reader->column_names[index] != NULL;
}

static tenon_status_t fail_no_column(const tenon_call_t *call, const table_t *table, const char *name) {
    tenon_text_t message = {0};
    tenon_text_format(&message, "%s has no column \"%s\"", table->name, name);
    suggest_column(&message, table, name);
    tenon_error_t error = tenon_error(TENON_CLASS_CONFIG, TENON_EFFECT_NOT_APPLIED);
    tenon_status_t status = tenon_fail_with(
        call, TENON_NOT_FOUND, error, "%.*s", (int)message.size, message.data
    );
    tenon_text_free(&message);
    return status;
}

/* Takes the columns that the request names, or all. */
static tenon_status_t choose_columns(
    tenon_reader_t *reader, const tenon_call_t *call, const table_t *table, tenon_str_t wanted
) {
    tenon_json_items_t items = tenon_json_items(wanted);
    tenon_str_t item;
    size_t count = 0;
    while (tenon_json_next(&items, &item)) { count++; }
    int takes_all = count == 0;
    if (!allocate_columns(reader, takes_all ? table->column_count : count)) {
        return tenon_fail(call, TENON_RESOURCE_EXHAUSTED, "out of memory");
    }
    items = tenon_json_items(wanted);
    for (size_t i = 0; i < reader->column_count; i++) {
        const column_t *column = takes_all ? &table->columns[i] : NULL;
        storage_t storage = STORE_ANY;
        if (!takes_all) {
            tenon_json_next(&items, &item);
            tenon_str_t label = tenon_json_kind(item) == '{' ? tenon_json_member(item, "name") : item;
            char *name = tenon_json_copy(label, NULL);
            if (name == NULL) {
                return tenon_fail_unchanged(call, TENON_INVALID_ARGUMENT, "each of columns needs a name");
            }
            column = table_column(table, name);
            tenon_status_t status = column != NULL ? TENON_OK : fail_no_column(call, table, name);
            free(name);
            if (status != TENON_OK) { return status; }
            if (tenon_json_equals(tenon_json_member(item, "as"), "text")) { storage = STORE_TEXT; }
        }
        if (storage == STORE_ANY) { storage = column->storage; }
        int is_nullable = !column->is_not_null && column->name != table->rowid_column;
        if (!set_column(reader, i, column->name, storage, is_nullable)) {
            return tenon_fail(call, TENON_RESOURCE_EXHAUSTED, "out of memory");
        }
    }
    return TENON_OK;
}

static void add_selection(const tenon_reader_t *reader, const table_t *table, tenon_text_t *sql) {
    tenon_text_add(sql, TENON_STR("SELECT "));
    if (table->rowid != NULL) { add_identifier(sql, table->rowid); }
    for (size_t i = 0; i < reader->column_count; i++) {
        if (i > 0 || table->rowid != NULL) { tenon_text_add(sql, TENON_STR(",")); }
        add_identifier(sql, reader->column_names[i]);
    }
    tenon_text_add(sql, TENON_STR(" FROM "));
    add_identifier(sql, table->name);
    if (table->rowid == NULL) { return; }
    tenon_text_add(sql, TENON_STR(" WHERE "));
    add_identifier(sql, table->rowid);
    tenon_text_add(sql, TENON_STR(" BETWEEN ?1 AND ?2 ORDER BY "));
    add_identifier(sql, table->rowid);
}

/* Where reading ends: rows that are added later belong to the next run. */
static int find_end(tenon_reader_t *reader, const table_t *table) {
    tenon_text_t sql = {0};
    tenon_text_add(&sql, TENON_STR("SELECT max("));
    add_identifier(&sql, table->rowid);
    tenon_text_add(&sql, TENON_STR(") FROM "));
    add_identifier(&sql, table->name);
    tenon_text_add(&sql, tenon_str("", 1));
    sqlite3_stmt *statement = NULL;
    int code = sql.failed ? SQLITE_NOMEM : connection_prepare(&reader->connection, sql.data, &statement);
    if (code == SQLITE_OK) { code = sqlite3_step(statement); }
    if (code == SQLITE_ROW) {
        int is_empty = sqlite3_column_type(statement, 0) == SQLITE_NULL;
        reader->end_rowid = is_empty ? INT64_MIN : sqlite3_column_int64(statement, 0);
        if (is_empty) { reader->remaining_rows = 0; }
        code = SQLITE_OK;
    }
    sqlite3_finalize(statement);
    tenon_text_free(&sql);
    return code;
}

/* In a WAL database a read transaction that stays open gives all pieces the same view and hinders nobody. */
static void begin_snapshot(connection_t *connection) {
    sqlite3_stmt *statement = NULL;
    int is_wal = connection_prepare(connection, "PRAGMA journal_mode", &statement) == SQLITE_OK
        && sqlite3_step(statement) == SQLITE_ROW
        && sqlite3_stricmp((const char *)sqlite3_column_text(statement, 0), "wal") == 0;
    sqlite3_finalize(statement);
    if (is_wal) { connection_run(connection, "BEGIN"); }
}

static tenon_status_t prepare_table(
    tenon_reader_t *reader, const tenon_call_t *call, const char *stream, tenon_str_t wanted
) {
    table_t table;
    int code = table_load(&reader->connection, stream, &table);
    if (code == SQLITE_NOTFOUND) { return fail_no_table(&reader->connection, call, stream); }
    if (code != SQLITE_OK) {
        return fail_sqlite(&reader->connection, call, TENON_EFFECT_NOT_APPLIED, "cannot look at %s", stream);
    }
    reader->name = strdup(table.name);
    reader->has_rowid = table.rowid != NULL;
    if (reader->name != NULL) { widenings_load(reader->instance, call, reader->name); }
    tenon_status_t status = reader->name == NULL ? TENON_RESOURCE_EXHAUSTED
                                                 : choose_columns(reader, call, &table, wanted);
    tenon_text_t sql = {0};
    if (status == TENON_OK) {
        begin_snapshot(&reader->connection);
        add_selection(reader, &table, &sql);
        tenon_text_add(&sql, tenon_str("", 1));
        code = sql.failed ? SQLITE_NOMEM
                          : connection_prepare(&reader->connection, sql.data, &reader->statement);
        if (code == SQLITE_OK && reader->has_rowid) { code = find_end(reader, &table); }
        if (code != SQLITE_OK) {
            status = fail_sqlite(
                &reader->connection, call, TENON_EFFECT_NOT_APPLIED, "cannot read %s", table.name
            );
        }
    }
    tenon_text_free(&sql);
    table_free(&table);
    return status;
}

static tenon_status_t prepare_query(tenon_reader_t *reader, const tenon_call_t *call, const char *query) {
    int code = connection_prepare(&reader->connection, query, &reader->statement);
    if (code != SQLITE_OK) {
        return fail_sqlite(&reader->connection, call, TENON_EFFECT_NOT_APPLIED, "the query is not valid");
    }
    size_t count = (size_t)sqlite3_column_count(reader->statement);
    if (count == 0 || !sqlite3_stmt_readonly(reader->statement)) {
        return tenon_fail_unchanged(call, TENON_INVALID_ARGUMENT, "the query must read and answer columns");
    }
    reader->name = strdup(query);
    if (reader->name == NULL || !allocate_columns(reader, count)) {
        return tenon_fail(call, TENON_RESOURCE_EXHAUSTED, "out of memory");
    }
    widenings_load(reader->instance, call, reader->name);
    for (size_t i = 0; i < count; i++) {
        const char *name = sqlite3_column_name(reader->statement, (int)i);
        storage_t storage = declared_storage(sqlite3_column_decltype(reader->statement, (int)i));
        if (name == NULL || !set_column(reader, i, name, storage, 1)) {
            return tenon_fail(call, TENON_RESOURCE_EXHAUSTED, "out of memory");
        }
    }
    return TENON_OK;
}

/* The only stream, where the request and the configuration name none. */
static char *only_stream(tenon_reader_t *reader, const tenon_call_t *call, tenon_status_t *status) {
    char **names = stream_names(&reader->connection);
    char *only = names != NULL && names[0] != NULL && names[1] == NULL ? strdup(names[0]) : NULL;
    if (only == NULL) {
        tenon_text_t list = {0};
        for (char **name = names; name != NULL && *name != NULL && list.size < 500; name++) {
            tenon_text_format(&list, "%s%s", list.size > 0 ? ", " : " There are ", *name);
        }
        *status = tenon_fail_unchanged(
            call, TENON_INVALID_ARGUMENT, "say which stream to read, or set defaultStream.%.*s",
            (int)list.size, list.size > 0 ? list.data : ""
        );
        tenon_text_free(&list);
    }
    free_names(names);
    return only;
}

static tenon_status_t prepare(tenon_reader_t *reader, const tenon_call_t *call, tenon_str_t request) {
    char *query = tenon_json_copy(tenon_json_member(request, "query"), NULL);
    char *stream = tenon_json_copy(tenon_json_member(request, "stream"), NULL);
    tenon_status_t status = TENON_OK;
    if (query != NULL) {
        status = prepare_query(reader, call, query);
    } else {
        if (stream == NULL && reader->instance->default_stream != NULL) {
            stream = strdup(reader->instance->default_stream);
        }
        if (stream == NULL) { stream = only_stream(reader, call, &status); }
        if (status == TENON_OK && stream != NULL) {
            status = prepare_table(reader, call, stream, tenon_json_member(request, "columns"));
        }
    }
    free(query);
    free(stream);
    return status;
}

static int start_statement(tenon_reader_t *reader) {
    if (reader->is_running) { return SQLITE_OK; }
    reader->is_running = 1;
    if (!reader->has_rowid) { return SQLITE_OK; }
    sqlite3_reset(reader->statement);
    sqlite3_bind_int64(reader->statement, 1, reader->next_rowid);
    return sqlite3_bind_int64(reader->statement, 2, reader->end_rowid);
}

static tenon_status_t sniff(tenon_reader_t *reader, const tenon_call_t *call) {
    int code = start_statement(reader);
    if (code == SQLITE_OK) {
        code = storage_sniff(reader->statement, reader->has_rowid, reader->storages, reader->column_count);
    }
    reader->is_running = 0;
    if (code == SQLITE_OK) { return TENON_OK; }
    return fail_sqlite(&reader->connection, call, TENON_EFFECT_NOT_APPLIED, "cannot read the first rows");
}

/* A position is the last rowid that was read, with a limit also the rows that are left:
 * {"rowid":7,"remaining":93}. */
static tenon_status_t go_to(tenon_reader_t *reader, const tenon_call_t *call, tenon_bytes_t position) {
    if (position.size == 0) { return TENON_OK; }
    tenon_str_t value = tenon_json_value(tenon_str((const char *)position.data, (size_t)position.size));
    int64_t rowid;
    if (!reader->has_rowid || !tenon_json_int64(tenon_json_member(value, "rowid"), &rowid)) {
        return tenon_fail_unchanged(call, TENON_INVALID_ARGUMENT, "the checkpoint is not one of this stream");
    }
    reader->remaining_rows = tenon_json_int_or(value, "remaining", reader->remaining_rows);
    if (rowid == INT64_MAX) {
        reader->remaining_rows = 0;
    } else {
        reader->next_rowid = rowid + 1;
    }
    return TENON_OK;
}

static tenon_status_t open_reader(
    tenon_instance_t *instance, const tenon_call_t *call, tenon_str_t request, tenon_bytes_t checkpoint,
    const tenon_output_t *honoured, tenon_reader_t **out_reader
) {
    tenon_reader_t *reader = calloc(1, sizeof *reader);
    if (reader == NULL) { return tenon_fail(call, TENON_RESOURCE_EXHAUSTED, "out of memory"); }
    reader->instance = instance;
    reader->next_rowid = INT64_MIN;
    reader->remaining_rows = tenon_json_int_or(request, "limit", INT64_MAX);
    reader->has_limit = reader->remaining_rows != INT64_MAX;
    reader->batch_bytes = tenon_json_int_or(request, "batchBytes", DEFAULT_BATCH_BYTES);
    if (reader->batch_bytes < 1) { reader->batch_bytes = 1; }
    reader->checkpoint_rows = tenon_json_int_or(request, "checkpointRows", 1);
    tenon_status_t status = connection_open(&reader->connection, instance, call);
    if (status == TENON_OK) {
        connection_begin_call(&reader->connection, call);
        status = prepare(reader, call, request);
        if (status == TENON_OK) { status = go_to(reader, call, checkpoint); }
        if (status == TENON_OK) { status = sniff(reader, call); }
        connection_end_call(&reader->connection, call);
    }
    if (status == TENON_OK) {
        int is_query = tenon_json_kind(tenon_json_member(request, "query")) == '"';
        status = tenon_write(
            honoured,
            is_query ? TENON_STR("{\"columns\":false,\"filter\":\"none\",\"limit\":true}")
                     : TENON_STR("{\"columns\":true,\"filter\":\"none\",\"limit\":true}")
        );
    }
    if (status != TENON_OK) {
        close_reader(reader);
        return status;
    }
    *out_reader = reader;
    return TENON_OK;
}

static void begin_columns(tenon_reader_t *reader) {
    for (size_t i = 0; i < reader->column_count; i++) {
        tenon_column_free(&reader->columns[i]);
        tenon_column_begin(
            &reader->columns[i], reader->column_names[i], storage_format(reader->storages[i]),
            reader->is_nullable[i] ? TENON_COLUMN_NULLABLE : 0
        );
    }
}

/* The first column that cannot take its value in the present row, or -1. */
static int misfit(const tenon_reader_t *reader) {
    for (size_t i = 0; i < reader->column_count; i++) {
        if (!storage_fits(reader->storages[i], reader->statement, (int)i + reader->has_rowid)) {
            return (int)i;
        }
    }
    return -1;
}

/* Gathers rows until the batch is full or the rows end; answers SQLITE_ROW, SQLITE_DONE, SQLITE_MISMATCH for
 * a value that needs a wider column (which it then has), or an error. */
static int gather(tenon_reader_t *reader) {
    int code = start_statement(reader);
    size_t size = 0;
    for (int64_t rows = 0; code == SQLITE_OK || code == SQLITE_ROW; rows++) {
        if (reader->remaining_rows == 0) { return SQLITE_DONE; }
        if (rows >= MAX_BATCH_ROWS || (int64_t)size >= reader->batch_bytes) { return SQLITE_ROW; }
        code = sqlite3_step(reader->statement);
        if (code != SQLITE_ROW) { break; }
        int wrong = misfit(reader);
        if (wrong >= 0) {
            storage_t wider = storage_widened(
                reader->storages[wrong], reader->statement, wrong + reader->has_rowid
            );
            int is_kept = instance_widen(reader->instance, reader->name, reader->column_names[wrong], wider);
            reader->storages[wrong] = wider;
            return is_kept ? SQLITE_MISMATCH : SQLITE_NOMEM;
        }
        size = 0;
        for (size_t i = 0; i < reader->column_count; i++) {
            int index = (int)i + reader->has_rowid;
            column_add_value(&reader->columns[i], reader->storages[i], reader->statement, index);
            size += tenon_column_size(&reader->columns[i]);
        }
        reader->remaining_rows--;
        if (!reader->has_rowid) { continue; }
        reader->last_rowid = sqlite3_column_int64(reader->statement, 0);
        if (reader->last_rowid >= reader->end_rowid) { return SQLITE_DONE; }
    }
    return code;
}

static tenon_status_t hand_over(tenon_reader_t *reader, const tenon_records_t *records) {
    tenon_status_t status = TENON_OK;
    if (!reader->has_schema) {
        struct ArrowSchema schema;
        if (!tenon_columns_schema(reader->columns, reader->column_count, &schema)) {
            return TENON_RESOURCE_EXHAUSTED;
        }
        status = records->schema(records, &schema);
        reader->has_schema = 1;
    }
    int64_t rows = reader->columns[0].row_count;
    if (status != TENON_OK || rows == 0) { return status; }
    struct ArrowArray batch;
    if (!tenon_columns_export(reader->columns, reader->column_count, &batch)) {
        return TENON_RESOURCE_EXHAUSTED;
    }
    reader->rows_since_checkpoint += rows;
    return records->arrow(records, &batch);
}

static tenon_status_t add_checkpoint(tenon_reader_t *reader, const tenon_records_t *records, int is_last) {
    int is_due = reader->rows_since_checkpoint > 0
        && (is_last || reader->rows_since_checkpoint >= reader->checkpoint_rows);
    if (!reader->has_rowid || !is_due) { return TENON_OK; }
    char position[96];
    int size = snprintf(position, sizeof position, "{\"rowid\":%lld", (long long)reader->last_rowid);
    if (reader->has_limit) {
        long long remaining = (long long)reader->remaining_rows;
        size += snprintf(position + size, sizeof position - (size_t)size, ",\"remaining\":%lld", remaining);
    }
    position[size++] = '}';
    reader->rows_since_checkpoint = 0;
    return records->checkpoint(records, tenon_bytes(tenon_str(position, (size_t)size)));
}

/* Lets go of the lock, before anybody can wait for the one who takes the rows. */
static void end_piece(tenon_reader_t *reader) {
    if (!reader->has_rowid) { return; }
    sqlite3_reset(reader->statement);
    reader->is_running = 0;
    reader->next_rowid = reader->last_rowid + 1;
}

static tenon_status_t read_piece(
    tenon_reader_t *reader, const tenon_call_t *call, const tenon_records_t *records
) {
    int64_t first_remaining = reader->remaining_rows;
    if (!reader->has_schema) { begin_columns(reader); }
    int code = gather(reader);
    while (code == SQLITE_MISMATCH && !reader->has_schema) {
        /* Nothing has been handed over, so that the columns can still be made wide enough. */
        reader->remaining_rows = first_remaining;
        sqlite3_reset(reader->statement);
        reader->is_running = 0;
        begin_columns(reader);
        code = gather(reader);
    }
    if (code != SQLITE_ROW && code != SQLITE_DONE && code != SQLITE_MISMATCH) {
        return fail_sqlite(
            &reader->connection, call, TENON_EFFECT_NOT_APPLIED, "reading %s failed", reader->name
        );
    }
    /* SQLITE_ROW: there were rows and more follow. */
    if (code == SQLITE_ROW) {
        end_piece(reader);
    } else if (reader->has_rowid) {
        sqlite3_reset(reader->statement);
    }
    tenon_status_t status = hand_over(reader, records);
    if (status == TENON_OK) { status = add_checkpoint(reader, records, code != SQLITE_ROW); }
    if (status != TENON_OK) { return status; }
    if (code == SQLITE_DONE) { return TENON_END; }
    if (code == SQLITE_MISMATCH) {
        widenings_store(reader->instance, call, reader->name);
        return tenon_fail_unchanged(
            call, TENON_SCHEMA_CHANGED,
            "%s holds a value that does not fit the type of its first rows; read again, the column is wider "
            "now",
            reader->name
        );
    }
    return TENON_OK;
}

static tenon_status_t next(tenon_reader_t *reader, const tenon_call_t *call, const tenon_records_t *records) {
    connection_begin_call(&reader->connection, call);
    tenon_status_t status = read_piece(reader, call, records);
    connection_end_call(&reader->connection, call);
    return status;
}

const tenon_source_v1_t source_table = {
    discover_streams, tenon_default_plan, open_reader, next, close_reader
};
