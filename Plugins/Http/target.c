/* Sends records: one by one, or in batches as a JSON array, as an object around one, or as lines.
 *
 * What was sent cannot be taken back, so a batch that is sent twice arrives twice: at least once. Each
 * request has a key that is the same whenever the same records are sent for the same place of the same job,
 * so that a server that knows such keys recognises them:
 *
 *     <job>-<sequence of the commit it belongs to>-<number within it>-<hash of address and body>
 *
 * Everything is sent within `write`; a commit only remembers the sequence. */
#define _POSIX_C_SOURCE 200809L

#include "http.h"
#include "tenon_columns.h"

#define WAIT_MS 1000
#define MAX_BATCH_BYTES ((size_t)8 << 20)
#define MAX_KEY_JOB_BYTES 160
#define MAX_REASON_BYTES 500

struct tenon_writer_t {
    tenon_instance_t *instance;
    const delivery_t *delivery;
    transfer_t *transfer;
    /* Below baseUrl; with {field} in it where each record has an address of its own. */
    char *endpoint;
    char *url;
    char *job;
    /* Job and stream, as the sequence is remembered. */
    char *name;
    /* The last one that was committed, and the requests that were sent since then. */
    uint64_t sequence;
    uint64_t number;
    tenon_text_t body;
    /* 1 once nobody knows what of a batch has arrived. */
    int is_broken;
};

/* Rows of a batch that go out together. */
typedef struct {
    const struct ArrowArray *records;
    const tenon_rejects_t *rejects;
    int64_t first;
    int64_t count;
} part_t;

static void close_writer(tenon_writer_t *writer) {
    if (writer->transfer != NULL) { instance_return_transfer(writer->instance, writer->transfer); }
    tenon_text_free(&writer->body);
    free(writer->endpoint);
    free(writer->url);
    free(writer->job);
    free(writer->name);
    free(writer);
}

/* ---- opening ---- */

static tenon_status_t fail_request(const tenon_call_t *call, const char *message) {
    tenon_error_t error = tenon_error(TENON_CLASS_CONFIG, TENON_EFFECT_NOT_APPLIED);
    return tenon_fail_with(call, TENON_INVALID_ARGUMENT, error, "%s", message);
}

/* The endpoint of target itself only serves who names no stream (`is_named` 0): a name that is not known must
 * not lead there. */
static tenon_status_t choose_endpoint(
    tenon_writer_t *writer, const tenon_call_t *call, const char *name, int is_named
) {
    const configuration_t *configuration = &writer->instance->configuration;
    const stream_t *stream = &configuration->fallback;
    const char *endpoint = name[0] == '/' ? name : NULL;
    for (size_t i = 0; i < configuration->stream_count; i++) {
        if (strcmp(configuration->streams[i].name, name) != 0) { continue; }
        stream = &configuration->streams[i];
        endpoint = stream->endpoint;
    }
    writer->delivery = &stream->delivery;
    if (stream->delivery.endpoint != NULL && (stream != &configuration->fallback || !is_named)) {
        endpoint = stream->delivery.endpoint;
    }
    if (endpoint == NULL) {
        return tenon_fail_unchanged(
            call, TENON_NOT_FOUND, "there is no stream %s; a path such as /items also serves", name
        );
    }
    if (url_leaves(configuration->base_url, tenon_str_of(endpoint))) {
        return fail_request(call, "the endpoint must be a path below baseUrl");
    }
    if (strchr(endpoint, '{') != NULL && writer->delivery->body != BODY_RECORD) {
        return fail_request(call, "an endpoint with {field} needs target.body \"record\"");
    }
    writer->endpoint = strdup(endpoint);
    return writer->endpoint != NULL ? TENON_OK : tenon_fail(call, TENON_RESOURCE_EXHAUSTED, "out of memory");
}

