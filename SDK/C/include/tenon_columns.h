/* Arrow batches made and read value by value, header-only. For sources and targets in C that want the speed
 * of columns without an Arrow library.
 *
 *     tenon_column_t columns[2];
 *     tenon_column_begin(&columns[0], "id", "l", 0);
 *     tenon_column_begin(&columns[1], "name", "u", TENON_COLUMN_NULLABLE);
 *     tenon_column_add_int64(&columns[0], 7);
 *     tenon_column_add_bytes(&columns[1], "seven", 5);
 *     struct ArrowArray batch;
 *     if (tenon_columns_export(columns, 2, &batch)) { status = records->arrow(records, &batch); }
 *
 * An export takes the values away and leaves the columns empty, ready for the next batch. Supported formats:
 * "b" bool, "c" "s" "i" "l" and "C" "S" "I" "L" integers, "f" "g" floats, "tdD" date32, "ttu" time64, "tsu:"
 * timestamps, "d:p,s" decimal128, "u" utf8, "z" binary.
 */
#ifndef TENON_COLUMNS_H
#define TENON_COLUMNS_H

#include "tenon/arrow.h"
#include "tenon_json.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TENON_COLUMN_NULLABLE 1u
/* utf8 that holds one JSON text a value: the extension type arrow.json. */
#define TENON_COLUMN_JSON 2u

/* ---- making ---- */

/* The values of one column while they are gathered. `name` and `format` must outlive it. */
typedef struct tenon_column_t {
    const char *name;
    const char *format;
    /* Bytes a value; 0 for bits; offsets for text and binary. */
    size_t width;
    uint32_t flags;
    uint32_t is_variable;
    int64_t row_count;
    int64_t null_count;
    tenon_text_t validity;
    /* Fixed values, bits, or the offsets into `data`. */
    tenon_text_t values;
    tenon_text_t data;
} tenon_column_t;

/* The bytes of one value of a format, 0 for bool, 4 (an offset) for text and binary. */
static inline size_t tenon_format_width(const char *format) {
    switch (format[0]) {
    case 'b': return 0;
    case 'c':
    case 'C': return 1;
    case 's':
    case 'S': return 2;
    case 'd': return 16;
    case 't': return format[1] == 'd' ? 4 : 8;
    case 'l':
    case 'L':
    case 'g': return 8;
    default: return 4;
    }
}

static inline void tenon_column_begin(
    tenon_column_t *column, const char *name, const char *format, uint32_t flags
) {
    memset(column, 0, sizeof *column);
    column->name = name;
    column->format = format;
    column->flags = flags;
    column->width = tenon_format_width(format);
    column->is_variable = format[0] == 'u' || format[0] == 'z';
}

static inline void tenon_column_free(tenon_column_t *column) {
    tenon_text_free(&column->validity);
    tenon_text_free(&column->values);
    tenon_text_free(&column->data);
    column->row_count = 0;
    column->null_count = 0;
}

/* The bytes gathered so far, about. */
static inline size_t tenon_column_size(const tenon_column_t *column) {
    return column->values.size + column->data.size + column->validity.size;
}

static inline int tenon_column_failed(const tenon_column_t *column) {
    return (column->validity.failed | column->values.failed | column->data.failed) != 0;
}

static inline void tenon_bits_set(tenon_text_t *bits, int64_t index, int is_set) {
    size_t byte = (size_t)(index >> 3);
    while (bits->size <= byte) {
        if (!tenon_text_reserve(bits, 1)) { return; }
        bits->data[bits->size++] = 0;
    }
    if (is_set) { bits->data[byte] = (char)(bits->data[byte] | (1 << (index & 7))); }
}

/* Validity is only kept once there was a null: all rows before it are valid. */
static inline void tenon_column_set_validity(tenon_column_t *column, int is_valid) {
    if (column->null_count == 0) {
        if (is_valid) { return; }
        for (int64_t row = 0; row < column->row_count; row++) { tenon_bits_set(&column->validity, row, 1); }
    }
    tenon_bits_set(&column->validity, column->row_count, is_valid);
    if (!is_valid) { column->null_count++; }
}

