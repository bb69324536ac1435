/* A connector that does on demand what no connector should do: the host is tried with it.
 *
 *   configuration  {"crashIn" | "hangIn" | "failIn": "configure" | "open" | "check" | "close" | "destroy"}
 *   actions        misbehave_actions.h
 *   streams        misbehave_source.h
 *   targets        misbehave_target.h
 */
#define _GNU_SOURCE

#include <pthread.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "tenon_simple.h"

struct tenon_instance_t {
    const tenon_host_t *host;
    char *crash_in;
    char *hang_in;
    char *fail_in;
};

#include "misbehave_actions.h"
#include "misbehave_source.h"
#include "misbehave_target.h"

static int is_named(const char *configured, const char *place) {
    return configured != NULL && strcmp(configured, place) == 0;
}

static tenon_status_t misbehave_in(tenon_instance_t *instance, const tenon_call_t *call, const char *place) {
    if (is_named(instance->crash_in, place)) { crash(); }
    if (is_named(instance->hang_in, place)) { hang(); }
    if (is_named(instance->fail_in, place) && call != NULL) {
        return tenon_fail(call, TENON_UNAVAILABLE, "%s fails, as the configuration asks", place);
    }
    return TENON_OK;
}

static tenon_status_t create(
    const tenon_host_t *host, tenon_str_t name, const tenon_call_t *call, tenon_instance_t **out_instance
) {
    (void)name;
    *out_instance = calloc(1, sizeof(tenon_instance_t));
    if (*out_instance == NULL) { return tenon_fail(call, TENON_RESOURCE_EXHAUSTED, "out of memory"); }
    (*out_instance)->host = host;
    return TENON_OK;
}

static tenon_status_t configure(tenon_instance_t *instance, const tenon_call_t *call, tenon_str_t json) {
    free(instance->crash_in);
    free(instance->hang_in);
    free(instance->fail_in);
    instance->crash_in = tenon_json_copy(tenon_json_member(json, "crashIn"), NULL);
    instance->hang_in = tenon_json_copy(tenon_json_member(json, "hangIn"), NULL);
    instance->fail_in = tenon_json_copy(tenon_json_member(json, "failIn"), NULL);
    return misbehave_in(instance, call, "configure");
}

static tenon_status_t open_instance(tenon_instance_t *instance, const tenon_call_t *call) {
    return misbehave_in(instance, call, "open");
}

static tenon_status_t check(
    tenon_instance_t *instance, const tenon_call_t *call, const tenon_items_t *items
) {
    if (is_named(instance->fail_in, "check")) {
        return tenon_add_check(items, "reachable", 0, "not reachable, as the configuration asks");
    }
    tenon_status_t status = misbehave_in(instance, call, "check");
    return status == TENON_OK ? tenon_add_check(items, "reachable", 1, "") : status;
}

static tenon_status_t close_instance(tenon_instance_t *instance, const tenon_call_t *call) {
    return misbehave_in(instance, call, "close");
}

static void destroy(tenon_instance_t *instance) {
    misbehave_in(instance, NULL, "destroy");
    free(instance->crash_in);
    free(instance->hang_in);
    free(instance->fail_in);
    free(instance);
}

static tenon_status_t invoke(
    tenon_instance_t *instance, const tenon_call_t *call, tenon_str_t name, tenon_str_t input,
    const tenon_output_t *output
) {
    action_request_t request = {instance, call, input, output};
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        if (tenon_str_equals(name, actions[i].name)) { return actions[i].perform(&request); }
    }
    return tenon_fail(call, TENON_NOT_FOUND, "there is no action %.*s", (int)name.size, name.data);
}

static const tenon_instance_v1_t instance_table = {configure, open_instance, check, close_instance, destroy};
static const tenon_action_v1_t action_table = {invoke};
static const tenon_capability_t capabilities[] = {
    {TENON_INSTANCE_V1, &instance_table},
    {TENON_ACTION_V1, &action_table},
    {TENON_SOURCE_V1, &source_table},
    {TENON_TARGET_V1, &target_table},
    {NULL, NULL}
};

TENON_CONNECTOR_WITH(TENON_THREADING_PER_HANDLE, capabilities, create)
