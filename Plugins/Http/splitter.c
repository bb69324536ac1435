/* See splitter.h. */
#include "splitter.h"

static int broken(splitter_t *splitter, const char *problem) {
    /* Only whole records are handed over. */
    if (splitter->state == SPLIT_WITHIN) { splitter->lines.size = splitter->element_start; }
    splitter->state = SPLIT_BROKEN;
    splitter->problem = problem;
    return 0;
}

int splitter_begin(splitter_t *splitter, const char *path) {
    memset(splitter, 0, sizeof *splitter);
    splitter->wanted_count = INT64_MAX;
    splitter->is_wanted_value = 1;
    if (path == NULL) { return 1; }
    char separator = path[0] == '/' ? '/' : '.';
    if (separator == '/' || path[0] == '$') { path += path[0] == '$' && path[1] == '.' ? 2 : 1; }
    while (*path != '\0') {
        const char *end = strchr(path, separator);
        size_t size = end != NULL ? (size_t)(end - path) : strlen(path);
        if (splitter->path_count == MAX_PATH_PARTS || size >= sizeof splitter->name) { return 0; }
        splitter->path[splitter->path_count] = path;
        splitter->path_size[splitter->path_count++] = size;
        path += size + (end != NULL);
    }
    return 1;
}

void splitter_free(splitter_t *splitter) {
    tenon_text_free(&splitter->lines);
    tenon_text_free(&splitter->outside);
}

void splitter_take_lines(splitter_t *splitter) {
    splitter->is_lines = 1;
    splitter->state = SPLIT_BETWEEN;
}

void splitter_restart(splitter_t *splitter, int64_t skip_count, int64_t wanted_count) {
    if (splitter->state == SPLIT_WITHIN) { splitter->lines.size = splitter->element_start; }
    splitter->state = splitter->is_lines ? SPLIT_BETWEEN : SPLIT_SEEKING;
    splitter->matched_count = splitter->depth = splitter->element_depth = 0;
    splitter->is_in_string = splitter->is_escaped = splitter->expects_name = splitter->needs_comma = 0;
    splitter->is_wanted_value = 1;
    splitter->name_size = 0;
    splitter->element_count = 0;
    splitter->mark_size = 0;
    splitter->skip_count = skip_count;
    splitter->wanted_count = wanted_count;
    splitter->outside.size = 0;
    splitter->problem = NULL;
}

int splitter_is_complete(const splitter_t *splitter) {
    if (splitter->is_lines) { return splitter->state == SPLIT_BETWEEN; }
    return splitter->state == SPLIT_AFTER && splitter->depth == 0 && !splitter->is_in_string;
}

/* ---- outside of the array ---- */

static int is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/* Whether the object that is being read is the one in which the next part of the path stands. */
static int is_on_path(const splitter_t *splitter) { return splitter->depth == splitter->matched_count + 1; }

static int is_next_part(const splitter_t *splitter) {
    int index = splitter->matched_count;
    return index < splitter->path_count && splitter->name_size == splitter->path_size[index]
        && memcmp(splitter->name, splitter->path[index], splitter->name_size) == 0;
}

static void add_to_string(splitter_t *splitter, char c) {
    if (splitter->is_escaped) {
        splitter->is_escaped = 0;
    } else if (c == '\\') {
        splitter->is_escaped = 1;
    } else if (c == '"') {
        splitter->is_in_string = 0;
        return;
    }
    if (splitter->name_size < sizeof splitter->name) { splitter->name[splitter->name_size++] = c; }
}

static int open_value(splitter_t *splitter, char c) {
    int is_array_wanted = splitter->matched_count == splitter->path_count;
    if (splitter->is_wanted_value && c == '[' && is_array_wanted) {
        splitter->state = SPLIT_BETWEEN;
        return 1;
    }
    if (splitter->is_wanted_value && is_array_wanted) {
        return broken(
            splitter,
            splitter->path_count == 0
                ? "the answer is an object, not an array: set recordsPath to the member that has the records"
                : "recordsPath leads to an object, not to an array"
        );
    }
    if (splitter->is_wanted_value && c == '[') {
        return broken(splitter, "recordsPath leads through an array");
    }
    splitter->depth++;
    splitter->expects_name = c == '{' && splitter->is_wanted_value;
    splitter->is_wanted_value = 0;
    return 1;
}

