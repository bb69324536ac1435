/* A source that counts and a target that adds up: known rows of any number at any speed, exactly once.
 *
 *   streams   "numbers": id int64 (from 0), name utf8 ("row 7", null in every tenth row), value float64 (id /
 * 2) "types": one column of each type of the contract target    counts rows and adds up all int64 columns
 * into one file for each job and stream, with the sequence actions   "noop": answers null at once; "tally":
 * {"job", "stream"} answers what the target has stored
 */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "tenon_columns.h"
#include "tenon_simple.h"

struct tenon_instance_t {
    /* The directory of the target's files. */
    char *path;
    int64_t rows;
    int64_t batch_rows;
    /* The row at which the source fails, exits; -1 for never. */
    int64_t fail_at;
    int64_t vanish_at;
    int speaks_json;
};

#include "counter_source.h"
#include "counter_target.h"

static tenon_status_t configure(tenon_instance_t *instance, const tenon_call_t *call, tenon_str_t json) {
    (void)call;
    free(instance->path);
    instance->path = tenon_json_copy(tenon_json_member(json, "path"), NULL);
    instance->rows = tenon_json_int_or(json, "rows", 1000);
    instance->batch_rows = tenon_json_int_or(json, "batchRows", 1000);
    if (instance->batch_rows < 1) { instance->batch_rows = 1; }
    instance->fail_at = tenon_json_int_or(json, "failAt", -1);
    instance->vanish_at = tenon_json_int_or(json, "vanishAt", -1);
    instance->speaks_json = tenon_json_equals(tenon_json_member(json, "kind"), "ndjson");
    return TENON_OK;
}

static void destroy(tenon_instance_t *instance) {
    free(instance->path);
    free(instance);
}

static tenon_status_t invoke(
    tenon_instance_t *instance, const tenon_call_t *call, tenon_str_t name, tenon_str_t input,
    const tenon_output_t *output
) {
    if (tenon_str_equals(name, "noop")) { return TENON_OK; }
    if (!tenon_str_equals(name, "tally")) {
        return tenon_fail(call, TENON_NOT_FOUND, "there is no action %.*s", (int)name.size, name.data);
    }
    tally_t tally;
    char *file = tally_file(instance, input);
    if (file == NULL) { return tenon_fail(call, TENON_INVALID_ARGUMENT, "path, job and stream are needed"); }
    read_tally(file, &tally);
    free(file);
    tenon_text_t answer = {0};
    format_tally(&tally, &answer);
    return tenon_write_text(output, &answer);
}

static const tenon_instance_v1_t instance_table = {
    configure, tenon_default_open, tenon_default_check, tenon_default_close, destroy
};
static const tenon_action_v1_t action_table = {invoke};
static const tenon_capability_t capabilities[] = {
    {TENON_INSTANCE_V1, &instance_table},
    {TENON_ACTION_V1, &action_table},
    {TENON_SOURCE_V1, &source_table},
    {TENON_TARGET_V1, &target_table},
    {NULL, NULL},
};

TENON_CONNECTOR(TENON_THREADING_PER_HANDLE, capabilities)
