/* What the files of this connector share. One instance is one API below a base URL. */
#ifndef HTTP_CONNECTOR_H
#define HTTP_CONNECTOR_H

#include <curl/curl.h>
#include <pthread.h>
#include <stdatomic.h>

#include "streams.h"

#define MAX_URL_BYTES 65536u
#define MAX_REDIRECTS 5
#define MAX_IDLE_TRANSFERS 8

/* FNV-1a, 64 bits. */
#define HASH_START UINT64_C(14695981039346656037)
static inline uint64_t hash_add(uint64_t hash, tenon_str_t text) {
    for (uint64_t i = 0; i < text.size; i++) {
        hash = (hash ^ (unsigned char)text.data[i]) * UINT64_C(1099511628211);
    }
    return hash;
}

/* ---- configuration.c ---- */

typedef struct {
    char *base_url;
    /* "Name: value" lines that every request gets, credentials among them. */
    char **headers;
    size_t header_count;
    stream_t *streams;
    size_t stream_count;
    /* What holds for a path that is given as the stream; it has no endpoint. */
    stream_t fallback;
    char *default_stream;
    rate_limit_t rate_limit;
    char *check_endpoint;
    char *idempotency_header;
    char *proxy;
    char *ca_file;
    int64_t timeout_ms;
    int64_t max_response_bytes;
    int verifies_tls;
} configuration_t;

/* Fails with INVALID_ARGUMENT at a place of the configuration; `message` has one %s for `what`. */
__attribute__((format(printf, 3, 0))) tenon_status_t fail_at(
    const tenon_call_t *call, const char *path, const char *message, const char *what
);
/* The text of a member with its variables replaced; NULL where there is none, or after a failure in `status`.
 */
char *expanded(
    const tenon_call_t *call, tenon_str_t json, tenon_str_t value, const char *path, tenon_status_t *status
);
tenon_status_t configuration_read(configuration_t *configuration, const tenon_call_t *call, tenon_str_t json);
void configuration_free(configuration_t *configuration);

/* ---- url.c ---- */

/* The base, the endpoint with what must be percent-encoded, and the query object; NULL where memory is short
 * or the result is too long. */
char *url_join(const char *base, tenon_str_t endpoint, tenon_str_t query);
/* 1 where an endpoint names another server than the base. */
int url_leaves(const char *base, tenon_str_t endpoint);
int url_same_origin(const char *one, const char *other);
/* `url` with this one pair in its query, encoded; NULL where memory is short or the result is too long. */
char *url_with(const char *url, const char *name, const char *value);
/* Where `reference`, found in an answer from `base`, leads; NULL where it is no HTTP URL. */
char *url_resolve(const char *base, tenon_str_t reference);
/* The part before the query, for messages: queries may hold secrets. */
int url_public_size(const char *url);
/* `text` with {{name}} replaced by the scalar of that name in `variables`; NULL, and the name in `missing`,
 * where there is none. */
char *template_expand(const char *text, tenon_str_t variables, char missing[64]);

/* ---- transfer.c ---- */

typedef struct transfer_t transfer_t;

/* What is asked of the server. */
typedef struct {
    const char *method;
    const char *url;
    /* Lines "Name: value" besides the configured ones. */
    struct curl_slist *headers;
    const char *body;
    size_t body_size;
    int has_body;
    /* Ends when nothing has arrived for the timeout, instead of the timeout after the start. */
    int is_stream;
    /* 1 where earlier requests of the same call have changed something: then an error has not changed nothing.
     */
    int follows_others;
    int64_t timeout_ms;
    int64_t max_body_bytes;
} exchange_t;

struct transfer_t {
    transfer_t *next;
    CURLM *multi;
    CURL *easy;
    struct curl_slist *sent_headers;
    atomic_int is_cancelled;
    /* Takes the body of a good answer piece by piece where it is set; 0 stops the transfer. */
    int (*consume)(void *context, const char *data, size_t size);
    void *context;
    tenon_text_t body;
    /* The header lines of the last answer. */
    tenon_text_t header_lines;
    int64_t max_body_bytes;
    /* What is left to send of a body that may go out only once. */
    const char *unsent;
    size_t unsent_size;
    int is_too_large;
    int is_running;
    CURLcode result;
    long status;
    char reason[CURL_ERROR_SIZE];
};

transfer_t *transfer_make(void);
void transfer_free(transfer_t *transfer);
/* Starts the exchange; 0 where memory is short. With `is_foreign` no header but the harmless ones is sent. */
int transfer_start(
    transfer_t *transfer, const configuration_t *configuration, const exchange_t *exchange, int is_foreign
);
/* Does what can be done and waits at most so long for more. */
void transfer_advance(transfer_t *transfer, int wait_ms);
/* Runs to the end, following redirects of GET and HEAD. 0 where memory is short. */
int transfer_run(
    transfer_t *transfer, const configuration_t *configuration, const exchange_t *exchange,
    int *redirect_count
);
/* Where the answer sends a GET or HEAD, NULL if nowhere. Valid until the next start. */
const char *transfer_redirect(const transfer_t *transfer, const exchange_t *exchange);
/* Between these two, a cancel of the call wakes the transfer. */
void transfer_begin_call(transfer_t *transfer, const tenon_call_t *call);
void transfer_end_call(transfer_t *transfer, const tenon_call_t *call);
/* The value of an answer's header, size 0 where there is none. `name` in lower case. */
tenon_str_t transfer_header(const transfer_t *transfer, const char *name);
/* The same from byte `*offset` of the header lines on, which is moved behind it. */
tenon_str_t transfer_next_header(const transfer_t *transfer, const char *name, size_t *offset);
/* Waits so long, or until the call is cancelled: then 0. */
int transfer_wait(transfer_t *transfer, int64_t wait_ms);

