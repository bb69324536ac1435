/* The next page: by a Link header (RFC 8288), by number, by offset, by a cursor, or by a URL in the body.
 *
 * A page that was read already must not come again: the same address twice is an error, not an endless
 * stream. And an address that an answer names must lead to the same server: what is sent there are the
 * credentials. */
#define _POSIX_C_SOURCE 200809L

#include "pages.h"

#include <strings.h>

/* ---- addresses that were seen ---- */

/* 0 is an empty place of the table. */
static uint64_t hash_of(const char *url) {
    uint64_t hash = hash_add(HASH_START, tenon_str_of(url));
    return hash == 0 ? 1 : hash;
}

static void put_hash(uint64_t *table, size_t capacity, uint64_t hash) {
    size_t place = (size_t)hash & (capacity - 1);
    while (table[place] != 0) { place = (place + 1) & (capacity - 1); }
    table[place] = hash;
}

/* Remembers an address: 1, 0 where it was there, -1 where memory is short. */
static int visit(pages_t *pages, const char *url) {
    uint64_t hash = hash_of(url);
    if (pages->visited_count * 2 >= pages->visited_capacity) {
        size_t capacity = pages->visited_capacity > 0 ? pages->visited_capacity * 2 : 64;
        uint64_t *grown = calloc(capacity, sizeof *grown);
        if (grown == NULL) { return -1; }
        for (size_t i = 0; i < pages->visited_capacity; i++) {
            if (pages->visited[i] != 0) { put_hash(grown, capacity, pages->visited[i]); }
        }
        free(pages->visited);
        pages->visited = grown;
        pages->visited_capacity = capacity;
    }
    size_t mask = pages->visited_capacity - 1;
    for (size_t place = (size_t)hash & mask; pages->visited[place] != 0; place = (place + 1) & mask) {
        if (pages->visited[place] == hash) { return 0; }
    }
    put_hash(pages->visited, pages->visited_capacity, hash);
    pages->visited_count++;
    return 1;
}

/* ---- going to a page ---- */

static tenon_status_t out_of_memory(const tenon_call_t *call) {
    return tenon_fail_unchanged(
        call, TENON_RESOURCE_EXHAUSTED, "out of memory, or an address longer than 65536 bytes"
    );
}

/* Takes `url`. */
static tenon_status_t go_to(pages_t *pages, const tenon_call_t *call, char *url) {
    if (url == NULL) { return out_of_memory(call); }
    int is_new = visit(pages, url);
    free(pages->url);
    pages->url = url;
    if (is_new > 0) { return TENON_OK; }
    if (is_new < 0) { return out_of_memory(call); }
    return tenon_fail_unchanged(
        call, TENON_BAD_DATA,
        "page %lld leads back to a page that was read already (%.*s): the pages would never end",
        (long long)pages->page_count, url_public_size(url), url
    );
}

/* Goes where an address leads that stands in an answer from `base`. */
static tenon_status_t go_to_reference(
    pages_t *pages, const tenon_call_t *call, const char *base, tenon_str_t reference
) {
    char *url = url_resolve(base, reference);
    if (url == NULL) {
        return tenon_fail_unchanged(
            call, TENON_BAD_DATA, "page %lld names a next page that is no HTTP URL",
            (long long)pages->page_count
        );
    }
    if (!url_same_origin(url, pages->base_url) && !pages->pagination->follows_other_origins) {
        tenon_error_t error = tenon_error(TENON_CLASS_CONFIG, TENON_EFFECT_NOT_APPLIED);
        error.field_path = TENON_STR("/pagination/followOtherOrigins");
        tenon_status_t status = tenon_fail_with(
            call, TENON_PERMISSION_DENIED, error,
            "page %lld leads to another server, %.*s; followOtherOrigins allows that, without credentials",
            (long long)pages->page_count, url_public_size(url), url
        );
        free(url);
        return status;
    }
    return go_to(pages, call, url);
}