static inline void tenon_column_add_offset(tenon_column_t *column) {
    if (column->data.size > INT32_MAX) {
        column->data.failed = 1;
        return;
    }
    int32_t offset = (int32_t)column->data.size;
    if (tenon_text_reserve(&column->values, sizeof offset)) {
        memcpy(column->values.data + column->values.size, &offset, sizeof offset);
        column->values.size += sizeof offset;
    }
}

static inline void tenon_column_add_bool(tenon_column_t *column, int value) {
    tenon_column_set_validity(column, 1);
    tenon_bits_set(&column->values, column->row_count, value);
    column->row_count++;
}

/* Adds a value of the column's width: any integer, float, date, time, decimal. */
static inline void tenon_column_add_fixed(tenon_column_t *column, const void *value) {
    tenon_column_set_validity(column, 1);
    if (tenon_text_reserve(&column->values, column->width)) {
        memcpy(column->values.data + column->values.size, value, column->width);
        column->values.size += column->width;
    }
    column->row_count++;
}

/* For columns of format "l", and others of 8 bytes that hold an integer. */
static inline void tenon_column_add_int64(tenon_column_t *column, int64_t value) {
    tenon_column_add_fixed(column, &value);
}

/* For columns of format "g". */
static inline void tenon_column_add_double(tenon_column_t *column, double value) {
    tenon_column_add_fixed(column, &value);
}

/* Adds text or binary. */
static inline void tenon_column_add_bytes(tenon_column_t *column, const void *data, size_t size) {
    tenon_column_set_validity(column, 1);
    if (column->row_count == 0) { tenon_column_add_offset(column); }
    tenon_text_add(&column->data, tenon_str((const char *)data, size));
    tenon_column_add_offset(column);
    column->row_count++;
}

static inline void tenon_column_add_null(tenon_column_t *column) {
    tenon_column_set_validity(column, 0);
    if (column->is_variable) {
        if (column->row_count == 0) { tenon_column_add_offset(column); }
        tenon_column_add_offset(column);
    } else if (column->width == 0) {
        tenon_bits_set(&column->values, column->row_count, 0);
    } else if (tenon_text_reserve(&column->values, column->width)) {
        memset(column->values.data + column->values.size, 0, column->width);
        column->values.size += column->width;
    }
    column->row_count++;
}

/* ---- handing over ---- */

/* What a column's array owns. */
typedef struct tenon_column_buffers_t {
    const void *buffers[3];
} tenon_column_buffers_t;

static inline void tenon_release_column(struct ArrowArray *array) {
    for (int64_t i = 0; i < array->n_buffers; i++) { free((void *)(uintptr_t)array->buffers[i]); }
    free(array->private_data);
    array->release = NULL;
}

/* Children may have been moved out: those are released by whoever took them. */
static inline void tenon_release_batch(struct ArrowArray *array) {
    for (int64_t i = 0; i < array->n_children; i++) {
        if (array->children[i]->release != NULL) { array->children[i]->release(array->children[i]); }
    }
    free(array->private_data);
    array->release = NULL;
}

