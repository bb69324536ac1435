/* Records on their way: out of a source, and back from a target that refuses some.
 *
 * Records are Arrow batches (top-level type "+s") or lines of JSON. The host takes from sources: bool,
 * int8-64, uint8-64, float32, float64, decimal128, utf8, large_utf8, utf8_view, binary, large_binary, date32,
 * time64(us), timestamp(us, UTC or none), null, dictionaries of these, the extension arrow.json, struct and
 * list (turned into arrow.json). Anything else is an error that names the column. Alignment above 8 is never
 * required. Names of columns are unique in a batch. The columns of a batch may have an offset of their own.
 *
 * Where JSON names a type (`discover`, the manifest), it is one of: "bool", "int8", "int16", "int32",
 * "int64", "uint8", "uint16", "uint32", "uint64", "float32", "float64", "decimal128(<precision>, <scale>)",
 * "utf8", "binary", "date32", "time64(us)", "timestamp(us)", "timestamp(us, UTC)", "null", "json".
 *
 * Lines of JSON: one object a line, UTF-8, each line ends with LF, the last one too, and holds no other LF.
 * int64 and uint64 are exact; decimals and larger integers are text; timestamps are RFC 3339 text; binary is
 * base64; NaN does not exist. The schema is the one that `discover` announced, else inferred from the first
 * 1,000 lines (int widens to double, double to text); a later line that does not fit is a rejected record.
 *
 * Late columns. Values that a reader hands out as the other system writes them ("as": "text" in source.h) are
 * utf8 (CSV: text of the value) or arrow.json (lines of JSON: the value's token, strings with their quotes).
 * The ArrowSchema of such a column says in its metadata, under the key "tenon.late", which type these texts
 * stand for, by its name above; without the key the values are of the column's own type. Nobody has checked
 * late values yet: who needs the type parses them, and who only copies them need not. Only a target whose
 * manifest lists "late" in `accepts` is given such columns.
 *
 * Arrow data follows the release rules of the C Data Interface: who moves data takes a copy of the outer
 * struct and sets `release` in the original to NULL, so that the struct itself may stand on the giver's
 * stack; the receiver calls `release`, on any thread, at any time until the process ends, also after
 * `destroy`; a release touches no instance.
 */
#ifndef TENON_RECORDS_H
#define TENON_RECORDS_H

#include "arrow.h"
#include "call.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A position may be no longer than this. */
#define TENON_MAX_CHECKPOINT_BYTES 1048576u

typedef struct tenon_records_t tenon_records_t;
typedef struct tenon_rejects_t tenon_rejects_t;

/* Growable, made by the host: takes what `next` has read. Order gives meaning: a checkpoint covers everything
 * that came before it. A reader speaks Arrow or JSON lines, never both. After an error of any of these
 * functions, the others answer the same error. Hosts of ABI 1.0 all have the first four; look for the others
 * with TENON_HAS, and go on without them.
 * For all functions: State: until `next` returns. Thread: the one that serves the call. */
struct tenon_records_t {
    uint32_t struct_size;
    uint32_t reserved;
    void *context;

    /* Announces the columns; once, before the first Arrow batch of the reader.
     * Blocks: no. Owns: `schema` is moved to the host, also on error. Errors: BAD_DATA with the column's name
     * for a type outside the contract, INVALID_STATE. After: return the status. */
    tenon_status_t (*schema)(const tenon_records_t *records, struct ArrowSchema *schema);

    /* Hands over a batch; offset 0, no nulls at top level.
     * Blocks: until there is room. Owns: `batch` is moved to the host, also on error. Errors: BAD_DATA,
     * INVALID_STATE, CANCELLED, RESOURCE_EXHAUSTED for a row larger than the host takes. After: return the
     * status. */
    tenon_status_t (*arrow)(const tenon_records_t *records, struct ArrowArray *batch);

    /* Hands over `row_count` whole lines.
     * Blocks: until there is room. Owns: `lines` stay the caller's and are copied. Errors: as for `arrow`;
     * BAD_DATA where there are not `row_count` lines; a line that is not an object is rejected by the host
     * and is no error here. After: return the status. */
    tenon_status_t (*ndjson)(const tenon_records_t *records, tenon_bytes_t lines, uint64_t row_count);

    /* Says where a reader would go on after everything handed over so far, by this and earlier calls of
     * `next`. It must mean the same in another process; empty is the beginning.
     * Blocks: until there is room. Owns: `position` is copied. Errors: RESOURCE_EXHAUSTED above
     * TENON_MAX_CHECKPOINT_BYTES. After: return the status. */
    tenon_status_t (*checkpoint)(const tenon_records_t *records, tenon_bytes_t position);

    /* Says how many records the reader has read and left out since the last call because the filter or the
     * limit of the request excludes them. They count where they stand in the order: a checkpoint that follows
     * covers them, and a row of a rejected record counts them.
     * Blocks: until there is room. Owns: nothing. Errors: INVALID_ARGUMENT above 2^48 in all. After: return the
     * status. */
    tenon_status_t (*skipped)(const tenon_records_t *records, uint64_t row_count);

    /* Hands over a record that could not be read, in the order of the others; the reader goes on. `status` is
     * below zero and says why, `reason` says it to people and names the place (file, line, column), `record`
     * is what was read of it, as text, and may be empty.
     * Blocks: until there is room. Owns: `reason` and `record` are copied; of each, the host may keep only
     * the beginning. Errors: INVALID_ARGUMENT for a status that is not below zero. After: return the
     * status. */
    tenon_status_t (*reject)(
        const tenon_records_t *records, tenon_status_t status, tenon_str_t reason, tenon_str_t record);
};

/* Growable, made by the host: takes the rows of a batch that a target refuses while it takes the others. They
 * count only where `write` answers OK. */
struct tenon_rejects_t {
    uint32_t struct_size;
    uint32_t reserved;
    void *context;

    /* Refuses the row with this index (from 0, in the batch of this call), once, in any order. `status` is
     * below zero and says why, `reason` says it to people.
     * State: until `write` returns. Thread: the one that serves the call. Blocks: no. Owns: `reason` is
     * copied. Errors: INVALID_ARGUMENT for a row that does not exist. After: the row counts as taken. */
    tenon_status_t (*add)(
        const tenon_rejects_t *rejects, uint64_t row, tenon_status_t status, tenon_str_t reason);
};

#ifdef __cplusplus
}
#endif
#endif
