/* How one page of a stream leads to the next. */
#ifndef HTTP_CONNECTOR_PAGES_H
#define HTTP_CONNECTOR_PAGES_H

#include "http.h"

/* The page that is read, and what is needed to get to the next one. */
typedef struct {
    const pagination_t *pagination;
    const char *base_url;
    /* The first page, without what tells the page. */
    char *first_url;
    /* The present one. */
    char *url;
    /* The cursor that leads to it, NULL at the first page and in other ways of paging. */
    char *cursor;
    int64_t number;
    int64_t page_count;
    /* Hashes of the addresses of all pages so far: a way that leads to one of them would never end. */
    uint64_t *visited;
    size_t visited_count;
    size_t visited_capacity;
} pages_t;

/* What an answer that is complete says of its page. */
typedef struct {
    const transfer_t *transfer;
    /* Where it came from, after redirects. */
    const char *url;
    /* The document with the array of records empty. */
    tenon_str_t outside;
    int64_t record_count;
} page_answer_t;

/* Starts at the first page, or at the one that `position` names. Takes `first_url`. */
tenon_status_t pages_begin(
    pages_t *pages, const tenon_call_t *call, const configuration_t *configuration, const stream_t *stream,
    tenon_str_t position
);
void pages_free(pages_t *pages);
/* Goes to the next page: OK; END where there is none; or fails. */
tenon_status_t pages_advance(pages_t *pages, const tenon_call_t *call, const page_answer_t *answer);
/* Adds the members of a position that name the page. */
void pages_add_position(const pages_t *pages, tenon_text_t *text);

#endif
