/* Opens a reader of a table, a view or a query.
 *
 * A table with a rowid is read in its order, in pieces: each `next` goes on after the last rowid. So its
 * position is one number, portable to another process, and no lock is held between two pieces. A WAL
 * database, where reading blocks nobody, is read in one snapshot. Everything else is one statement from
 * beginning to end and has no positions. */
#define _POSIX_C_SOURCE 200809L

#include "reader.h"

#define DEFAULT_BATCH_BYTES (1 << 20)

/* What open_reader works with. */
typedef struct {
    tenon_reader_t *reader;
    const tenon_call_t *call;
    tenon_str_t columns;
    /* The comparisons of the filter, all of which must hold. */
    tenon_str_t filter;
    size_t wanted_comparisons;
    /* A batch cannot be without columns: where none are wanted, all come. */
    int is_empty_selection;
    /* NULL for a query. */
    const table_t *table;
} opening_t;

static void close_reader(tenon_reader_t *reader) {
    sqlite3_finalize(reader->statement);
    for (size_t i = 0; i < reader->field_count; i++) { free(reader->fields[i].name); }
    for (size_t i = 0; i < reader->column_count && reader->columns != NULL; i++) {
        tenon_column_free(&reader->columns[i]);
    }
    for (size_t i = 0; i < reader->comparison_count; i++) { comparison_free(&reader->comparisons[i]); }
    connection_close(&reader->connection);
    free(reader->name);
    free(reader->fields);
    free(reader->columns);
    free(reader->comparisons);
    free(reader);
}

/* ---- columns ---- */

static tenon_status_t out_of_memory(const tenon_call_t *call) {
    return tenon_fail(call, TENON_RESOURCE_EXHAUSTED, "out of memory");
}

/* Adds a column to those that are read; NULL where memory is short. */
static field_t *add_field(tenon_reader_t *reader, const char *name, storage_t storage, int is_nullable) {
    field_t *grown = realloc(reader->fields, (reader->field_count + 1) * sizeof *grown);
    if (grown == NULL) { return NULL; }
    reader->fields = grown;
    field_t *field = &grown[reader->field_count];
    field->name = strdup(name);
    if (field->name == NULL) { return NULL; }
    field->storage = instance_storage(reader->instance, reader->name, name, storage);
    field->is_nullable = is_nullable;
    field->is_compared = 0;
    field->index = (int)reader->field_count + reader->has_rowid;
    reader->field_count++;
    return field;
}

static int add_table_field(const opening_t *opening, const column_t *column) {
    int is_nullable = !column->is_not_null && column->name != opening->table->rowid_column;
    return add_field(opening->reader, column->name, column->storage, is_nullable) != NULL;
}

/* The column of the query with this name, or -1. */
static int find_in_query(const tenon_reader_t *reader, const char *name) {
    int count = sqlite3_column_count(reader->statement);
    for (int i = 0; i < count; i++) {
        const char *other = sqlite3_column_name(reader->statement, i);
        if (other != NULL && strcmp(other, name) == 0) { return i; }
    }
    return -1;
}

static int add_query_field(tenon_reader_t *reader, int index) {
    const char *name = sqlite3_column_name(reader->statement, index);
    storage_t storage = declared_storage(sqlite3_column_decltype(reader->statement, index));
    field_t *field = name != NULL ? add_field(reader, name, storage, 1) : NULL;
    if (field != NULL) { field->index = index; }
    return field != NULL;
}

/* Adds the column of this name: 1, 0 where there is none, -1 where memory is short. */
static int add_named_field(const opening_t *opening, const char *name) {
    if (opening->table != NULL) {
        const column_t *column = table_column(opening->table, name);
        return column == NULL ? 0 : add_table_field(opening, column) ? 1 : -1;
    }
    int index = find_in_query(opening->reader, name);
    return index < 0 ? 0 : add_query_field(opening->reader, index) ? 1 : -1;
}

