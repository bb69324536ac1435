/* Reads a stream: the elements of a JSON array, cut out of the answer while it arrives. A position is the
 * number of elements that were handed out; a resumed reader asks again and passes over that many. */
#define _POSIX_C_SOURCE 200809L

#include "http.h"
#include "splitter.h"

#define DEFAULT_BATCH_BYTES (256 << 10)
#define WAIT_MS 1000
/* How long rows that are there wait for more. */
#define GATHER_MS 50

struct tenon_reader_t {
    tenon_instance_t *instance;
    transfer_t *transfer;
    splitter_t splitter;
    exchange_t exchange;
    char *url;
    char *records_path;
    struct curl_slist *headers;
    int64_t batch_bytes;
    int64_t checkpoint_rows;
    int64_t position;
    int64_t last_checkpoint;
    int64_t wanted_count;
    int redirect_count;
    int is_foreign;
};

static tenon_status_t discover(
    tenon_instance_t *instance, const tenon_call_t *call, const tenon_items_t *items
) {
    const configuration_t *configuration = &instance->configuration;
    tenon_status_t status = TENON_OK;
    (void)call;
    for (size_t i = 0; i < configuration->stream_count && status == TENON_OK; i++) {
        tenon_text_t item = {0};
        tenon_text_add(&item, TENON_STR("{\"stream\":"));
        tenon_text_add_json(&item, tenon_str_of(configuration->streams[i].name));
        tenon_text_add(&item, TENON_STR("}"));
        status = item.failed ? TENON_RESOURCE_EXHAUSTED : items->add(items, tenon_text_str(&item));
        tenon_text_free(&item);
    }
    return status;
}

static void close_reader(tenon_reader_t *reader) {
    if (reader->transfer != NULL) {
        reader->transfer->consume = NULL;
        instance_return_transfer(reader->instance, reader->transfer);
    }
    splitter_free(&reader->splitter);
    curl_slist_free_all(reader->headers);
    free(reader->url);
    free(reader->records_path);
    free(reader);
}

static const stream_t *find_stream(const configuration_t *configuration, const char *name) {
    for (size_t i = 0; i < configuration->stream_count; i++) {
        if (strcmp(configuration->streams[i].name, name) == 0) { return &configuration->streams[i]; }
    }
    return NULL;
}

static tenon_status_t fail_no_stream(
    const configuration_t *configuration, const tenon_call_t *call, const char *name
) {
    tenon_text_t list = {0};
    for (size_t i = 0; i < configuration->stream_count && list.size < 500; i++) {
        tenon_text_format(&list, "%s%s", i > 0 ? ", " : "; there are ", configuration->streams[i].name);
    }
    tenon_status_t status = name != NULL
        ? tenon_fail_unchanged(
              call, TENON_NOT_FOUND, "there is no stream %s%.*s; a path such as /items also serves", name,
              (int)list.size, list.size > 0 ? list.data : ""
          )
        : tenon_fail_unchanged(
              call, TENON_INVALID_ARGUMENT, "say which stream to read, or set defaultStream%.*s",
              (int)list.size, list.size > 0 ? list.data : ""
          );
    tenon_text_free(&list);
    return status;
}

static tenon_status_t choose_stream(tenon_reader_t *reader, const tenon_call_t *call, tenon_str_t request) {
    const configuration_t *configuration = &reader->instance->configuration;
    char *wanted = tenon_json_copy(tenon_json_member(request, "stream"), NULL);
    const char *name = wanted != NULL ? wanted : configuration->default_stream;
    if (name == NULL && configuration->stream_count == 1) { name = configuration->streams[0].name; }
    const stream_t *stream = name != NULL ? find_stream(configuration, name) : NULL;
    const char *endpoint = stream != NULL ? stream->endpoint : name != NULL && name[0] == '/' ? name : NULL;
    const char *path = stream != NULL && stream->records_path != NULL ? stream->records_path
                                                                      : configuration->records_path;
    tenon_status_t status = TENON_OK;
    if (endpoint == NULL) {
        status = fail_no_stream(configuration, call, name);
    } else if (url_leaves(configuration->base_url, tenon_str_of(endpoint))) {
        status = tenon_fail_unchanged(
            call, TENON_INVALID_ARGUMENT, "the endpoint of %s must be a path below baseUrl", name
        );
    } else {
        reader->url = url_join(configuration->base_url, tenon_str_of(endpoint), tenon_str(NULL, 0));
        reader->records_path = strdup(path != NULL ? path : "");
        int is_path = reader->records_path != NULL && splitter_begin(&reader->splitter, reader->records_path);
        if (reader->url == NULL || !is_path) {
            status = tenon_fail_unchanged(
                call, TENON_INVALID_ARGUMENT, "the endpoint or recordsPath is too long"
            );
        }
    }
    free(wanted);
    return status;
}

