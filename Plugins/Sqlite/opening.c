/* Opens a writer: checks the request, the keys and the columns against the table before the first row moves.
 */
#define _POSIX_C_SOURCE 200809L

#include "writer.h"

/* Room for the pages of a transaction, so that they need not be written before its end, each time behind a
 * sync of the journal. A commit is on the disk when it returns; the journal mode is the database's own. */
static const char settings[] = "PRAGMA cache_size = -16384; PRAGMA synchronous = FULL";

typedef struct {
    tenon_writer_t *writer;
    const tenon_call_t *call;
    const struct ArrowSchema *schema;
    /* The keys of the request; where it has none, the primary key of the table. */
    char **keys;
    int is_upsert;
    int creates_missing;
} opening_t;

static int is_listed(char **names, const char *name) {
    for (; names != NULL && *names != NULL; names++) {
        if (sqlite3_stricmp(*names, name) == 0) { return 1; }
    }
    return 0;
}

static void add_list(tenon_text_t *sql, char **names) {
    for (size_t i = 0; names[i] != NULL; i++) {
        if (i > 0) { tenon_text_add(sql, TENON_STR(",")); }
        add_identifier(sql, names[i]);
    }
}

/* Takes the text of a builder as a C string. */
static char *taken(tenon_text_t *text) {
    tenon_text_add(text, tenon_str("", 1));
    if (text->failed) { tenon_text_free(text); }
    return text->data;
}

static char *make_create_sql(const opening_t *opening) {
    tenon_text_t sql = {0};
    tenon_text_add(&sql, TENON_STR("CREATE TABLE IF NOT EXISTS "));
    add_identifier(&sql, opening->writer->stream);
    tenon_text_add(&sql, TENON_STR(" ("));
    for (int64_t i = 0; i < opening->schema->n_children; i++) {
        const struct ArrowSchema *field = opening->schema->children[i];
        if (i > 0) { tenon_text_add(&sql, TENON_STR(", ")); }
        add_identifier(&sql, field->name);
        tenon_text_format(&sql, " %s", column_type_for(field->format));
    }
    if (opening->keys != NULL && opening->keys[0] != NULL) {
        tenon_text_add(&sql, TENON_STR(", PRIMARY KEY ("));
        add_list(&sql, opening->keys);
        tenon_text_add(&sql, TENON_STR(")"));
    }
    tenon_text_add(&sql, TENON_STR(")"));
    return taken(&sql);
}

/* "INSERT INTO table (columns) ". */
static void add_insert(const opening_t *opening, tenon_text_t *sql) {
    tenon_text_add(sql, TENON_STR("INSERT INTO "));
    add_identifier(sql, opening->writer->stream);
    for (int64_t i = 0; i < opening->schema->n_children; i++) {
        tenon_text_add(sql, i == 0 ? TENON_STR(" (") : TENON_STR(","));
        add_identifier(sql, opening->schema->children[i]->name);
    }
    tenon_text_add(sql, TENON_STR(") "));
}

/* What happens to a row whose keys are there already. */
static void add_conflict(const opening_t *opening, tenon_text_t *sql) {
    int count = 0;
    if (!opening->is_upsert) { return; }
    tenon_text_add(sql, TENON_STR(" ON CONFLICT ("));
    add_list(sql, opening->keys);
    for (int64_t i = 0; i < opening->schema->n_children; i++) {
        const char *name = opening->schema->children[i]->name;
        if (is_listed(opening->keys, name)) { continue; }
        tenon_text_add(sql, count++ == 0 ? TENON_STR(") DO UPDATE SET ") : TENON_STR(","));
        add_identifier(sql, name);
        tenon_text_add(sql, TENON_STR("=excluded."));
        add_identifier(sql, name);
    }
    if (count == 0) { tenon_text_add(sql, TENON_STR(") DO NOTHING")); }
}

static char *make_insert_sql(const opening_t *opening) {
    tenon_text_t sql = {0};
    add_insert(opening, &sql);
    for (int64_t i = 0; i < opening->schema->n_children; i++) {
        tenon_text_add(&sql, i == 0 ? TENON_STR("VALUES (?") : TENON_STR(",?"));
    }
    tenon_text_add(&sql, TENON_STR(")"));
    add_conflict(opening, &sql);
    return taken(&sql);
}

static char *make_insert_all_sql(const opening_t *opening) {
    tenon_text_t sql = {0};
    add_insert(opening, &sql);
    for (int64_t i = 0; i < opening->schema->n_children; i++) {
        tenon_text_format(&sql, "%sc%lld", i == 0 ? "SELECT " : ",", (long long)i);
    }
    /* Without a WHERE, SQLite would read ON CONFLICT as the condition of a join. */
    tenon_text_add(&sql, TENON_STR(" FROM _tenon_batch WHERE true"));
    add_conflict(opening, &sql);
    return taken(&sql);
}

