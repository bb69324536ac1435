/* Offers a table in which a function is missing. */
#include "tenon_simple.h"

struct tenon_instance_t {
    int unused;
};

static const tenon_instance_v1_t instance_table = {
    tenon_default_configure, tenon_default_open, NULL, tenon_default_close, tenon_default_destroy
};
static const tenon_capability_t capabilities[] = {{TENON_INSTANCE_V1, &instance_table}, {NULL, NULL}};

TENON_CONNECTOR(TENON_THREADING_PER_HANDLE, capabilities)
