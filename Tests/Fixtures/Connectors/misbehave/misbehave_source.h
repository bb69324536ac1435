/* The streams of misbehave: "good" has three rows (id int64, name utf8), "picky" has the same rows and tells of
 * others, "patient" has them late, "hollow" has columns of nulls; every other one breaks a rule. */
#ifndef MISBEHAVE_SOURCE_H
#define MISBEHAVE_SOURCE_H

#include "misbehave_streams.h"

/* What a stream does wrong. */
static const char *const stream_names[] = {
    "good",           "good-ndjson",  "bad-format",     "bad-top-level", "bad-length",
    "bad-offset",     "bad-offsets",  "bad-null-count", "bad-utf8",      "bad-buffer-count",
    "bad-children",   "bad-released", "null-buffer",    "schema-twice",  "batch-before-schema",
    "schema-changed", "mixed-kinds",  "bad-ndjson",     "bad-row-count", "huge-checkpoint",
    "huge-row",       "endless",      "nothing",        "crash-midway",  "hang-midway",
    "fail-midway",    "picky",        "bad-late",       "bad-reject",    "bad-skip",
    "hollow",         "patient",
};

struct tenon_reader_t {
    char *stream;
    int64_t round;
};

/* ---- three rows as Arrow, in one piece of memory that the release frees ---- */

typedef struct {
    struct ArrowArray children[2];
    struct ArrowArray *child_pointers[2];
    const void *top_buffers[1];
    const void *id_buffers[2];
    const void *name_buffers[3];
    int64_t ids[3];
    int32_t offsets[4];
    char names[16];
} batch_t;

typedef struct {
    struct ArrowSchema children[2];
    struct ArrowSchema *child_pointers[2];
} schema_t;

static void release_batch(struct ArrowArray *array) {
    free(array->private_data);
    array->release = NULL;
}

static void release_schema(struct ArrowSchema *schema) {
    free(schema->private_data);
    schema->release = NULL;
}

static void release_child_array(struct ArrowArray *array) { array->release = NULL; }
static void release_child_schema(struct ArrowSchema *schema) { schema->release = NULL; }

static int fill_batch(struct ArrowArray *array) {
    batch_t *batch = calloc(1, sizeof *batch);
    if (batch == NULL) { return 0; }
    memcpy(batch->ids, (int64_t[]){1, 2, 3}, sizeof batch->ids);
    memcpy(batch->offsets, (int32_t[]){0, 3, 6, 11}, sizeof batch->offsets);
    memcpy(batch->names, "onetwothree", 11);
    batch->id_buffers[1] = batch->ids;
    batch->name_buffers[1] = batch->offsets;
    batch->name_buffers[2] = batch->names;
    batch->children[0] = (struct ArrowArray){
        .length = 3, .n_buffers = 2, .buffers = batch->id_buffers, .release = release_child_array
    };
    batch->children[1] = (struct ArrowArray){
        .length = 3, .n_buffers = 3, .buffers = batch->name_buffers, .release = release_child_array
    };
    batch->child_pointers[0] = &batch->children[0];
    batch->child_pointers[1] = &batch->children[1];
    *array = (struct ArrowArray){
        .length = 3,
        .n_buffers = 1,
        .n_children = 2,
        .buffers = batch->top_buffers,
        .children = batch->child_pointers,
        .release = release_batch,
        .private_data = batch
    };
    return 1;
}

static int fill_schema(struct ArrowSchema *schema) {
    schema_t *parts = calloc(1, sizeof *parts);
    if (parts == NULL) { return 0; }
    parts->children[0] = (struct ArrowSchema){.format = "l", .name = "id", .release = release_child_schema};
    parts->children[1] = (struct ArrowSchema){
        .format = "u", .name = "name", .flags = ARROW_FLAG_NULLABLE, .release = release_child_schema
    };
    parts->child_pointers[0] = &parts->children[0];
    parts->child_pointers[1] = &parts->children[1];
    *schema = (struct ArrowSchema){
        .format = "+s",
        .name = "",
        .n_children = 2,
        .children = parts->child_pointers,
        .release = release_schema,
        .private_data = parts
    };
    return 1;
}

static int is_stream(const tenon_reader_t *reader, const char *name) {
    return strcmp(reader->stream, name) == 0;
}

