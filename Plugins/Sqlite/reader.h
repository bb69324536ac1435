/* A table, a view or a query being read: what source.c prepares, filter.c tests and reading.c hands over. */
#ifndef SQLITE_CONNECTOR_READER_H
#define SQLITE_CONNECTOR_READER_H

#include "sqlite.h"

/* ---- filter.c ---- */

/* What a value is compared with, in the form that fits the column's storage. */
typedef struct {
    int64_t integer;
    double real;
    char *text;
    size_t size;
} operand_t;

typedef enum { TEST_NEVER, TEST_NULL, TEST_MEMBER, TEST_RANGE, TEST_CONTAINS, TEST_START, TEST_END } test_t;

/* One comparison of a filter, worked out for the storage of its column before the first row. */
typedef struct {
    test_t test;
    /* True where the test is not, so also for NULL. */
    int is_negated;
    /* Where the column stands in `fields` of the reader. */
    size_t field;
    /* TEST_MEMBER: sorted. TEST_RANGE: the ends that there are; has_low says whether the first is the low one.
     */
    operand_t *operands;
    size_t operand_count;
    int has_low;
    int has_high;
    int includes_low;
    int includes_high;
} comparison_t;

/* A value of a row as its column hands it out. `text` may lie in `buffer`. */
typedef struct {
    int is_null;
    int64_t integer;
    double real;
    const char *text;
    size_t size;
    char buffer[32];
} cell_t;

/* Works out {"column", "operator", "value"} for a column of this storage. 1, 0 where only the host can
 * compare, -1 where memory is short. */
int comparison_make(comparison_t *comparison, tenon_str_t json, storage_t storage);
void comparison_free(comparison_t *comparison);
int comparison_holds(const comparison_t *comparison, storage_t storage, const cell_t *cell);
/* Whether it says that an integer lies within the bounds, which it then narrows. */
void comparison_narrow(const comparison_t *comparison, int64_t *low, int64_t *high);

/* ---- source.c and reading.c ---- */

/* A column of the statement that is read: the wanted ones come first, then those that only the filter needs.
 */
typedef struct {
    char *name;
    storage_t storage;
    int is_nullable;
    /* Its type is what the filter was worked out for: it must not change within the life of the reader. */
    int is_compared;
    /* The column of the statement. */
    int index;
} field_t;

struct tenon_reader_t {
    tenon_instance_t *instance;
    connection_t connection;
    sqlite3_stmt *statement;
    /* Under which its widened columns are remembered: the stream or the query. */
    char *name;
    field_t *fields;
    size_t field_count;
    /* The values of the wanted ones. */
    tenon_column_t *columns;
    size_t column_count;
    comparison_t *comparisons;
    size_t comparison_count;
    int has_rowid;
    int has_schema;
    int is_running;
    /* Where the next piece begins, the last rowid that was read, and the first and the last one that there
     * were at the beginning. */
    int64_t next_rowid;
    int64_t last_rowid;
    int64_t first_rowid;
    int64_t end_rowid;
    int64_t remaining_rows;
    int has_limit;
    int64_t batch_bytes;
    int64_t checkpoint_rows;
    int64_t rows_since_checkpoint;
    /* Left out by the filter since this was last said, and all that was read. */
    uint64_t skipped_rows;
    uint64_t read_rows;
};

tenon_status_t read_next(tenon_reader_t *reader, const tenon_call_t *call, const tenon_records_t *records);
/* Binds where the next piece begins and ends. Answers SQLite's code. */
int start_statement(tenon_reader_t *reader);

#endif
