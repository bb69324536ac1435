/* The call: what the host says about one request, and how a function says why it failed. */
#ifndef TENON_CALL_H
#define TENON_CALL_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tenon_call_t tenon_call_t;
typedef struct tenon_error_t tenon_error_t;
typedef struct tenon_output_t tenon_output_t;
typedef struct tenon_items_t tenon_items_t;

/* Growable, made by the host. It and all that it points to are valid until the function that received it
 * returns. */
struct tenon_call_t {
    uint32_t struct_size;
    /* 1 for the first attempt. */
    uint32_t attempt;
    /* The host's own. */
    void *context;
    /* Unique among the calls of this process; appears in logs. */
    uint64_t call_id;
    /* CLOCK_MONOTONIC of this process in nanoseconds, 0 for none. The host cancels at the deadline and, after
     * a grace period, ends the process (where the connector runs in one of its own), so that a connector need
     * not watch it. */
    uint64_t deadline_ns;
    /* The same for every attempt of one step, empty where there is none. Send it along where the other system
     * knows such keys. */
    tenon_str_t idempotency_key;
    /* W3C trace context, or empty. */
    tenon_str_t traceparent;

    /* 1 when the call was cancelled, else 0; never 0 again. A call that gives up then answers CANCELLED; one
     * that is done anyway answers what it has.
     * State: call valid. Thread: any. Blocks: no. Owns: nothing. Errors: none. After: as before. */
    int32_t (*is_cancelled)(const tenon_call_t *call);

    /* Registers what wakes a blocked call, or NULL for nothing. `fn` runs at most once for each registration,
     * on another thread, at once if the call is cancelled already; it must not block, must not call any host
     * function and must not wait for the thread that serves the call. A registration replaces the one before,
     * and returns only after a running `fn` of that one has returned; it will not run afterwards. So register
     * NULL before `ctx` goes away, at the latest before the function returns where `ctx` stands on its stack:
     * the host waits for a running `fn` only after the return.
     * State: call valid. Thread: the one that serves the call. Blocks: only as said. Owns: `ctx` stays the
     * connector's and must live until it is replaced or, where it is not, until the next call on the same
     * handle or its end. Errors: none. After: as before. */
    void (*on_cancel)(const tenon_call_t *call, void (*fn)(void *ctx), void *ctx);

    /* Describes the failure and answers `status` as it is, so that `return call->fail(call, status, &error);`
     * works. It ends nothing: what the function returns is the only status that counts, and a description is
     * dropped where that is not below zero. Described twice, the last one wins. Texts longer than the host
     * keeps are cut. A failure without a description has class unset and effect unknown.
     * State: call valid. Thread: the one that serves the call. Blocks: no. Owns: `error`, which may be NULL,
     * and its texts stay the caller's and are copied. Errors: none. After: as before. */
    tenon_status_t (*fail)(const tenon_call_t *call, tenon_status_t status, const tenon_error_t *error);

    /* Tells people how far a long call is, in units of the connector's; `total` 0 where unknown, `note` may
     * be empty. Dropped when it comes too often.
     * State: call valid. Thread: the one that serves the call. Blocks: no. Owns: `note` is copied. Errors:
     * none. After: as before. */
    void (*progress)(const tenon_call_t *call, uint64_t done, uint64_t total, tenon_str_t note);
};

/* Growable, made by the connector, usually on its stack. Set struct_size to sizeof(tenon_error_t). */
struct tenon_error_t {
    uint32_t struct_size;
    tenon_error_class_t error_class;
    tenon_effect_t effect;
    /* The other system's own code: an HTTP status, an SQLite result code. 0 for none. */
    int32_t vendor_code;
    /* When trying again makes sense, in milliseconds from now; 0 where unknown. The host may wait longer. */
    uint64_t retry_after_ms;
    /* A sentence: what happened, to what, what to do. No secrets. */
    tenon_str_t message;
    /* JSON Pointer into the configuration or input that is to blame, or empty. */
    tenon_str_t field_path;
    /* A JSON object with more for machines, or empty. */
    tenon_str_t details_json;
};

/* Growable, takes one document in any number of pieces. Made by the side that wants the document: by the
 * host, and by the connector for `get` of "tenon.state/1". */
struct tenon_output_t {
    uint32_t struct_size;
    uint32_t reserved;
    void *context;
    /* Appends `bytes`, all of them or none. What was written counts only where the function that received
     * the output answers OK.
     * State: until the function that received the output returns. Thread: the one that serves the call.
     * Blocks: no. Owns: `bytes` stay the caller's and are copied. Errors: RESOURCE_EXHAUSTED past the
     * limit of who made it. After: what was written before stays; give up and return the status. */
    tenon_status_t (*write)(const tenon_output_t *output, tenon_bytes_t bytes);
};

/* Growable, made by the host: takes a list of JSON documents. */
struct tenon_items_t {
    uint32_t struct_size;
    uint32_t reserved;
    void *context;
    /* Adds one item. The items count only where the function that received the list answers OK.
     * State: until the function that received the list returns. Thread: the one that serves the call. Blocks:
     * no. Owns: `json` stays the caller's and is copied. Errors: RESOURCE_EXHAUSTED past the host's limit,
     * BAD_DATA where it is not JSON. After: the items added before stay; give up and return the status. */
    tenon_status_t (*add)(const tenon_items_t *items, tenon_str_t json);
};

#ifdef __cplusplus
}
#endif
#endif