static tenon_status_t fail_no_column(const opening_t *opening, const char *name) {
    tenon_text_t message = {0};
    const char *owner = opening->table != NULL ? opening->table->name : "the query";
    tenon_text_format(&message, "%s has no column \"%s\"", owner, name);
    if (opening->table != NULL) { suggest_column(&message, opening->table, name); }
    tenon_error_t error = tenon_error(TENON_CLASS_CONFIG, TENON_EFFECT_NOT_APPLIED);
    tenon_status_t status = tenon_fail_with(
        opening->call, TENON_NOT_FOUND, error, "%.*s", (int)message.size, message.data
    );
    tenon_text_free(&message);
    return status;
}

static tenon_status_t add_all_columns(const opening_t *opening) {
    int is_added = 1;
    if (opening->table != NULL) {
        for (size_t i = 0; i < opening->table->column_count && is_added; i++) {
            is_added = add_table_field(opening, &opening->table->columns[i]);
        }
    } else {
        int count = sqlite3_column_count(opening->reader->statement);
        for (int i = 0; i < count && is_added; i++) { is_added = add_query_field(opening->reader, i); }
    }
    return is_added ? TENON_OK : out_of_memory(opening->call);
}

/* Takes the columns that the request names, in its order, or all. */
static tenon_status_t choose_columns(opening_t *opening) {
    tenon_json_items_t items = tenon_json_items(opening->columns);
    tenon_str_t item;
    tenon_status_t status = TENON_OK;
    int is_any = 0;
    while (status == TENON_OK && tenon_json_next(&items, &item)) {
        tenon_str_t label = tenon_json_kind(item) == '{' ? tenon_json_member(item, "name") : item;
        char *name = tenon_json_copy(label, NULL);
        is_any = 1;
        if (name == NULL) {
            return tenon_fail_unchanged(
                opening->call, TENON_INVALID_ARGUMENT, "each of columns needs a name"
            );
        }
        int is_added = add_named_field(opening, name);
        if (is_added == 0) { status = fail_no_column(opening, name); }
        if (is_added < 0) { status = out_of_memory(opening->call); }
        free(name);
    }
    opening->is_empty_selection = !is_any && tenon_json_kind(opening->columns) == '[';
    if (status == TENON_OK && !is_any) { status = add_all_columns(opening); }
    if (status != TENON_OK) { return status; }
    tenon_reader_t *reader = opening->reader;
    reader->column_count = reader->field_count;
    reader->columns = calloc(reader->column_count + 1, sizeof *reader->columns);
    return reader->columns != NULL ? TENON_OK : out_of_memory(opening->call);
}

/* ---- the filter ---- */

/* Where a column of the filter stands among those that are read, or SIZE_MAX. */
static size_t find_field(const opening_t *opening, const char *name) {
    const tenon_reader_t *reader = opening->reader;
    for (size_t i = 0; i < reader->field_count; i++) {
        const char *field = reader->fields[i].name;
        /* The columns of a query are found as they are written, those of a table as SQLite does it. */
        int is_other = opening->table == NULL ? strcmp(field, name) : sqlite3_stricmp(field, name);
        if (!is_other) { return i; }
    }
    return SIZE_MAX;
}

/* Reads the columns of the filter too, where nobody wants them. */
static tenon_status_t add_compared_columns(opening_t *opening) {
    tenon_json_items_t items = tenon_json_items(opening->filter);
    tenon_str_t item;
    int is_added = 1;
    while (is_added >= 0 && tenon_json_next(&items, &item)) {
        char *name = tenon_json_copy(tenon_json_member(item, "column"), NULL);
        opening->wanted_comparisons++;
        /* A name that does not exist is the host's to complain about: it knows where it stands. */
        if (name != NULL && find_field(opening, name) == SIZE_MAX) {
            is_added = add_named_field(opening, name);
        }
        free(name);
    }
    return is_added >= 0 ? TENON_OK : out_of_memory(opening->call);
}

