/* The layout of ABI 1.0, asserted field by field: whoever changes a released struct meets an error here.
 * Compiled with -Wpadded, so that there is no padding that two compilers could see differently.
 *
 * Frozen structs never change. Growable ones (struct_size first) may get fields at their end: then the size
 * grows and a line is added, and no offset that is there changes. */
#include "tenon/tenon.h"

#define TENON_SIZE(type, size) \
    _Static_assert(sizeof(type) == (size), "size of " #type); \
    _Static_assert(_Alignof(type) == 8, "alignment of " #type)
#define TENON_FIELD(type, field, offset) \
    _Static_assert(offsetof(type, field) == (offset), "offset of " #type "." #field)

_Static_assert(sizeof(void *) == 8, "64-bit machines only");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "little-endian machines only");

TENON_SIZE(struct ArrowSchema, 72);
TENON_FIELD(struct ArrowSchema, format, 0);
TENON_FIELD(struct ArrowSchema, name, 8);
TENON_FIELD(struct ArrowSchema, metadata, 16);
TENON_FIELD(struct ArrowSchema, flags, 24);
TENON_FIELD(struct ArrowSchema, n_children, 32);
TENON_FIELD(struct ArrowSchema, children, 40);
TENON_FIELD(struct ArrowSchema, dictionary, 48);
TENON_FIELD(struct ArrowSchema, release, 56);
TENON_FIELD(struct ArrowSchema, private_data, 64);

TENON_SIZE(struct ArrowArray, 80);
TENON_FIELD(struct ArrowArray, length, 0);
TENON_FIELD(struct ArrowArray, null_count, 8);
TENON_FIELD(struct ArrowArray, offset, 16);
TENON_FIELD(struct ArrowArray, n_buffers, 24);
TENON_FIELD(struct ArrowArray, n_children, 32);
TENON_FIELD(struct ArrowArray, buffers, 40);
TENON_FIELD(struct ArrowArray, children, 48);
TENON_FIELD(struct ArrowArray, dictionary, 56);
TENON_FIELD(struct ArrowArray, release, 64);
TENON_FIELD(struct ArrowArray, private_data, 72);

TENON_SIZE(tenon_str_t, 16);
TENON_FIELD(tenon_str_t, data, 0);
TENON_FIELD(tenon_str_t, size, 8);

TENON_SIZE(tenon_bytes_t, 16);
TENON_FIELD(tenon_bytes_t, data, 0);
TENON_FIELD(tenon_bytes_t, size, 8);

TENON_SIZE(tenon_call_t, 96);
TENON_FIELD(tenon_call_t, struct_size, 0);
TENON_FIELD(tenon_call_t, attempt, 4);
TENON_FIELD(tenon_call_t, context, 8);
TENON_FIELD(tenon_call_t, call_id, 16);
TENON_FIELD(tenon_call_t, deadline_ns, 24);
TENON_FIELD(tenon_call_t, idempotency_key, 32);
TENON_FIELD(tenon_call_t, traceparent, 48);
TENON_FIELD(tenon_call_t, is_cancelled, 64);
TENON_FIELD(tenon_call_t, on_cancel, 72);
TENON_FIELD(tenon_call_t, fail, 80);
TENON_FIELD(tenon_call_t, progress, 88);

TENON_SIZE(tenon_error_t, 72);
TENON_FIELD(tenon_error_t, struct_size, 0);
TENON_FIELD(tenon_error_t, error_class, 4);
TENON_FIELD(tenon_error_t, effect, 8);
TENON_FIELD(tenon_error_t, vendor_code, 12);
TENON_FIELD(tenon_error_t, retry_after_ms, 16);
TENON_FIELD(tenon_error_t, message, 24);
TENON_FIELD(tenon_error_t, field_path, 40);
TENON_FIELD(tenon_error_t, details_json, 56);

TENON_SIZE(tenon_output_t, 24);
TENON_FIELD(tenon_output_t, struct_size, 0);
TENON_FIELD(tenon_output_t, reserved, 4);
TENON_FIELD(tenon_output_t, context, 8);
TENON_FIELD(tenon_output_t, write, 16);

TENON_SIZE(tenon_items_t, 24);
TENON_FIELD(tenon_items_t, struct_size, 0);
TENON_FIELD(tenon_items_t, reserved, 4);
TENON_FIELD(tenon_items_t, context, 8);
TENON_FIELD(tenon_items_t, add, 16);

TENON_SIZE(tenon_host_t, 64);
TENON_FIELD(tenon_host_t, struct_size, 0);
TENON_FIELD(tenon_host_t, abi_major, 4);
TENON_FIELD(tenon_host_t, abi_minor, 8);
TENON_FIELD(tenon_host_t, reserved, 12);
TENON_FIELD(tenon_host_t, context, 16);
TENON_FIELD(tenon_host_t, name, 24);
TENON_FIELD(tenon_host_t, version, 40);
TENON_FIELD(tenon_host_t, service, 56);

TENON_SIZE(tenon_entry_t, 40);
TENON_FIELD(tenon_entry_t, struct_size, 0);
TENON_FIELD(tenon_entry_t, magic, 4);
TENON_FIELD(tenon_entry_t, abi_major, 8);
TENON_FIELD(tenon_entry_t, abi_minor, 12);
TENON_FIELD(tenon_entry_t, threading, 16);
TENON_FIELD(tenon_entry_t, reserved, 20);
TENON_FIELD(tenon_entry_t, create, 24);
TENON_FIELD(tenon_entry_t, capability, 32);

TENON_SIZE(tenon_instance_v1_t, 40);
TENON_FIELD(tenon_instance_v1_t, configure, 0);
TENON_FIELD(tenon_instance_v1_t, open, 8);
TENON_FIELD(tenon_instance_v1_t, check, 16);
TENON_FIELD(tenon_instance_v1_t, close, 24);
TENON_FIELD(tenon_instance_v1_t, destroy, 32);

TENON_SIZE(tenon_action_v1_t, 8);
TENON_FIELD(tenon_action_v1_t, invoke, 0);

TENON_SIZE(tenon_records_t, 64);
TENON_FIELD(tenon_records_t, struct_size, 0);
TENON_FIELD(tenon_records_t, reserved, 4);
TENON_FIELD(tenon_records_t, context, 8);
TENON_FIELD(tenon_records_t, schema, 16);
TENON_FIELD(tenon_records_t, arrow, 24);
TENON_FIELD(tenon_records_t, ndjson, 32);
TENON_FIELD(tenon_records_t, checkpoint, 40);
TENON_FIELD(tenon_records_t, skipped, 48);
TENON_FIELD(tenon_records_t, reject, 56);

TENON_SIZE(tenon_rejects_t, 24);
TENON_FIELD(tenon_rejects_t, struct_size, 0);
TENON_FIELD(tenon_rejects_t, reserved, 4);
TENON_FIELD(tenon_rejects_t, context, 8);
TENON_FIELD(tenon_rejects_t, add, 16);

TENON_SIZE(tenon_source_v1_t, 40);
TENON_FIELD(tenon_source_v1_t, discover, 0);
TENON_FIELD(tenon_source_v1_t, plan, 8);
TENON_FIELD(tenon_source_v1_t, open_reader, 16);
TENON_FIELD(tenon_source_v1_t, next, 24);
TENON_FIELD(tenon_source_v1_t, close_reader, 32);

TENON_SIZE(tenon_target_v1_t, 40);
TENON_FIELD(tenon_target_v1_t, open_writer, 0);
TENON_FIELD(tenon_target_v1_t, write, 8);
TENON_FIELD(tenon_target_v1_t, commit, 16);
TENON_FIELD(tenon_target_v1_t, abort, 24);
TENON_FIELD(tenon_target_v1_t, close_writer, 32);

TENON_SIZE(tenon_log_v1_t, 16);
TENON_FIELD(tenon_log_v1_t, enabled, 0);
TENON_FIELD(tenon_log_v1_t, write, 8);

TENON_SIZE(tenon_state_v1_t, 24);
TENON_FIELD(tenon_state_v1_t, get, 0);
TENON_FIELD(tenon_state_v1_t, put, 8);
TENON_FIELD(tenon_state_v1_t, remove, 16);

#define TENON_VALUE(constant, value) _Static_assert((constant) == (value), #constant)

TENON_VALUE(TENON_ABI_MAJOR, 1);
TENON_VALUE(TENON_ABI_MINOR, 0);
TENON_VALUE(TENON_OK, 0);
TENON_VALUE(TENON_END, 1);
TENON_VALUE(TENON_INVALID_ARGUMENT, -1);
TENON_VALUE(TENON_INVALID_STATE, -2);
TENON_VALUE(TENON_NOT_IMPLEMENTED, -3);
TENON_VALUE(TENON_NOT_FOUND, -4);
TENON_VALUE(TENON_ALREADY_EXISTS, -5);
TENON_VALUE(TENON_UNAUTHENTICATED, -6);
TENON_VALUE(TENON_PERMISSION_DENIED, -7);
TENON_VALUE(TENON_CONFLICT, -8);
TENON_VALUE(TENON_RATE_LIMITED, -9);
TENON_VALUE(TENON_TIMEOUT, -10);
TENON_VALUE(TENON_CANCELLED, -11);
TENON_VALUE(TENON_UNAVAILABLE, -12);
TENON_VALUE(TENON_BAD_DATA, -13);
TENON_VALUE(TENON_SCHEMA_CHANGED, -14);
TENON_VALUE(TENON_RESOURCE_EXHAUSTED, -15);
TENON_VALUE(TENON_INTERNAL, -16);
TENON_VALUE(TENON_CLASS_UNSET, 0u);
TENON_VALUE(TENON_CLASS_CONFIG, 1u);
TENON_VALUE(TENON_CLASS_TRANSIENT, 2u);
TENON_VALUE(TENON_CLASS_DATA, 3u);
TENON_VALUE(TENON_CLASS_SYSTEM, 4u);
TENON_VALUE(TENON_EFFECT_UNKNOWN, 0u);
TENON_VALUE(TENON_EFFECT_NOT_APPLIED, 1u);
TENON_VALUE(TENON_EFFECT_APPLIED, 2u);
TENON_VALUE(TENON_MAGIC, 0x4e4f4e54u);
TENON_VALUE(TENON_THREADING_SERIAL, 0u);
TENON_VALUE(TENON_THREADING_PER_HANDLE, 1u);
TENON_VALUE(TENON_MAX_CHECKPOINT_BYTES, 1048576u);
TENON_VALUE(TENON_MAX_STATE_KEY_BYTES, 128u);
TENON_VALUE(TENON_MAX_STATE_VALUE_BYTES, 65536u);
TENON_VALUE(TENON_LOG_DEBUG, 0u);
TENON_VALUE(TENON_LOG_INFO, 1u);
TENON_VALUE(TENON_LOG_WARNING, 2u);
TENON_VALUE(TENON_LOG_ERROR, 3u);
TENON_VALUE(TENON_LOG_HOST_MISBEHAVED, 4u);

_Static_assert((tenon_status_t)-1 < 0 && sizeof(tenon_status_t) == 4, "a status is a signed 32-bit integer");
_Static_assert((tenon_error_class_t)-1 > 0 && sizeof(tenon_error_class_t) == 4, "a class is an unsigned one");
_Static_assert((tenon_effect_t)-1 > 0 && sizeof(tenon_effect_t) == 4, "so is an effect");
_Static_assert((tenon_log_level_t)-1 > 0 && sizeof(tenon_log_level_t) == 4, "and a level");

/* The ids are part of the contract too. A string cannot be compared by _Static_assert, but its size can. */
_Static_assert(sizeof TENON_INSTANCE_V1 == sizeof "tenon.instance/1", "id of instance");
_Static_assert(sizeof TENON_ACTION_V1 == sizeof "tenon.action/1", "id of action");
_Static_assert(sizeof TENON_SOURCE_V1 == sizeof "tenon.source/1", "id of source");
_Static_assert(sizeof TENON_TARGET_V1 == sizeof "tenon.target/1", "id of target");
_Static_assert(sizeof TENON_LOG_V1 == sizeof "tenon.log/1", "id of log");
_Static_assert(sizeof TENON_STATE_V1 == sizeof "tenon.state/1", "id of state");