static tenon_status_t read_request(tenon_writer_t *writer, const tenon_call_t *call, tenon_str_t request) {
    const configuration_t *configuration = &writer->instance->configuration;
    char *stream = tenon_json_copy(tenon_json_member(request, "stream"), NULL);
    const char *name = stream != NULL ? stream : configuration->default_stream;
    if (name == NULL && configuration->stream_count == 1) { name = configuration->streams[0].name; }
    if (name == NULL && configuration->fallback.delivery.endpoint != NULL) { name = ""; }
    tenon_status_t status = name != NULL
        ? choose_endpoint(writer, call, name, stream != NULL)
        : fail_request(call, "say which stream to write to, or set defaultStream");
    tenon_str_t mode = tenon_json_member(request, "mode");
    int is_upsert = tenon_json_equals(mode, "upsert");
    if (status == TENON_OK && mode.size > 0 && !is_upsert && !tenon_json_equals(mode, "append")) {
        status = fail_request(call, "http can append, and upsert with PUT or PATCH; it cannot overwrite");
    }
    if (status == TENON_OK && is_upsert && strcmp(writer->delivery->method, "POST") == 0) {
        status = fail_request(call, "upsert needs target.method PUT or PATCH: a POST makes a new record");
    }
    if (status == TENON_OK) {
        tenon_text_t full = {0};
        writer->job = tenon_json_copy(tenon_json_member(request, "job"), NULL);
        tenon_text_format(&full, "%s\n%s", writer->job != NULL ? writer->job : "", name);
        tenon_text_add(&full, tenon_str("", 1));
        writer->name = full.data;
        if (writer->name == NULL) { status = tenon_fail(call, TENON_RESOURCE_EXHAUSTED, "out of memory"); }
    }
    free(stream);
    return status;
}

static tenon_status_t open_writer(
    tenon_instance_t *instance, const tenon_call_t *call, tenon_str_t request,
    const struct ArrowSchema *schema, const tenon_output_t *state, tenon_writer_t **out_writer
) {
    if (schema->n_children != 1 || strcmp(schema->children[0]->format, "u") != 0) {
        return fail_request(call, "http takes records as lines of JSON, in one column");
    }
    tenon_writer_t *writer = calloc(1, sizeof *writer);
    if (writer == NULL) { return tenon_fail(call, TENON_RESOURCE_EXHAUSTED, "out of memory"); }
    writer->instance = instance;
    tenon_status_t status = read_request(writer, call, request);
    if (status == TENON_OK && (writer->transfer = instance_take_transfer(instance)) == NULL) {
        status = tenon_fail(call, TENON_RESOURCE_EXHAUSTED, "out of memory");
    }
    if (status == TENON_OK) {
        tenon_text_t answer = {0};
        writer->sequence = sequence_load(instance, call, writer->name);
        tenon_text_format(&answer, "{\"sequence\":%llu}", (unsigned long long)writer->sequence);
        status = tenon_write_text(state, &answer);
    }
    if (status != TENON_OK) {
        close_writer(writer);
        return status;
    }
    *out_writer = writer;
    return TENON_OK;
}

/* ---- one request ---- */

static tenon_str_t record_at(const part_t *part, int64_t row) {
    const struct ArrowArray *column = part->records->children[0];
    return tenon_is_null(column, row) ? TENON_STR("null") : tenon_bytes_at(column, row);
}