/* Moves the values of a column into an array; 0 where memory is short. */
static inline int tenon_column_export(tenon_column_t *column, struct ArrowArray *array) {
    tenon_column_buffers_t *owned = (tenon_column_buffers_t *)calloc(1, sizeof *owned);
    if (column->is_variable && column->row_count == 0) { tenon_column_add_offset(column); }
    /* Buffers that are empty still have an address. */
    tenon_text_reserve(&column->values, 1);
    if (column->is_variable) { tenon_text_reserve(&column->data, 1); }
    if (owned == NULL || tenon_column_failed(column)) {
        free(owned);
        return 0;
    }
    memset(array, 0, sizeof *array);
    owned->buffers[0] = column->validity.data;
    owned->buffers[1] = column->values.data;
    owned->buffers[2] = column->data.data;
    array->length = column->row_count;
    array->null_count = column->null_count;
    array->n_buffers = column->is_variable ? 3 : 2;
    array->buffers = owned->buffers;
    array->private_data = owned;
    array->release = tenon_release_column;
    memset(&column->validity, 0, sizeof column->validity);
    memset(&column->values, 0, sizeof column->values);
    memset(&column->data, 0, sizeof column->data);
    column->row_count = 0;
    column->null_count = 0;
    return 1;
}

/* Moves all columns, which have the same number of rows, into one batch. 0 where memory is short: the columns
 * are then empty and nothing was made. */
static inline int tenon_columns_export(tenon_column_t *columns, size_t count, struct ArrowArray *batch) {
    size_t head = 2 * sizeof(void *);
    char *block = (char *)calloc(1, head + count * (sizeof(struct ArrowArray) + sizeof(struct ArrowArray *)));
    if (block == NULL) {
        for (size_t i = 0; i < count; i++) { tenon_column_free(&columns[i]); }
        return 0;
    }
    struct ArrowArray **pointers = (struct ArrowArray **)(void *)(block + head);
    struct ArrowArray *children = (struct ArrowArray *)(void *)(pointers + count);
    memset(batch, 0, sizeof *batch);
    batch->length = count > 0 ? columns[0].row_count : 0;
    batch->n_buffers = 1;
    batch->buffers = (const void **)(void *)block; /* the validity that a batch never has */
    batch->children = pointers;
    batch->private_data = block;
    batch->release = tenon_release_batch;
    for (size_t i = 0; i < count; i++) {
        pointers[i] = &children[i];
        batch->n_children++;
        if (tenon_column_export(&columns[i], &children[i])) { continue; }
        tenon_release_batch(batch);
        for (size_t rest = i; rest < count; rest++) { tenon_column_free(&columns[rest]); }
        return 0;
    }
    return 1;
}

static inline void tenon_release_field(struct ArrowSchema *schema) {
    free(schema->private_data);
    schema->release = NULL;
}

static inline void tenon_release_schema(struct ArrowSchema *schema) {
    for (int64_t i = 0; i < schema->n_children; i++) {
        if (schema->children[i]->release != NULL) { schema->children[i]->release(schema->children[i]); }
    }
    free(schema->private_data);
    schema->release = NULL;
}

/* Key-value metadata of one entry as Arrow lays it out: that the column is JSON. */
static inline const char *tenon_json_extension(void) {
    return "\x01\0\0\0\x14\0\0\0ARROW:extension:name\x0a\0\0\0arrow.json";
}
#define TENON_JSON_EXTENSION_BYTES 42u

static inline int tenon_field_export(const tenon_column_t *column, struct ArrowSchema *schema) {
    size_t name_size = strlen(column->name) + 1;
    size_t format_size = strlen(column->format) + 1;
    char *block = (char *)malloc(name_size + format_size + TENON_JSON_EXTENSION_BYTES);
    if (block == NULL) { return 0; }
    memset(schema, 0, sizeof *schema);
    memcpy(block, column->name, name_size);
    memcpy(block + name_size, column->format, format_size);
    schema->name = block;
    schema->format = block + name_size;
    if ((column->flags & TENON_COLUMN_JSON) != 0) {
        char *metadata = block + name_size + format_size;
        memcpy(metadata, tenon_json_extension(), TENON_JSON_EXTENSION_BYTES);
        schema->metadata = metadata;
    }
    schema->flags = (column->flags & TENON_COLUMN_NULLABLE) != 0 ? ARROW_FLAG_NULLABLE : 0;
    schema->private_data = block;
    schema->release = tenon_release_field;
    return 1;
}