static int consume(void *context, const char *data, size_t size) {
    return splitter_add(&((tenon_reader_t *)context)->splitter, data, size);
}

static int start(tenon_reader_t *reader) {
    const configuration_t *configuration = &reader->instance->configuration;
    reader->transfer->consume = consume;
    reader->transfer->context = reader;
    return transfer_start(reader->transfer, configuration, &reader->exchange, reader->is_foreign);
}

static tenon_status_t open_reader(
    tenon_instance_t *instance, const tenon_call_t *call, tenon_str_t request, tenon_bytes_t checkpoint,
    const tenon_output_t *honoured, tenon_reader_t **out_reader
) {
    tenon_str_t position = tenon_json_value(
        tenon_str((const char *)checkpoint.data, (size_t)checkpoint.size)
    );
    tenon_reader_t *reader = calloc(1, sizeof *reader);
    if (reader == NULL) { return tenon_fail(call, TENON_RESOURCE_EXHAUSTED, "out of memory"); }
    reader->instance = instance;
    reader->batch_bytes = tenon_json_int_or(request, "batchBytes", DEFAULT_BATCH_BYTES);
    reader->checkpoint_rows = tenon_json_int_or(request, "checkpointRows", 1);
    reader->wanted_count = tenon_json_int_or(request, "limit", INT64_MAX);
    reader->position = tenon_json_int_or(position, "records", 0);
    reader->last_checkpoint = reader->position;
    tenon_status_t status = choose_stream(reader, call, request);
    reader->splitter.skip_count = reader->position;
    reader->splitter.wanted_count = reader->wanted_count - reader->position;
    if (reader->splitter.wanted_count < 0) { reader->splitter.wanted_count = 0; }
    reader->exchange.method = "GET";
    reader->exchange.url = reader->url;
    reader->exchange.is_stream = 1;
    reader->exchange.timeout_ms = instance->configuration.timeout_ms;
    reader->exchange.max_body_bytes = instance->configuration.max_response_bytes;
    if (status == TENON_OK) {
        int is_ready = header_append_call(&reader->headers, call, &instance->configuration, "GET")
            && (reader->transfer = instance_take_transfer(instance)) != NULL;
        reader->exchange.headers = reader->headers;
        if (!is_ready || !start(reader)) {
            status = tenon_fail(call, TENON_RESOURCE_EXHAUSTED, "out of memory");
        }
    }
    if (status == TENON_OK) {
        status = tenon_write(honoured, TENON_STR("{\"filter\":\"none\",\"limit\":true}"));
    }
    if (status != TENON_OK) {
        close_reader(reader);
        return status;
    }
    *out_reader = reader;
    return TENON_OK;
}

/* Goes where the answer points, without credentials where that is another server. */
static int follow(tenon_reader_t *reader, const char *target) {
    char *url = strdup(target);
    if (url == NULL) { return 0; }
    if (!url_same_origin(url, reader->instance->configuration.base_url)) { reader->is_foreign = 1; }
    free(reader->url);
    reader->url = url;
    reader->exchange.url = url;
    return start(reader);
}

