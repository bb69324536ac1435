/* Hands over the rows of an open reader, batch by batch. */
#include "reader.h"

#define MAX_BATCH_ROWS 65536
/* Rows that may be read without any that passes the filter, before the reader says how far it is. */
#define MAX_PIECE_ROWS (MAX_BATCH_ROWS * 4)

/* How a piece of reading ended. */
typedef enum { PIECE_FULL, PIECE_LAST, PIECE_MISFIT, PIECE_FAILED } piece_t;

int start_statement(tenon_reader_t *reader) {
    if (reader->is_running) { return SQLITE_OK; }
    reader->is_running = 1;
    if (!reader->has_rowid) { return SQLITE_OK; }
    sqlite3_reset(reader->statement);
    int code = sqlite3_bind_int64(reader->statement, 1, reader->next_rowid);
    return code == SQLITE_OK ? sqlite3_bind_int64(reader->statement, 2, reader->end_rowid) : code;
}

static void begin_columns(tenon_reader_t *reader) {
    for (size_t i = 0; i < reader->column_count; i++) {
        const field_t *field = &reader->fields[i];
        tenon_column_free(&reader->columns[i]);
        tenon_column_begin(
            &reader->columns[i], field->name, storage_format(field->storage),
            field->is_nullable ? TENON_COLUMN_NULLABLE : 0
        );
    }
}

/* ---- one row ---- */

/* The value as the column hands it out. It fits the column. */
static void take_cell(cell_t *cell, storage_t storage, sqlite3_stmt *statement, int index) {
    int type = sqlite3_column_type(statement, index);
    cell->is_null = type == SQLITE_NULL;
    if (cell->is_null) { return; }
    if (storage == STORE_INTEGER) {
        cell->integer = sqlite3_column_int64(statement, index);
    } else if (storage == STORE_REAL) {
        cell->real = sqlite3_column_double(statement, index);
    } else if (type == SQLITE_INTEGER) {
        long long integer = sqlite3_column_int64(statement, index);
        cell->size = (size_t)snprintf(cell->buffer, sizeof cell->buffer, "%lld", integer);
        cell->text = cell->buffer;
    } else if (type == SQLITE_FLOAT) {
        cell->size = format_real(cell->buffer, sqlite3_column_double(statement, index));
        cell->text = cell->buffer;
    } else {
        const char *text = sqlite3_column_blob(statement, index);
        cell->text = text != NULL ? text : "";
        cell->size = (size_t)sqlite3_column_bytes(statement, index);
    }
}

/* A value that does not fit its column passes: it is met later and widens the column. */
static int passes(const tenon_reader_t *reader) {
    cell_t cell;
    for (size_t i = 0; i < reader->comparison_count; i++) {
        const comparison_t *comparison = &reader->comparisons[i];
        const field_t *field = &reader->fields[comparison->field];
        if (!storage_fits(field->storage, reader->statement, field->index)) { return 1; }
        take_cell(&cell, field->storage, reader->statement, field->index);
        if (!comparison_holds(comparison, field->storage, &cell)) { return 0; }
    }
    return 1;
}

/* The first column that cannot take its value in the present row, or NULL. */
static field_t *misfit(const tenon_reader_t *reader) {
    for (size_t i = 0; i < reader->field_count; i++) {
        field_t *field = &reader->fields[i];
        if (!storage_fits(field->storage, reader->statement, field->index)) { return field; }
    }
    return NULL;
}

/* Makes the column wider for this reader and those to come; 0 where memory is short. */
static int widen(tenon_reader_t *reader, field_t *field) {
    storage_t wider = storage_widened(field->storage, reader->statement, field->index);
    field->storage = wider;
    return instance_widen(reader->instance, reader->name, field->name, wider);
}

/* ---- one batch ---- */

static size_t add_row(tenon_reader_t *reader) {
    size_t size = 0;
    for (size_t i = 0; i < reader->column_count; i++) {
        const field_t *field = &reader->fields[i];
        column_add_value(&reader->columns[i], field->storage, reader->statement, field->index);
        size += tenon_column_size(&reader->columns[i]);
    }
    return size;
}

