/* "tenon.log/1", a service of the host: structured logging, one way. Lines that come too fast are dropped and
 * counted. */
#ifndef TENON_LOG_H
#define TENON_LOG_H

#include "entry.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TENON_LOG_V1 "tenon.log/1"

typedef uint32_t tenon_log_level_t;
#define TENON_LOG_DEBUG 0u
#define TENON_LOG_INFO 1u
#define TENON_LOG_WARNING 2u
#define TENON_LOG_ERROR 3u
/* The host broke this contract. */
#define TENON_LOG_HOST_MISBEHAVED 4u

/* Frozen. */
typedef struct tenon_log_v1_t {
    /* 1 when lines of this level are kept, else 0.
     * State: from `create` on. Thread: any. Blocks: no. Owns: nothing. Errors: none. After: as before. */
    int32_t (*enabled)(const tenon_host_t *host, tenon_log_level_t level);

    /* Writes a line: a fixed `message`, and the facts as a JSON object or empty. No secrets.
     * State: from `create` on. Thread: any. Blocks: no. Owns: inputs are copied, long ones cut. Errors:
     * none. After: as before. */
    void (*write)(
        const tenon_host_t *host, tenon_log_level_t level, tenon_str_t message, tenon_str_t fields_json);
} tenon_log_v1_t;

#ifdef __cplusplus
}
#endif
#endif