/* A comma follows a value; a colon follows a name. */
static int seek(splitter_t *splitter, char c) {
    if (is_space(c)) { return 1; }
    switch (c) {
    case '"':
        if (splitter->is_wanted_value) {
            return broken(splitter, "recordsPath leads to text, not to an array");
        }
        splitter->is_in_string = 1;
        splitter->name_size = 0;
        return 1;
    case '{':
    case '[': return open_value(splitter, c);
    case '}':
    case ']':
        if (is_on_path(splitter)) {
            return broken(splitter, "the answer has no member that recordsPath names");
        }
        splitter->depth--;
        return splitter->depth >= 0 ? 1 : broken(splitter, "the answer is not JSON");
    case ':':
        if (is_on_path(splitter) && splitter->expects_name && is_next_part(splitter)) {
            splitter->matched_count++;
            splitter->is_wanted_value = 1;
        }
        splitter->expects_name = 0;
        return 1;
    case ',': splitter->expects_name = is_on_path(splitter); return 1;
    default:
        if (splitter->is_wanted_value) {
            return broken(
                splitter,
                splitter->path_count == 0 ? "the answer is not a JSON array"
                                          : "recordsPath leads to a value that is not an array"
            );
        }
        return 1;
    }
}

static int pass_over(splitter_t *splitter, char c) {
    if (c == '"') {
        splitter->is_in_string = 1;
        splitter->name_size = 0;
    }
    if (c == '{' || c == '[') { splitter->depth++; }
    if (c == '}' || c == ']') { splitter->depth--; }
    return splitter->depth >= 0 ? 1 : broken(splitter, "there is more behind the end of the answer");
}

/* ---- elements ---- */

static int end_element(splitter_t *splitter) {
    splitter->state = SPLIT_BETWEEN;
    splitter->needs_comma = 1;
    splitter->element_count++;
    if (splitter->skip_count > 0) {
        splitter->skip_count--;
        splitter->lines.size = splitter->element_start;
        return 1;
    }
    if (splitter->wanted_count == 0) {
        splitter->lines.size = splitter->element_start;
        return 1;
    }
    splitter->wanted_count--;
    if (splitter->lines.data != NULL && splitter->lines.data[splitter->element_start] != '{') {
        splitter->other_count++;
    }
    tenon_text_add(&splitter->lines, TENON_STR("\n"));
    splitter->line_count++;
    return 1;
}

static int between(splitter_t *splitter, char c) {
    if (is_space(c)) { return 1; }
    if (splitter->is_lines) {
        splitter->state = SPLIT_WITHIN;
        splitter->element_start = splitter->lines.size;
        tenon_text_add(&splitter->lines, tenon_str(&c, 1));
        return 1;
    }
    if (c == ']') {
        splitter->state = SPLIT_AFTER;
        return 1;
    }
    if (c == ',') {
        if (!splitter->needs_comma) {
            return broken(splitter, "there is a comma too many between two records");
        }
        splitter->needs_comma = 0;
        return 1;
    }
    if (splitter->needs_comma) { return broken(splitter, "there is no comma between two records"); }
    if (c == '}' || c == ':') { return broken(splitter, "the answer is not JSON"); }
    splitter->state = SPLIT_WITHIN;
    splitter->element_start = splitter->lines.size;
    splitter->element_depth = c == '{' || c == '[';
    splitter->is_in_string = c == '"';
    splitter->is_escaped = 0;
    tenon_text_add(&splitter->lines, tenon_str(&c, 1));
    return 1;
}

/* The size of the piece from `data` on that is plain text inside of a string. */
static size_t plain_size(const char *data, const char *end) {
    const char *p = data;
    while (p < end && *p != '"' && *p != '\\') { p++; }
    return (size_t)(p - data);
}

/* Takes one step inside of an element; answers how many bytes it took, 0 when the element ended before
 * `data`. */
