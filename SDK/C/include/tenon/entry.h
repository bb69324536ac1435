/* The one exported symbol, and what both sides say of themselves. */
#ifndef TENON_ENTRY_H
#define TENON_ENTRY_H

#include "base.h"
#include "call.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One configured use of the connector. The connector defines the struct; the host only carries the
 * pointer. */
typedef struct tenon_instance_t tenon_instance_t;

typedef struct tenon_host_t tenon_host_t;

/* Growable, made by the host, one for each instance, valid for the life of the process. */
struct tenon_host_t {
    uint32_t struct_size;
    uint32_t abi_major;
    uint32_t abi_minor;
    uint32_t reserved;
    void *context;
    /* Such as "tenon" and "0.1.0". */
    tenon_str_t name;
    tenon_str_t version;
    /* The table of a host service ("tenon.log/1"), or NULL where the host does not offer it.
     * State: any. Thread: any. Blocks: no. Owns: the table is the host's and lives as long as the process.
     * Errors: NULL. */
    const void *(*service)(const tenon_host_t *host, tenon_str_t id);
};

#define TENON_MAGIC 0x4e4f4e54u /* "TNON" */

/* Calls on one instance, its readers and its writers never overlap. */
#define TENON_THREADING_SERIAL 0u
/* Calls on one reader, on one writer and on the instance itself never overlap among themselves. */
#define TENON_THREADING_PER_HANDLE 1u

/* Growable, made by the connector, static. */
typedef struct tenon_entry_t {
    uint32_t struct_size;
    uint32_t magic;
    uint32_t abi_major;
    uint32_t abi_minor;
    uint32_t threading;
    uint32_t reserved;

    /* Makes an instance; contacts nobody. `name` is what people call the instance.
     * State: any. Thread: any, may overlap with everything. Blocks: no. Owns: `host` lives as long as the
     * process; `name` until the return; `*out_instance` is the connector's until `destroy`. Errors: INTERNAL,
     * RESOURCE_EXHAUSTED. After: no instance exists, `*out_instance` is not read. */
    tenon_status_t (*create)(
        const tenon_host_t *host, tenon_str_t name, const tenon_call_t *call,
        tenon_instance_t **out_instance);

    /* The table of a capability ("tenon.source/1"), or NULL where the connector does not offer it.
     * State: any, also before any `create`; always the same answer. Thread: any. Blocks: no. Owns: the table
     * is static. Errors: NULL. */
    const void *(*capability)(tenon_str_t id);
} tenon_entry_t;

#if defined(__GNUC__)
#define TENON_EXPORT __attribute__((visibility("default")))
#else
#define TENON_EXPORT
#endif

/* What the shared object exports. Pure.
 * State: any. Thread: any. Blocks: no. Owns: the entry is static. Errors: none. */
TENON_EXPORT const tenon_entry_t *tenon_connector(void);

#ifdef __cplusplus
}
#endif
#endif
