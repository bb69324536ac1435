/* What the configuration says of streams: where they are, how their pages follow each other, how records are
 * sent to them. */
#ifndef HTTP_CONNECTOR_STREAMS_H
#define HTTP_CONNECTOR_STREAMS_H

#include "tenon_simple.h"

typedef enum { PAGING_NONE, PAGING_LINK, PAGING_NUMBER, PAGING_OFFSET, PAGING_CURSOR, PAGING_URL } paging_t;

/* How a page leads to the next one. */
typedef struct {
    paging_t type;
    /* Of the query: what tells the page, and what its size. NULL where there is none. */
    char *parameter;
    char *size_parameter;
    /* Where the body has the cursor or the next URL, or the header that has the cursor. */
    char *path;
    char *header;
    /* Records a page; 0 where unknown. */
    int64_t size;
    int64_t first;
    int64_t max_pages;
    int follows_other_origins;
    /* 1 where a page with fewer records than `size` is the last one: of a server that gives fewer than it is
     * asked for, most would be lost. */
    int ends_at_short_page;
    /* 1 where two pages one after the other may have the same records. */
    int allows_equal_pages;
} pagination_t;

typedef enum { BODY_RECORD, BODY_ARRAY, BODY_WRAPPED, BODY_NDJSON } body_t;

/* How records are sent. */
typedef struct {
    char *endpoint;
    char *method;
    body_t body;
    /* The member that has the records. */
    char *wrapper;
    int64_t batch_size;
    /* Where an answer has one item a record, and where an item has its status and its reason. */
    char *items_path;
    char *status_path;
    char *error_path;
} delivery_t;

typedef struct {
    char *name;
    char *endpoint;
    char *records_path;
    int is_ndjson;
    pagination_t pagination;
    delivery_t delivery;
} stream_t;

/* How many requests may be made, and how much patience one call has. */
typedef struct {
    double requests_per_second;
    int64_t max_retries;
    int64_t max_wait_ms;
} rate_limit_t;

/* Reads a stream; what `own` leaves open is taken from `json`, the whole configuration. `own` is an object, a
 * text that is the endpoint, or missing. Free the stream also after a failure. */
tenon_status_t stream_read(
    stream_t *stream, const tenon_call_t *call, tenon_str_t json, tenon_str_t own, const char *path
);
void stream_free(stream_t *stream);
tenon_status_t rate_limit_read(rate_limit_t *limit, const tenon_call_t *call, tenon_str_t json);

#endif
