/* The targets of misbehave, by the stream that is written: "good" counts and forgets, the others break a
 * rule. */
#ifndef MISBEHAVE_TARGET_H
#define MISBEHAVE_TARGET_H

struct tenon_writer_t {
    char *stream;
    uint64_t sequence;
};

static tenon_status_t open_writer(
    tenon_instance_t *instance, const tenon_call_t *call, tenon_str_t request,
    const struct ArrowSchema *schema, const tenon_output_t *state, tenon_writer_t **out_writer
) {
    (void)instance, (void)schema;
    tenon_writer_t *writer = calloc(1, sizeof *writer);
    if (writer == NULL) { return tenon_fail(call, TENON_RESOURCE_EXHAUSTED, "out of memory"); }
    writer->stream = tenon_json_copy(tenon_json_member(request, "stream"), NULL);
    if (writer->stream == NULL) {
        free(writer);
        return tenon_fail(call, TENON_INVALID_ARGUMENT, "stream is missing");
    }
    *out_writer = writer;
    return tenon_write(
        state, strcmp(writer->stream, "bad-state") == 0 ? TENON_STR("[") : TENON_STR("{\"sequence\":0}")
    );
}

static int is_target(const tenon_writer_t *writer, const char *name) {
    return strcmp(writer->stream, name) == 0;
}

static tenon_status_t write_batch(
    tenon_writer_t *writer, const tenon_call_t *call, const struct ArrowArray *batch,
    const tenon_rejects_t *rejects
) {
    if (is_target(writer, "crash-in-write")) { crash(); }
    if (is_target(writer, "hang-in-write")) { hang(); }
    if (is_target(writer, "fail-in-write")) {
        return tenon_fail(call, TENON_UNAVAILABLE, "the target went away");
    }
    if (is_target(writer, "full")) {
        return tenon_fail_unchanged(call, TENON_RESOURCE_EXHAUSTED, "the disk of the target is full");
    }
    if (is_target(writer, "reject-beyond")) {
        return rejects->add(rejects, (uint64_t)batch->length, TENON_BAD_DATA, TENON_STR("no such row"));
    }
    if (is_target(writer, "reject-odd")) {
        for (int64_t row = 1; row < batch->length; row += 2) {
            tenon_status_t status = rejects->add(
                rejects, (uint64_t)row, TENON_BAD_DATA, TENON_STR("odd rows are refused")
            );
            if (status != TENON_OK) { return status; }
        }
    }
    return TENON_OK;
}

static tenon_status_t commit(tenon_writer_t *writer, const tenon_call_t *call, uint64_t sequence) {
    if (is_target(writer, "crash-in-commit")) { crash(); }
    if (is_target(writer, "hang-in-commit")) { hang(); }
    if (is_target(writer, "fail-in-commit")) {
        return tenon_fail(call, TENON_UNAVAILABLE, "no answer to the commit");
    }
    writer->sequence = sequence;
    return TENON_OK;
}

static tenon_status_t abort_writer(tenon_writer_t *writer, const tenon_call_t *call) {
    (void)writer, (void)call;
    return TENON_OK;
}

static void close_writer(tenon_writer_t *writer) {
    free(writer->stream);
    free(writer);
}

static const tenon_target_v1_t target_table = {open_writer, write_batch, commit, abort_writer, close_writer};

#endif
