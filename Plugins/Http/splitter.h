/* Cuts a JSON document into the elements of one of its arrays while it arrives, one line each; or a document
 * of lines into these. Memory is bounded by the largest element, and what stands around the array is kept.
 * Elements are not read closer than their brackets and strings: the host checks each line. */
#ifndef HTTP_CONNECTOR_SPLITTER_H
#define HTTP_CONNECTOR_SPLITTER_H

#include "tenon_json.h"

#define MAX_PATH_PARTS 16
#define MAX_RECORD_BYTES ((size_t)16 << 20)
/* Lines that may wait to be handed over: a few compressed bytes can become many. */
#define MAX_GATHERED_BYTES ((size_t)64 << 20)
/* What may stand around the array. */
#define MAX_OUTSIDE_BYTES ((size_t)8 << 20)

/*     seeking --"[" at the path--> between <--element--> within        between --"]"--> after
 * Any of them --what cannot be--> broken */
typedef enum { SPLIT_SEEKING, SPLIT_BETWEEN, SPLIT_WITHIN, SPLIT_AFTER, SPLIT_BROKEN } split_state_t;

typedef struct {
    split_state_t state;
    /* The names of members that lead to the array. */
    const char *path[MAX_PATH_PARTS];
    size_t path_size[MAX_PATH_PARTS];
    int path_count;
    int matched_count;
    /* Open brackets outside of the array, and inside of the element. */
    int depth;
    int element_depth;
    int is_in_string;
    int is_escaped;
    /* While seeking: whether a member name may come, its text, and whether its value is the one on the path.
     */
    int expects_name;
    int is_wanted_value;
    int needs_comma;
    char name[256];
    size_t name_size;
    /* Elements to pass over, and how many there were in all. */
    int64_t skip_count;
    int64_t element_count;
    /* Elements still wanted; then the rest is passed over. */
    int64_t wanted_count;
    tenon_text_t lines;
    uint64_t line_count;
    /* Lines among them that are no objects. */
    uint64_t other_count;
    /* 1 where each line of the document is an element. */
    int is_lines;
    /* The document with the array empty: the next cursor stands there. */
    int keeps_outside;
    tenon_text_t outside;
    size_t element_start;
    /* Bytes of a byte order mark that were passed over at the start; 3 where none comes any more. */
    int mark_size;
    const char *problem;
} splitter_t;

/* `path` is "a.b" or "/a/b" and must outlive the splitter; empty or NULL: the document is the array. */
int splitter_begin(splitter_t *splitter, const char *path);
/* Takes each line of the document for an element, instead of those of an array. */
void splitter_take_lines(splitter_t *splitter);
/* Starts over with the next document; lines that were not taken yet stay. */
void splitter_restart(splitter_t *splitter, int64_t skip_count, int64_t wanted_count);
/* Tells that the document is at its end: the last line needs no LF. */
void splitter_end(splitter_t *splitter);
/* Takes more of the document; 0 once it is broken. */
int splitter_add(splitter_t *splitter, const char *data, size_t size);
/* Whether the document is complete. */
int splitter_is_complete(const splitter_t *splitter);
void splitter_free(splitter_t *splitter);

#endif