/* The first URL with the number and the size of a page, or with a cursor. */
static char *page_url(const pages_t *pages, const char *value) {
    const pagination_t *pagination = pages->pagination;
    char size[24];
    char *url = value != NULL && pagination->parameter != NULL
        ? url_with(pages->first_url, pagination->parameter, value)
        : strdup(pages->first_url);
    if (url == NULL || pagination->size_parameter == NULL || pagination->size < 1) { return url; }
    snprintf(size, sizeof size, "%lld", (long long)pagination->size);
    char *sized = url_with(url, pagination->size_parameter, size);
    free(url);
    return sized;
}

static char *numbered_url(const pages_t *pages) {
    char number[24];
    snprintf(number, sizeof number, "%lld", (long long)pages->number);
    int is_numbered = pages->pagination->type == PAGING_NUMBER || pages->pagination->type == PAGING_OFFSET;
    return page_url(pages, is_numbered ? number : NULL);
}

/* ---- positions ---- */

/* The next pair of a query from `*p` on. */
static tenon_str_t next_pair(const char **p) {
    tenon_str_t pair = tenon_str(*p, strcspn(*p, "&"));
    *p += pair.size;
    if (**p == '&') { (*p)++; }
    return pair;
}

static const char *query_of(const char *url) {
    const char *query = url + strcspn(url, "?");
    return *query == '?' ? query + 1 : query;
}

/* Pairs of the first page's query may be secrets and are not written into positions: each stands there as the
 * number of its place, "{0}", which no URL has. 0 where the pair is another. */
static int add_place(const char *first_url, tenon_str_t pair, tenon_text_t *text) {
    int place = 0;
    for (const char *p = query_of(first_url); *p != '\0'; place++) {
        tenon_str_t other = next_pair(&p);
        if (other.size != pair.size || memcmp(other.data, pair.data, (size_t)pair.size) != 0) { continue; }
        tenon_text_format(text, "{%d}", place);
        return 1;
    }
    return 0;
}

/* The pair that a place stands for; what is none stands for itself. */
static tenon_str_t pair_at(const char *first_url, tenon_str_t place) {
    char text[16];
    int number = 0;
    for (const char *p = query_of(first_url); *p != '\0'; number++) {
        tenon_str_t pair = next_pair(&p);
        snprintf(text, sizeof text, "{%d}", number);
        if (tenon_str_equals(place, text)) { return pair; }
    }
    return place;
}

/* A URL with places for the pairs of the first one, or the other way around; NULL where memory is short. */
static char *translated(const char *first_url, const char *url, int to_places) {
    tenon_text_t text = {0};
    const char *p = query_of(url);
    tenon_text_add(&text, tenon_str(url, (size_t)(p - url)));
    while (*p != '\0') {
        tenon_str_t pair = next_pair(&p);
        int is_place = to_places && pair.size > 0 && add_place(first_url, pair, &text);
        if (!is_place) { tenon_text_add(&text, to_places ? pair : pair_at(first_url, pair)); }
        if (*p != '\0') { tenon_text_add(&text, TENON_STR("&")); }
    }
    tenon_text_add(&text, tenon_str("", 1));
    if (text.failed) { tenon_text_free(&text); }
    return text.data;
}

/* Goes to the page with a cursor. Takes `cursor`. */
static tenon_status_t go_to_cursor(pages_t *pages, const tenon_call_t *call, char *cursor) {
    free(pages->cursor);
    pages->cursor = cursor;
    return cursor != NULL ? go_to(pages, call, page_url(pages, cursor)) : out_of_memory(call);
}

/* Goes to the URL of a position. It may come from elsewhere: what it names is trusted no more than an answer,
 * and only the server of the first page gets what that was asked with. */