static void spoil_schema(const tenon_reader_t *reader, struct ArrowSchema *schema) {
    if (is_stream(reader, "bad-format")) { schema->children[1]->format = "tiD"; }
    if (is_stream(reader, "bad-top-level")) { schema->format = "l"; }
    /* One pair: length and bytes of the key, length and bytes of the value. */
    static const char date[] = "\1\0\0\0\12\0\0\0tenon.late\6\0\0\0date32";
    if (is_stream(reader, "picky")) { schema->children[1]->metadata = date; }
    if (is_stream(reader, "bad-late")) { schema->children[0]->metadata = date; }
}

static void spoil_batch(const tenon_reader_t *reader, struct ArrowArray *array) {
    batch_t *batch = array->private_data;
    if (is_stream(reader, "bad-length")) { batch->children[0].length = 2; }
    if (is_stream(reader, "bad-offset")) { array->offset = 1; }
    if (is_stream(reader, "bad-offsets")) { batch->offsets[1] = 9; }
    if (is_stream(reader, "bad-null-count")) { batch->children[0].null_count = 2; }
    if (is_stream(reader, "bad-utf8")) { batch->names[0] = (char)0xFF; }
    if (is_stream(reader, "bad-buffer-count")) { batch->children[1].n_buffers = 2; }
    if (is_stream(reader, "bad-children")) { array->n_children = 1; }
    if (is_stream(reader, "null-buffer")) { batch->id_buffers[1] = NULL; }
    if (is_stream(reader, "bad-released")) { array->release(array); }
}

static tenon_status_t hand_over_schema(const tenon_reader_t *reader, const tenon_records_t *records) {
    struct ArrowSchema schema;
    if (!fill_schema(&schema)) { return TENON_RESOURCE_EXHAUSTED; }
    spoil_schema(reader, &schema);
    return records->schema(records, &schema);
}

static tenon_status_t hand_over_batch(const tenon_reader_t *reader, const tenon_records_t *records) {
    struct ArrowArray array;
    if (!fill_batch(&array)) { return TENON_RESOURCE_EXHAUSTED; }
    spoil_batch(reader, &array);
    return records->arrow(records, &array);
}

static tenon_status_t hand_over_lines(const tenon_records_t *records, tenon_str_t lines, uint64_t row_count) {
    return records->ndjson(records, tenon_bytes(lines), row_count);
}

/* ---- the capability ---- */

static tenon_status_t discover(
    tenon_instance_t *instance, const tenon_call_t *call, const tenon_items_t *items
) {
    (void)instance, (void)call;
    tenon_status_t status = TENON_OK;
    for (size_t i = 0; i < sizeof stream_names / sizeof stream_names[0] && status == TENON_OK; i++) {
        tenon_text_t item = {0};
        tenon_text_format(&item, "{\"stream\":\"%s\"}", stream_names[i]);
        status = item.failed ? TENON_RESOURCE_EXHAUSTED : items->add(items, tenon_text_str(&item));
        tenon_text_free(&item);
    }
    return status;
}

static tenon_status_t open_reader(
    tenon_instance_t *instance, const tenon_call_t *call, tenon_str_t request, tenon_bytes_t checkpoint,
    const tenon_output_t *honoured, tenon_reader_t **out_reader
) {
    (void)instance, (void)checkpoint, (void)honoured;
    tenon_str_t stream = tenon_json_member(request, "stream");
    for (size_t i = 0; i < sizeof stream_names / sizeof stream_names[0]; i++) {
        if (!tenon_json_equals(stream, stream_names[i])) { continue; }
        tenon_reader_t *reader = calloc(1, sizeof *reader);
        if (reader == NULL) { return tenon_fail(call, TENON_RESOURCE_EXHAUSTED, "out of memory"); }
        reader->stream = (char *)(uintptr_t)stream_names[i];
        *out_reader = reader;
        return TENON_OK;
    }
    return tenon_fail(call, TENON_NOT_FOUND, "there is no stream %.*s", (int)stream.size, stream.data);
}

