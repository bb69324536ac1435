/* Streams of misbehave that break no rule: one of many columns that hold nothing, and one that takes its time. */
#ifndef MISBEHAVE_STREAMS_H
#define MISBEHAVE_STREAMS_H

enum { HOLLOW_COLUMNS = 1000, HOLLOW_BATCHES = 300, PATIENT_MS = 500 };

static void release_hollow_batch(struct ArrowArray *array) {
    free(array->children);
    free(array->private_data);
    array->release = NULL;
}

static void release_hollow_schema(struct ArrowSchema *schema) {
    free(schema->children);
    free(schema->private_data);
    schema->release = NULL;
}

static void release_hollow_child(struct ArrowArray *array) { array->release = NULL; }
static void release_hollow_field(struct ArrowSchema *schema) { schema->release = NULL; }

static tenon_status_t hand_over_hollow_schema(const tenon_records_t *records) {
    static char names[HOLLOW_COLUMNS][8];
    struct ArrowSchema *fields = calloc(HOLLOW_COLUMNS, sizeof *fields);
    struct ArrowSchema **pointers = calloc(HOLLOW_COLUMNS, sizeof *pointers);
    if (fields == NULL || pointers == NULL) { abort(); }
    for (int i = 0; i < HOLLOW_COLUMNS; i++) {
        snprintf(names[i], sizeof names[i], "n%d", i);
        fields[i] = (struct ArrowSchema){
            .format = "n", .name = names[i], .flags = ARROW_FLAG_NULLABLE, .release = release_hollow_field
        };
        pointers[i] = &fields[i];
    }
    struct ArrowSchema schema = {
        .format = "+s",
        .name = "",
        .n_children = HOLLOW_COLUMNS,
        .children = pointers,
        .release = release_hollow_schema,
        .private_data = fields
    };
    return records->schema(records, &schema);
}

/* One row of nulls only: no column has a buffer. */
static tenon_status_t hand_over_hollow_batch(const tenon_records_t *records) {
    static const void *no_validity[1];
    struct ArrowArray *columns = calloc(HOLLOW_COLUMNS, sizeof *columns);
    struct ArrowArray **pointers = calloc(HOLLOW_COLUMNS, sizeof *pointers);
    if (columns == NULL || pointers == NULL) { abort(); }
    for (int i = 0; i < HOLLOW_COLUMNS; i++) {
        columns[i] = (struct ArrowArray){.length = 1, .null_count = 1, .release = release_hollow_child};
        pointers[i] = &columns[i];
    }
    struct ArrowArray batch = {
        .length = 1,
        .n_buffers = 1,
        .n_children = HOLLOW_COLUMNS,
        .buffers = no_validity,
        .children = pointers,
        .release = release_hollow_batch,
        .private_data = columns
    };
    return records->arrow(records, &batch);
}

static tenon_status_t next_hollow(int64_t round, const tenon_records_t *records) {
    if (round >= HOLLOW_BATCHES) { return TENON_END; }
    tenon_status_t status = round == 0 ? hand_over_hollow_schema(records) : TENON_OK;
    return status == TENON_OK ? hand_over_hollow_batch(records) : status;
}

/* Waits half a second for a cancel before it goes on. */
static tenon_status_t wait_for_cancel(const tenon_call_t *call) {
    for (int i = 0; i < PATIENT_MS; i++) {
        if (call->is_cancelled(call)) { return tenon_fail_unchanged(call, TENON_CANCELLED, "cancelled"); }
        usleep(1000);
    }
    return TENON_OK;
}

#endif
