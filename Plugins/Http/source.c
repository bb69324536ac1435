/* Reads a stream page by page: the elements of a JSON array, or lines, cut out of each answer while it
 * arrives. A position is a page and the number of its records that were handed out; a resumed reader asks for
 * that page again and passes over that many. */
#define _POSIX_C_SOURCE 200809L

#include "pages.h"
#include "splitter.h"

#define DEFAULT_BATCH_BYTES (256 << 10)
#define WAIT_MS 1000
/* How long rows that are there wait for more. */
#define GATHER_MS 50
#define MAX_REJECTED_BYTES 1024

struct tenon_reader_t {
    tenon_instance_t *instance;
    const stream_t *stream;
    transfer_t *transfer;
    splitter_t splitter;
    exchange_t exchange;
    pages_t pages;
    /* Where the answer comes from, after redirects. */
    char *url;
    struct curl_slist *headers;
    int64_t batch_bytes;
    int64_t checkpoint_rows;
    int64_t limit;
    /* Records handed out of this page, and of all of them. */
    int64_t position;
    int64_t read_count;
    int64_t rows_since_checkpoint;
    /* Of the bytes of this page and of the one before, as far as they were handed out; 0 for nothing. */
    uint64_t page_hash;
    uint64_t last_page_hash;
    retry_t retry;
    int redirect_count;
    int is_foreign;
    /* 1 while the request of the present page is under way or has been answered. */
    int is_asked;
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
    pages_free(&reader->pages);
    curl_slist_free_all(reader->headers);
    free(reader->url);
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
    reader->stream = name != NULL ? find_stream(configuration, name) : NULL;
    const char *endpoint = reader->stream != NULL ? reader->stream->endpoint : name;
    if (reader->stream == NULL) {
        reader->stream = &configuration->fallback;
        if (endpoint != NULL && endpoint[0] != '/') { endpoint = NULL; }
    }
    tenon_status_t status = TENON_OK;
    const char *path = reader->stream->records_path;
    if (endpoint == NULL) {
        status = fail_no_stream(configuration, call, name);
    } else if (url_leaves(configuration->base_url, tenon_str_of(endpoint))) {
        status = tenon_fail_unchanged(
            call, TENON_INVALID_ARGUMENT, "the endpoint of %s must be a path below baseUrl", name
        );
    } else {
        reader->pages.first_url = url_join(
            configuration->base_url, tenon_str_of(endpoint), tenon_str(NULL, 0)
        );
        if (reader->pages.first_url == NULL || !splitter_begin(&reader->splitter, path)) {
            status = tenon_fail_unchanged(
                call, TENON_INVALID_ARGUMENT, "the endpoint or recordsPath is too long"
            );
        }
        if (reader->stream->is_ndjson) { splitter_take_lines(&reader->splitter); }
        paging_t type = reader->stream->pagination.type;
        reader->splitter.keeps_outside = type == PAGING_CURSOR || type == PAGING_URL;
    }
    free(wanted);
    return status;
}

