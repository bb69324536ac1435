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
    /* Such as "tenon" and "0.1.0"; for people, never to decide by. */
    tenon_str_t name;
    tenon_str_t version;
    /* The table of a host service ("tenon.log/1"), or NULL where the host does not offer it.
     * State: from `create` on. Thread: any. Blocks: no. Owns: `id` until the return; the table is the host's
     * and lives as long as the process. Errors: NULL. After: as before; the answer never changes. */
    const void *(*service)(const tenon_host_t *host, tenon_str_t id);
};

#define TENON_MAGIC 0x4e4f4e54u /* "TNON" */

/* What may overlap. Calls on different instances always may. `configure`, `open`, `check`, `close` and
 * `destroy` never overlap with any call on their instance, its readers or its writers. A `fn` of on_cancel
 * and a release of Arrow data overlap with everything. An unknown value is taken for SERIAL. */
/* No two calls on one instance, its readers and its writers overlap. */
#define TENON_THREADING_SERIAL 0u
/* No two calls on the same handle overlap: the same reader, the same writer, or the instance itself. Calls on
 * different handles of one instance may. */
#define TENON_THREADING_PER_HANDLE 1u

/* Growable, made by the connector, static. The host refuses an entry with another abi_major, or that is
 * smaller than in version 1.0; abi_minor informs. The libraries of a connector are never unloaded. */
typedef struct tenon_entry_t {
    uint32_t struct_size;
    uint32_t magic;
    uint32_t abi_major;
    uint32_t abi_minor;
    uint32_t threading;
    uint32_t reserved;

    /* Makes an instance; contacts nobody. `name` is what people call the instance; several instances of one
     * name may exist, one after the other and side by side.
     * State: any. Thread: any, may overlap with everything. Blocks: no. Owns: `host` lives as long as the
     * process; `name` until the return; `*out_instance` is the connector's, is not NULL, and lives until
     * `destroy`. Errors: INTERNAL, RESOURCE_EXHAUSTED. After: no instance exists, `*out_instance` is not
     * read. */
    tenon_status_t (*create)(
        const tenon_host_t *host, tenon_str_t name, const tenon_call_t *call,
        tenon_instance_t **out_instance);

    /* The table of a capability ("tenon.source/1"), or NULL where the connector does not offer it.
     * State: any, also before any `create`; always the same answer. Thread: any, may overlap with everything.
     * Blocks: no. Owns: `id` until the return; the table is static. Errors: NULL. After: as before. */
    const void *(*capability)(tenon_str_t id);
} tenon_entry_t;

#if defined(__GNUC__)
#define TENON_EXPORT __attribute__((visibility("default")))
#else
#define TENON_EXPORT
#endif

/* What the shared object exports. Pure: always the same entry, and nothing happens.
 * State: any, first right after loading. Thread: any, may overlap with everything. Blocks: no. Owns: the
 * entry is static. Errors: none; never NULL. After: as before. */
TENON_EXPORT const tenon_entry_t *tenon_connector(void);

#ifdef __cplusplus
}
#endif
#endif
