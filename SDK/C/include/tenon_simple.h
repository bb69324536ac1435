/* Defaults for authors in C and C++: write the functions that matter, take the others from here. Header-only;
 * every name starts with tenon_ and nothing is kept between calls.
 *
 *     struct tenon_instance_t { ... };            // zeroed when it is made
 *     static const tenon_instance_v1_t instance = TENON_DEFAULT_INSTANCE;
 *     static const tenon_capability_t capabilities[] = {{TENON_INSTANCE_V1, &instance}, {NULL, NULL}};
 *     TENON_CONNECTOR(TENON_THREADING_PER_HANDLE, capabilities)
 */
#ifndef TENON_SIMPLE_H
#define TENON_SIMPLE_H

#include "tenon/tenon.h"
#include "tenon_json.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- the entry ---- */

/* A capability that the connector offers; a list of them ends with {NULL, NULL}. */
typedef struct tenon_capability_t {
    const char *id;
    const void *table;
} tenon_capability_t;

static inline const void *tenon_find_capability(const tenon_capability_t *list, tenon_str_t id) {
    for (; list->id != NULL; list++) {
        if (tenon_str_equals(id, list->id)) { return list->table; }
    }
    return NULL;
}

/* Defines tenon_connector(). struct tenon_instance_t must be complete; an instance starts zeroed. */
#define TENON_CONNECTOR(threading_model, capability_list) \
    TENON_CONNECTOR_WITH(threading_model, capability_list, tenon_made_create) \
    static tenon_status_t tenon_made_create( \
        const tenon_host_t *host, tenon_str_t name, const tenon_call_t *call, \
        tenon_instance_t **out_instance \
    ) { \
        (void)host, (void)name; \
        *out_instance = (tenon_instance_t *)calloc(1, sizeof(tenon_instance_t)); \
        return *out_instance != NULL ? TENON_OK \
                                     : tenon_fail(call, TENON_RESOURCE_EXHAUSTED, "out of memory"); \
    }

/* The same with a `create` function of your own, for connectors that keep the host to use its services. */
#define TENON_CONNECTOR_WITH(threading_model, capability_list, create_function) \
    static tenon_status_t create_function( \
        const tenon_host_t *host, tenon_str_t name, const tenon_call_t *call, \
        tenon_instance_t **out_instance \
    ); \
    static const void *tenon_made_capability(tenon_str_t id) { \
        return tenon_find_capability(capability_list, id); \
    } \
    TENON_EXPORT const tenon_entry_t *tenon_connector(void) { \
        static const tenon_entry_t entry = { \
            sizeof(tenon_entry_t), TENON_MAGIC, TENON_ABI_MAJOR, TENON_ABI_MINOR, \
            threading_model,       0,           create_function, tenon_made_capability, \
        }; \
        return &entry; \
    }

/* ---- failing ---- */

#define TENON_MAX_MESSAGE_BYTES 1024

/* An error that is filled in but for its message. */
static inline tenon_error_t tenon_error(tenon_error_class_t error_class, tenon_effect_t effect) {
    tenon_error_t error;
    memset(&error, 0, sizeof error);
    error.struct_size = sizeof error;
    error.error_class = error_class;
    error.effect = effect;
    return error;
}

#if defined(__GNUC__)
__attribute__((format(printf, 4, 0)))
#endif
static inline tenon_status_t tenon_vfail(
    const tenon_call_t *call, tenon_status_t status, tenon_error_t *error, const char *format,
    va_list arguments
) {
    char message[TENON_MAX_MESSAGE_BYTES];
    int wanted = vsnprintf(message, sizeof message, format, arguments);
    size_t size = wanted < 0 ? 0 : (size_t)wanted;
    if (size >= sizeof message) {
        /* Cut off, but not inside of a character. */
        size = sizeof message - 1;
        while (size > 0 && (message[size - 1] & 0xC0) == 0x80) { size--; }
        if (size > 0 && (message[size - 1] & 0x80) != 0) { size--; }
    }
    error->message = tenon_str(message, size);
    status = call->fail(call, status, error);
    error->message = tenon_str(NULL, 0);
    return status;
}

/* Fails with a sentence that was put together as by printf. The effect stays unknown. */
#if defined(__GNUC__)
__attribute__((format(printf, 3, 4)))
#endif
static inline tenon_status_t tenon_fail(
    const tenon_call_t *call, tenon_status_t status, const char *format, ...
) {
    tenon_error_t error = tenon_error(TENON_CLASS_UNSET, TENON_EFFECT_UNKNOWN);
    va_list arguments;
    va_start(arguments, format);
    status = tenon_vfail(call, status, &error, format, arguments);
    va_end(arguments);
    return status;
}

/* The same with class, effect, vendor code, pause or path from `error`. */
#if defined(__GNUC__)
__attribute__((format(printf, 4, 5)))
#endif
static inline tenon_status_t tenon_fail_with(
    const tenon_call_t *call, tenon_status_t status, tenon_error_t error, const char *format, ...
) {
    va_list arguments;
    va_start(arguments, format);
    status = tenon_vfail(call, status, &error, format, arguments);
    va_end(arguments);
    return status;
}