/* Works out the comparisons, once it is known what the columns hold. */
static tenon_status_t make_comparisons(const opening_t *opening) {
    tenon_reader_t *reader = opening->reader;
    tenon_json_items_t items = tenon_json_items(opening->filter);
    tenon_str_t item;
    reader->comparisons = calloc(opening->wanted_comparisons + 1, sizeof *reader->comparisons);
    if (reader->comparisons == NULL) { return out_of_memory(opening->call); }
    while (tenon_json_next(&items, &item)) {
        char *name = tenon_json_copy(tenon_json_member(item, "column"), NULL);
        size_t position = name != NULL ? find_field(opening, name) : SIZE_MAX;
        free(name);
        if (position == SIZE_MAX) { continue; }
        comparison_t *comparison = &reader->comparisons[reader->comparison_count];
        int is_made = comparison_make(comparison, item, reader->fields[position].storage);
        if (is_made < 0) { return out_of_memory(opening->call); }
        if (is_made == 0) { continue; }
        comparison->field = position;
        reader->fields[position].is_compared = 1;
        reader->comparison_count++;
    }
    return TENON_OK;
}

/* Where the rowid itself is compared, only that part of the table is read. */
static void narrow(const opening_t *opening) {
    tenon_reader_t *reader = opening->reader;
    const char *rowid_column = opening->table != NULL ? opening->table->rowid_column : NULL;
    for (size_t i = 0; rowid_column != NULL && i < reader->comparison_count; i++) {
        const comparison_t *comparison = &reader->comparisons[i];
        const field_t *field = &reader->fields[comparison->field];
        if (strcmp(field->name, rowid_column) != 0 || field->storage != STORE_INTEGER) { continue; }
        comparison_narrow(comparison, &reader->first_rowid, &reader->end_rowid);
    }
    if (reader->first_rowid > reader->end_rowid) { reader->remaining_rows = 0; }
    reader->next_rowid = reader->first_rowid;
}

static const char *filter_honoured(const opening_t *opening) {
    size_t taken = opening->reader->comparison_count;
    if (taken == 0) { return "none"; }
    return taken == opening->wanted_comparisons ? "exact" : "partial";
}

/* ---- preparing ---- */

static int add_selection(const tenon_reader_t *reader, const table_t *table, tenon_text_t *sql) {
    tenon_text_add(sql, TENON_STR("SELECT "));
    if (table->rowid != NULL) { add_identifier(sql, table->rowid); }
    for (size_t i = 0; i < reader->field_count; i++) {
        if (i > 0 || table->rowid != NULL) { tenon_text_add(sql, TENON_STR(",")); }
        add_identifier(sql, reader->fields[i].name);
    }
    tenon_text_add(sql, TENON_STR(" FROM "));
    add_identifier(sql, table->name);
    if (table->rowid != NULL) {
        tenon_text_add(sql, TENON_STR(" WHERE "));
        add_identifier(sql, table->rowid);
        tenon_text_add(sql, TENON_STR(" BETWEEN ?1 AND ?2 ORDER BY "));
        add_identifier(sql, table->rowid);
    }
    tenon_text_add(sql, tenon_str("", 1));
    return !sql->failed;
}

static int read_rowid(tenon_reader_t *reader, const table_t *table, const char *function, int64_t *rowid) {
    tenon_text_t sql = {0};
    tenon_text_format(&sql, "SELECT %s(", function);
    add_identifier(&sql, table->rowid);
    tenon_text_add(&sql, TENON_STR(") FROM "));
    add_identifier(&sql, table->name);
    tenon_text_add(&sql, tenon_str("", 1));
    sqlite3_stmt *statement = NULL;
    int code = sql.failed ? SQLITE_NOMEM : connection_prepare(&reader->connection, sql.data, &statement);
    if (code == SQLITE_OK) { code = sqlite3_step(statement); }
    if (code == SQLITE_ROW) {
        if (sqlite3_column_type(statement, 0) == SQLITE_NULL) { reader->remaining_rows = 0; }
        *rowid = sqlite3_column_int64(statement, 0);
        code = SQLITE_OK;
    }
    sqlite3_finalize(statement);
    tenon_text_free(&sql);
    return code;
}

