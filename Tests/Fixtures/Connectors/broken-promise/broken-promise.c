/* Offers less than its manifest says. */
#include "tenon_simple.h"

struct tenon_instance_t {
    int unused;
};

static const tenon_instance_v1_t instance_table = TENON_DEFAULT_INSTANCE;
static const tenon_capability_t capabilities[] = {{TENON_INSTANCE_V1, &instance_table}, {NULL, NULL}};

TENON_CONNECTOR(TENON_THREADING_SERIAL, capabilities)