static size_t within(splitter_t *splitter, const char *data, const char *end) {
    char c = *data;
    size_t size = 1;
    if (splitter->is_in_string) {
        size = splitter->is_escaped ? 0 : plain_size(data, end);
        if (size == 0) {
            size = 1;
            int was_escaped = splitter->is_escaped;
            splitter->is_escaped = !was_escaped && c == '\\';
            if (!was_escaped && c == '"') { splitter->is_in_string = 0; }
        }
        tenon_text_add(&splitter->lines, tenon_str(data, size));
        if (!splitter->is_in_string && splitter->element_depth == 0) { end_element(splitter); }
        return size;
    }
    if (splitter->element_depth == 0 && (is_space(c) || c == ',' || c == ']')) {
        end_element(splitter);
        return 0;
    }
    if (c == '"') { splitter->is_in_string = 1; }
    if (c == '{' || c == '[') { splitter->element_depth++; }
    /* A record is one line. */
    if (!is_space(c)) { tenon_text_add(&splitter->lines, tenon_str(&c, 1)); }
    if ((c == '}' || c == ']') && --splitter->element_depth == 0) { end_element(splitter); }
    return 1;
}

/* A line ends with its LF, whatever is in it: a broken one does not spoil the next. */
static size_t within_line(splitter_t *splitter, const char *data, const char *end) {
    const char *stop = memchr(data, '\n', (size_t)(end - data));
    size_t size = (size_t)((stop != NULL ? stop : end) - data);
    tenon_text_add(&splitter->lines, tenon_str(data, size));
    if (stop == NULL) { return size; }
    splitter_end(splitter);
    return size + 1;
}

void splitter_end(splitter_t *splitter) {
    tenon_text_t *lines = &splitter->lines;
    if (!splitter->is_lines || splitter->state != SPLIT_WITHIN) { return; }
    while (lines->size > splitter->element_start && is_space(lines->data[lines->size - 1])) { lines->size--; }
    end_element(splitter);
    splitter->needs_comma = 0;
}

/* Keeps what stands around the array, with its brackets. */
static int keep_outside(splitter_t *splitter, char c) {
    if (!splitter->keeps_outside) { return 1; }
    tenon_text_add(&splitter->outside, tenon_str(&c, 1));
    if (splitter->outside.failed) { return broken(splitter, "out of memory"); }
    if (splitter->outside.size <= MAX_OUTSIDE_BYTES) { return 1; }
    return broken(splitter, "there is more than 8 MiB around the records");
}

int splitter_add(splitter_t *splitter, const char *data, size_t size) {
    const char *end = data + size;
    while (splitter->mark_size < 3 && data < end) {
        if (*data != "\xEF\xBB\xBF"[splitter->mark_size]) {
            splitter->mark_size = 3;
            break;
        }
        splitter->mark_size++;
        data++;
    }
    while (data < end) {
        switch (splitter->state) {
        case SPLIT_BROKEN: return 0;
        case SPLIT_WITHIN:
            data += splitter->is_lines ? within_line(splitter, data, end) : within(splitter, data, end);
            if (splitter->lines.failed) { return broken(splitter, "out of memory"); }
            if (splitter->state == SPLIT_WITHIN
                && splitter->lines.size - splitter->element_start > MAX_RECORD_BYTES) {
                return broken(splitter, "a record is larger than 16 MiB");
            }
            if (splitter->lines.size > MAX_GATHERED_BYTES) {
                return broken(splitter, "the compressed answer grows too fast while it is unpacked");
            }
            continue;
        case SPLIT_BETWEEN:
            if (*data == ']' && !splitter->is_lines) { keep_outside(splitter, ']'); }
            between(splitter, *data++);
            continue;
        default: break;
        }
        char c = *data++;
        if (!keep_outside(splitter, c)) { return 0; }
        if (splitter->is_in_string) {
            add_to_string(splitter, c);
        } else if (splitter->state == SPLIT_SEEKING) {
            seek(splitter, c);
        } else {
            pass_over(splitter, c);
        }
    }
    return splitter->state != SPLIT_BROKEN;
}
