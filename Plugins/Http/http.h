/* What the files of this connector share. One instance is one API below a base URL. */
#ifndef HTTP_CONNECTOR_H
#define HTTP_CONNECTOR_H

#include <curl/curl.h>
#include <pthread.h>
#include <stdatomic.h>

#include "tenon_simple.h"

#define MAX_URL_BYTES 65536u
#define MAX_REDIRECTS 5
#define MAX_IDLE_TRANSFERS 8

/* ---- configuration.c ---- */

/* A stream that the configuration names. */
typedef struct {
    char *name;
    char *endpoint;
    char *records_path;
} stream_t;

typedef struct {
    char *base_url;
    /* "Name: value" lines that every request gets, credentials among them. */
    char **headers;
    size_t header_count;
    stream_t *streams;
    size_t stream_count;
    char *default_stream;
    char *records_path;
    char *check_endpoint;
    char *idempotency_header;
    char *proxy;
    char *ca_file;
    int64_t timeout_ms;
    int64_t max_response_bytes;
    int verifies_tls;
} configuration_t;

tenon_status_t configuration_read(configuration_t *configuration, const tenon_call_t *call, tenon_str_t json);
void configuration_free(configuration_t *configuration);

/* ---- url.c ---- */

/* The base, the endpoint with what must be percent-encoded, and the query object; NULL where memory is short
 * or the result is too long. */
char *url_join(const char *base, tenon_str_t endpoint, tenon_str_t query);
/* 1 where an endpoint names another server than the base. */
int url_leaves(const char *base, tenon_str_t endpoint);
int url_same_origin(const char *one, const char *other);
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

/* ---- answer.c ---- */

/* Adds the headers as an object with names in lower case. */
void add_headers(tenon_text_t *text, const transfer_t *transfer);
/* Adds the body: JSON as it is, other text as a string, bytes as {"base64": "..."}, nothing as null. */
void add_body(tenon_text_t *text, const transfer_t *transfer);

/* ---- failure.c ---- */

/* Fails because no answer came, or only a part of one. */
tenon_status_t fail_transfer(
    const transfer_t *transfer, const tenon_call_t *call, const exchange_t *exchange
);
/* Fails because of the status of the answer. */
tenon_status_t fail_status(const transfer_t *transfer, const tenon_call_t *call, const exchange_t *exchange);

/* ---- headers.c ---- */

/* Adds a line to the list; 0 where memory is short. */
int header_append(struct curl_slist **list, const char *name, tenon_str_t value);
/* Whether a name and a value may stand in a header: no line breaks, no controls, only token characters in
 * names. */
int header_is_valid(tenon_str_t name, tenon_str_t value);
/* 1 where the list has a line with this name. */
int header_is_listed(const struct curl_slist *list, const char *name);
/* Adds what every request of a call carries: trace context, and for writes the idempotency key. */
int header_append_call(
    struct curl_slist **list, const tenon_call_t *call, const configuration_t *configuration,
    const char *method
);

/* ---- instance.c ---- */

struct tenon_instance_t {
    configuration_t configuration;
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
/* The time for one exchange: the configured one, or what the deadline leaves. */
int64_t exchange_timeout(const configuration_t *configuration, const tenon_call_t *call);

/* ---- request.c, source.c ---- */

extern const tenon_action_v1_t action_table;
extern const tenon_source_v1_t source_table;

#endif
