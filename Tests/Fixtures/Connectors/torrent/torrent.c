/* A source that costs nothing: the same 1 MB batch, made once, "limit" times. */
#include <tenon_simple.h>

#define ROWS 14563
#define NUMBERS 7
#define TEXT_BYTES 12
#define COLUMNS (NUMBERS + 1)

struct tenon_instance_t {
    int unused;
};
struct tenon_reader_t {
    int64_t remaining;
    int is_announced;
};

static int64_t numbers[NUMBERS][ROWS];
static int32_t offsets[ROWS + 1];
static char texts[ROWS * TEXT_BYTES];
static const void *buffers[COLUMNS][3];
static const void *top_buffers[1];
static struct ArrowArray arrays[COLUMNS], *array_list[COLUMNS];
static struct ArrowSchema fields[COLUMNS], *field_list[COLUMNS];
static const char *names[COLUMNS] = {"a", "b", "c", "d", "e", "f", "g", "text"};

static void keep_array(struct ArrowArray *array) { array->release = NULL; }
static void keep_schema(struct ArrowSchema *schema) { schema->release = NULL; }

static void make_batch(void) {
    for (int row = 0; row < ROWS; row++) {
        for (int column = 0; column < NUMBERS; column++) { numbers[column][row] = (int64_t)row * (column + 1); }
        memcpy(texts + row * TEXT_BYTES, "record 12345", TEXT_BYTES);
        offsets[row + 1] = (row + 1) * TEXT_BYTES;
    }
    for (int column = 0; column < COLUMNS; column++) {
        int is_text = column == NUMBERS;
        buffers[column][1] = is_text ? (const void *)offsets : numbers[column];
        buffers[column][2] = texts;
        arrays[column] = (struct ArrowArray){
            .length = ROWS, .n_buffers = is_text ? 3 : 2, .buffers = buffers[column], .release = keep_array};
        fields[column] = (struct ArrowSchema){
            .format = is_text ? "u" : "l", .name = names[column], .release = keep_schema};
        array_list[column] = &arrays[column];
        field_list[column] = &fields[column];
    }
}

static tenon_status_t open_reader(
    tenon_instance_t *instance, const tenon_call_t *call, tenon_str_t request, tenon_bytes_t checkpoint,
    const tenon_output_t *honoured, tenon_reader_t **out_reader
) {
    (void)instance, (void)checkpoint;
    tenon_reader_t *reader = calloc(1, sizeof *reader);
    if (reader == NULL) { return tenon_fail(call, TENON_RESOURCE_EXHAUSTED, "out of memory"); }
    reader->remaining = tenon_json_int_or(request, "limit", 1);
    make_batch();
    *out_reader = reader;
    return tenon_write(honoured, TENON_STR("{\"limit\":true}"));
}

static tenon_status_t next(tenon_reader_t *reader, const tenon_call_t *call, const tenon_records_t *records) {
    (void)call;
    if (reader->remaining-- <= 0) { return TENON_END; }
    if (!reader->is_announced) {
        struct ArrowSchema schema = {
            .format = "+s", .name = "", .n_children = COLUMNS, .children = field_list, .release = keep_schema};
        tenon_status_t status = records->schema(records, &schema);
        if (status != TENON_OK) { return status; }
        reader->is_announced = 1;
    }
    for (int column = 0; column < COLUMNS; column++) { arrays[column].release = keep_array; }
    struct ArrowArray batch = {
        .length = ROWS, .n_buffers = 1, .buffers = top_buffers, .n_children = COLUMNS, .children = array_list,
        .release = keep_array};
    return records->arrow(records, &batch);
}

static const tenon_instance_v1_t life = TENON_DEFAULT_INSTANCE;
static const tenon_source_v1_t source = {
    tenon_default_discover, tenon_default_plan, open_reader, next, tenon_default_close_reader,
};
static const tenon_capability_t capabilities[] = {
    {TENON_INSTANCE_V1, &life}, {TENON_SOURCE_V1, &source}, {NULL, NULL}};

TENON_CONNECTOR(TENON_THREADING_SERIAL, capabilities)
