/* "tenon.action/1": named actions, JSON in and JSON out. Names and schemas stand in the manifest. */
#ifndef TENON_ACTION_H
#define TENON_ACTION_H

#include "call.h"
#include "entry.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TENON_ACTION_V1 "tenon.action/1"

/* Frozen. */
typedef struct tenon_action_v1_t {
    /* Performs the action `name`. `input_json` is valid by the action's input schema; its defaults may be
     * missing. The result is one JSON document written to `output`; nothing written means null.
     * State: open. Thread: any; never overlaps with another call on the instance itself. Blocks: yes, heeds
     * cancel. Owns: `name`, `input_json` and `output` until the return. Errors: any; NOT_FOUND for an unknown
     * name. A failed write says in `effect` what was changed. After: open, the next call is served. */
    tenon_status_t (*invoke)(
        tenon_instance_t *instance, const tenon_call_t *call, tenon_str_t name, tenon_str_t input_json,
        const tenon_output_t *output);
} tenon_action_v1_t;

#ifdef __cplusplus
}
#endif
#endif
