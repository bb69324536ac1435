/* What the files of this connector share. One instance is one database file; the instance, each reader and
 * each writer have a connection of their own, so that they may run side by side. */
#ifndef SQLITE_CONNECTOR_H
#define SQLITE_CONNECTOR_H

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>

#include "tenon_columns.h"
#include "tenon_simple.h"

/* ---- connection.c ---- */

typedef struct {
    sqlite3 *db;
    int64_t busy_timeout_ms;
    int64_t waited_ms;
    atomic_int is_cancelled;
} connection_t;

tenon_status_t connection_open(
    connection_t *connection, const tenon_instance_t *instance, const tenon_call_t *call
);
void connection_close(connection_t *connection);

/* Between these two, a cancel of the call interrupts whatever the connection does. */
void connection_begin_call(connection_t *connection, const tenon_call_t *call);
void connection_end_call(connection_t *connection, const tenon_call_t *call);

/* Runs statements without results; answers SQLite's code. */
int connection_run(connection_t *connection, const char *sql);
int connection_run_text(connection_t *connection, tenon_text_t *sql);
int connection_prepare(connection_t *connection, const char *sql, sqlite3_stmt **out_statement);

/* ---- failure.c ---- */

/* Fails with SQLite's last error behind a sentence that says what was tried. */
__attribute__((format(printf, 4, 5))) tenon_status_t fail_sqlite(
    connection_t *connection, const tenon_call_t *call, tenon_effect_t effect, const char *format, ...
);

/* 1 for an error that only concerns the row at hand: a broken constraint, a value of the wrong type or size.
 */
int is_row_error(int code);

/* Adds `; did you mean "x"?` where one of the names resembles `wanted`. */
void suggest_name(tenon_text_t *text, const char *wanted, const char *const *names, size_t count);

/* ---- instance.c ---- */

/* How the values of a column travel; a later one holds all that an earlier one does. */
typedef enum { STORE_ANY, STORE_INTEGER, STORE_REAL, STORE_TEXT, STORE_BLOB } storage_t;

/* A column that turned out to hold more than its first rows showed. */
typedef struct widening_t {
    struct widening_t *next;
    char *stream;
    char *column;
    storage_t storage;
} widening_t;

struct tenon_instance_t {
    const tenon_host_t *host;
    char *path;
    char *default_stream;
    int is_read_only;
    int creates_missing;
    int has_foreign_keys;
    int64_t busy_timeout_ms;
    connection_t connection;
    /* Readers run on threads of their own: guards `widenings`. */
    pthread_mutex_t lock;
    widening_t *widenings;
};

extern const tenon_instance_v1_t instance_table;

tenon_status_t instance_create(
    const tenon_host_t *host, tenon_str_t name, const tenon_call_t *call, tenon_instance_t **out_instance
);

/* Remembers and recalls across readers that a column needs a wider storage. */
int instance_widen(tenon_instance_t *instance, const char *stream, const char *column, storage_t storage);
storage_t instance_storage(
    tenon_instance_t *instance, const char *stream, const char *column, storage_t storage
);

/* ---- memory.c ---- */

/* Recalls what earlier readers of the stream found out, and keeps it for later ones. */
void widenings_load(tenon_instance_t *instance, const tenon_call_t *call, const char *stream);
void widenings_store(tenon_instance_t *instance, const tenon_call_t *call, const char *stream);

/* ---- values.c ---- */

void add_identifier(tenon_text_t *text, const char *name);
/* The shortest text that reads back as the same number. Answers its length. */
size_t format_real(char text[32], double value);
/* Adds the value of a result column as JSON. */
void add_value(tenon_text_t *text, sqlite3_stmt *statement, int column);
/* Binds an array by position or an object by name. Answers OK or has failed the call. */
tenon_status_t bind_parameters(
    connection_t *connection, const tenon_call_t *call, sqlite3_stmt *statement, tenon_str_t parameters
);

/* ---- catalog.c ---- */

typedef struct {
    char *name;
    storage_t storage;
    int is_not_null;
    int has_default;
    int is_generated;
    /* From 1 in the primary key, 0 outside. */
    int key_position;
} column_t;

typedef struct {
    char *name;
    column_t *columns;
    size_t column_count;
    int is_table;
    /* What to call the rowid, NULL where there is none. */
    const char *rowid;
    /* The column that is the rowid by another name, NULL where there is none. */
    const char *rowid_column;
} table_t;

/* Loads a table or view by name. SQLITE_NOTFOUND where there is none. */
int table_load(connection_t *connection, const char *name, table_t *out_table);
void table_free(table_t *table);
const column_t *table_column(const table_t *table, const char *name);
/* Adds a hint: the nearest column, and all columns. */
void suggest_column(tenon_text_t *text, const table_t *table, const char *wanted);
/* The names of all streams, NULL at the end of the list; free with free_names. NULL on an error. */
char **stream_names(connection_t *connection);
void free_names(char **names);
storage_t declared_storage(const char *type);
/* Fails with NOT_FOUND and names that resemble `name`. */
tenon_status_t fail_no_table(connection_t *connection, const tenon_call_t *call, const char *name);

/* ---- typing.c ---- */

/* The storage that holds what `storage` holds and also the value. */
storage_t storage_widened(storage_t storage, sqlite3_stmt *statement, int column);
/* Looks at the first rows of a statement and widens; the statement is reset afterwards. `indexes` names its
 * columns, NULL is all in order. Answers SQLite's code. */
int storage_sniff(sqlite3_stmt *statement, const int *indexes, storage_t *storages, size_t count);
/* Whether the value can be added to a column of this storage as it is. */
int storage_fits(storage_t storage, sqlite3_stmt *statement, int column);
void column_add_value(tenon_column_t *column, storage_t storage, sqlite3_stmt *statement, int index);
const char *storage_format(storage_t storage);
const char *storage_type_name(storage_t storage);

/* ---- actions.c, source.c, target.c ---- */

extern const tenon_action_v1_t action_table;
extern const tenon_source_v1_t source_table;
extern const tenon_target_v1_t target_table;

tenon_status_t discover_streams(
    tenon_instance_t *instance, const tenon_call_t *call, const tenon_items_t *items
);

/* ---- binding.c ---- */

/* Why a value cannot be stored, or NULL. */
const char *refusal(const struct ArrowArray *column, int64_t row, const char *format);
/* Binds one value of a batch, which must live until the statement has run. Answers SQLite's code. */
int bind_value(
    sqlite3_stmt *statement, int parameter, const struct ArrowArray *column, int64_t row, const char *format
);
/* Answers one value of a batch, which must live until the statement has run. */
void result_value(
    sqlite3_context *context, const struct ArrowArray *column, int64_t row, const char *format
);
/* The type that a created table gives to a column of this format. */
const char *column_type_for(const char *format);

#endif