/* ---- answer.c ---- */

/* Adds the headers as an object with names in lower case. */
void add_headers(tenon_text_t *text, const transfer_t *transfer);
/* The member at "a.b" or "/a/b" of a document; size 0 where there is none. */
tenon_str_t json_at(tenon_str_t document, const char *path);
void add_base64(tenon_text_t *text, tenon_str_t bytes);
/* Adds the body: JSON as it is, other text as a string, bytes as {"base64": "..."}, nothing as null. */
void add_body(tenon_text_t *text, const transfer_t *transfer);

/* ---- failure.c ---- */

/* Fails because no answer came, or only a part of one. */
tenon_status_t fail_transfer(
    const transfer_t *transfer, const tenon_call_t *call, const exchange_t *exchange
);
/* Fails because of the status of the answer. */
tenon_status_t fail_status(const transfer_t *transfer, const tenon_call_t *call, const exchange_t *exchange);
/* What a status says of the record or request, and who must act; `error` gets class and effect. */
tenon_status_t status_meaning(long http_status, tenon_error_t *error);

/* ---- headers.c ---- */

/* Adds a line to the list; 0 where memory is short. */
int header_append(struct curl_slist **list, const char *name, tenon_str_t value);
/* Whether a name and a value may stand in a header: no line breaks, no controls, only token characters in
 * names. */
int header_is_valid(tenon_str_t name, tenon_str_t value);
/* 1 where a line "Name: value" or "Name;" has this name. */
int header_is_named(const char *line, const char *name);
/* 1 where the list has a line with this name. */
int header_is_listed(const struct curl_slist *list, const char *name);
/* Adds what every request of a call carries: trace context, and for writes the idempotency key. */
int header_append_call(
    struct curl_slist **list, const tenon_call_t *call, const configuration_t *configuration,
    const char *method
);

/* ---- pace.c ---- */

/* When the next request may go out. */
typedef struct pace_t pace_t;

/* The pace of the instances of this name and base URL, NULL where memory is short. Give it back. */
pace_t *pace_take(const char *name, const char *base_url);
/* NULL is nothing. */
void pace_return(pace_t *pace);

/* What one request has been through. */
typedef struct {
    int64_t count;
    int64_t waited_ms;
} retry_t;

/* Waits until the next request may go out. Fails with CANCELLED, or with RATE_LIMITED where that is too far
 * away, and with this effect of the call so far. */
tenon_status_t pace_wait(
    tenon_instance_t *instance, transfer_t *transfer, const tenon_call_t *call, tenon_effect_t effect
);
/* Takes what an answer says about requests that are left. */
void pace_learn(tenon_instance_t *instance, const transfer_t *transfer);
/* Whether the answer asks to come again and that is within the limits: then the wait is over, or the call was
 * cancelled. */
int pace_retries(
    const tenon_instance_t *instance, transfer_t *transfer, const tenon_call_t *call, retry_t *retry
);
/* After how long the answer asks to come again, 0 where it says nothing. */
int64_t asked_wait_ms(const transfer_t *transfer);

/* ---- sequences.c ---- */

/* The last sequence that a job committed for a stream, in the host's state; 0 where it is not known. */
uint64_t sequence_load(tenon_instance_t *instance, const tenon_call_t *call, const char *name);
void sequence_store(tenon_instance_t *instance, const tenon_call_t *call, const char *name, uint64_t sequence);

/* ---- instance.c ---- */

struct tenon_instance_t {
    const tenon_host_t *host;
    char *name;
    configuration_t configuration;
    /* Shared with all instances of this name and base URL in the process: the host may make several for one
     * use. */
    pace_t *pace;
    /* Guards `idle`. */
    pthread_mutex_t lock;
    /* Transfers that are not in use: their connections stay open. */
    transfer_t *idle;
    size_t idle_count;
};

extern const tenon_instance_v1_t instance_table;
tenon_status_t instance_create(
    const tenon_host_t *host, tenon_str_t name, const tenon_call_t *call, tenon_instance_t **out_instance
);
transfer_t *instance_take_transfer(tenon_instance_t *instance);
void instance_return_transfer(tenon_instance_t *instance, transfer_t *transfer);
int64_t monotonic_ms(void);
/* The time for one exchange: the configured one, or what the deadline leaves. */
int64_t exchange_timeout(const configuration_t *configuration, const tenon_call_t *call);

/* ---- request.c, source.c, target.c ---- */

extern const tenon_action_v1_t action_table;
extern const tenon_source_v1_t source_table;
extern const tenon_target_v1_t target_table;

#endif