/* Takes records from `first` on until the batch is full. */
static int fill_body(tenon_writer_t *writer, part_t *part) {
    const delivery_t *delivery = writer->delivery;
    tenon_text_t *body = &writer->body;
    int is_list = delivery->body == BODY_ARRAY || delivery->body == BODY_WRAPPED;
    body->size = 0;
    if (delivery->body == BODY_WRAPPED) {
        tenon_text_add(body, TENON_STR("{"));
        tenon_text_add_json(body, tenon_str_of(delivery->wrapper));
        tenon_text_add(body, TENON_STR(":"));
    }
    if (is_list) { tenon_text_add(body, TENON_STR("[")); }
    part->count = 0;
    while (part->first + part->count < part->records->length && part->count < delivery->batch_size
           && body->size < MAX_BATCH_BYTES) {
        if (is_list && part->count > 0) { tenon_text_add(body, TENON_STR(",")); }
        tenon_text_add(body, record_at(part, part->first + part->count));
        if (delivery->body == BODY_NDJSON) { tenon_text_add(body, TENON_STR("\n")); }
        part->count++;
    }
    if (is_list) { tenon_text_add(body, TENON_STR("]")); }
    if (delivery->body == BODY_WRAPPED) { tenon_text_add(body, TENON_STR("}")); }
    return !body->failed;
}

/* Whether a path has a part "." or "..", which would lead to another address than the one it seems to be. */
static int has_dot_part(tenon_str_t path) {
    const char *p = path.data, *end = p + path.size;
    while (p < end && *p != '?') {
        const char *start = p;
        while (p < end && *p != '/' && *p != '?') { p++; }
        size_t size = (size_t)(p - start);
        if ((size == 1 || size == 2) && start[0] == '.' && start[size - 1] == '.') { return 1; }
        if (p < end && *p == '/') { p++; }
    }
    return 0;
}

/* The endpoint with {field} replaced by what the record has there; 0 and the name in `missing` where it has
 * no scalar, or in the path one without any text: /items/ is the address of all of them. */
static int fill_endpoint(const char *endpoint, tenon_str_t record, tenon_text_t *text, char missing[64]) {
    for (const char *start; (start = strchr(endpoint, '{')) != NULL;) {
        const char *end = strchr(start, '}');
        if (end == NULL) { break; }
        tenon_text_add(text, tenon_str(endpoint, (size_t)(start - endpoint)));
        snprintf(missing, 64, "%.*s", (int)(end - start - 1 < 63 ? end - start - 1 : 63), start + 1);
        tenon_str_t value = json_at(record, missing);
        char kind = tenon_json_kind(value);
        if (kind == 0 || strchr("{[n", kind) != NULL) { return 0; }
        size_t size = 0;
        char *copy = tenon_json_copy(value, &size);
        tenon_str_t plain = copy != NULL ? tenon_str(copy, size) : value;
        int is_in_path = text->size == 0 || memchr(text->data, '?', text->size) == NULL;
        if (plain.size == 0 && is_in_path) {
            free(copy);
            return 0;
        }
        /* For curl, size 0 means up to a NUL. */
        char *encoded = plain.size > 0 ? curl_easy_escape(NULL, plain.data, (int)plain.size) : NULL;
        if (plain.size > 0) { tenon_text_add(text, tenon_str_of(encoded)); }
        curl_free(encoded);
        free(copy);
        endpoint = end + 1;
    }
    tenon_text_add(text, tenon_str_of(endpoint));
    return 1;
}

/* Works out the address: OK; END where the record has not what it needs, and is rejected; or a failure. */
static tenon_status_t fill_url(tenon_writer_t *writer, const part_t *part) {
    const char *base = writer->instance->configuration.base_url;
    char missing[64] = "", reason[160];
    tenon_text_t endpoint = {0};
    if (writer->url != NULL && strchr(writer->endpoint, '{') == NULL) { return TENON_OK; }
    int is_filled = fill_endpoint(writer->endpoint, record_at(part, part->first), &endpoint, missing);
    free(writer->url);
    int is_astray = is_filled && has_dot_part(tenon_text_str(&endpoint));
    writer->url = is_filled && !is_astray && !endpoint.failed
        ? url_join(base, tenon_text_str(&endpoint), tenon_str(NULL, 0))
        : NULL;
    tenon_text_free(&endpoint);
    if (writer->url != NULL) { return TENON_OK; }
    if (is_astray) {
        snprintf(reason, sizeof reason, "the address of the record has \".\" or \"..\" in its path");
    } else if (is_filled) {
        snprintf(reason, sizeof reason, "the address of the record is too long");
    } else {
        snprintf(reason, sizeof reason, "the record has no text or number \"%s\" for its address", missing);
    }
    tenon_status_t status = part->rejects->add(
        part->rejects, (uint64_t)part->first, TENON_BAD_DATA, tenon_str_of(reason)
    );
    return status == TENON_OK ? TENON_END : status;
}

