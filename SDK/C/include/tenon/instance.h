/* "tenon.instance/1": the life of an instance. Every connector offers it.
 *
 *     create -> configure -> open -> capabilities -> close -> (configure | open ...) -> destroy
 *
 * The host ends all calls and closes all readers and writers before `close` and `destroy`, or ends the
 * process.
 */
#ifndef TENON_INSTANCE_H
#define TENON_INSTANCE_H

#include "call.h"
#include "entry.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TENON_INSTANCE_V1 "tenon.instance/1"

/* Frozen. None of these functions overlaps with any other call on the same instance, its readers and its
 * writers. */
typedef struct tenon_instance_v1_t {
    /* Takes the configuration: a JSON object, valid by the manifest's configSchema, defaults filled in,
     * secrets in place. Contacts nobody.
     * State: created, configured or closed: the last configuration holds. Thread: any. Blocks: no. Owns:
     * `configuration_json` until the return. Errors: INVALID_ARGUMENT with field_path, RESOURCE_EXHAUSTED.
     * After: the instance is as before; configure again or destroy. */
    tenon_status_t (*configure)(
        tenon_instance_t *instance, const tenon_call_t *call, tenon_str_t configuration_json);

    /* Makes the instance ready for its capabilities.
     * State: configured or closed. Thread: any. Blocks: yes, heeds cancel. Owns: nothing. Errors: any.
     * After: not open; open again, configure or destroy. */
    tenon_status_t (*open)(tenon_instance_t *instance, const tenon_call_t *call);

    /* Finds out whether the other system can be used. One item for each thing tried:
     *     {"name": "reachable" | "authenticated" | "permitted" | other, "ok": true | false, "detail": "..."}
     * A check that found a problem has succeeded: it answers OK.
     * State: open. Thread: any. Blocks: yes, heeds cancel. Owns: `items` until the return. Errors: only where
     * checking itself is impossible. After: open, as before. */
    tenon_status_t (*check)(tenon_instance_t *instance, const tenon_call_t *call, const tenon_items_t *items);

    /* Gives back what `open` took.
     * State: open, no readers, no writers, no calls. Thread: any. Blocks: yes, heeds cancel. Owns: nothing.
     * Errors: any; they are logged. After: closed in any case. */
    tenon_status_t (*close)(tenon_instance_t *instance, const tenon_call_t *call);

    /* Frees the instance.
     * State: created, configured or closed. Thread: any. Blocks: no. Owns: `instance` is gone afterwards;
     * Arrow data that was handed out stays valid until its release. Errors: none. After: nothing of the
     * instance is used again; the process may go on without it. */
    void (*destroy)(tenon_instance_t *instance);
} tenon_instance_v1_t;

#ifdef __cplusplus
}
#endif
#endif