/* Takes rows until the batch is full or the rows end. */
static piece_t gather(tenon_reader_t *reader, int *is_incompatible) {
    int code = start_statement(reader);
    size_t size = 0;
    int64_t rows = 0;
    for (int64_t read = 0; code == SQLITE_OK || code == SQLITE_ROW; read++) {
        if (reader->remaining_rows == 0) { return PIECE_LAST; }
        int is_full = rows >= MAX_BATCH_ROWS || (int64_t)size >= reader->batch_bytes;
        if (is_full || read >= MAX_PIECE_ROWS) { return PIECE_FULL; }
        code = sqlite3_step(reader->statement);
        if (code != SQLITE_ROW) { break; }
        if (passes(reader)) {
            field_t *wrong = misfit(reader);
            if (wrong != NULL) {
                *is_incompatible = wrong->is_compared;
                return widen(reader, wrong) ? PIECE_MISFIT : PIECE_FAILED;
            }
            size = add_row(reader);
            rows++;
            reader->remaining_rows--;
        } else {
            reader->skipped_rows++;
        }
        reader->read_rows++;
        if (!reader->has_rowid) { continue; }
        reader->last_rowid = sqlite3_column_int64(reader->statement, 0);
        if (reader->last_rowid >= reader->end_rowid) { return PIECE_LAST; }
    }
    return code == SQLITE_DONE ? PIECE_LAST : PIECE_FAILED;
}

/* Reads a piece; where its first rows need wider columns and nothing was handed over yet, once more. */
static piece_t gather_fitting(tenon_reader_t *reader) {
    const int64_t remaining = reader->remaining_rows;
    const uint64_t skipped = reader->skipped_rows, read = reader->read_rows;
    int is_incompatible = 0;
    if (!reader->has_schema) { begin_columns(reader); }
    piece_t piece = gather(reader, &is_incompatible);
    while (piece == PIECE_MISFIT && !reader->has_schema && !is_incompatible) {
        reader->remaining_rows = remaining;
        reader->skipped_rows = skipped;
        reader->read_rows = read;
        sqlite3_reset(reader->statement);
        reader->is_running = 0;
        begin_columns(reader);
        piece = gather(reader, &is_incompatible);
    }
    return piece;
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
    reader->rows_since_checkpoint += rows + (int64_t)reader->skipped_rows;
    if (status == TENON_OK && rows > 0) {
        struct ArrowArray batch;
        if (!tenon_columns_export(reader->columns, reader->column_count, &batch)) {
            return TENON_RESOURCE_EXHAUSTED;
        }
        status = records->arrow(records, &batch);
    }
    if (status == TENON_OK && reader->skipped_rows > 0 && TENON_HAS(records, skipped)) {
        status = records->skipped(records, reader->skipped_rows);
    }
    reader->skipped_rows = 0;
    return status;
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

/* How far the reader is: by rowids, of which there are as many as rows where none are missing, so that the
 * share is right also where some are. Elsewhere by rows, without a total. */
static void report(const tenon_reader_t *reader, const tenon_call_t *call) {
    uint64_t done = reader->read_rows, total = 0;
    if (reader->has_rowid && reader->end_rowid >= reader->first_rowid && done > 0) {
        total = (uint64_t)reader->end_rowid - (uint64_t)reader->first_rowid + 1;
        done = (uint64_t)reader->last_rowid - (uint64_t)reader->first_rowid + 1;
    }
    call->progress(call, done, total, TENON_STR(""));
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
    piece_t piece = gather_fitting(reader);
    if (piece == PIECE_FAILED) {
        return fail_sqlite(
            &reader->connection, call, TENON_EFFECT_NOT_APPLIED, "reading %s failed", reader->name
        );
    }
    if (piece == PIECE_FULL) {
        end_piece(reader);
    } else if (reader->has_rowid) {
        sqlite3_reset(reader->statement);
    }
    int has_moved = reader->columns[0].row_count > 0 || reader->skipped_rows > 0;
    /* A column that must be wider from the first row on has nothing to hand over, not even a schema. */
    tenon_status_t status = piece == PIECE_MISFIT && !reader->has_schema && !has_moved
        ? TENON_OK
        : hand_over(reader, records);
    if (status == TENON_OK && has_moved) { status = add_checkpoint(reader, records, piece != PIECE_FULL); }
    if (status != TENON_OK) { return status; }
    report(reader, call);
    if (piece == PIECE_LAST) { return TENON_END; }
    if (piece == PIECE_FULL) { return TENON_OK; }
    widenings_store(reader->instance, call, reader->name);
    return tenon_fail_unchanged(
        call, TENON_SCHEMA_CHANGED,
        "%s holds a value that does not fit the type of its first rows; read again, the column is wider now",
        reader->name
    );
}

tenon_status_t read_next(tenon_reader_t *reader, const tenon_call_t *call, const tenon_records_t *records) {
    connection_begin_call(&reader->connection, call);
    tenon_status_t status = read_piece(reader, call, records);
    connection_end_call(&reader->connection, call);
    return status;
}
