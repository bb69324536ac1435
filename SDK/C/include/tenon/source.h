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
     *      "keys": ["id"]}
     * `columns` and `keys` are left out where unknown. Types are Arrow's names as in records.h.
     * State: open. Thread: any; never overlaps with another call on the instance itself. Blocks: yes, heeds
     * cancel. Owns: `items` until the return. Errors: any. After: as before. */
    tenon_status_t (*discover)(
        tenon_instance_t *instance, const tenon_call_t *call, const tenon_items_t *items);

    /* Splits a request into parts that may be read side by side, here or in another process: one item each,
     * to be put into the request as "partition". No item: the stream cannot be split.
     * State, Thread, Blocks, After: as `discover`. Owns: inputs until the return. Errors: any. */
    tenon_status_t (*plan)(
        tenon_instance_t *instance, const tenon_call_t *call, tenon_str_t request_json,
        const tenon_items_t *items);

    /* Opens a reader. The request:
     *     {"stream": "...", "query": "...", "partition": ...,
     *      "columns": [{"name": "...", "as": "typed" | "text"}], "filter": ..., "limit": n,
     *      "batchBytes": n, "checkpointRows": n}
     * Every key is optional and unknown ones are ignored, so the reader writes to `honoured_json` what it did
     * follow:
     *     {"columns": true, "filter": "exact" | "partial" | "none", "limit": true}   (nothing: none of it)
     * `checkpoint` is empty, or a position that a reader of the same request handed out.
     * State: open. Thread: as `discover`. Blocks: yes, heeds cancel. Owns: inputs until the return;
     * `*out_reader` is the connector's until `close_reader`. Errors: any; NOT_FOUND for an unknown stream.
     * After: no reader exists. */
    tenon_status_t (*open_reader)(
        tenon_instance_t *instance, const tenon_call_t *call, tenon_str_t request_json,
        tenon_bytes_t checkpoint, const tenon_output_t *honoured_json, tenon_reader_t **out_reader);

    /* Reads on and hands some records to `records`, about batchBytes of them. OK with nothing: no data yet,
     * the host asks again later. END: no more, after what was handed over. SCHEMA_CHANGED: reopen at the last
     * checkpoint.
     * State: reader open. Thread: any, one call at a time on the reader. Blocks: yes, heeds cancel. Owns:
     * `records` until the return. Errors: any. After: only `close_reader` may follow END or an error. */
    tenon_status_t (*next)(tenon_reader_t *reader, const tenon_call_t *call, const tenon_records_t *records);

    /* Ends the reader.
     * State: reader open. Thread: any, no call on the reader is running. Blocks: no. Owns: `reader` is gone
     * afterwards; batches that were handed out stay valid until their release. Errors: none. */
    void (*close_reader)(tenon_reader_t *reader);
} tenon_source_v1_t;

#ifdef __cplusplus
}
#endif
#endif
