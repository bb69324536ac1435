/* Crashes when an instance is made. */
#include "tenon_simple.h"

struct tenon_instance_t {
    int unused;
};

static const tenon_instance_v1_t instance_table = TENON_DEFAULT_INSTANCE;
static const tenon_capability_t capabilities[] = {{TENON_INSTANCE_V1, &instance_table}, {NULL, NULL}};

TENON_CONNECTOR_WITH(TENON_THREADING_PER_HANDLE, capabilities, create)

static tenon_status_t create(
    const tenon_host_t *host, tenon_str_t name, const tenon_call_t *call, tenon_instance_t **out_instance
) {
    (void)host, (void)name, (void)call, (void)out_instance;
    volatile int *nowhere = NULL;
    *nowhere = 1;
    return TENON_INTERNAL;
}
