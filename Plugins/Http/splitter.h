/* Cuts a JSON document into the elements of one of its arrays while it arrives, one line each. Memory is
 * bounded by the largest element. Elements are not read closer than their brackets and strings: the host
 * checks each line. */
#ifndef HTTP_CONNECTOR_SPLITTER_H
#define HTTP_CONNECTOR_SPLITTER_H

#include "tenon_json.h"

#define MAX_PATH_PARTS 16
#define MAX_RECORD_BYTES ((size_t)16 << 20)
/* Lines that may wait to be handed over: a few compressed bytes can become many. */
#define MAX_GATHERED_BYTES ((size_t)64 << 20)

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
    size_t element_start;
    const char *problem;
} splitter_t;

/* `path` is "a.b" or "/a/b" and must outlive the splitter; empty or NULL: the document is the array. */
int splitter_begin(splitter_t *splitter, const char *path);
/* Takes more of the document; 0 once it is broken. */
int splitter_add(splitter_t *splitter, const char *data, size_t size);
/* Whether the document is complete. */
int splitter_is_complete(const splitter_t *splitter);
void splitter_free(splitter_t *splitter);

#endif