static tenon_status_t go_to_place(pages_t *pages, const tenon_call_t *call, tenon_str_t url) {
    char *text = tenon_json_copy(url, NULL);
    char *place = text != NULL ? url_resolve(pages->first_url, tenon_str_of(text)) : NULL;
    char *full = place != NULL && url_same_origin(place, pages->first_url)
        ? translated(pages->first_url, text, 0)
        : text != NULL ? strdup(text) : NULL;
    tenon_status_t status = full == NULL
        ? out_of_memory(call)
        : go_to_reference(pages, call, pages->first_url, tenon_str_of(full));
    free(text);
    free(place);
    free(full);
    return status;
}

tenon_status_t pages_begin(
    pages_t *pages, const tenon_call_t *call, const configuration_t *configuration, const stream_t *stream,
    tenon_str_t position
) {
    pages->pagination = &stream->pagination;
    pages->base_url = configuration->base_url;
    pages->page_count = tenon_json_int_or(position, "page", 1);
    pages->number = tenon_json_int_or(position, "number", stream->pagination.first);
    if (pages->first_url == NULL) { return out_of_memory(call); }
    tenon_str_t url = tenon_json_member(position, "url");
    tenon_str_t cursor = tenon_json_member(position, "cursor");
    if (tenon_json_kind(cursor) == '"' && pages->pagination->type == PAGING_CURSOR) {
        return go_to_cursor(pages, call, tenon_json_copy(cursor, NULL));
    }
    if (tenon_json_kind(url) == '"') { return go_to_place(pages, call, url); }
    return go_to(pages, call, numbered_url(pages));
}

void pages_free(pages_t *pages) {
    free(pages->first_url);
    free(pages->url);
    free(pages->cursor);
    free(pages->visited);
}

void pages_add_position(const pages_t *pages, tenon_text_t *text) {
    const pagination_t *pagination = pages->pagination;
    if (pagination->type == PAGING_NONE) { return; }
    tenon_text_format(text, ",\"page\":%lld", (long long)pages->page_count);
    if (pagination->type == PAGING_NUMBER || pagination->type == PAGING_OFFSET) {
        tenon_text_format(text, ",\"number\":%lld", (long long)pages->number);
        return;
    }
    if (pagination->type == PAGING_CURSOR) {
        if (pages->cursor == NULL) { return; }
        tenon_text_add(text, TENON_STR(",\"cursor\":"));
        tenon_text_add_json(text, tenon_str_of(pages->cursor));
        return;
    }
    char *url = translated(pages->first_url, pages->url, 1);
    tenon_text_add(text, TENON_STR(",\"url\":"));
    tenon_text_add_json(text, tenon_str_of(url != NULL ? url : ""));
    if (url == NULL) { text->failed = 1; }
    free(url);
}

/* ---- where an answer leads ---- */

static int is_next(tenon_str_t relations) {
    const char *p = relations.data, *end = p + relations.size;
    while (p < end) {
        p = tenon_json_space(p, end);
        const char *start = p;
        while (p < end && *p != ' ' && *p != '\t') { p++; }
        if (p - start == 4 && strncasecmp(start, "next", 4) == 0) { return 1; }
    }
    return 0;
}

/* The end of a parameter's value: a quoted string, or up to a separator. */
static const char *value_end(const char *p, const char *end) {
    if (p < end && *p == '"') {
        for (p++; p < end && *p != '"'; p++) { p += *p == '\\' && p + 1 < end; }
        return p < end ? p + 1 : end;
    }
    while (p < end && *p != ',' && *p != ';') { p++; }
    return p;
}

static tenon_str_t unquoted(const char *start, const char *end) {
    while (end > start && (end[-1] == ' ' || end[-1] == '\t')) { end--; }
    if (end - start >= 2 && *start == '"' && end[-1] == '"') {
        start++;
        end--;
    }
    return tenon_str(start, (size_t)(end - start));
}

