/* REST APIs: single requests, lists of records as a source, and records sent to endpoints as a target. */
#include "http.h"

static const tenon_capability_t capabilities[] = {
    {TENON_INSTANCE_V1, &instance_table},
    {TENON_ACTION_V1, &action_table},
    {TENON_SOURCE_V1, &source_table},
    {TENON_TARGET_V1, &target_table},
    {NULL, NULL},
};

TENON_CONNECTOR_WITH(TENON_THREADING_PER_HANDLE, capabilities, made_create)

static tenon_status_t made_create(
    const tenon_host_t *host, tenon_str_t name, const tenon_call_t *call, tenon_instance_t **out_instance
) {
    return instance_create(host, name, call, out_instance);
}
