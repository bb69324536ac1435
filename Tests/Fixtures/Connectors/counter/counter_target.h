/* The target of counter: a file for each job and stream, replaced as a whole at each commit. */
#ifndef COUNTER_TARGET_H
#define COUNTER_TARGET_H

#define MAX_COLUMNS 64

typedef struct {
    uint64_t sequence;
    int64_t rows;
    /* Of all int64 values, modulo 2^64. */
    int64_t sum;
} tally_t;

struct tenon_writer_t {
    char *file;
    tally_t stored;
    tally_t pending;
    int replaces;
    size_t column_count;
    char is_int64[MAX_COLUMNS];
};

/* "<path>/<job>.<stream>.json" with all but letters and digits replaced; NULL where something is missing. */
static char *tally_file(const tenon_instance_t *instance, tenon_str_t request) {
    char *job = tenon_json_copy(tenon_json_member(request, "job"), NULL);
    char *stream = tenon_json_copy(tenon_json_member(request, "stream"), NULL);
    tenon_text_t file = {0};
    if (instance->path != NULL && job != NULL && stream != NULL) {
        tenon_text_format(&file, "%s/", instance->path);
        size_t start = file.size;
        tenon_text_format(&file, "%s.%s", job, stream);
        for (size_t i = start; i < file.size; i++) {
            char c = file.data[i];
            int is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
                || c == '.';
            if (!is_plain) { file.data[i] = '-'; }
        }
        tenon_text_add(&file, tenon_str(".json", 6));
        if (file.failed) { tenon_text_free(&file); }
    }
    free(job);
    free(stream);
    return file.data;
}

static void read_tally(const char *file, tally_t *tally) {
    char text[256];
    memset(tally, 0, sizeof *tally);
    int descriptor = open(file, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) { return; }
    ssize_t size = read(descriptor, text, sizeof text);
    close(descriptor);
    if (size <= 0) { return; }
    tenon_str_t object = tenon_json_value(tenon_str(text, (size_t)size));
    tally->sequence = (uint64_t)tenon_json_int_or(object, "sequence", 0);
    tally->rows = tenon_json_int_or(object, "rows", 0);
    tally->sum = tenon_json_int_or(object, "sum", 0);
}

static void format_tally(const tally_t *tally, tenon_text_t *text) {
    tenon_text_format(
        text, "{\"sequence\":%llu,\"rows\":%lld,\"sum\":%lld}", (unsigned long long)tally->sequence,
        (long long)tally->rows, (long long)tally->sum
    );
}

/* 1 once the file has the new tally for good. */
static int write_tally(const char *file, const tally_t *tally) {
    tenon_text_t text = {0}, draft = {0};
    format_tally(tally, &text);
    tenon_text_format(&draft, "%s.draft", file);
    if (text.failed || draft.failed) { return 0; }
    int descriptor = open(draft.data, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    int is_stored = descriptor >= 0 && write(descriptor, text.data, text.size) == (ssize_t)text.size
        && fdatasync(descriptor) == 0;
    if (descriptor >= 0) { close(descriptor); }
    is_stored = is_stored && rename(draft.data, file) == 0;
    tenon_text_free(&text);
    tenon_text_free(&draft);
    return is_stored;
}

static tenon_status_t open_writer(
    tenon_instance_t *instance, const tenon_call_t *call, tenon_str_t request,
    const struct ArrowSchema *schema, const tenon_output_t *state, tenon_writer_t **out_writer
) {
    tenon_writer_t *writer = calloc(1, sizeof *writer);
    if (writer == NULL) { return tenon_fail(call, TENON_RESOURCE_EXHAUSTED, "out of memory"); }
    writer->file = tally_file(instance, request);
    if (writer->file == NULL || schema->n_children > MAX_COLUMNS) {
        free(writer->file);
        free(writer);
        return tenon_fail(
            call, TENON_INVALID_ARGUMENT, "path, job, stream and at most 64 columns are needed"
        );
    }
    read_tally(writer->file, &writer->stored);
    writer->replaces = writer->stored.sequence == 0
        && tenon_json_equals(tenon_json_member(request, "mode"), "overwrite");
    writer->column_count = (size_t)schema->n_children;
    for (size_t i = 0; i < writer->column_count; i++) {
        writer->is_int64[i] = strcmp(schema->children[i]->format, "l") == 0;
    }
    *out_writer = writer;
    tenon_text_t answer = {0};
    tenon_text_format(&answer, "{\"sequence\":%llu}", (unsigned long long)writer->stored.sequence);
    return tenon_write_text(state, &answer);
}

static tenon_status_t write_batch(
    tenon_writer_t *writer, const tenon_call_t *call, const struct ArrowArray *batch,
    const tenon_rejects_t *rejects
) {
    (void)call, (void)rejects;
    writer->pending.rows += batch->length;
    for (size_t i = 0; i < writer->column_count; i++) {
        const struct ArrowArray *column = batch->children[i];
        if (!writer->is_int64[i]) { continue; }
        for (int64_t row = 0; row < batch->length; row++) {
            if (tenon_is_null(column, row)) { continue; }
            uint64_t value = (uint64_t)tenon_integer_at(column, row, "l");
            writer->pending.sum = (int64_t)((uint64_t)writer->pending.sum + value);
        }
    }
    return TENON_OK;
}

static tenon_status_t commit(tenon_writer_t *writer, const tenon_call_t *call, uint64_t sequence) {
    tally_t base = writer->stored;
    if (sequence > base.sequence) {
        if (writer->replaces) { memset(&base, 0, sizeof base); }
        base.rows += writer->pending.rows;
        base.sum = (int64_t)((uint64_t)base.sum + (uint64_t)writer->pending.sum);
        base.sequence = sequence;
        if (!write_tally(writer->file, &base)) {
            return tenon_fail(
                call, TENON_RESOURCE_EXHAUSTED, "cannot write %s: %s", writer->file, strerror(errno)
            );
        }
        writer->stored = base;
        writer->replaces = 0;
    }
    memset(&writer->pending, 0, sizeof writer->pending);
    return TENON_OK;
}

static tenon_status_t abort_writer(tenon_writer_t *writer, const tenon_call_t *call) {
    (void)call;
    memset(&writer->pending, 0, sizeof writer->pending);
    return TENON_OK;
}

static void close_writer(tenon_writer_t *writer) {
    free(writer->file);
    free(writer);
}

static const tenon_target_v1_t target_table = {open_writer, write_batch, commit, abort_writer, close_writer};

#endif
