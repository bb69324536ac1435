/* The source of counter. Every value follows from the row's number, so that tests know what must arrive. */
#ifndef COUNTER_SOURCE_H
#define COUNTER_SOURCE_H

struct tenon_reader_t {
    tenon_instance_t *instance;
    int64_t row;
    int64_t end;
    int64_t checkpoint_rows;
    int64_t last_checkpoint;
    int has_schema;
    int has_all_types;
};

typedef struct {
    const char *name;
    const char *format;
    /* As `discover` says it. */
    const char *type;
    uint32_t flags;
} field_t;

static const field_t number_fields[] = {
    {"id", "l", "int64", 0},
    {"name", "u", "utf8", TENON_COLUMN_NULLABLE},
    {"value", "g", "float64", 0},
};

static const field_t type_fields[] = {
    {"bool", "b", "bool", TENON_COLUMN_NULLABLE},
    {"int8", "c", "int8", TENON_COLUMN_NULLABLE},
    {"int16", "s", "int16", TENON_COLUMN_NULLABLE},
    {"int32", "i", "int32", TENON_COLUMN_NULLABLE},
    {"int64", "l", "int64", TENON_COLUMN_NULLABLE},
    {"uint8", "C", "uint8", TENON_COLUMN_NULLABLE},
    {"uint16", "S", "uint16", TENON_COLUMN_NULLABLE},
    {"uint32", "I", "uint32", TENON_COLUMN_NULLABLE},
    {"uint64", "L", "uint64", TENON_COLUMN_NULLABLE},
    {"float32", "f", "float32", TENON_COLUMN_NULLABLE},
    {"float64", "g", "float64", TENON_COLUMN_NULLABLE},
    {"decimal", "d:18,2", "decimal128(18,2)", TENON_COLUMN_NULLABLE},
    {"utf8", "u", "utf8", TENON_COLUMN_NULLABLE},
    {"binary", "z", "binary", TENON_COLUMN_NULLABLE},
    {"date", "tdD", "date32", TENON_COLUMN_NULLABLE},
    {"time", "ttu", "time64", TENON_COLUMN_NULLABLE},
    {"instant", "tsu:UTC", "timestamp(utc)", TENON_COLUMN_NULLABLE},
    {"local", "tsu:", "timestamp", TENON_COLUMN_NULLABLE},
    {"json", "u", "json", TENON_COLUMN_NULLABLE | TENON_COLUMN_JSON},
};

#define NUMBER_FIELDS (sizeof number_fields / sizeof number_fields[0])
#define TYPE_FIELDS (sizeof type_fields / sizeof type_fields[0])

static tenon_status_t add_stream(
    const tenon_items_t *items, const char *name, const field_t *fields, size_t count
) {
    tenon_text_t item = {0};
    tenon_text_format(&item, "{\"stream\":\"%s\",\"columns\":[", name);
    for (size_t i = 0; i < count; i++) {
        tenon_text_format(
            &item, "%s{\"name\":\"%s\",\"type\":\"%s\",\"nullable\":%s}", i > 0 ? "," : "", fields[i].name,
            fields[i].type, fields[i].flags != 0 ? "true" : "false"
        );
    }
    tenon_text_add(&item, TENON_STR("]}"));
    tenon_status_t status = item.failed ? TENON_RESOURCE_EXHAUSTED : items->add(items, tenon_text_str(&item));
    tenon_text_free(&item);
    return status;
}

static tenon_status_t discover(
    tenon_instance_t *instance, const tenon_call_t *call, const tenon_items_t *items
) {
    (void)call;
    tenon_status_t status = add_stream(items, "numbers", number_fields, NUMBER_FIELDS);
    if (status != TENON_OK || instance->speaks_json) { return status; }
    return add_stream(items, "types", type_fields, TYPE_FIELDS);
}

static tenon_status_t open_reader(
    tenon_instance_t *instance, const tenon_call_t *call, tenon_str_t request, tenon_bytes_t checkpoint,
    const tenon_output_t *honoured, tenon_reader_t **out_reader
) {
    tenon_str_t stream = tenon_json_member(request, "stream");
    int has_all_types = tenon_json_equals(stream, "types");
    if (stream.size > 0 && !has_all_types && !tenon_json_equals(stream, "numbers")) {
        return tenon_fail(call, TENON_NOT_FOUND, "there is no stream %.*s", (int)stream.size, stream.data);
    }
    tenon_reader_t *reader = calloc(1, sizeof *reader);
    if (reader == NULL) { return tenon_fail(call, TENON_RESOURCE_EXHAUSTED, "out of memory"); }
    reader->instance = instance;
    reader->has_all_types = has_all_types;
    tenon_json_int64(tenon_str((const char *)checkpoint.data, (size_t)checkpoint.size), &reader->row);
    reader->last_checkpoint = reader->row;
    int64_t limit = tenon_json_int_or(request, "limit", INT64_MAX);
    reader->end = limit < instance->rows ? limit : instance->rows;
    reader->checkpoint_rows = tenon_json_int_or(request, "checkpointRows", 0);
    *out_reader = reader;
    return tenon_write(honoured, TENON_STR("{\"limit\":true}"));
}

static void add_number_row(tenon_column_t *columns, int64_t row) {
    char name[32];
    int size = snprintf(name, sizeof name, "row %lld", (long long)row);
    tenon_column_add_int64(&columns[0], row);
    if (row % 10 == 9) {
        tenon_column_add_null(&columns[1]);
    } else {
        tenon_column_add_bytes(&columns[1], name, (size_t)size);
    }
    tenon_column_add_double(&columns[2], (double)row / 2);
}

/* Row 0 has the smallest values of each type, row 1 the largest, row 2 nulls, the others something between.
 */
