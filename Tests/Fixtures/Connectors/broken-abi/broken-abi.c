/* Built for an ABI that this host does not know. */
#include "tenon_simple.h"

static const void *capability(tenon_str_t id) {
    (void)id;
    return NULL;
}

static tenon_status_t create(
    const tenon_host_t *host, tenon_str_t name, const tenon_call_t *call, tenon_instance_t **out_instance
) {
    (void)host, (void)name, (void)call, (void)out_instance;
    return TENON_NOT_IMPLEMENTED;
}

TENON_EXPORT const tenon_entry_t *tenon_connector(void) {
    static const tenon_entry_t entry = {sizeof(tenon_entry_t),      TENON_MAGIC, 2,      0,
                                        TENON_THREADING_PER_HANDLE, 0,           create, capability};
    return &entry;
}