/* Lets the transfer go on until a batch is there or it has ended. */
static tenon_status_t gather(tenon_reader_t *reader, const tenon_call_t *call) {
    transfer_t *transfer = reader->transfer;
    splitter_t *splitter = &reader->splitter;
    int wait_ms = 0;
    for (;;) {
        uint64_t before = splitter->line_count;
        transfer_advance(transfer, wait_ms);
        if (!transfer->is_running) {
            const char *target = transfer_redirect(transfer, &reader->exchange);
            if (target == NULL || ++reader->redirect_count > MAX_REDIRECTS) { return TENON_OK; }
            if (!follow(reader, target)) {
                return tenon_fail(call, TENON_RESOURCE_EXHAUSTED, "out of memory");
            }
        }
        if ((int64_t)splitter->lines.size >= reader->batch_bytes && splitter->line_count > 0) {
            return TENON_OK;
        }
        if (splitter->wanted_count == 0) { return TENON_OK; }
        /* Nothing new came in the meantime: better a small batch now. */
        if (splitter->line_count > 0 && wait_ms > 0 && splitter->line_count == before) { return TENON_OK; }
        wait_ms = splitter->line_count > 0 ? GATHER_MS : WAIT_MS;
    }
}

/* Hands over the whole lines and keeps the beginning of the next. */
static tenon_status_t hand_over(tenon_reader_t *reader, const tenon_records_t *records) {
    splitter_t *splitter = &reader->splitter;
    if (splitter->line_count == 0) { return TENON_OK; }
    size_t size = splitter->state == SPLIT_WITHIN ? splitter->element_start : splitter->lines.size;
    tenon_bytes_t lines = tenon_bytes(tenon_str(splitter->lines.data, size));
    tenon_status_t status = records->ndjson(records, lines, splitter->line_count);
    reader->position += (int64_t)splitter->line_count;
    splitter->line_count = 0;
    splitter->lines.size -= size;
    memmove(splitter->lines.data, splitter->lines.data + size, splitter->lines.size);
    splitter->element_start = 0;
    if (status != TENON_OK || reader->position - reader->last_checkpoint < reader->checkpoint_rows) {
        return status;
    }
    char position[48];
    int count = snprintf(position, sizeof position, "{\"records\":%lld}", (long long)reader->position);
    reader->last_checkpoint = reader->position;
    return records->checkpoint(records, tenon_bytes(tenon_str(position, (size_t)count)));
}

/* What an answer that has ended was worth. */
static tenon_status_t conclude(const tenon_reader_t *reader, const tenon_call_t *call) {
    const transfer_t *transfer = reader->transfer;
    const splitter_t *splitter = &reader->splitter;
    long long count = (long long)splitter->element_count;
    int url_size = url_public_size(reader->url);
    if (splitter->state == SPLIT_BROKEN) {
        return tenon_fail_unchanged(
            call, TENON_BAD_DATA, "GET %.*s, after %lld records: %s", url_size, reader->url, count,
            splitter->problem
        );
    }
    if (transfer->result != CURLE_OK) {
        if (count == 0) { return fail_transfer(transfer, call, &reader->exchange); }
        const char *reason = transfer->reason[0] != '\0' ? transfer->reason
                                                         : curl_easy_strerror(transfer->result);
        int is_cancelled = transfer->result == CURLE_ABORTED_BY_CALLBACK;
        return tenon_fail_unchanged(
            call, is_cancelled ? TENON_CANCELLED : TENON_UNAVAILABLE,
            "GET %.*s: the answer broke off after %lld records: %s", url_size, reader->url, count,
            is_cancelled ? "cancelled" : reason
        );
    }
    if (transfer->status < 200 || transfer->status > 299) {
        return fail_status(transfer, call, &reader->exchange);
    }
    if (!splitter_is_complete(splitter)) {
        return tenon_fail_unchanged(
            call, TENON_BAD_DATA, "GET %.*s: the answer ends in the middle, after %lld records", url_size,
            reader->url, count
        );
    }
    return TENON_END;
}

static tenon_status_t next(tenon_reader_t *reader, const tenon_call_t *call, const tenon_records_t *records) {
    transfer_begin_call(reader->transfer, call);
    tenon_status_t status = gather(reader, call);
    transfer_end_call(reader->transfer, call);
    if (status == TENON_OK) { status = hand_over(reader, records); }
    if (status != TENON_OK) { return status; }
    /* A broken answer is an error even where its first records were fine; so is one that was cut short. */
    if (reader->splitter.wanted_count == 0 && reader->splitter.state != SPLIT_BROKEN) { return TENON_END; }
    return reader->transfer->is_running ? TENON_OK : conclude(reader, call);
}

const tenon_source_v1_t source_table = {discover, tenon_default_plan, open_reader, next, close_reader};