static int append_key(const tenon_writer_t *writer, struct curl_slist **headers) {
    const char *header = writer->instance->configuration.idempotency_header;
    if (header[0] == '\0') { return 1; }
    uint64_t hash = hash_add(HASH_START, tenon_str_of(writer->delivery->method));
    hash = hash_add(hash_add(hash, tenon_str_of(writer->url)), tenon_text_str(&writer->body));
    tenon_str_t job = tenon_str_of(writer->job);
    char hashed_job[24];
    if (job.size == 0 || job.size > MAX_KEY_JOB_BYTES || !header_is_valid(tenon_str_of(header), job)) {
        uint64_t name = hash_add(HASH_START, tenon_str_of(writer->name));
        snprintf(hashed_job, sizeof hashed_job, "%016llx", (unsigned long long)name);
        job = tenon_str_of(hashed_job);
    }
    tenon_text_t key = {0};
    tenon_text_format(
        &key, "%.*s-%llu-%llu-%016llx", (int)job.size, job.data, (unsigned long long)writer->sequence + 1,
        (unsigned long long)writer->number + 1, (unsigned long long)hash
    );
    int is_added = !key.failed && header_append(headers, header, tenon_text_str(&key));
    tenon_text_free(&key);
    return is_added;
}

static int is_configured(const configuration_t *configuration, const char *name) {
    for (size_t i = 0; i < configuration->header_count; i++) {
        if (header_is_named(configuration->headers[i], name)) { return 1; }
    }
    return 0;
}

static int gather_headers(
    const tenon_writer_t *writer, const tenon_call_t *call, struct curl_slist **headers
) {
    const configuration_t *configuration = &writer->instance->configuration;
    tenon_str_t type = writer->delivery->body == BODY_NDJSON ? TENON_STR("application/x-ndjson")
                                                             : TENON_STR("application/json");
    int has_type = is_configured(configuration, "Content-Type");
    return append_key(writer, headers) && (has_type || header_append(headers, "Content-Type", type))
        && header_append_call(headers, call, configuration, writer->delivery->method);
}

/* Sends until the answer stands. */
static tenon_status_t exchange(tenon_writer_t *writer, const tenon_call_t *call, exchange_t *request) {
    tenon_instance_t *instance = writer->instance;
    transfer_t *transfer = writer->transfer;
    retry_t retry = {0};
    for (;;) {
        tenon_effect_t effect = request->follows_others ? TENON_EFFECT_UNKNOWN : TENON_EFFECT_NOT_APPLIED;
        tenon_status_t status = pace_wait(instance, transfer, call, effect);
        if (status != TENON_OK) { return status; }
        request->timeout_ms = exchange_timeout(&instance->configuration, call);
        if (!transfer_start(transfer, &instance->configuration, request, 0)) {
            return tenon_fail(call, TENON_RESOURCE_EXHAUSTED, "out of memory");
        }
        transfer_advance(transfer, 0);
        while (transfer->is_running) { transfer_advance(transfer, WAIT_MS); }
        pace_learn(instance, transfer);
        if (!pace_retries(instance, transfer, call, &retry)) { return TENON_OK; }
    }
}

/* ---- the answer ---- */

