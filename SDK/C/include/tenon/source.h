/* "tenon.source/1": streams of records out of another system. */
#ifndef TENON_SOURCE_H
#define TENON_SOURCE_H

#include "entry.h"
#include "records.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TENON_SOURCE_V1 "tenon.source/1"

/* A stream being read. The connector defines the struct. */
typedef struct tenon_reader_t tenon_reader_t;

/* Frozen. */
typedef struct tenon_source_v1_t {
    /* Lists the streams, one item each:
     *     {"stream": "designs", "columns": [{"name": "id", "type": "int64", "nullable": false}],
     *      "keys": ["id"], "records": 5000000, "bytes": 419430400}
     * `columns`, `keys` and the sizes are left out where unknown; sizes need not be exact. Types are named as
     * in records.h.
     * State: open. Thread: any; never overlaps with another call on the instance itself. Blocks: yes, heeds
     * cancel. Owns: `items` until the return. Errors: any. After: open, as before. */
    tenon_status_t (*discover)(
        tenon_instance_t *instance, const tenon_call_t *call, const tenon_items_t *items);

    /* Splits a request into parts that may be read side by side, here or in another process: one item each,
     * any JSON value, to be put into the same request as "partition". Together they are the whole stream,
     * each record once. No item: the stream cannot be split. A partition of which there is a checkpoint is
     * opened again without another `plan`.
     * State: open. Thread: any; never overlaps with another call on the instance itself. Blocks: yes, heeds
     * cancel. Owns: inputs until the return. Errors: any; NOT_FOUND for an unknown stream. After: open, as
     * before. */
    tenon_status_t (*plan)(
        tenon_instance_t *instance, const tenon_call_t *call, tenon_str_t request_json,
        const tenon_items_t *items);

    /* Opens a reader. The request:
     *     {"stream": "...", "query": "...", "partition": ...,
     *      "columns": [{"name": "...", "as": "typed" | "text"}], "filter": ..., "limit": n,
     *      "batchBytes": n, "checkpointRows": n}
     * Every key is optional, "stream" and "query" exclude each other, and unknown keys and forms are ignored,
     * so the reader writes to `honoured_json` what it did follow:
     *     {"columns": true, "filter": "exact" | "partial" | "none", "limit": true}   (left out: not followed)
     * "filter" exact: all records that match come and no others; partial: all that match and some others;
     * none: all records. What the reader did not follow, the host does itself.
     *
     * "as": "text" asks for values as the other system writes them, as a late column (records.h), a null
     * where the value is missing; a utf8 column without "tenon.late" is as good for a stream of text. A
     * reader that follows "columns" hands out exactly these, in this order; one that does not hands out all.
     *
     * "filter" has one form so far, and all comparisons must hold:
     *     {"all": [{"column": "status", "operator": "equals", "value": "active"}, ...]}
     * "operator" is one of: equals, notEquals, greaterThan, greaterOrEqual, lessThan, lessOrEqual, in, notIn,
     * contains, startsWith, endsWith, exists, isNull, between. "value" is missing for exists and isNull, a
     * list for in, notIn and between (two ends, both included), else one value; dates and times are texts,
     * decimals and large integers are numbers or texts. Values are compared as values of the column's
     * announced type, also where the column is asked for as text or not at all: text by its UTF-8 bytes, -0.0
     * equals 0.0, NaN equals nothing and is neither less nor greater. A null passes only notEquals, notIn and
     * isNull. A reader that cannot keep to this for some comparison answers "partial" or "none"; it never
     * leaves out a record that matches. What it leaves out it counts with `skipped`.
     *
     * "limit" counts records after the filter, so a reader follows it only where its filter is exact.
     * `checkpoint` is empty, or a position that a reader of the same
     * request handed out, in this process or another; with it, "limit" still counts from the beginning of the
     * stream.
     * State: open. Thread: any; never overlaps with another call on the instance itself. Blocks: yes, heeds
     * cancel. Owns: inputs until the return; `*out_reader` is the connector's, is not NULL, and lives until
     * `close_reader`. Errors: any; NOT_FOUND for an unknown stream; INVALID_ARGUMENT for a checkpoint that is
     * not one of this stream. After: no reader exists; the instance is open, as before. */
    tenon_status_t (*open_reader)(
        tenon_instance_t *instance, const tenon_call_t *call, tenon_str_t request_json,
        tenon_bytes_t checkpoint, const tenon_output_t *honoured_json, tenon_reader_t **out_reader);

    /* Reads on and hands some records to `records`, about batchBytes of them. OK with nothing: no data yet,
     * the host asks again later. END: no more, after what was handed over. SCHEMA_CHANGED: reopen at the last
     * checkpoint, what was handed over before it counts. `progress` of the call, once a call or more rarely,
     * says how far the stream was read: bytes (or else records) done of a total that is 0 where unknown.
     * State: reader open. Thread: any, one call at a time on the reader. Blocks: yes, heeds cancel. Owns:
     * `records` until the return. Errors: any. After: only `close_reader` may follow END or an error. */
    tenon_status_t (*next)(tenon_reader_t *reader, const tenon_call_t *call, const tenon_records_t *records);

    /* Ends the reader.
     * State: reader open. Thread: any, no call on the reader is running. Blocks: no. Owns: `reader` is gone
     * afterwards; batches that were handed out stay valid until their release. Errors: none. After: the
     * instance is open, as before. */
    void (*close_reader)(tenon_reader_t *reader);
} tenon_source_v1_t;

#ifdef __cplusplus
}
#endif
#endif
