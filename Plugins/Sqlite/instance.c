/* The life of an instance, and what it remembers for its readers. */
#define _POSIX_C_SOURCE 200809L

#include "sqlite.h"

#include <unistd.h>

tenon_status_t instance_create(
    const tenon_host_t *host, tenon_str_t name, const tenon_call_t *call, tenon_instance_t **out_instance
) {
    (void)name;
    tenon_instance_t *instance = calloc(1, sizeof *instance);
    if (instance == NULL) { return tenon_fail(call, TENON_RESOURCE_EXHAUSTED, "out of memory"); }
    instance->host = host;
    pthread_mutex_init(&instance->lock, NULL);
    *out_instance = instance;
    return TENON_OK;
}

static tenon_status_t configure(tenon_instance_t *instance, const tenon_call_t *call, tenon_str_t json) {
    tenon_error_t error = tenon_error(TENON_CLASS_CONFIG, TENON_EFFECT_NOT_APPLIED);
    error.field_path = TENON_STR("/path");
    char *path = tenon_json_copy(tenon_json_member(json, "path"), NULL);
    if (path == NULL || path[0] != '/') {
        free(path);
        return tenon_fail_with(
            call, TENON_INVALID_ARGUMENT, error, "path must be the absolute path of a database file"
        );
    }
    free(instance->path);
    free(instance->default_stream);
    instance->path = path;
    instance->default_stream = tenon_json_copy(tenon_json_member(json, "defaultStream"), NULL);
    instance->is_read_only = tenon_json_bool_or(json, "readOnly", 0);
    instance->creates_missing = tenon_json_bool_or(json, "createIfMissing", 0);
    instance->has_foreign_keys = tenon_json_bool_or(json, "foreignKeys", 1);
    instance->busy_timeout_ms = tenon_json_int_or(json, "busyTimeoutMs", 5000);
    return TENON_OK;
}

static tenon_status_t open_instance(tenon_instance_t *instance, const tenon_call_t *call) {
    return connection_open(&instance->connection, instance, call);
}

static tenon_status_t check(
    tenon_instance_t *instance, const tenon_call_t *call, const tenon_items_t *items
) {
    connection_t *connection = &instance->connection;
    connection_begin_call(connection, call);
    int code = connection_run(connection, "SELECT count(*) FROM sqlite_schema");
    connection_end_call(connection, call);
    tenon_text_t detail = {0};
    if (code == SQLITE_OK) {
        tenon_text_format(&detail, "%s is a database", instance->path);
    } else {
        tenon_text_format(&detail, "%s cannot be read: %s", instance->path, sqlite3_errmsg(connection->db));
    }
    tenon_text_add(&detail, tenon_str("", 1));
    tenon_status_t status = detail.failed
        ? TENON_RESOURCE_EXHAUSTED
        : tenon_add_check(items, "reachable", code == SQLITE_OK, detail.data);
    tenon_text_free(&detail);
    if (status == TENON_OK) {
        status = tenon_add_check(items, "authenticated", 1, "SQLite has no accounts; file permissions count");
    }
    if (status != TENON_OK) { return status; }
    if (instance->is_read_only) {
        return tenon_add_check(items, "permitted", 1, "reading only, as configured");
    }
    int can_write = sqlite3_db_readonly(connection->db, "main") == 0 && access(instance->path, W_OK) == 0;
    return tenon_add_check(
        items, "permitted", can_write,
        can_write ? "the file may be written" : "the file may not be written; set readOnly or its permissions"
    );
}

static tenon_status_t close_instance(tenon_instance_t *instance, const tenon_call_t *call) {
    (void)call;
    connection_close(&instance->connection);
    return TENON_OK;
}

static void destroy(tenon_instance_t *instance) {
    while (instance->widenings != NULL) {
        widening_t *widening = instance->widenings;
        instance->widenings = widening->next;
        free(widening->stream);
        free(widening->column);
        free(widening);
    }
    pthread_mutex_destroy(&instance->lock);
    free(instance->path);
    free(instance->default_stream);
    free(instance);
}

static widening_t *find_widening(tenon_instance_t *instance, const char *stream, const char *column) {
    widening_t *widening = instance->widenings;
    while (widening != NULL
           && (strcmp(widening->stream, stream) != 0 || strcmp(widening->column, column) != 0)) {
        widening = widening->next;
    }
    return widening;
}

int instance_widen(tenon_instance_t *instance, const char *stream, const char *column, storage_t storage) {
    pthread_mutex_lock(&instance->lock);
    widening_t *widening = find_widening(instance, stream, column);
    if (widening == NULL && (widening = calloc(1, sizeof *widening)) != NULL) {
        widening->stream = strdup(stream);
        widening->column = strdup(column);
        if (widening->stream != NULL && widening->column != NULL) {
            widening->next = instance->widenings;
            instance->widenings = widening;
        } else {
            free(widening->stream);
            free(widening->column);
            free(widening);
            widening = NULL;
        }
    }
    if (widening != NULL && widening->storage < storage) { widening->storage = storage; }
    pthread_mutex_unlock(&instance->lock);
    return widening != NULL;
}

storage_t instance_storage(
    tenon_instance_t *instance, const char *stream, const char *column, storage_t storage
) {
    pthread_mutex_lock(&instance->lock);
    const widening_t *widening = find_widening(instance, stream, column);
    if (widening != NULL && widening->storage > storage) { storage = widening->storage; }
    pthread_mutex_unlock(&instance->lock);
    return storage;
}

const tenon_instance_v1_t instance_table = {configure, open_instance, check, close_instance, destroy};