static tenon_status_t next_ndjson(tenon_reader_t *reader, const tenon_records_t *records) {
    if (is_stream(reader, "bad-ndjson")) {
        return hand_over_lines(records, TENON_STR("{\"id\":1}\n[2]\nnot json\n{\"id\":4}\n"), 4);
    }
    if (is_stream(reader, "bad-row-count")) {
        return hand_over_lines(records, TENON_STR("{\"id\":1}\n{\"id\":2}\n"), 5);
    }
    if (is_stream(reader, "mixed-kinds")) {
        tenon_status_t status = hand_over_lines(records, TENON_STR("{\"id\":1}\n"), 1);
        return status == TENON_OK ? hand_over_schema(reader, records) : status;
    }
    if (is_stream(reader, "huge-row")) {
        tenon_text_t text = {0};
        tenon_text_add(&text, TENON_STR("{\"id\":\""));
        for (int i = 0; i < 80 << 10; i++) {
            static const char kilobyte[1024] = {0};
            size_t start = text.size;
            tenon_text_add(&text, tenon_str(kilobyte, sizeof kilobyte));
            if (!text.failed) { memset(text.data + start, 'x', sizeof kilobyte); }
        }
        tenon_text_add(&text, TENON_STR("\"}\n"));
        tenon_status_t status = text.failed ? TENON_RESOURCE_EXHAUSTED
                                            : hand_over_lines(records, tenon_text_str(&text), 1);
        tenon_text_free(&text);
        return status;
    }
    return hand_over_lines(records, TENON_STR("{\"id\":1,\"name\":\"one\"}\n{\"id\":2,\"name\":null}\n"), 2);
}

/* What a reader says besides its records: four left out before the batch, one rejected and one left out
 * after it. */
static tenon_status_t tell_before(const tenon_reader_t *reader, const tenon_records_t *records) {
    if (is_stream(reader, "bad-skip")) { return records->skipped(records, UINT64_MAX); }
    return is_stream(reader, "picky") ? records->skipped(records, 4) : TENON_OK;
}

static tenon_status_t tell_after(const tenon_reader_t *reader, const tenon_records_t *records) {
    if (!is_stream(reader, "picky") && !is_stream(reader, "bad-reject")) { return TENON_OK; }
    tenon_status_t status = is_stream(reader, "picky") ? TENON_BAD_DATA : TENON_OK;
    status = records->reject(records, status, TENON_STR("a.csv, line 9, column id"), TENON_STR("x,four"));
    if (status == TENON_OK) { status = records->skipped(records, 1); }
    return status == TENON_OK ? records->checkpoint(records, tenon_bytes(TENON_STR("nine"))) : status;
}

static tenon_status_t next_arrow(tenon_reader_t *reader, const tenon_records_t *records) {
    tenon_status_t status = TENON_OK;
    if (reader->round == 0 && !is_stream(reader, "batch-before-schema")) {
        status = hand_over_schema(reader, records);
    }
    if (status == TENON_OK && is_stream(reader, "schema-twice")) {
        status = hand_over_schema(reader, records);
    }
    if (status == TENON_OK) { status = tell_before(reader, records); }
    if (status == TENON_OK) { status = hand_over_batch(reader, records); }
    if (status == TENON_OK) { status = tell_after(reader, records); }
    if (status == TENON_OK && is_stream(reader, "huge-checkpoint")) {
        static const uint8_t position[TENON_MAX_CHECKPOINT_BYTES + 1];
        status = records->checkpoint(records, (tenon_bytes_t){position, sizeof position});
    }
    return status;
}

static tenon_status_t next(tenon_reader_t *reader, const tenon_call_t *call, const tenon_records_t *records) {
    static const char *const lines[] = {
        "good-ndjson", "bad-ndjson", "bad-row-count", "mixed-kinds", "huge-row"
    };
    if (is_stream(reader, "nothing")) { return TENON_OK; }
    if (is_stream(reader, "hollow")) { return next_hollow(reader->round++, records); }
    if (is_stream(reader, "patient") && reader->round == 0) {
        tenon_status_t status = wait_for_cancel(call);
        if (status != TENON_OK) { return status; }
    }
    if (is_stream(reader, "picky")) {
        call->progress(call, (uint64_t)reader->round * 10 + 10, 20, TENON_STR(""));
    }
    if (reader->round == 1) {
        if (is_stream(reader, "crash-midway")) { crash(); }
        if (is_stream(reader, "hang-midway")) { hang(); }
        if (is_stream(reader, "schema-changed")) {
            return tenon_fail(call, TENON_SCHEMA_CHANGED, "another schema");
        }
        if (is_stream(reader, "fail-midway")) {
            return tenon_fail(call, TENON_UNAVAILABLE, "the source went away");
        }
        if (!is_stream(reader, "endless")) { return TENON_END; }
    }
    int speaks_json = 0;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        speaks_json |= is_stream(reader, lines[i]);
    }
    tenon_status_t status = speaks_json ? next_ndjson(reader, records) : next_arrow(reader, records);
    reader->round++;
    return status;
}

static const tenon_source_v1_t source_table = {
    discover, tenon_default_plan, open_reader, next, tenon_default_close_reader
};

#endif