static tenon_str_t reason_of(const tenon_writer_t *writer, tenon_str_t item, long code, tenon_text_t *text) {
    tenon_str_t error = json_at(item, writer->delivery->error_path);
    char *copy = tenon_json_copy(error, NULL);
    text->size = 0;
    if (code > 0) { tenon_text_format(text, "the server answered %ld%s", code, error.size > 0 ? ": " : ""); }
    tenon_text_add(text, copy != NULL ? tenon_str_of(copy) : error);
    free(copy);
    if (text->size > MAX_REASON_BYTES) { text->size = MAX_REASON_BYTES; }
    return text->size > 0 ? tenon_text_str(text) : TENON_STR("the server refused the record");
}

/* Whether an item says that its record was refused, and by which status: a number of 400 and above, false, or
 * only that it has an error. */
static int is_refused(const tenon_writer_t *writer, tenon_str_t item, long *code) {
    int is_object = tenon_json_kind(item) == '{';
    tenon_str_t value = is_object ? json_at(item, writer->delivery->status_path) : item;
    int64_t number = 0;
    char kind = tenon_json_kind(value);
    *code = tenon_json_int64(value, &number) ? (long)number : 0;
    if (kind == '0') { return number >= 400; }
    if (kind == 't' || kind == 'f') { return kind == 'f'; }
    tenon_str_t error = is_object ? json_at(item, writer->delivery->error_path) : tenon_str(NULL, 0);
    return error.size > 0 && !tenon_json_is_null(error);
}

/* Fails where the server could not take some records now: sent again they may be taken, so they are not
 * refused. Those that were taken are sent again with them. */
static tenon_status_t find_transient(
    const tenon_writer_t *writer, const tenon_call_t *call, tenon_str_t items, int64_t count
) {
    tenon_json_items_t cursor = tenon_json_items(items);
    tenon_str_t item;
    for (int64_t number = 1; tenon_json_next(&cursor, &item); number++) {
        tenon_error_t error = tenon_error(TENON_CLASS_UNSET, TENON_EFFECT_UNKNOWN);
        long code;
        if (!is_refused(writer, item, &code) || code < 400) { continue; }
        tenon_status_t meaning = status_meaning(code, &error);
        if (error.error_class != TENON_CLASS_TRANSIENT) { continue; }
        error.effect = TENON_EFFECT_UNKNOWN;
        error.vendor_code = (int32_t)code;
        error.retry_after_ms = (uint64_t)asked_wait_ms(writer->transfer);
        return tenon_fail_with(
            call, meaning, error, "the server answered %ld for record %lld of %lld that were sent together",
            code, (long long)number, (long long)count
        );
    }
    return TENON_OK;
}

/* An answer with one item a record says which ones were refused. */
static tenon_status_t read_items(const tenon_writer_t *writer, const tenon_call_t *call, const part_t *part) {
    if (writer->delivery->items_path == NULL) { return TENON_OK; }
    tenon_str_t items = json_at(tenon_text_str(&writer->transfer->body), writer->delivery->items_path);
    tenon_json_items_t cursor = tenon_json_items(items);
    tenon_str_t item;
    int64_t count = 0;
    tenon_text_t text = {0};
    tenon_status_t status = TENON_OK;
    while (tenon_json_next(&cursor, &item)) { count++; }
    if (tenon_json_kind(items) != '[' || count != part->count) {
        return tenon_fail(
            call, TENON_BAD_DATA, "the answer has %lld items at %s for %lld records", (long long)count,
            writer->delivery->items_path, (long long)part->count
        );
    }
    status = find_transient(writer, call, items, count);
    cursor = tenon_json_items(items);
    for (int64_t row = part->first; status == TENON_OK && tenon_json_next(&cursor, &item); row++) {
        tenon_error_t error = tenon_error(TENON_CLASS_UNSET, TENON_EFFECT_UNKNOWN);
        long code;
        if (!is_refused(writer, item, &code)) { continue; }
        tenon_status_t meaning = code >= 400 ? status_meaning(code, &error) : TENON_BAD_DATA;
        tenon_str_t reason = reason_of(writer, item, code, &text);
        status = part->rejects->add(part->rejects, (uint64_t)row, meaning, reason);
    }
    tenon_text_free(&text);
    return status;
}

