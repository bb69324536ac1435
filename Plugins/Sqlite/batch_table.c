/* A batch as a table that SQLite reads by itself, so that one statement inserts all of its rows:
 *
 *     INSERT INTO designs (id, name) SELECT c0, c1 FROM _tenon_batch
 *
 * That takes two thirds of the time of one INSERT a row: the statement starts once, and the place to insert
 * at is looked for once. Values are lent to SQLite from the batch's own buffers. */
#include "writer.h"

typedef struct {
    sqlite3_vtab base;
    const tenon_writer_t *writer;
} batch_table_t;

typedef struct {
    sqlite3_vtab_cursor base;
    const tenon_writer_t *writer;
    int64_t row;
} batch_cursor_t;

static int connect_table(
    sqlite3 *db, void *writer, int argc, const char *const *argv, sqlite3_vtab **out_table, char **message
) {
    (void)argc, (void)argv, (void)message;
    tenon_text_t sql = {0};
    for (size_t i = 0; i < ((tenon_writer_t *)writer)->column_count; i++) {
        tenon_text_format(&sql, "%sc%zu", i == 0 ? "CREATE TABLE batch(" : ",", i);
    }
    tenon_text_add(&sql, tenon_str(")", 2));
    batch_table_t *table = sqlite3_malloc(sizeof *table);
    int code = sql.failed || table == NULL ? SQLITE_NOMEM : sqlite3_declare_vtab(db, sql.data);
    /* Nothing in the schema of the database may use it. */
    if (code == SQLITE_OK) { code = sqlite3_vtab_config(db, SQLITE_VTAB_DIRECTONLY); }
    tenon_text_free(&sql);
    if (code != SQLITE_OK) {
        sqlite3_free(table);
        return code;
    }
    memset(table, 0, sizeof *table);
    table->writer = writer;
    *out_table = &table->base;
    return SQLITE_OK;
}

static int disconnect_table(sqlite3_vtab *table) {
    sqlite3_free(table);
    return SQLITE_OK;
}

/* There is one way to read it: from the first row to the last. */
static int choose_index(sqlite3_vtab *table, sqlite3_index_info *index) {
    (void)table;
    index->estimatedCost = 1000000;
    return SQLITE_OK;
}

static int open_cursor(sqlite3_vtab *table, sqlite3_vtab_cursor **out_cursor) {
    batch_cursor_t *cursor = sqlite3_malloc(sizeof *cursor);
    if (cursor == NULL) { return SQLITE_NOMEM; }
    memset(cursor, 0, sizeof *cursor);
    cursor->writer = ((batch_table_t *)table)->writer;
    *out_cursor = &cursor->base;
    return SQLITE_OK;
}

static int close_cursor(sqlite3_vtab_cursor *cursor) {
    sqlite3_free(cursor);
    return SQLITE_OK;
}

static void skip_refused(batch_cursor_t *cursor) {
    const uint8_t *refused = cursor->writer->refused;
    if (refused == NULL || cursor->writer->batch == NULL) { return; }
    while (cursor->row < cursor->writer->batch->length && refused[cursor->row]) { cursor->row++; }
}

static int first_row(
    sqlite3_vtab_cursor *base, int index, const char *text, int argc, sqlite3_value **arguments
) {
    (void)index, (void)text, (void)argc, (void)arguments;
    batch_cursor_t *cursor = (batch_cursor_t *)base;
    cursor->row = 0;
    skip_refused(cursor);
    return SQLITE_OK;
}

static int next_row(sqlite3_vtab_cursor *base) {
    batch_cursor_t *cursor = (batch_cursor_t *)base;
    cursor->row++;
    skip_refused(cursor);
    return SQLITE_OK;
}

static int is_at_end(sqlite3_vtab_cursor *base) {
    const batch_cursor_t *cursor = (const batch_cursor_t *)base;
    return cursor->writer->batch == NULL || cursor->row >= cursor->writer->batch->length;
}

static int give_value(sqlite3_vtab_cursor *base, sqlite3_context *context, int column) {
    const batch_cursor_t *cursor = (const batch_cursor_t *)base;
    const tenon_writer_t *writer = cursor->writer;
    if (column < 0 || (size_t)column >= writer->column_count) { return SQLITE_ERROR; }
    result_value(context, writer->batch->children[column], cursor->row, writer->formats[column]);
    return SQLITE_OK;
}

static int give_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *rowid) {
    *rowid = ((const batch_cursor_t *)cursor)->row;
    return SQLITE_OK;
}

/* Without xCreate, the table is there under its name and nobody can make another. */
static const sqlite3_module batch_module = {
    .xConnect = connect_table,
    .xBestIndex = choose_index,
    .xDisconnect = disconnect_table,
    .xOpen = open_cursor,
    .xClose = close_cursor,
    .xFilter = first_row,
    .xNext = next_row,
    .xEof = is_at_end,
    .xColumn = give_value,
    .xRowid = give_rowid,
};

int batch_table_register(tenon_writer_t *writer) {
    return sqlite3_create_module_v2(writer->connection.db, "_tenon_batch", &batch_module, writer, NULL);
}