/* Describes the columns; 0 where memory is short. */
static inline int tenon_columns_schema(
    const tenon_column_t *columns, size_t count, struct ArrowSchema *schema
) {
    char *block = (char *)calloc(1, 8 + count * (sizeof(struct ArrowSchema) + sizeof(struct ArrowSchema *)));
    if (block == NULL) { return 0; }
    struct ArrowSchema **pointers = (struct ArrowSchema **)(void *)block;
    struct ArrowSchema *children = (struct ArrowSchema *)(void *)(pointers + count);
    memset(schema, 0, sizeof *schema);
    schema->format = "+s";
    schema->name = "";
    schema->children = pointers;
    schema->private_data = block;
    schema->release = tenon_release_schema;
    for (size_t i = 0; i < count; i++) {
        pointers[i] = &children[i];
        schema->n_children++;
        if (!tenon_field_export(&columns[i], &children[i])) {
            tenon_release_schema(schema);
            return 0;
        }
    }
    return 1;
}

/* ---- reading ---- */

/* All values of a column of type null are, and it has no buffers. */
static inline int tenon_is_null(const struct ArrowArray *column, int64_t row) {
    if (column->n_buffers == 0) { return 1; }
    const uint8_t *validity = (const uint8_t *)column->buffers[0];
    int64_t index = column->offset + row;
    return validity != NULL && ((validity[index >> 3] >> (index & 7)) & 1) == 0;
}

static inline int tenon_bool_at(const struct ArrowArray *column, int64_t row) {
    const uint8_t *bits = (const uint8_t *)column->buffers[1];
    int64_t index = column->offset + row;
    return (bits[index >> 3] >> (index & 7)) & 1;
}

/* The value of a fixed width at `row`. */
static inline const void *tenon_value_at(const struct ArrowArray *column, int64_t row, size_t width) {
    return (const char *)column->buffers[1] + (size_t)(column->offset + row) * width;
}

/* The bytes of a text or binary value. */
static inline tenon_str_t tenon_bytes_at(const struct ArrowArray *column, int64_t row) {
    const int32_t *offsets = (const int32_t *)column->buffers[1] + column->offset + row;
    return tenon_str((const char *)column->buffers[2] + offsets[0], (size_t)(offsets[1] - offsets[0]));
}

/* An integer of any width and sign; uint64 beyond int64 keeps its bits. `format` is the column's. */
static inline int64_t tenon_integer_at(const struct ArrowArray *column, int64_t row, const char *format) {
    const void *value = tenon_value_at(column, row, tenon_format_width(format));
    switch (format[0]) {
    case 'c': return *(const int8_t *)value;
    case 'C': return *(const uint8_t *)value;
    case 's': return *(const int16_t *)value;
    case 'S': return *(const uint16_t *)value;
    case 'I': return *(const uint32_t *)value;
    case 'l':
    case 'L': return *(const int64_t *)value;
    case 't': return format[1] == 'd' ? *(const int32_t *)value : *(const int64_t *)value;
    default: return *(const int32_t *)value;
    }
}

/* 1 for a utf8 column whose values are JSON texts. */
static inline int tenon_field_is_json(const struct ArrowSchema *field) {
    const char *p = field->metadata;
    int32_t count = 0;
    if (p == NULL) { return 0; }
    memcpy(&count, p, sizeof count);
    p += sizeof count;
    for (; count > 0; count--) {
        int32_t key_size, value_size;
        memcpy(&key_size, p, sizeof key_size);
        const char *key = p + sizeof key_size;
        memcpy(&value_size, key + key_size, sizeof value_size);
        const char *value = key + key_size + sizeof value_size;
        if (tenon_str_equals(tenon_str(key, (size_t)key_size), "ARROW:extension:name")) {
            return tenon_str_equals(tenon_str(value, (size_t)value_size), "arrow.json");
        }
        p = value + value_size;
    }
    return 0;
}

#ifdef __cplusplus
}
#endif
#endif
