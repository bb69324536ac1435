/* A target that takes JSON: each record is one text of the column "record", and one line of a file. */
#include <stdio.h>
#include <tenon_columns.h>
#include <tenon_simple.h>

struct tenon_instance_t {
    char *path;
};
struct tenon_writer_t {
    FILE *file;
};

static tenon_status_t configure(tenon_instance_t *instance, const tenon_call_t *call, tenon_str_t json) {
    free(instance->path);
    instance->path = tenon_json_copy(tenon_json_member(json, "path"), NULL);
    return instance->path != NULL ? TENON_OK : tenon_fail(call, TENON_INVALID_ARGUMENT, "path must be text");
}

static void destroy(tenon_instance_t *instance) {
    free(instance->path);
    free(instance);
}

static tenon_status_t open_writer(
    tenon_instance_t *instance, const tenon_call_t *call, tenon_str_t request, const struct ArrowSchema *schema,
    const tenon_output_t *state, tenon_writer_t **out_writer) {
    (void)request;
    int is_one_text = schema->n_children == 1 && strcmp(schema->children[0]->name, "record") == 0 &&
                      strcmp(schema->children[0]->format, "u") == 0;
    if (!is_one_text) { return tenon_fail(call, TENON_INVALID_ARGUMENT, "expected one text column, record"); }
    tenon_writer_t *writer = (tenon_writer_t *)calloc(1, sizeof *writer);
    if (writer == NULL) { return tenon_fail(call, TENON_RESOURCE_EXHAUSTED, "out of memory"); }
    writer->file = fopen(instance->path, "a");
    if (writer->file == NULL) {
        free(writer);
        return tenon_fail(call, TENON_NOT_FOUND, "%s cannot be opened", instance->path);
    }
    *out_writer = writer;
    return tenon_write(state, TENON_STR("{\"sequence\":0}"));
}

static tenon_status_t write_batch(
    tenon_writer_t *writer, const tenon_call_t *call, const struct ArrowArray *batch,
    const tenon_rejects_t *rejects) {
    (void)call, (void)rejects;
    for (int64_t row = 0; row < batch->length; row++) {
        tenon_str_t record = tenon_bytes_at(batch->children[0], row);
        fprintf(writer->file, "%.*s\n", (int)record.size, record.data);
    }
    return TENON_OK;
}

static tenon_status_t commit(tenon_writer_t *writer, const tenon_call_t *call, uint64_t sequence) {
    (void)sequence;
    return fflush(writer->file) == 0 ? TENON_OK : tenon_fail(call, TENON_RESOURCE_EXHAUSTED, "not written");
}

static tenon_status_t give_up(tenon_writer_t *writer, const tenon_call_t *call) {
    (void)writer, (void)call;
    return TENON_OK;
}

static void close_writer(tenon_writer_t *writer) {
    fclose(writer->file);
    free(writer);
}

static const tenon_instance_v1_t life = {
    configure, tenon_default_open, tenon_default_check, tenon_default_close, destroy};
static const tenon_target_v1_t target = {open_writer, write_batch, commit, give_up, close_writer};
static const tenon_capability_t capabilities[] = {
    {TENON_INSTANCE_V1, &life}, {TENON_TARGET_V1, &target}, {NULL, NULL}};

TENON_CONNECTOR(TENON_THREADING_PER_HANDLE, capabilities)