static void add_type_row(tenon_column_t *columns, int64_t row) {
    for (size_t i = 0; i < TYPE_FIELDS; i++) {
        tenon_column_t *column = &columns[i];
        char first = column->format[0];
        char text[32];
        if (row == 2) {
            tenon_column_add_null(column);
        } else if (first == 'b') {
            tenon_column_add_bool(column, row % 2 == 1);
        } else if (first == 'f') {
            float value = row == 0 ? -3.4e38f : row == 1 ? 3.4e38f : (float)row / 4;
            tenon_column_add_fixed(column, &value);
        } else if (first == 'g') {
            tenon_column_add_double(column, row == 0 ? -1.7e308 : row == 1 ? 1.7e308 : (double)row / 3);
        } else if (first == 'u' || first == 'z') {
            int is_json = (column->flags & TENON_COLUMN_JSON) != 0;
            int size = snprintf(
                text, sizeof text, is_json ? "{\"row\":%lld}" : "Zeile \xC3\xBC%lld", (long long)row
            );
            tenon_column_add_bytes(column, text, row == 0 && !is_json ? 0 : (size_t)size);
        } else if (first == 'd' || first == 't') {
            /* Decimals are hundredths, dates days, times and instants microseconds, from small to large. */
            int64_t units = first == 't' && column->format[1] == 't' ? row : row == 0 ? -86400 : row * 86400;
            int64_t wide[2] = {units, units < 0 ? -1 : 0};
            int32_t days = (int32_t)row - 1;
            tenon_column_add_fixed(column, column->width == 4 ? (const void *)&days : wide);
        } else {
            uint64_t bits = column->width * 8;
            int is_signed = first >= 'a';
            uint64_t largest = is_signed ? UINT64_MAX >> (65 - bits) : UINT64_MAX >> (64 - bits);
            uint64_t value = row == 0 ? (is_signed ? ~largest : 0)
                : row == 1            ? largest
                                      : (uint64_t)row & 0x7F;
            tenon_column_add_fixed(column, &value);
        }
    }
}

static tenon_status_t hand_over_columns(
    tenon_reader_t *reader, const tenon_records_t *records, int64_t stop
) {
    tenon_column_t columns[TYPE_FIELDS];
    size_t count = reader->has_all_types ? TYPE_FIELDS : NUMBER_FIELDS;
    const field_t *fields = reader->has_all_types ? type_fields : number_fields;
    for (size_t i = 0; i < count; i++) {
        tenon_column_begin(&columns[i], fields[i].name, fields[i].format, fields[i].flags);
    }
    if (!reader->has_schema) {
        struct ArrowSchema schema;
        if (!tenon_columns_schema(columns, count, &schema)) { return TENON_RESOURCE_EXHAUSTED; }
        tenon_status_t status = records->schema(records, &schema);
        if (status != TENON_OK) { return status; }
        reader->has_schema = 1;
    }
    if (reader->row == stop) { return TENON_OK; }
    for (; reader->row < stop; reader->row++) {
        if (reader->has_all_types) {
            add_type_row(columns, reader->row);
        } else {
            add_number_row(columns, reader->row);
        }
    }
    struct ArrowArray batch;
    if (!tenon_columns_export(columns, count, &batch)) { return TENON_RESOURCE_EXHAUSTED; }
    return records->arrow(records, &batch);
}

static tenon_status_t hand_over_json(tenon_reader_t *reader, const tenon_records_t *records, int64_t stop) {
    tenon_lines_t lines = tenon_lines_begin(records, SIZE_MAX);
    for (; reader->row < stop; reader->row++) {
        long long row = (long long)reader->row;
        if (row % 10 == 9) {
            tenon_lines_add(&lines, "{\"id\":%lld,\"name\":null,\"value\":%.1f}", row, (double)row / 2);
        } else {
            tenon_lines_add(
                &lines, "{\"id\":%lld,\"name\":\"row %lld\",\"value\":%.1f}", row, row, (double)row / 2
            );
        }
    }
    return tenon_lines_end(&lines);
}

/* The row before which something is to happen, where that lies in [row, stop). */
static int is_due(int64_t at, int64_t row, int64_t stop) { return at >= row && at < stop; }

static tenon_status_t next(tenon_reader_t *reader, const tenon_call_t *call, const tenon_records_t *records) {
    const tenon_instance_t *instance = reader->instance;
    int64_t stop = reader->row + instance->batch_rows;
    if (stop > reader->end) { stop = reader->end; }
    if (stop < reader->row) { stop = reader->row; }
    int fails = is_due(instance->fail_at, reader->row, stop);
    int vanishes = is_due(instance->vanish_at, reader->row, stop);
    if (fails) { stop = instance->fail_at; }
    if (vanishes) { stop = instance->vanish_at; }
    tenon_status_t status = instance->speaks_json ? hand_over_json(reader, records, stop)
                                                  : hand_over_columns(reader, records, stop);
    if (status == TENON_OK && reader->row - reader->last_checkpoint >= reader->checkpoint_rows) {
        char position[32];
        int size = snprintf(position, sizeof position, "%lld", (long long)reader->row);
        status = records->checkpoint(records, tenon_bytes(tenon_str(position, (size_t)size)));
        reader->last_checkpoint = reader->row;
    }
    if (status != TENON_OK) { return status; }
    if (vanishes) { _exit(9); }
    if (fails) {
        return tenon_fail(call, TENON_UNAVAILABLE, "the source vanished at row %lld", (long long)stop);
    }
    return reader->row >= reader->end ? TENON_END : TENON_OK;
}

static const tenon_source_v1_t source_table = {
    discover, tenon_default_plan, open_reader, next, tenon_default_close_reader
};

#endif
