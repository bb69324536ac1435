/* Basic types of the Tenon connector ABI, version 1.
 *
 * A connector is a shared object with one exported symbol, tenon_connector() (entry.h). Everything else is
 * reached through tables of functions that are named by versioned ids, in both directions.
 *
 * There are two kinds of struct, and they are never mixed:
 *
 *   frozen    capability tables, service tables, tenon_str_t, tenon_bytes_t. They have no size field and
 *             never change. A new function is a new table with a new id. Every function of an offered table
 *             is set.
 *   growable  begin with struct_size, are made by one side and only read by the other. Fields are only ever
 *             appended. The fields of version 1.0 are always there; read later ones through TENON_HAS. A
 *             field that is absent or 0 is unset. Whoever makes one sets what it does not use and all that
 *             is reserved to 0, and struct_size to the sizeof that it was compiled with. It is passed by
 *             pointer, never copied, never put into an array.
 *
 * Every comment on a function pointer has the same lines:
 *
 *   State    when it may be called         Thread   on which thread, and what it may overlap with
 *   Blocks   whether it may block          Owns     owner and lifetime of inputs and outputs
 *   Errors   what it may answer            After    what holds after an error
 *
 * Rules that hold for every function: integers have fixed width, the machine is 64-bit little-endian, nothing
 * is thrown or jumped across the border, pointers are not NULL unless it says so, and an unknown value of a
 * code is treated as the generic case: a status below zero as INTERNAL, one above as OK, a class or an effect
 * as unset. Text is UTF-8. What is borrowed "until the return" must be copied to be kept. An out-parameter is
 * read only where the answer is OK. Nothing has thread affinity: where it says "Thread: any", two calls of
 * one handle may come on two threads, ordered by the host.
 */
#ifndef TENON_BASE_H
#define TENON_BASE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TENON_ABI_MAJOR 1
#define TENON_ABI_MINOR 0

/* Frozen. UTF-8 text of `size` bytes. Text that the host hands out is followed by a NUL that `size` does not
 * count; text that a connector hands out need not be. `data` may be NULL where `size` is 0. */
typedef struct tenon_str_t {
    const char *data;
    uint64_t size;
} tenon_str_t;

/* Frozen. Opaque bytes. `data` may be NULL where `size` is 0. */
typedef struct tenon_bytes_t {
    const uint8_t *data;
    uint64_t size;
} tenon_bytes_t;

/* The result of a call. Zero and above: it did what was asked. Below zero: it did not. */
typedef int32_t tenon_status_t;
#define TENON_OK 0
/* A reader has nothing more and will never have more. */
#define TENON_END 1
/* An argument, the configuration or an input value cannot be used as it is. */
#define TENON_INVALID_ARGUMENT (-1)
/* The function is not legal in the present state. */
#define TENON_INVALID_STATE (-2)
/* This connector cannot do that at all. */
#define TENON_NOT_IMPLEMENTED (-3)
#define TENON_NOT_FOUND (-4)
#define TENON_ALREADY_EXISTS (-5)
#define TENON_UNAUTHENTICATED (-6)
#define TENON_PERMISSION_DENIED (-7)
/* Somebody else changed the same thing. */
#define TENON_CONFLICT (-8)
#define TENON_RATE_LIMITED (-9)
/* The other system did not answer in time. */
#define TENON_TIMEOUT (-10)
/* The call gave up because the host cancelled it, at its deadline or before. */
#define TENON_CANCELLED (-11)
/* The other system cannot be reached at the moment. */
#define TENON_UNAVAILABLE (-12)
/* The record or document is broken; another one may be fine. */
#define TENON_BAD_DATA (-13)
/* The stream's schema is no longer the one announced: reopen at the last checkpoint. */
#define TENON_SCHEMA_CHANGED (-14)
/* Out of disk, memory, quota. */
#define TENON_RESOURCE_EXHAUSTED (-15)
/* A bug in the connector or in what it uses. */
#define TENON_INTERNAL (-16)

/* Who has to act on an error. */
typedef uint32_t tenon_error_class_t;
/* Derived by the host from the status. */
#define TENON_CLASS_UNSET 0u
/* A person must change the configuration or the definition. */
#define TENON_CLASS_CONFIG 1u
/* The same call may succeed later. */
#define TENON_CLASS_TRANSIENT 2u
/* This record is wrong; others may be fine. */
#define TENON_CLASS_DATA 3u
/* A bug. */
#define TENON_CLASS_SYSTEM 4u

/* What a failed call has changed in the other system. */
typedef uint32_t tenon_effect_t;
/* Nobody knows: the host will not repeat a write. */
#define TENON_EFFECT_UNKNOWN 0u
/* Nothing was changed: the call may be repeated. */
#define TENON_EFFECT_NOT_APPLIED 1u
/* The change was made in spite of the error. */
#define TENON_EFFECT_APPLIED 2u

/* 1 when the growable struct behind `p` is large enough to hold `field`, else 0. */
#define TENON_HAS(p, field) \
    ((size_t)(p)->struct_size >= offsetof(__typeof__(*(p)), field) + sizeof((p)->field))

#ifdef __cplusplus
}
#endif
#endif