static tenon_status_t fail_config(const tenon_call_t *call, tenon_text_t *message) {
    tenon_error_t error = tenon_error(TENON_CLASS_CONFIG, TENON_EFFECT_NOT_APPLIED);
    tenon_status_t status = tenon_fail_with(
        call, TENON_INVALID_ARGUMENT, error, "%.*s", (int)message->size, message->data
    );
    tenon_text_free(message);
    return status;
}

/* Every column of the records must exist, and every column that needs a value must get one. */
static tenon_status_t check_columns(const opening_t *opening, const table_t *table) {
    const struct ArrowSchema *schema = opening->schema;
    for (int64_t i = 0; i < schema->n_children; i++) {
        const column_t *column = table_column(table, schema->children[i]->name);
        if (column != NULL && !column->is_generated) { continue; }
        tenon_text_t message = {0};
        tenon_text_format(
            &message, column != NULL ? "%s computes its column \"%s\" itself" : "%s has no column \"%s\"",
            table->name, schema->children[i]->name
        );
        if (column == NULL) { suggest_column(&message, table, schema->children[i]->name); }
        return fail_config(opening->call, &message);
    }
    for (size_t i = 0; i < table->column_count; i++) {
        const column_t *column = &table->columns[i];
        int is_given = !column->is_not_null || column->has_default || column->is_generated
            || column->name == table->rowid_column;
        for (int64_t j = 0; j < schema->n_children && !is_given; j++) {
            is_given = sqlite3_stricmp(schema->children[j]->name, column->name) == 0;
        }
        if (is_given) { continue; }
        tenon_text_t message = {0};
        tenon_text_format(
            &message, "%s needs a value for its column \"%s\", which the records do not have", table->name,
            column->name
        );
        return fail_config(opening->call, &message);
    }
    return TENON_OK;
}

/* The primary key serves where the request names no keys. */
static tenon_status_t choose_keys(opening_t *opening, const table_t *table) {
    if (!opening->is_upsert) { return TENON_OK; }
    size_t count = 0;
    while (opening->keys[count] != NULL) { count++; }
    for (size_t i = 0; count == 0 && table != NULL && i < table->column_count; i++) {
        if (table->columns[i].key_position == 0) { continue; }
        char **grown = realloc(opening->keys, (table->column_count + 1) * sizeof *grown);
        if (grown == NULL) { return tenon_fail(opening->call, TENON_RESOURCE_EXHAUSTED, "out of memory"); }
        opening->keys = grown;
        size_t end = 0;
        while (i < table->column_count) {
            if (table->columns[i].key_position > 0) { grown[end++] = strdup(table->columns[i].name); }
            i++;
        }
        grown[end] = NULL;
        count = end;
    }
    tenon_text_t message = {0};
    if (count == 0) {
        tenon_text_format(&message, "upsert needs keys: %s has no primary key", opening->writer->stream);
        return fail_config(opening->call, &message);
    }
    for (size_t k = 0; k < count; k++) {
        int is_there = 0;
        for (int64_t i = 0; i < opening->schema->n_children; i++) {
            is_there |= sqlite3_stricmp(opening->schema->children[i]->name, opening->keys[k]) == 0;
        }
        if (is_there) { continue; }
        tenon_text_format(&message, "the records have no field \"%s\", which is a key", opening->keys[k]);
        return fail_config(opening->call, &message);
    }
    return TENON_OK;
}

static tenon_status_t prepare_writer(opening_t *opening) {
    tenon_writer_t *writer = opening->writer;
    table_t table = {0};
    int code = table_load(&writer->connection, writer->stream, &table);
    int is_missing = code == SQLITE_NOTFOUND;
    if (is_missing && !opening->creates_missing) {
        return fail_no_table(&writer->connection, opening->call, writer->stream);
    }
    if (!is_missing && code != SQLITE_OK) {
        return fail_sqlite(
            &writer->connection, opening->call, TENON_EFFECT_NOT_APPLIED, "cannot look at %s", writer->stream
        );
    }
    tenon_status_t status = choose_keys(opening, is_missing ? NULL : &table);
    if (status == TENON_OK && !is_missing) { status = check_columns(opening, &table); }
    if (status == TENON_OK) {
        writer->insert_sql = make_insert_sql(opening);
        writer->insert_all_sql = make_insert_all_sql(opening);
        if (is_missing) { writer->create_sql = make_create_sql(opening); }
        if (writer->insert_sql == NULL || writer->insert_all_sql == NULL
            || (is_missing && writer->create_sql == NULL)) {
            status = tenon_fail(opening->call, TENON_RESOURCE_EXHAUSTED, "out of memory");
        }
    }
    table_free(&table);
    return status == TENON_OK && !is_missing ? prepare_insert(writer, opening->call) : status;
}

