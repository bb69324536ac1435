/* What tables and views there are, and what their columns are declared to hold. */
#define _POSIX_C_SOURCE 200809L

#include "sqlite.h"

#include <ctype.h>

/* SQLite's own rules of affinity; NUMERIC and nothing at all say little, so that the rows decide. */
storage_t declared_storage(const char *type) {
    char upper[64];
    size_t size = 0;
    if (type == NULL) { return STORE_ANY; }
    for (; type[size] != '\0' && size < sizeof upper - 1; size++) {
        upper[size] = (char)toupper((unsigned char)type[size]);
    }
    upper[size] = '\0';
    if (strstr(upper, "INT") != NULL) { return STORE_INTEGER; }
    if (strstr(upper, "CHAR") != NULL || strstr(upper, "CLOB") != NULL || strstr(upper, "TEXT") != NULL) {
        return STORE_TEXT;
    }
    if (strstr(upper, "BLOB") != NULL) { return STORE_BLOB; }
    if (strstr(upper, "REAL") != NULL || strstr(upper, "FLOA") != NULL || strstr(upper, "DOUB") != NULL) {
        return STORE_REAL;
    }
    return STORE_ANY;
}

static char *copied_text(sqlite3_stmt *statement, int column) {
    const char *text = (const char *)sqlite3_column_text(statement, column);
    return strdup(text != NULL ? text : "");
}

static int prepare_for(
    connection_t *connection, const char *sql, const char *name, sqlite3_stmt **out_statement
) {
    int code = sqlite3_prepare_v2(connection->db, sql, -1, out_statement, NULL);
    if (code == SQLITE_OK) { code = sqlite3_bind_text(*out_statement, 1, name, -1, SQLITE_STATIC); }
    return code;
}

/* Fills in the name as it is written in the schema, and the kind. */
static int load_kind(connection_t *connection, const char *name, table_t *table, int *has_rowid) {
    static const char sql[] = "SELECT name, type, wr FROM pragma_table_list"
                              " WHERE schema = 'main' AND name = ?1 COLLATE NOCASE";
    sqlite3_stmt *statement = NULL;
    int code = prepare_for(connection, sql, name, &statement);
    if (code == SQLITE_OK) { code = sqlite3_step(statement); }
    if (code == SQLITE_ROW) {
        table->name = copied_text(statement, 0);
        table->is_table = strcmp((const char *)sqlite3_column_text(statement, 1), "table") == 0;
        *has_rowid = table->is_table && sqlite3_column_int(statement, 2) == 0;
        code = table->name != NULL ? SQLITE_OK : SQLITE_NOMEM;
    } else if (code == SQLITE_DONE) {
        code = SQLITE_NOTFOUND;
    }
    sqlite3_finalize(statement);
    return code;
}

static int add_column(table_t *table, sqlite3_stmt *statement) {
    column_t *grown = realloc(table->columns, (table->column_count + 1) * sizeof *grown);
    if (grown == NULL) { return SQLITE_NOMEM; }
    table->columns = grown;
    column_t *column = &grown[table->column_count];
    int hidden = sqlite3_column_int(statement, 5);
    column->name = copied_text(statement, 0);
    column->storage = declared_storage((const char *)sqlite3_column_text(statement, 1));
    column->is_not_null = sqlite3_column_int(statement, 2);
    column->has_default = sqlite3_column_int(statement, 3);
    column->key_position = sqlite3_column_int(statement, 4);
    column->is_generated = hidden == 2 || hidden == 3;
    if (column->name == NULL) { return SQLITE_NOMEM; }
    table->column_count++;
    return SQLITE_OK;
}

/* 1 where the primary key has an index of its own. INTEGER PRIMARY KEY has none, because it is the rowid, but
 * INTEGER PRIMARY KEY DESC does, and is a column like any other. */
static int has_key_index(connection_t *connection, const char *name) {
    static const char sql[] = "SELECT 1 FROM pragma_index_list(?1) WHERE origin = 'pk'";
    sqlite3_stmt *statement = NULL;
    int code = prepare_for(connection, sql, name, &statement);
    if (code == SQLITE_OK) { code = sqlite3_step(statement); }
    sqlite3_finalize(statement);
    return code == SQLITE_ROW;
}

/* INTEGER PRIMARY KEY, alone and spelt like this, is the rowid by another name. */
static void find_rowid(table_t *table, const column_t *integer_key, size_t key_count) {
    static const char *const names[] = {"rowid", "_rowid_", "oid"};
    for (size_t i = 0; i < sizeof names / sizeof names[0] && table->rowid == NULL; i++) {
        if (table_column(table, names[i]) == NULL) { table->rowid = names[i]; }
    }
    if (integer_key == NULL || key_count != 1) { return; }
    table->rowid = integer_key->name;
    table->rowid_column = integer_key->name;
}

