/* Lists the streams: tables and views with the types that their columns will travel as. */
#include "sqlite.h"

#define MAX_COUNTED_BYTES ((int64_t)32 << 20)

/* The bytes of the whole file. */
static int64_t database_size(connection_t *connection) {
    static const char sql[] = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";
    sqlite3_stmt *statement = NULL;
    int64_t size = INT64_MAX;
    if (connection_prepare(connection, sql, &statement) == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW) {
        size = sqlite3_column_int64(statement, 0);
    }
    sqlite3_finalize(statement);
    return size;
}

/* The number of rows, or -1. SQLite counts by reading an index or the table, so only a small database tells.
 */
static int64_t count_rows(connection_t *connection, const table_t *table) {
    tenon_text_t sql = {0};
    sqlite3_stmt *statement = NULL;
    int64_t count = -1;
    if (!table->is_table || database_size(connection) > MAX_COUNTED_BYTES) { return -1; }
    tenon_text_add(&sql, TENON_STR("SELECT count(*) FROM "));
    add_identifier(&sql, table->name);
    tenon_text_add(&sql, tenon_str("", 1));
    if (!sql.failed && connection_prepare(connection, sql.data, &statement) == SQLITE_OK
        && sqlite3_step(statement) == SQLITE_ROW) {
        count = sqlite3_column_int64(statement, 0);
    }
    sqlite3_finalize(statement);
    tenon_text_free(&sql);
    return count;
}

static tenon_status_t add_table(
    const tenon_items_t *items, const table_t *table, const storage_t *storages, int64_t row_count
) {
    tenon_text_t item = {0};
    tenon_text_add(&item, TENON_STR("{\"stream\":"));
    tenon_text_add_json(&item, tenon_str_of(table->name));
    for (size_t i = 0; i < table->column_count; i++) {
        const column_t *column = &table->columns[i];
        tenon_text_add(&item, i == 0 ? TENON_STR(",\"columns\":[{\"name\":") : TENON_STR(",{\"name\":"));
        tenon_text_add_json(&item, tenon_str_of(column->name));
        int is_nullable = !column->is_not_null && column->name != table->rowid_column;
        tenon_text_format(
            &item, ",\"type\":\"%s\",\"nullable\":%s}%s", storage_type_name(storages[i]),
            is_nullable ? "true" : "false", i + 1 == table->column_count ? "]" : ""
        );
    }
    int key_count = 0;
    for (int position = 1; position <= (int)table->column_count; position++) {
        for (size_t i = 0; i < table->column_count; i++) {
            if (table->columns[i].key_position != position) { continue; }
            tenon_text_add(&item, key_count++ == 0 ? TENON_STR(",\"keys\":[") : TENON_STR(","));
            tenon_text_add_json(&item, tenon_str_of(table->columns[i].name));
        }
    }
    if (key_count > 0) { tenon_text_add(&item, TENON_STR("]")); }
    if (row_count >= 0) { tenon_text_format(&item, ",\"records\":%lld", (long long)row_count); }
    tenon_text_add(&item, TENON_STR("}"));
    tenon_status_t status = item.failed ? TENON_RESOURCE_EXHAUSTED : items->add(items, tenon_text_str(&item));
    tenon_text_free(&item);
    return status;
}

static tenon_status_t discover_table(
    tenon_instance_t *instance, const tenon_call_t *call, const tenon_items_t *items, const char *name
) {
    connection_t *connection = &instance->connection;
    table_t table;
    sqlite3_stmt *statement = NULL;
    storage_t *storages = NULL;
    tenon_text_t sql = {0};
    int code = table_load(connection, name, &table);
    if (code == SQLITE_OK) {
        widenings_load(instance, call, table.name);
        storages = calloc(table.column_count + 1, sizeof *storages);
        tenon_text_add(&sql, TENON_STR("SELECT "));
        for (size_t i = 0; i < table.column_count; i++) {
            if (i > 0) { tenon_text_add(&sql, TENON_STR(",")); }
            add_identifier(&sql, table.columns[i].name);
            if (storages == NULL) { continue; }
            storages[i] = instance_storage(
                instance, table.name, table.columns[i].name, table.columns[i].storage
            );
        }
        tenon_text_add(&sql, TENON_STR(" FROM "));
        add_identifier(&sql, table.name);
        if (table.rowid != NULL) {
            /* The order in which readers look at the first rows, so that both find the same types. */
            tenon_text_add(&sql, TENON_STR(" ORDER BY "));
            add_identifier(&sql, table.rowid);
        }
        tenon_text_add(&sql, tenon_str("", 1));
        code = storages == NULL || sql.failed ? SQLITE_NOMEM
                                              : connection_prepare(connection, sql.data, &statement);
    }
    if (code == SQLITE_OK) { code = storage_sniff(statement, NULL, storages, table.column_count); }
    sqlite3_finalize(statement);
    tenon_text_free(&sql);
    tenon_status_t status = TENON_OK;
    if (code == SQLITE_OK) {
        status = add_table(items, &table, storages, count_rows(connection, &table));
    } else if (code == SQLITE_INTERRUPT || code == SQLITE_BUSY) {
        status = fail_sqlite(connection, call, TENON_EFFECT_NOT_APPLIED, "cannot look at %s", name);
    } else {
        /* A view may name what is gone: it is listed, its columns are unknown. */
        tenon_text_t item = {0};
        tenon_text_add(&item, TENON_STR("{\"stream\":"));
        tenon_text_add_json(&item, tenon_str_of(name));
        tenon_text_add(&item, TENON_STR("}"));
        status = item.failed ? TENON_RESOURCE_EXHAUSTED : items->add(items, tenon_text_str(&item));
        tenon_text_free(&item);
    }
    free(storages);
    table_free(&table);
    return status;
}

tenon_status_t discover_streams(
    tenon_instance_t *instance, const tenon_call_t *call, const tenon_items_t *items
) {
    connection_t *connection = &instance->connection;
    connection_begin_call(connection, call);
    char **names = stream_names(connection);
    tenon_status_t status = names != NULL
        ? TENON_OK
        : fail_sqlite(connection, call, TENON_EFFECT_NOT_APPLIED, "cannot list the tables");
    for (char **name = names; name != NULL && *name != NULL && status == TENON_OK; name++) {
        status = discover_table(instance, call, items, *name);
    }
    free_names(names);
    connection_end_call(connection, call);
    return status;
}