/* Where reading begins and ends: rows that are added later belong to the next run. */
static int find_ends(tenon_reader_t *reader, const table_t *table) {
    if (!reader->has_rowid) { return SQLITE_OK; }
    int code = read_rowid(reader, table, "min", &reader->first_rowid);
    return code == SQLITE_OK ? read_rowid(reader, table, "max", &reader->end_rowid) : code;
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

/* Finds out what the columns hold by the same first rows as `discover`, whatever the filter and the position.
 */
static tenon_status_t sniff(tenon_reader_t *reader, const tenon_call_t *call) {
    storage_t *storages = calloc(reader->field_count + 1, sizeof *storages);
    int *indexes = calloc(reader->field_count + 1, sizeof *indexes);
    int code = storages != NULL && indexes != NULL ? start_statement(reader) : SQLITE_NOMEM;
    for (size_t i = 0; i < reader->field_count && code == SQLITE_OK; i++) {
        storages[i] = reader->fields[i].storage;
        indexes[i] = reader->fields[i].index;
    }
    if (code == SQLITE_OK) {
        code = storage_sniff(reader->statement, indexes, storages, reader->field_count);
    }
    for (size_t i = 0; i < reader->field_count && code == SQLITE_OK; i++) {
        reader->fields[i].storage = storages[i];
    }
    free(storages);
    free(indexes);
    reader->is_running = 0;
    if (code == SQLITE_OK) { return TENON_OK; }
    return fail_sqlite(&reader->connection, call, TENON_EFFECT_NOT_APPLIED, "cannot read the first rows");
}

static tenon_status_t prepare_columns(opening_t *opening) {
    tenon_status_t status = choose_columns(opening);
    return status == TENON_OK ? add_compared_columns(opening) : status;
}

static tenon_status_t prepare_filter(opening_t *opening) {
    tenon_status_t status = sniff(opening->reader, opening->call);
    if (status == TENON_OK) { status = make_comparisons(opening); }
    if (status == TENON_OK) { narrow(opening); }
    return status;
}

static tenon_status_t prepare_table(opening_t *opening, const char *stream) {
    tenon_reader_t *reader = opening->reader;
    connection_t *connection = &reader->connection;
    table_t table;
    int code = table_load(connection, stream, &table);
    if (code == SQLITE_NOTFOUND) { return fail_no_table(connection, opening->call, stream); }
    if (code != SQLITE_OK) {
        return fail_sqlite(
            connection, opening->call, TENON_EFFECT_NOT_APPLIED, "cannot look at %s", stream
        );
    }
    opening->table = &table;
    reader->name = strdup(table.name);
    reader->has_rowid = table.rowid != NULL;
    if (reader->name != NULL) { widenings_load(reader->instance, opening->call, reader->name); }
    tenon_status_t status = reader->name != NULL ? prepare_columns(opening) : out_of_memory(opening->call);
    tenon_text_t sql = {0};
    if (status == TENON_OK) {
        begin_snapshot(connection);
        code = add_selection(reader, &table, &sql)
            ? connection_prepare(connection, sql.data, &reader->statement)
            : SQLITE_NOMEM;
        if (code == SQLITE_OK) { code = find_ends(reader, &table); }
        if (code != SQLITE_OK) {
            status = fail_sqlite(
                connection, opening->call, TENON_EFFECT_NOT_APPLIED, "cannot read %s", table.name
            );
        }
    }
    if (status == TENON_OK) { status = prepare_filter(opening); }
    tenon_text_free(&sql);
    opening->table = NULL;
    table_free(&table);
    return status;
}

static tenon_status_t prepare_query(opening_t *opening, const char *query) {
    tenon_reader_t *reader = opening->reader;
    const tenon_call_t *call = opening->call;
    int code = connection_prepare(&reader->connection, query, &reader->statement);
    if (code != SQLITE_OK) {
        return fail_sqlite(&reader->connection, call, TENON_EFFECT_NOT_APPLIED, "the query is not valid");
    }
    if (sqlite3_column_count(reader->statement) == 0 || !sqlite3_stmt_readonly(reader->statement)) {
        return tenon_fail_unchanged(call, TENON_INVALID_ARGUMENT, "the query must read and answer columns");
    }
    reader->name = strdup(query);
    if (reader->name == NULL) { return out_of_memory(call); }
    widenings_load(reader->instance, call, reader->name);
    tenon_status_t status = prepare_columns(opening);
    return status == TENON_OK ? prepare_filter(opening) : status;
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

static tenon_status_t prepare(opening_t *opening, tenon_str_t request) {
    tenon_reader_t *reader = opening->reader;
    char *query = tenon_json_copy(tenon_json_member(request, "query"), NULL);
    char *stream = tenon_json_copy(tenon_json_member(request, "stream"), NULL);
    tenon_status_t status = TENON_OK;
    if (query != NULL) {
        status = prepare_query(opening, query);
    } else {
        if (stream == NULL && reader->instance->default_stream != NULL) {
            stream = strdup(reader->instance->default_stream);
        }
        if (stream == NULL) { stream = only_stream(reader, opening->call, &status); }
        if (status == TENON_OK && stream != NULL) { status = prepare_table(opening, stream); }
    }
    free(query);
    free(stream);
    return status;
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
    int64_t remaining = tenon_json_int_or(value, "remaining", reader->remaining_rows);
    /* Without a limit of its own a reader reads on to the end. */
    if (reader->has_limit && remaining < reader->remaining_rows) { reader->remaining_rows = remaining; }
    if (rowid == INT64_MAX) {
        reader->remaining_rows = 0;
    } else if (rowid >= reader->next_rowid) {
        reader->next_rowid = rowid + 1;
    }
    return TENON_OK;
}

static tenon_status_t answer_honoured(
    const opening_t *opening, tenon_str_t request, const tenon_output_t *honoured
) {
    tenon_reader_t *reader = opening->reader;
    tenon_text_t answer = {0};
    /* The limit counts what passes the whole filter, so it is ours only where the filter is. */
    char kind = tenon_json_kind(tenon_json_member(request, "filter"));
    int has_whole_filter = kind == 0 || kind == 'n'
        || (opening->wanted_comparisons > 0 && opening->wanted_comparisons == reader->comparison_count);
    if (!has_whole_filter && reader->has_limit) {
        if (reader->remaining_rows > 0) { reader->remaining_rows = INT64_MAX; }
        reader->has_limit = 0;
    }
    tenon_text_format(
        &answer, "{\"columns\":%s,\"filter\":\"%s\",\"limit\":%s}",
        opening->is_empty_selection ? "false" : "true", filter_honoured(opening),
        has_whole_filter ? "true" : "false"
    );
    return tenon_write_text(honoured, &answer);
}

static tenon_status_t open_reader(
    tenon_instance_t *instance, const tenon_call_t *call, tenon_str_t request, tenon_bytes_t checkpoint,
    const tenon_output_t *honoured, tenon_reader_t **out_reader
) {
    tenon_reader_t *reader = calloc(1, sizeof *reader);
    if (reader == NULL) { return out_of_memory(call); }
    tenon_str_t filter = tenon_json_member(tenon_json_member(request, "filter"), "all");
    opening_t opening = {reader, call, tenon_json_member(request, "columns"), filter, 0, 0, NULL};
    reader->instance = instance;
    reader->first_rowid = reader->next_rowid = INT64_MIN;
    reader->end_rowid = INT64_MAX;
    reader->remaining_rows = tenon_json_int_or(request, "limit", INT64_MAX);
    if (reader->remaining_rows < 0) { reader->remaining_rows = 0; }
    reader->has_limit = reader->remaining_rows != INT64_MAX;
    reader->batch_bytes = tenon_json_int_or(request, "batchBytes", DEFAULT_BATCH_BYTES);
    if (reader->batch_bytes < 1) { reader->batch_bytes = 1; }
    reader->checkpoint_rows = tenon_json_int_or(request, "checkpointRows", 1);
    tenon_status_t status = connection_open(&reader->connection, instance, call);
    if (status == TENON_OK) {
        connection_begin_call(&reader->connection, call);
        status = prepare(&opening, request);
        if (status == TENON_OK) { status = answer_honoured(&opening, request, honoured); }
        if (status == TENON_OK) { status = go_to(reader, call, checkpoint); }
        connection_end_call(&reader->connection, call);
    }
    if (status != TENON_OK) {
        close_reader(reader);
        return status;
    }
    *out_reader = reader;
    return TENON_OK;
}

const tenon_source_v1_t source_table = {
    discover_streams, tenon_default_plan, open_reader, read_next, close_reader
};