int table_load(connection_t *connection, const char *name, table_t *out_table) {
    static const char sql[] = "SELECT name, type, \"notnull\", dflt_value IS NOT NULL, pk, hidden"
                              " FROM pragma_table_xinfo(?1) WHERE hidden <> 1";
    int has_rowid = 0;
    memset(out_table, 0, sizeof *out_table);
    int code = load_kind(connection, name, out_table, &has_rowid);
    sqlite3_stmt *statement = NULL;
    if (code == SQLITE_OK) { code = prepare_for(connection, sql, out_table->name, &statement); }
    size_t key_count = 0, integer_key = SIZE_MAX;
    while (code == SQLITE_OK && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        const char *type = (const char *)sqlite3_column_text(statement, 1);
        int is_integer = type != NULL && sqlite3_stricmp(type, "INTEGER") == 0;
        code = add_column(out_table, statement);
        if (code == SQLITE_OK && sqlite3_column_int(statement, 4) > 0) {
            key_count++;
            if (is_integer) { integer_key = out_table->column_count - 1; }
        }
    }
    sqlite3_finalize(statement);
    if (code != SQLITE_DONE) {
        table_free(out_table);
        return code;
    }
    const column_t *key = integer_key != SIZE_MAX ? &out_table->columns[integer_key] : NULL;
    if (key != NULL && has_key_index(connection, out_table->name)) { key = NULL; }
    if (has_rowid) { find_rowid(out_table, key, key_count); }
    return SQLITE_OK;
}

void table_free(table_t *table) {
    for (size_t i = 0; i < table->column_count; i++) { free(table->columns[i].name); }
    free(table->columns);
    free(table->name);
    memset(table, 0, sizeof *table);
}

const column_t *table_column(const table_t *table, const char *name) {
    for (size_t i = 0; i < table->column_count; i++) {
        if (sqlite3_stricmp(table->columns[i].name, name) == 0) { return &table->columns[i]; }
    }
    return NULL;
}

void suggest_column(tenon_text_t *text, const table_t *table, const char *wanted) {
    const char **names = calloc(table->column_count + 1, sizeof *names);
    if (names == NULL) { return; }
    for (size_t i = 0; i < table->column_count; i++) { names[i] = table->columns[i].name; }
    size_t size = text->size;
    suggest_name(text, wanted, names, table->column_count);
    tenon_text_add(text, size == text->size ? TENON_STR(".") : TENON_STR(""));
    tenon_text_add(text, TENON_STR(" It has the columns "));
    for (size_t i = 0; i < table->column_count; i++) {
        tenon_text_format(text, "%s%s", i > 0 ? ", " : "", names[i]);
    }
    free(names);
}

char **stream_names(connection_t *connection) {
    static const char sql[] =
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'view', 'virtual')"
        " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE '\\_tenon\\_%' ESCAPE '\\' ORDER BY "
        "name";
    sqlite3_stmt *statement = NULL;
    size_t count = 0, capacity = 16;
    char **names = calloc(capacity, sizeof *names);
    int code = names != NULL ? sqlite3_prepare_v2(connection->db, sql, -1, &statement, NULL) : SQLITE_NOMEM;
    while (code == SQLITE_OK && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        if (count + 1 == capacity) {
            char **grown = realloc(names, (capacity *= 2) * sizeof *names);
            if (grown == NULL) { break; }
            names = grown;
        }
        names[count++] = copied_text(statement, 0);
        names[count] = NULL;
        code = names[count - 1] != NULL ? SQLITE_OK : SQLITE_NOMEM;
    }
    sqlite3_finalize(statement);
    if (code == SQLITE_DONE) { return names; }
    free_names(names);
    return NULL;
}

void free_names(char **names) {
    for (char **name = names; name != NULL && *name != NULL; name++) { free(*name); }
    free(names);
}

tenon_status_t fail_no_table(connection_t *connection, const tenon_call_t *call, const char *name) {
    tenon_text_t message = {0};
    char **names = stream_names(connection);
    size_t count = 0;
    while (names != NULL && names[count] != NULL) { count++; }
    tenon_text_format(&message, "there is no table or view \"%s\"", name);
    if (names != NULL) { suggest_name(&message, name, (const char *const *)names, count); }
    tenon_status_t status = tenon_fail_unchanged(
        call, TENON_NOT_FOUND, "%.*s%s", (int)message.size, message.data,
        count == 0 ? "; the database has none" : ""
    );
    tenon_text_free(&message);
    free_names(names);
    return status;
}