static char **copy_list(tenon_str_t array) {
    tenon_json_items_t items = tenon_json_items(array);
    tenon_str_t item;
    size_t count = 0;
    while (tenon_json_next(&items, &item)) { count++; }
    char **names = calloc(count + 1, sizeof *names);
    items = tenon_json_items(array);
    for (size_t i = 0; names != NULL && tenon_json_next(&items, &item);) {
        names[i] = tenon_json_copy(item, NULL);
        if (names[i] != NULL) { i++; }
    }
    return names;
}

static char **copy_formats(const struct ArrowSchema *schema) {
    char **formats = calloc((size_t)schema->n_children + 1, sizeof *formats);
    for (int64_t i = 0; formats != NULL && i < schema->n_children; i++) {
        formats[i] = strdup(schema->children[i]->format);
        if (formats[i] != NULL) { continue; }
        free_names(formats);
        return NULL;
    }
    return formats;
}

static tenon_status_t read_request(
    opening_t *opening, const tenon_instance_t *instance, tenon_str_t request
) {
    tenon_writer_t *writer = opening->writer;
    tenon_str_t mode = tenon_json_member(request, "mode");
    opening->is_upsert = tenon_json_equals(mode, "upsert");
    writer->replaces = tenon_json_equals(mode, "overwrite");
    if (mode.size > 0 && !opening->is_upsert && !writer->replaces && !tenon_json_equals(mode, "append")) {
        return tenon_fail_unchanged(
            opening->call, TENON_INVALID_ARGUMENT, "mode is append, upsert or overwrite"
        );
    }
    opening->creates_missing = tenon_json_bool_or(request, "createIfMissing", 0);
    opening->keys = copy_list(tenon_json_member(request, "keys"));
    writer->job = tenon_json_copy(tenon_json_member(request, "job"), NULL);
    if (writer->job == NULL) { writer->job = strdup(""); }
    writer->stream = tenon_json_copy(tenon_json_member(request, "stream"), NULL);
    if (writer->stream == NULL && instance->default_stream != NULL) {
        writer->stream = strdup(instance->default_stream);
    }
    writer->formats = copy_formats(opening->schema);
    writer->column_count = (size_t)opening->schema->n_children;
    if (writer->stream == NULL) {
        return tenon_fail_unchanged(
            opening->call, TENON_INVALID_ARGUMENT, "say which table to write to: stream or defaultStream"
        );
    }
    if (opening->keys == NULL || writer->job == NULL || writer->formats == NULL
        || writer->column_count == 0) {
        return tenon_fail_unchanged(opening->call, TENON_INVALID_ARGUMENT, "the records have no columns");
    }
    return TENON_OK;
}

tenon_status_t open_writer(
    tenon_instance_t *instance, const tenon_call_t *call, tenon_str_t request,
    const struct ArrowSchema *schema, const tenon_output_t *state, tenon_writer_t **out_writer
) {
    if (instance->is_read_only) {
        return tenon_fail_unchanged(call, TENON_PERMISSION_DENIED, "the configuration says readOnly");
    }
    tenon_writer_t *writer = calloc(1, sizeof *writer);
    if (writer == NULL) { return tenon_fail(call, TENON_RESOURCE_EXHAUSTED, "out of memory"); }
    opening_t opening = {writer, call, schema, NULL, 0, 0};
    int64_t sequence = 0;
    tenon_status_t status = read_request(&opening, instance, request);
    if (status == TENON_OK) { status = connection_open(&writer->connection, instance, call); }
    if (status == TENON_OK) {
        connection_begin_call(&writer->connection, call);
        connection_run(&writer->connection, settings);
        status = batch_table_register(writer) == SQLITE_OK
            ? prepare_writer(&opening)
            : tenon_fail(call, TENON_RESOURCE_EXHAUSTED, "out of memory");
        if (status == TENON_OK && stored_sequence(writer, &sequence) != SQLITE_OK) {
            status = fail_sqlite(
                &writer->connection, call, TENON_EFFECT_NOT_APPLIED, "cannot read the last sequence"
            );
        }
        connection_end_call(&writer->connection, call);
    }
    if (sequence > 0) { writer->replaces = 0; }
    free_names(opening.keys);
    if (status == TENON_OK) {
        tenon_text_t answer = {0};
        tenon_text_format(&answer, "{\"sequence\":%lld}", (long long)sequence);
        status = tenon_write_text(state, &answer);
    }
    if (status != TENON_OK) {
        close_writer(writer);
        return status;
    }
    *out_writer = writer;
    return TENON_OK;
}