/* The same for a call that has changed nothing: it may be repeated. */
#if defined(__GNUC__)
__attribute__((format(printf, 3, 4)))
#endif
static inline tenon_status_t tenon_fail_unchanged(
    const tenon_call_t *call, tenon_status_t status, const char *format, ...
) {
    tenon_error_t error = tenon_error(TENON_CLASS_UNSET, TENON_EFFECT_NOT_APPLIED);
    va_list arguments;
    va_start(arguments, format);
    status = tenon_vfail(call, status, &error, format, arguments);
    va_end(arguments);
    return status;
}

/* ---- answering ---- */

static inline tenon_status_t tenon_write(const tenon_output_t *output, tenon_str_t json) {
    return output->write(output, tenon_bytes(json));
}

/* Writes a text and frees it; RESOURCE_EXHAUSTED where memory was short while it was made. */
static inline tenon_status_t tenon_write_text(const tenon_output_t *output, tenon_text_t *text) {
    tenon_status_t status = text->failed ? TENON_RESOURCE_EXHAUSTED
                                         : tenon_write(output, tenon_text_str(text));
    tenon_text_free(text);
    return status;
}

/* Adds an item for `check`. */
static inline tenon_status_t tenon_add_check(
    const tenon_items_t *items, const char *name, int is_ok, const char *detail
) {
    tenon_text_t text;
    memset(&text, 0, sizeof text);
    tenon_text_format(&text, "{\"name\":\"%s\",\"ok\":%s,\"detail\":", name, is_ok ? "true" : "false");
    tenon_text_add_json(&text, tenon_str_of(detail));
    tenon_text_add(&text, TENON_STR("}"));
    tenon_status_t status = text.failed ? TENON_RESOURCE_EXHAUSTED : items->add(items, tenon_text_str(&text));
    tenon_text_free(&text);
    return status;
}

/* ---- lines of JSON out of a source ---- */

/* Gathers lines and hands them over at once. */
typedef struct tenon_lines_t {
    const tenon_records_t *records;
    tenon_text_t text;
    uint64_t row_count;
    size_t max_bytes;
} tenon_lines_t;

static inline tenon_lines_t tenon_lines_begin(const tenon_records_t *records, size_t max_bytes) {
    tenon_lines_t lines;
    memset(&lines, 0, sizeof lines);
    lines.records = records;
    lines.max_bytes = max_bytes;
    return lines;
}

/* 1 once enough lines are there for one hand-over. */
static inline int tenon_lines_full(const tenon_lines_t *lines) {
    return lines->text.failed || lines->text.size >= lines->max_bytes;
}

/* Adds a line: one JSON object without line breaks, put together as by printf. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
static inline void tenon_lines_add(tenon_lines_t *lines, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    tenon_text_vformat(&lines->text, format, arguments);
    va_end(arguments);
    tenon_text_add(&lines->text, TENON_STR("\n"));
    lines->row_count++;
}

/* Hands the lines over and frees them. */
static inline tenon_status_t tenon_lines_end(tenon_lines_t *lines) {
    tenon_status_t status = TENON_OK;
    if (lines->text.failed) {
        status = TENON_RESOURCE_EXHAUSTED;
    } else if (lines->row_count > 0) {
        tenon_bytes_t bytes = tenon_bytes(tenon_text_str(&lines->text));
        status = lines->records->ndjson(lines->records, bytes, lines->row_count);
    }
    tenon_text_free(&lines->text);
    return status;
}

/* ---- default functions ---- */

static inline tenon_status_t tenon_default_configure(
    tenon_instance_t *instance, const tenon_call_t *call, tenon_str_t configuration_json
) {
    (void)instance, (void)call, (void)configuration_json;
    return TENON_OK;
}

static inline tenon_status_t tenon_default_open(tenon_instance_t *instance, const tenon_call_t *call) {
    (void)instance, (void)call;
    return TENON_OK;
}

static inline tenon_status_t tenon_default_check(
    tenon_instance_t *instance, const tenon_call_t *call, const tenon_items_t *items
) {
    (void)instance, (void)call;
    return tenon_add_check(items, "reachable", 1, "nothing outside of the connector is needed");
}

static inline tenon_status_t tenon_default_close(tenon_instance_t *instance, const tenon_call_t *call) {
    (void)instance, (void)call;
    return TENON_OK;
}

/* For instances that own nothing but themselves. */
static inline void tenon_default_destroy(tenon_instance_t *instance) { free(instance); }

static inline tenon_status_t tenon_default_discover(
    tenon_instance_t *instance, const tenon_call_t *call, const tenon_items_t *items
) {
    (void)instance, (void)call, (void)items;
    return TENON_OK;
}

/* For streams that cannot be split. */
static inline tenon_status_t tenon_default_plan(
    tenon_instance_t *instance, const tenon_call_t *call, tenon_str_t request_json, const tenon_items_t *items
) {
    (void)instance, (void)call, (void)request_json, (void)items;
    return TENON_OK;
}

/* For readers that own nothing but themselves. */
static inline void tenon_default_close_reader(tenon_reader_t *reader) { free(reader); }

#define TENON_DEFAULT_INSTANCE \
    {tenon_default_configure, tenon_default_open, tenon_default_check, tenon_default_close, \
     tenon_default_destroy}

#ifdef __cplusplus
}
#endif
#endif