static void read_request(tenon_reader_t *reader, tenon_str_t request, tenon_str_t position) {
    reader->batch_bytes = tenon_json_int_or(request, "batchBytes", DEFAULT_BATCH_BYTES);
    reader->checkpoint_rows = tenon_json_int_or(request, "checkpointRows", 1);
    reader->limit = tenon_json_int_or(request, "limit", INT64_MAX);
    reader->position = tenon_json_int_or(position, "records", 0);
    reader->read_count = tenon_json_int_or(position, "read", reader->position);
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
    read_request(reader, request, position);
    tenon_status_t status = choose_stream(reader, call, request);
    if (status == TENON_OK && checkpoint.size > 0 && tenon_json_kind(position) != '{') {
        status = tenon_fail_unchanged(
            call, TENON_INVALID_ARGUMENT, "the checkpoint is not one of this stream"
        );
    }
    if (status == TENON_OK) {
        status = pages_begin(&reader->pages, call, &instance->configuration, reader->stream, position);
    }
    reader->exchange.method = "GET";
    reader->exchange.is_stream = 1;
    reader->exchange.timeout_ms = instance->configuration.timeout_ms;
    reader->exchange.max_body_bytes = instance->configuration.max_response_bytes;
    if (status == TENON_OK) {
        int is_ready = header_append_call(&reader->headers, call, &instance->configuration, "GET")
            && (reader->transfer = instance_take_transfer(instance)) != NULL;
        reader->exchange.headers = reader->headers;
        if (!is_ready) { status = tenon_fail(call, TENON_RESOURCE_EXHAUSTED, "out of memory"); }
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

/* ---- one page ---- */

static int consume(void *context, const char *data, size_t size) {
    return splitter_add(&((tenon_reader_t *)context)->splitter, data, size);
}

/* Asks for `target`, without credentials where that is another server. */
static int ask(tenon_reader_t *reader, const char *target) {
    const configuration_t *configuration = &reader->instance->configuration;
    char *url = strdup(target);
    if (url == NULL) { return 0; }
    if (!url_same_origin(url, configuration->base_url)) { reader->is_foreign = 1; }
    free(reader->url);
    reader->url = url;
    reader->exchange.url = url;
    reader->transfer->consume = consume;
    reader->transfer->context = reader;
    return transfer_start(reader->transfer, configuration, &reader->exchange, reader->is_foreign);
}

static tenon_status_t ask_for_page(tenon_reader_t *reader, const tenon_call_t *call) {
    if (reader->is_asked) { return TENON_OK; }
    tenon_status_t status = pace_wait(
        reader->instance, reader->transfer, call, TENON_EFFECT_NOT_APPLIED
    );
    if (status != TENON_OK) { return status; }
    int64_t wanted = reader->limit - reader->read_count;
    splitter_restart(&reader->splitter, reader->position, wanted > 0 ? wanted : 0);
    reader->redirect_count = 0;
    reader->is_foreign = 0;
    reader->is_asked = 1;
    return ask(reader, reader->pages.url)
        ? TENON_OK
        : tenon_fail(call, TENON_RESOURCE_EXHAUSTED, "out of memory");
}

/* Where a transfer has ended: follows a redirect, or comes again where the server asks for that. 1 where
 * there is more to wait for, 0 where the answer stands, -1 where memory is short. */
static int go_on(tenon_reader_t *reader, const tenon_call_t *call) {
    const char *target = transfer_redirect(reader->transfer, &reader->exchange);
    if (target != NULL && ++reader->redirect_count <= MAX_REDIRECTS) { return ask(reader, target) ? 1 : -1; }
    pace_learn(reader->instance, reader->transfer);
    if (!pace_retries(reader->instance, reader->transfer, call, &reader->retry)) { return 0; }
    reader->is_asked = 0;
    return 1;
}

/* Lets the transfer go on until a batch is there or it has ended. */
static tenon_status_t gather(tenon_reader_t *reader, const tenon_call_t *call) {
    transfer_t *transfer = reader->transfer;
    splitter_t *splitter = &reader->splitter;
    int wait_ms = 0;
    for (;;) {
        tenon_status_t status = ask_for_page(reader, call);
        if (status != TENON_OK) { return status; }
        uint64_t before = splitter->line_count;
        transfer_advance(transfer, wait_ms);
        if (!transfer->is_running) {
            int is_going_on = go_on(reader, call);
            if (is_going_on < 0) { return tenon_fail(call, TENON_RESOURCE_EXHAUSTED, "out of memory"); }
            if (is_going_on > 0) { continue; }
            splitter_end(splitter);
            return TENON_OK;
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

/* ---- handing over ---- */

static tenon_status_t reject_line(
    const tenon_reader_t *reader, const tenon_records_t *records, tenon_str_t line, int64_t number
) {
    char reason[256];
    int url_size = url_public_size(reader->url);
    snprintf(
        reason, sizeof reason, "record %lld of %.*s is no object", (long long)number,
        url_size < 150 ? url_size : 150, reader->url
    );
    if (line.size > MAX_REJECTED_BYTES) { line.size = MAX_REJECTED_BYTES; }
    return records->reject(records, TENON_BAD_DATA, tenon_str_of(reason), line);
}

/* Hands over lines of which some are no objects: those are rejected in their place. */
static tenon_status_t hand_over_mixed(
    const tenon_reader_t *reader, const tenon_records_t *records, tenon_str_t lines
) {
    const char *p = lines.data, *end = p + lines.size, *first = p;
    tenon_status_t status = TENON_OK;
    uint64_t count = 0;
    for (int64_t number = reader->position + 1; p < end && status == TENON_OK; number++) {
        const char *next = (const char *)memchr(p, '\n', (size_t)(end - p)) + 1;
        if (*p == '{') {
            count++;
        } else {
            tenon_str_t objects = tenon_str(first, (size_t)(p - first));
            if (count > 0) { status = records->ndjson(records, tenon_bytes(objects), count); }
            tenon_str_t line = tenon_str(p, (size_t)(next - 1 - p));
            if (status == TENON_OK) { status = reject_line(reader, records, line, number); }
            count = 0;
            first = next;
        }
        p = next;
    }
    tenon_str_t objects = tenon_str(first, (size_t)(end - first));
    return status == TENON_OK && count > 0 ? records->ndjson(records, tenon_bytes(objects), count) : status;
}

static tenon_status_t add_checkpoint(tenon_reader_t *reader, const tenon_records_t *records) {
    tenon_text_t position = {0};
    tenon_text_format(&position, "{\"records\":%lld", (long long)reader->position);
    if (reader->read_count != reader->position) {
        tenon_text_format(&position, ",\"read\":%lld", (long long)reader->read_count);
    }
    pages_add_position(&reader->pages, &position);
    tenon_text_add(&position, TENON_STR("}"));
    reader->rows_since_checkpoint = 0;
    tenon_status_t status = position.failed
        ? TENON_RESOURCE_EXHAUSTED
        : records->checkpoint(records, tenon_bytes(tenon_text_str(&position)));
    tenon_text_free(&position);
    return status;
}

/* Hands over the whole lines and keeps the beginning of the next. */
static tenon_status_t hand_over(
    tenon_reader_t *reader, const tenon_call_t *call, const tenon_records_t *records
) {
    splitter_t *splitter = &reader->splitter;
    if (splitter->line_count == 0) { return TENON_OK; }
    size_t size = splitter->state == SPLIT_WITHIN ? splitter->element_start : splitter->lines.size;
    tenon_str_t lines = tenon_str(splitter->lines.data, size);
    int is_mixed = splitter->other_count > 0 && TENON_HAS(records, reject);
    tenon_status_t status = is_mixed ? hand_over_mixed(reader, records, lines)
                                     : records->ndjson(records, tenon_bytes(lines), splitter->line_count);
    if (reader->pages.pagination->type != PAGING_NONE) {
        reader->page_hash = hash_add(reader->page_hash, lines);
    }
    reader->position += (int64_t)splitter->line_count;
    reader->read_count += (int64_t)splitter->line_count;
    reader->rows_since_checkpoint += (int64_t)splitter->line_count;
    splitter->line_count = 0;
    splitter->other_count = 0;
    splitter->lines.size -= size;
    memmove(splitter->lines.data, splitter->lines.data + size, splitter->lines.size);
    splitter->element_start = 0;
    call->progress(call, (uint64_t)reader->read_count, 0, TENON_STR(""));
    if (status != TENON_OK || reader->rows_since_checkpoint < reader->checkpoint_rows) { return status; }
    return add_checkpoint(reader, records);
}

/* ---- the end of a page ---- */

/* What an answer that has ended was worth. */
static tenon_status_t conclude(const tenon_reader_t *reader, const tenon_call_t *call) {
    const transfer_t *transfer = reader->transfer;
    const splitter_t *splitter = &reader->splitter;
    long long count = (long long)reader->read_count;
    if (transfer->result == CURLE_OK && transfer->status == 204) { return TENON_END; }
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

/* After a whole page: the next one, or the end. */
static tenon_status_t turn_page(
    tenon_reader_t *reader, const tenon_call_t *call, const tenon_records_t *records
) {
    pages_t *pages = &reader->pages;
    page_answer_t answer = {
        reader->transfer, reader->url, tenon_text_str(&reader->splitter.outside),
        reader->splitter.element_count
    };
    tenon_status_t status = pages_advance(pages, call, &answer);
    if (status != TENON_OK) { return status; }
    int is_numbered = pages->pagination->type == PAGING_NUMBER || pages->pagination->type == PAGING_OFFSET;
    int is_same = reader->page_hash != 0 && reader->page_hash == reader->last_page_hash;
    if (is_numbered && is_same && !pages->pagination->allows_equal_pages) {
        return tenon_fail_unchanged(
            call, TENON_BAD_DATA,
            "page %lld is the same as the one before: the server seems not to know \"%s\" (or the pages are "
            "right, then set allowEqualPages)",
            (long long)pages->page_count - 1, pages->pagination->parameter
        );
    }
    reader->last_page_hash = reader->page_hash;
    reader->page_hash = 0;
    reader->position = 0;
    reader->is_asked = 0;
    memset(&reader->retry, 0, sizeof reader->retry);
    return add_checkpoint(reader, records);
}

static tenon_status_t next(tenon_reader_t *reader, const tenon_call_t *call, const tenon_records_t *records) {
    if (reader->read_count >= reader->limit) { return TENON_END; }
    transfer_begin_call(reader->transfer, call);
    tenon_status_t status = gather(reader, call);
    transfer_end_call(reader->transfer, call);
    if (status == TENON_OK) { status = hand_over(reader, call, records); }
    if (status != TENON_OK) { return status; }
    /* A broken answer is an error even where its first records were fine; so is one that was cut short. */
    if (reader->splitter.wanted_count == 0 && reader->splitter.state != SPLIT_BROKEN) { return TENON_END; }
    if (reader->transfer->is_running) { return TENON_OK; }
    status = conclude(reader, call);
    return status == TENON_END ? turn_page(reader, call, records) : status;
}

const tenon_source_v1_t source_table = {discover, tenon_default_plan, open_reader, next, close_reader};
