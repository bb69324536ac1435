/* "tenon.target/1": streams of records into another system, exactly once where it can store a number.
 *
 * The host writes batches and then commits them under a sequence that grows by one. A target stores the
 * sequence for (job, stream) in the same transaction as the rows. After any interruption the host opens a
 * writer, learns the last sequence that is stored, and goes on from there. A target that cannot do this says
 * "commit": "atLeastOnce" in its manifest.
 */
#ifndef TENON_TARGET_H
#define TENON_TARGET_H

#include "entry.h"
#include "records.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TENON_TARGET_V1 "tenon.target/1"

/* A stream being written. The connector defines the struct. */
typedef struct tenon_writer_t tenon_writer_t;

/* Frozen. */
typedef struct tenon_target_v1_t {
    /* Opens a writer. The request:
     *     {"job": "...", "stream": "...", "mode": "append" | "upsert" | "overwrite", "keys": ["id"],
     *      "createIfMissing": true | false}
     * The answer in `state_json`: {"sequence": n}, the last sequence committed for (job, stream), 0 for none.
     * What an earlier writer of the same job and stream wrote without commit is undone. With "overwrite" the
     * rows of the job replace the old ones for everybody else at the job's first commit; where a sequence is
     * stored already, the job goes on and adds to them. `schema` has the columns that batches will have, cast
     * to types that the manifest accepts; a target that accepts "ndjson" gets one utf8 column, "record", with
     * one object a row.
     * State: open. Thread: any; never overlaps with another call on the instance itself. Blocks: yes, heeds
     * cancel. Owns: inputs, `schema` included, until the return; `*out_writer` is the connector's until
     * `close_writer`. Errors: any; NOT_FOUND for a stream that is missing. After: no writer exists. */
    tenon_status_t (*open_writer)(
        tenon_instance_t *instance, const tenon_call_t *call, tenon_str_t request_json,
        const struct ArrowSchema *schema, const tenon_output_t *state_json, tenon_writer_t **out_writer);

    /* Takes a batch into the open transaction: offset 0, no nulls at top level. A row that is refused goes to
     * `rejects`; the others are taken.
     * State: writer open. Thread: any, one call at a time on the writer. Blocks: yes, heeds cancel. Owns:
     * `batch` is borrowed until the return and is not released here. Errors: any. After: with effect "not
     * applied" none of the batch was taken and the writer goes on; otherwise only `abort` and `close_writer`
     * may follow. */
    tenon_status_t (*write)(
        tenon_writer_t *writer, const tenon_call_t *call, const struct ArrowArray *batch,
        const tenon_rejects_t *rejects);

    /* Makes everything since the last commit durable together with `sequence`. A sequence at or below the
     * stored one changes nothing: what was written for it is dropped and the answer is OK.
     * State: writer open. Thread: as `write`. Blocks: yes, heeds cancel. Owns: nothing. Errors: any. After:
     * with effect "not applied" the rows are gone and only `close_writer` may follow; otherwise the host
     * opens a new writer to learn the sequence. */
    tenon_status_t (*commit)(tenon_writer_t *writer, const tenon_call_t *call, uint64_t sequence);

    /* Undoes everything since the last commit.
     * State: writer open, also after an error. Thread: as `write`. Blocks: yes, heeds cancel. Owns: nothing.
     * Errors: any. After: only `close_writer` may follow; what was not committed must vanish at the latest
     * when the next writer opens. */
    tenon_status_t (*abort)(tenon_writer_t *writer, const tenon_call_t *call);

    /* Ends the writer; what was not committed is undone.
     * State: writer open. Thread: any, no call on the writer is running. Blocks: no. Owns: `writer` is gone
     * afterwards. Errors: none. */
    void (*close_writer)(tenon_writer_t *writer);
} tenon_target_v1_t;

#ifdef __cplusplus
}
#endif
#endif
