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
     * The answer in `state_json`: {"sequence": n}, the last sequence committed for (job, stream), 0 for none;
     * nothing written means 0, as of a target that stores none.
     * What an earlier writer of the same job and stream wrote without commit is undone. With "overwrite" the
     * rows of the job replace the old ones for everybody else at the job's first commit; where a sequence is
     * stored already, the job goes on and adds to them. `schema` has the columns that batches will have, cast
     * to types that the manifest accepts; a target that accepts "late" may get late columns (records.h); one
     * that accepts "ndjson" gets one utf8 column, "record", with one object a row. At most one writer for
     * (job, stream) is open at a time, in all processes.
     * State: open. Thread: any; never overlaps with another call on the instance itself. Blocks: yes, heeds
     * cancel. Owns: inputs, `schema` included, until the return, and `schema` is not released here;
     * `*out_writer` is the connector's, is not NULL, and lives until `close_writer`. Errors: any; NOT_FOUND
     * for a stream that is missing. After: no writer exists; the instance is open, as before. */
    tenon_status_t (*open_writer)(
        tenon_instance_t *instance, const tenon_call_t *call, tenon_str_t request_json,
        const struct ArrowSchema *schema, const tenon_output_t *state_json, tenon_writer_t **out_writer);

    /* Takes a batch into the open transaction, which the first batch after `open_writer` or a commit begins:
     * offset 0, no nulls at top level. A row that is refused goes to `rejects`; the others are taken.
     * State: writer open. Thread: any, one call at a time on the writer. Blocks: yes, heeds cancel. Owns:
     * `batch` is borrowed until the return and is neither changed nor released here. Errors: any. After: with
     * effect "not applied" none of the batch was taken, what was written before it still is, and the writer
     * goes on, with the same batch or another; otherwise only `abort` and `close_writer` may follow. */
    tenon_status_t (*write)(
        tenon_writer_t *writer, const tenon_call_t *call, const struct ArrowArray *batch,
        const tenon_rejects_t *rejects);

    /* Makes everything since the last commit durable together with `sequence`, also where nothing was
     * written. A sequence at or below the stored one changes nothing: what was written for it is dropped and
     * the answer is OK. After OK the writer goes on.
     * State: writer open. Thread: any, one call at a time on the writer. Blocks: yes, heeds cancel. Owns:
     * nothing. Errors: any. After: with effect "not applied" the rows are gone; otherwise the host opens a
     * new writer to learn the sequence. Either way only `abort` and `close_writer` may follow. */
    tenon_status_t (*commit)(tenon_writer_t *writer, const tenon_call_t *call, uint64_t sequence);

    /* Undoes everything since the last commit; OK where there is nothing. Only `close_writer` may follow.
     * State: writer open, also after an error of `write` or `commit`. Thread: any, one call at a time on the
     * writer. Blocks: yes, heeds cancel. Owns: nothing. Errors: any. After: as after OK; what was not
     * committed must vanish at the latest when the next writer opens. */
    tenon_status_t (*abort)(tenon_writer_t *writer, const tenon_call_t *call);

    /* Ends the writer; what was not committed is undone.
     * State: writer open, also after an error. Thread: any, no call on the writer is running. Blocks: no.
     * Owns: `writer` is gone afterwards. Errors: none. After: the instance is open, as before. */
    void (*close_writer)(tenon_writer_t *writer);
} tenon_target_v1_t;

#ifdef __cplusplus
}
#endif
#endif
