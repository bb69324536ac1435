/* A table being written: what opening.c prepares and target.c uses. */
#ifndef SQLITE_CONNECTOR_WRITER_H
#define SQLITE_CONNECTOR_WRITER_H

#include "sqlite.h"

struct tenon_writer_t {
    connection_t connection;
    /* Inserts a whole batch; and one row, for batches with a row that SQLite refuses. */
    sqlite3_stmt *insert_all;
    sqlite3_stmt *insert;
    char *job;
    char *stream;
    /* The statement that makes the table, where it was missing; NULL otherwise. */
    char *create_sql;
    char *insert_all_sql;
    char *insert_sql;
    char **formats;
    size_t column_count;
    /* The batch that is being written; NULL between two. */
    const struct ArrowArray *batch;
    /* 1 for each row of it that cannot be stored; NULL where all can. */
    uint8_t *refused;
    int has_begun;
    /* 1 until the old rows of an overwrite are gone. */
    int replaces;
    /* 1 once SQLite has rolled back behind our back: rows of the transaction are lost. */
    int is_broken;
};

/* opening.c */
tenon_status_t open_writer(
    tenon_instance_t *instance, const tenon_call_t *call, tenon_str_t request,
    const struct ArrowSchema *schema, const tenon_output_t *state, tenon_writer_t **out_writer
);

/* target.c */
void close_writer(tenon_writer_t *writer);
/* Prepares the INSERTs, once the table is there. */
tenon_status_t prepare_insert(tenon_writer_t *writer, const tenon_call_t *call);
/* The last sequence committed for (job, stream); 0 where nothing was. Answers SQLite's code. */
int stored_sequence(tenon_writer_t *writer, int64_t *sequence);

/* batch_table.c */

/* Makes `batch` readable as the table _tenon_batch of the writer's connection. Answers SQLite's code. */
int batch_table_register(tenon_writer_t *writer);

#endif