/* Reads the parameters behind a target up to the comma; answers where they end. */
static const char *read_parameters(const char *p, const char *end, int *leads_on) {
    while (p < end && *p != ',') {
        if (*p != ';') {
            p++;
            continue;
        }
        p = tenon_json_space(p + 1, end);
        const char *name = p;
        while (p < end && *p != '=' && *p != ';' && *p != ',') { p++; }
        int is_relation = p - name >= 3 && strncasecmp(name, "rel", 3) == 0
            && tenon_json_space(name + 3, p) == p;
        if (p >= end || *p != '=') { continue; }
        const char *value = tenon_json_space(p + 1, end);
        p = value_end(value, end);
        if (is_relation && is_next(unquoted(value, p))) { *leads_on = 1; }
    }
    return p;
}

/* The target of the first link with rel=next in a Link header; size 0 where there is none. */
static tenon_str_t next_link(tenon_str_t header) {
    const char *p = header.data, *end = p + header.size;
    while (p < end) {
        const char *start = memchr(p, '<', (size_t)(end - p));
        const char *stop = start != NULL ? memchr(start, '>', (size_t)(end - start)) : NULL;
        int leads_on = 0;
        if (stop == NULL) { break; }
        p = read_parameters(stop + 1, end, &leads_on);
        if (leads_on) { return tenon_str(start + 1, (size_t)(stop - start - 1)); }
    }
    return tenon_str(NULL, 0);
}

static tenon_status_t advance_link(pages_t *pages, const tenon_call_t *call, const page_answer_t *answer) {
    size_t offset = 0;
    tenon_str_t header;
    while ((header = transfer_next_header(answer->transfer, "link", &offset)).size > 0) {
        tenon_str_t target = next_link(header);
        if (target.size > 0) { return go_to_reference(pages, call, answer->url, target); }
    }
    return TENON_END;
}

/* What the body or a header says comes next, as text; NULL where it says nothing: missing, null, false, "".
 */
static char *continuation(const pages_t *pages, const page_answer_t *answer) {
    const pagination_t *pagination = pages->pagination;
    tenon_str_t value = pagination->header != NULL
        ? transfer_header(answer->transfer, pagination->header)
        : json_at(answer->outside, pagination->path);
    char kind = pagination->header != NULL ? 'h' : tenon_json_kind(value);
    if (value.size == 0 || strchr("nf{[", kind) != NULL) { return NULL; }
    char *text = kind == '"' ? tenon_json_copy(value, NULL) : strndup(value.data, (size_t)value.size);
    if (text != NULL && text[0] == '\0') {
        free(text);
        text = NULL;
    }
    return text;
}

static tenon_status_t advance_continuation(
    pages_t *pages, const tenon_call_t *call, const page_answer_t *answer
) {
    char *text = continuation(pages, answer);
    if (text == NULL) { return TENON_END; }
    if (pages->pagination->type == PAGING_CURSOR) { return go_to_cursor(pages, call, text); }
    tenon_status_t status = go_to_reference(pages, call, answer->url, tenon_str_of(text));
    free(text);
    return status;
}

static tenon_status_t advance_number(pages_t *pages, const tenon_call_t *call, const page_answer_t *answer) {
    const pagination_t *pagination = pages->pagination;
    int is_short = pagination->ends_at_short_page && answer->record_count < pagination->size;
    if (answer->record_count == 0 || is_short) { return TENON_END; }
    pages->number += pagination->type == PAGING_OFFSET ? answer->record_count : 1;
    return go_to(pages, call, numbered_url(pages));
}

tenon_status_t pages_advance(pages_t *pages, const tenon_call_t *call, const page_answer_t *answer) {
    if (pages->pagination->type == PAGING_NONE || pages->page_count >= pages->pagination->max_pages) {
        return TENON_END;
    }
    tenon_status_t status;
    switch (pages->pagination->type) {
    case PAGING_LINK: status = advance_link(pages, call, answer); break;
    case PAGING_NUMBER:
    case PAGING_OFFSET: status = advance_number(pages, call, answer); break;
    default: status = advance_continuation(pages, call, answer);
    }
    if (status == TENON_OK) { pages->page_count++; }
    return status;
}