/* What an answer means for the records that were sent. */
static tenon_status_t read_answer(
    const tenon_writer_t *writer, const tenon_call_t *call, const part_t *part, const exchange_t *request
) {
    const transfer_t *transfer = writer->transfer;
    if (transfer->result != CURLE_OK) { return fail_transfer(transfer, call, request); }
    if (transfer->status >= 200 && transfer->status < 300) { return read_items(writer, call, part); }
    tenon_error_t error = tenon_error(TENON_CLASS_UNSET, TENON_EFFECT_UNKNOWN);
    tenon_status_t meaning = status_meaning(transfer->status, &error);
    /* Where each record has its own address, one that is not there is about this record. */
    int is_own_address = transfer->status == 404 && strchr(writer->endpoint, '{') != NULL;
    int is_record = writer->delivery->body == BODY_RECORD && transfer->status >= 400
        && (error.error_class == TENON_CLASS_DATA || is_own_address);
    if (!is_record) { return fail_status(transfer, call, request); }
    tenon_text_t text = {0};
    tenon_str_t reason = reason_of(writer, tenon_text_str(&transfer->body), transfer->status, &text);
    tenon_status_t status = part->rejects->add(part->rejects, (uint64_t)part->first, meaning, reason);
    tenon_text_free(&text);
    return status;
}

/* ---- writing ---- */

static tenon_status_t send_part(tenon_writer_t *writer, const tenon_call_t *call, part_t *part) {
    if (!fill_body(writer, part)) { return tenon_fail(call, TENON_RESOURCE_EXHAUSTED, "out of memory"); }
    tenon_status_t status = fill_url(writer, part);
    if (status != TENON_OK) { return status == TENON_END ? TENON_OK : status; }
    struct curl_slist *headers = NULL;
    if (!gather_headers(writer, call, &headers)) {
        curl_slist_free_all(headers);
        return tenon_fail(call, TENON_RESOURCE_EXHAUSTED, "out of memory");
    }
    exchange_t request = {
        .method = writer->delivery->method,
        .url = writer->url,
        .headers = headers,
        .body = writer->body.data,
        .body_size = writer->body.size,
        .has_body = 1,
        .follows_others = part->first > 0,
        .max_body_bytes = writer->instance->configuration.max_response_bytes,
    };
    status = exchange(writer, call, &request);
    if (status == TENON_OK) { status = read_answer(writer, call, part, &request); }
    if (status == TENON_OK) { writer->number++; }
    curl_slist_free_all(headers);
    return status;
}

static tenon_status_t write_batch(
    tenon_writer_t *writer, const tenon_call_t *call, const struct ArrowArray *batch,
    const tenon_rejects_t *rejects
) {
    if (writer->is_broken) {
        return tenon_fail(call, TENON_INVALID_STATE, "an earlier batch has failed; open a new writer");
    }
    part_t part = {batch, rejects, 0, 0};
    tenon_status_t status = TENON_OK;
    transfer_begin_call(writer->transfer, call);
    for (; part.first < batch->length && status == TENON_OK; part.first += part.count) {
        status = send_part(writer, call, &part);
        if (status != TENON_OK) { writer->is_broken = part.first > 0; }
    }
    transfer_end_call(writer->transfer, call);
    return status;
}

static tenon_status_t commit(tenon_writer_t *writer, const tenon_call_t *call, uint64_t sequence) {
    if (sequence > writer->sequence && sequence <= INT64_MAX) {
        sequence_store(writer->instance, call, writer->name, sequence);
        writer->sequence = sequence;
    }
    writer->number = 0;
    return TENON_OK;
}

static tenon_status_t abort_writer(tenon_writer_t *writer, const tenon_call_t *call) {
    (void)writer, (void)call;
    return TENON_OK;
}

const tenon_target_v1_t target_table = {open_writer, write_batch, commit, abort_writer, close_writer};
