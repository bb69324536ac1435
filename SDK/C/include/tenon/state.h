/* "tenon.state/1", a service of the host: a few small values that survive restarts, for each instance. Not
 * for commit sequences and not for positions: those have their own ways. */
#ifndef TENON_STATE_H
#define TENON_STATE_H

#include "entry.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TENON_STATE_V1 "tenon.state/1"
#define TENON_MAX_STATE_KEY_BYTES 128u
#define TENON_MAX_STATE_VALUE_BYTES 65536u

/* Frozen. A key is text of 1 to TENON_MAX_STATE_KEY_BYTES. The instances that the host makes for
 * one deployment share their values.
 * For all functions: State: during a call, with that call. Thread: the one that serves the call. Blocks:
 * until the host has answered; the host holds no lock that a connector could wait for. */
typedef struct tenon_state_v1_t {
    /* Writes the value of `key` to `value`, which the connector makes (or hands on).
     * Owns: inputs until the return. Errors: NOT_FOUND, INVALID_ARGUMENT, UNAVAILABLE, and what
     * `value->write` answered. After: as before. */
    tenon_status_t (*get)(
        const tenon_host_t *host, const tenon_call_t *call, tenon_str_t key, const tenon_output_t *value);

    /* Stores `value` durably under `key`.
     * Owns: inputs until the return. Errors: INVALID_ARGUMENT, RESOURCE_EXHAUSTED for a value above
     * TENON_MAX_STATE_VALUE_BYTES or too many of them, UNAVAILABLE. After: UNAVAILABLE leaves it open whether
     * the value was stored; otherwise the old one holds. */
    tenon_status_t (*put)(
        const tenon_host_t *host, const tenon_call_t *call, tenon_str_t key, tenon_bytes_t value);

    /* Removes `key`; OK also where it does not exist.
     * Owns: `key` until the return. Errors and After: as `put`. */
    tenon_status_t (*remove)(const tenon_host_t *host, const tenon_call_t *call, tenon_str_t key);
} tenon_state_v1_t;

#ifdef __cplusplus
}
#endif
#endif
