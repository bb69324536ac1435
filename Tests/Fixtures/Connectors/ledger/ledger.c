/* Writes down what it was asked to do before it answers, in a file that outlives every process: the log of
 * effects that tests compare with the journal after a crash. One line a call:
 *
 *     {"action":"append","key":"<idempotency key>","attempt":1,"input":{...},"nanoseconds":123,"pid":42}
 */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include "tenon_simple.h"

struct tenon_instance_t {
    char *path;
    int64_t delay_ms;
    /* The first calls of each action fail, as many as this says. */
    int64_t fail_first;
    int64_t failure_count;
    int file;
};

static tenon_status_t configure(tenon_instance_t *instance, const tenon_call_t *call, tenon_str_t json) {
    char *path = tenon_json_copy(tenon_json_member(json, "path"), NULL);
    if (path == NULL) { return tenon_fail(call, TENON_INVALID_ARGUMENT, "path must be the name of a file"); }
    free(instance->path);
    instance->path = path;
    instance->delay_ms = tenon_json_int_or(json, "delayMs", 0);
    instance->fail_first = tenon_json_int_or(json, "failFirst", 0);
    instance->failure_count = 0;
    return TENON_OK;
}

static tenon_status_t open_instance(tenon_instance_t *instance, const tenon_call_t *call) {
    instance->file = open(instance->path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (instance->file < 0) {
        return tenon_fail(call, TENON_UNAVAILABLE, "cannot open %s: %s", instance->path, strerror(errno));
    }
    return TENON_OK;
}

static tenon_status_t close_instance(tenon_instance_t *instance, const tenon_call_t *call) {
    (void)call;
    close(instance->file);
    return TENON_OK;
}

static void destroy(tenon_instance_t *instance) {
    free(instance->path);
    free(instance);
}

typedef struct {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    int is_cancelled;
} pause_t;

static void wake_up(void *context) {
    pause_t *pause = context;
    pthread_mutex_lock(&pause->lock);
    pause->is_cancelled = 1;
    pthread_cond_signal(&pause->wake);
    pthread_mutex_unlock(&pause->lock);
}

/* Waits so long, or less when the call is cancelled; answers whether it was. */
static int pause_for(const tenon_call_t *call, int64_t milliseconds) {
    pause_t pause = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0};
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    int64_t nanoseconds = until.tv_nsec + milliseconds % 1000 * 1000000;
    until.tv_sec += milliseconds / 1000 + nanoseconds / 1000000000;
    until.tv_nsec = nanoseconds % 1000000000;
    call->on_cancel(call, wake_up, &pause);
    pthread_mutex_lock(&pause.lock);
    while (!pause.is_cancelled && pthread_cond_timedwait(&pause.wake, &pause.lock, &until) != ETIMEDOUT) {}
    int is_cancelled = pause.is_cancelled;
    pthread_mutex_unlock(&pause.lock);
    call->on_cancel(call, NULL, NULL);
    return is_cancelled;
}

static tenon_status_t record(
    tenon_instance_t *instance, const tenon_call_t *call, tenon_str_t name, tenon_str_t input
) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    tenon_text_t line = {0};
    tenon_text_add(&line, TENON_STR("{\"action\":"));
    tenon_text_add_json(&line, name);
    tenon_text_add(&line, TENON_STR(",\"key\":"));
    tenon_text_add_json(&line, call->idempotency_key);
    tenon_text_format(&line, ",\"attempt\":%u,\"input\":", call->attempt);
    size_t start = line.size;
    tenon_text_add(&line, input);
    /* One line a call, whatever white space the input has. */
    for (size_t i = start; i < line.size; i++) {
        if (line.data[i] == '\n' || line.data[i] == '\r') { line.data[i] = ' '; }
    }
    long long nanoseconds = (long long)now.tv_sec * 1000000000 + now.tv_nsec;
    tenon_text_format(&line, ",\"nanoseconds\":%lld,\"pid\":%d}\n", nanoseconds, (int)getpid());
    int is_written = !line.failed && write(instance->file, line.data, line.size) == (ssize_t)line.size
        && fdatasync(instance->file) == 0;
    tenon_text_free(&line);
    return is_written ? TENON_OK
                      : tenon_fail(call, TENON_RESOURCE_EXHAUSTED, "cannot write: %s", strerror(errno));
}

/* Answers {"count": lines that name this key, all lines where the input names none}. */
static tenon_status_t count_lines(
    tenon_instance_t *instance, const tenon_call_t *call, tenon_str_t input, const tenon_output_t *output
) {
    char *key = tenon_json_copy(tenon_json_member(input, "key"), NULL);
    FILE *file = fopen(instance->path, "r");
    char *line = NULL;
    size_t capacity = 0;
    long long count = 0;
    ssize_t size;
    while (file != NULL && (size = getline(&line, &capacity, file)) > 0) {
        tenon_str_t object = tenon_json_value(tenon_str(line, (size_t)size));
        if (key == NULL || tenon_json_equals(tenon_json_member(object, "key"), key)) { count++; }
    }
    int is_read = file != NULL;
    if (is_read) { fclose(file); }
    free(line);
    free(key);
    if (!is_read) { return tenon_fail(call, TENON_UNAVAILABLE, "cannot read %s", instance->path); }
    tenon_text_t answer = {0};
    tenon_text_format(&answer, "{\"count\":%lld}", count);
    return tenon_write_text(output, &answer);
}

static tenon_status_t invoke(
    tenon_instance_t *instance, const tenon_call_t *call, tenon_str_t name, tenon_str_t input,
    const tenon_output_t *output
) {
    if (tenon_str_equals(name, "get")) { return count_lines(instance, call, input, output); }
    if (!tenon_str_equals(name, "append") && !tenon_str_equals(name, "put")) {
        return tenon_fail(call, TENON_NOT_FOUND, "there is no action %.*s", (int)name.size, name.data);
    }
    if (instance->failure_count < instance->fail_first) {
        instance->failure_count++;
        return tenon_fail_unchanged(call, TENON_UNAVAILABLE, "refused, as failFirst asks");
    }
    tenon_status_t status = record(instance, call, name, input);
    if (status != TENON_OK) { return status; }
    int64_t delay = tenon_json_int_or(input, "delayMs", instance->delay_ms);
    if (delay > 0 && pause_for(call, delay)) {
        tenon_error_t error = tenon_error(TENON_CLASS_UNSET, TENON_EFFECT_APPLIED);
        return tenon_fail_with(call, TENON_CANCELLED, error, "cancelled after the line was written");
    }
    tenon_text_t answer = {0};
    tenon_text_add(&answer, TENON_STR("{\"key\":"));
    tenon_text_add_json(&answer, call->idempotency_key);
    tenon_text_add(&answer, TENON_STR(",\"input\":"));
    tenon_text_add(&answer, input);
    tenon_text_add(&answer, TENON_STR("}"));
    return tenon_write_text(output, &answer);
}

static const tenon_instance_v1_t instance_table = {
    configure, open_instance, tenon_default_check, close_instance, destroy
};
static const tenon_action_v1_t action_table = {invoke};
static const tenon_capability_t capabilities[] = {
    {TENON_INSTANCE_V1, &instance_table}, {TENON_ACTION_V1, &action_table}, {NULL, NULL}
};

TENON_CONNECTOR(TENON_THREADING_PER_HANDLE, capabilities)
