/* The actions of misbehave. Those that return answer a JSON object unless their comment says otherwise. */
#ifndef MISBEHAVE_ACTIONS_H
#define MISBEHAVE_ACTIONS_H

#include <errno.h>
#include <fcntl.h>

typedef struct {
    tenon_instance_t *instance;
    const tenon_call_t *call;
    tenon_str_t input;
    const tenon_output_t *output;
} action_request_t;

static void crash(void) {
    volatile int *nowhere = NULL;
    *nowhere = 1;
}

static void hang(void) {
    for (;;) { pause(); }
}

static tenon_status_t answer(const action_request_t *request, const char *format, ...) {
    tenon_text_t text = {0};
    va_list arguments;
    va_start(arguments, format);
    tenon_text_vformat(&text, format, arguments);
    va_end(arguments);
    return tenon_write_text(request->output, &text);
}

static tenon_status_t do_echo(const action_request_t *request) {
    return tenon_write(request->output, request->input);
}

static tenon_status_t do_crash(const action_request_t *request) {
    crash();
    return answer(request, "{}");
}

static tenon_status_t do_abort(const action_request_t *request) {
    (void)request;
    abort();
}

/* Input: {"code": 3}. */
static tenon_status_t do_exit(const action_request_t *request) {
    _exit((int)tenon_json_int_or(request->input, "code", 3));
}

/* Hears no cancel. */
static tenon_status_t do_hang(const action_request_t *request) {
    hang();
    return answer(request, "{}");
}

/* Burns a processor and hears no cancel. */
static tenon_status_t do_spin(const action_request_t *request) {
    volatile int is_spinning = 1;
    while (is_spinning) {}
    return answer(request, "{}");
}

typedef struct {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    int is_cancelled;
} sleep_t;

static void end_sleep(void *context) {
    sleep_t *state = context;
    pthread_mutex_lock(&state->lock);
    state->is_cancelled = 1;
    pthread_cond_signal(&state->wake);
    pthread_mutex_unlock(&state->lock);
}

/* Input: {"ms": 1000}. Ends early when it is cancelled, through on_cancel. */
static tenon_status_t do_sleep(const action_request_t *request) {
    sleep_t state = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0};
    int64_t milliseconds = tenon_json_int_or(request->input, "ms", 1000);
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    int64_t nanoseconds = until.tv_nsec + milliseconds % 1000 * 1000000;
    until.tv_sec += milliseconds / 1000 + nanoseconds / 1000000000;
    until.tv_nsec = nanoseconds % 1000000000;
    request->call->on_cancel(request->call, end_sleep, &state);
    pthread_mutex_lock(&state.lock);
    while (!state.is_cancelled && pthread_cond_timedwait(&state.wake, &state.lock, &until) != ETIMEDOUT) {}
    int is_cancelled = state.is_cancelled;
    pthread_mutex_unlock(&state.lock);
    request->call->on_cancel(request->call, NULL, NULL);
    if (is_cancelled) { return tenon_fail_unchanged(request->call, TENON_CANCELLED, "woken from its sleep"); }
    return answer(request, "{\"slept\":%lld}", (long long)milliseconds);
}

/* Leaves a child behind that holds all descriptors for a minute. */
static tenon_status_t do_fork(const action_request_t *request) {
    pid_t child = fork();
    if (child == 0) {
        sleep(60);
        _exit(0);
    }
    if (child < 0) { return tenon_fail(request->call, TENON_INTERNAL, "fork: %s", strerror(errno)); }
    return answer(request, "{\"pid\":%d}", (int)child);
}

/* Leaves a child behind that tries to leave the process group; answers what setsid and setpgid said. */
static tenon_status_t do_escape(const action_request_t *request) {
    int errors[2] = {-1, -1};
    int ends[2];
    if (pipe(ends) < 0) { return tenon_fail(request->call, TENON_INTERNAL, "pipe: %s", strerror(errno)); }
    pid_t child = fork();
    if (child == 0) {
        errors[0] = setsid() < 0 ? errno : 0;
        errors[1] = setpgid(0, 0) < 0 ? errno : 0;
        if (write(ends[1], errors, sizeof errors) < 0) { _exit(1); }
        sleep(60);
        _exit(0);
    }
    close(ends[1]);
    ssize_t count = child < 0 ? -1 : read(ends[0], errors, sizeof errors);
    close(ends[0]);
    if (count < 0) { return tenon_fail(request->call, TENON_INTERNAL, "fork: %s", strerror(errno)); }
    return answer(request, "{\"setsid\":%d,\"setpgid\":%d}", errors[0], errors[1]);
}

/* Input: {"text": "..."}: to both stdout and stderr. */
static tenon_status_t do_print(const action_request_t *request) {
    char *text = tenon_json_copy(tenon_json_member(request->input, "text"), NULL);
    printf("%s\n", text != NULL ? text : "hello from stdout");
    fflush(stdout);
    fprintf(stderr, "%s\n", text != NULL ? text : "hello from stderr");
    free(text);
    return answer(request, "{}");
}

/* Input: {"bytes": 1048576}: touched and never freed. */
static tenon_status_t do_leak(const action_request_t *request) {
    size_t size = (size_t)tenon_json_int_or(request->input, "bytes", 1 << 20);
    char *leaked = malloc(size);
    if (leaked == NULL) { return tenon_fail(request->call, TENON_RESOURCE_EXHAUSTED, "no more memory"); }
    memset(leaked, 1, size);
    return answer(request, "{\"leaked\":%zu,\"last\":%d}", size, leaked[size - 1]);
}

static tenon_status_t do_bad_json(const action_request_t *request) {
    return answer(request, "{\"unfinished\": ");
}

static tenon_status_t do_no_output(const action_request_t *request) {
    (void)request;
    return TENON_OK;
}

/* Input: {"bytes": n}: a string of so many bytes, in pieces. */
static tenon_status_t do_big_output(const action_request_t *request) {
    int64_t left = tenon_json_int_or(request->input, "bytes", 1 << 20);
    char piece[65536];
    memset(piece, 'x', sizeof piece);
    tenon_status_t status = tenon_write(request->output, TENON_STR("\""));
    while (left > 0 && status == TENON_OK) {
        size_t size = left < (int64_t)sizeof piece ? (size_t)left : sizeof piece;
        status = tenon_write(request->output, tenon_str(piece, size));
        left -= (int64_t)size;
    }
    return status == TENON_OK ? tenon_write(request->output, TENON_STR("\"")) : status;
}

/* Input: {"status": -12, "class": 2, "effect": 1, "vendorCode": 0, "retryAfterMs": 0, "message": "...",
 * "fieldPath":
 * "...", "details": {}}, all optional. */
static tenon_status_t do_fail(const action_request_t *request) {
    tenon_str_t input = request->input;
    char *message = tenon_json_copy(tenon_json_member(input, "message"), NULL);
    char *path = tenon_json_copy(tenon_json_member(input, "fieldPath"), NULL);
    tenon_error_t error = tenon_error(
        (uint32_t)tenon_json_int_or(input, "class", 0), (uint32_t)tenon_json_int_or(input, "effect", 0)
    );
    error.vendor_code = (int32_t)tenon_json_int_or(input, "vendorCode", 0);
    error.retry_after_ms = (uint64_t)tenon_json_int_or(input, "retryAfterMs", 0);
    error.field_path = tenon_str_of(path);
    error.details_json = tenon_json_member(input, "details");
    tenon_status_t status = tenon_fail_with(
        request->call, (tenon_status_t)tenon_json_int_or(input, "status", TENON_INTERNAL), error, "%s",
        message != NULL ? message : "failed as asked"
    );
    free(message);
    free(path);
    return status;
}

static tenon_status_t do_fail_silently(const action_request_t *request) {
    return (tenon_status_t)tenon_json_int_or(request->input, "status", TENON_INTERNAL);
}

static tenon_status_t do_stop(const action_request_t *request) {
    raise(SIGSTOP);
    return answer(request, "{}");
}

static void *sleep_forever(void *context) {
    (void)context;
    hang();
    return NULL;
}

/* Input: {"count": 4}: threads that never end. */
static tenon_status_t do_threads(const action_request_t *request) {
    int64_t wanted = tenon_json_int_or(request->input, "count", 4);
    int64_t started = 0;
    pthread_t thread;
    while (started < wanted && pthread_create(&thread, NULL, sleep_forever, NULL) == 0) { started++; }
    return answer(request, "{\"started\":%lld}", (long long)started);
}

/* Closes every descriptor from 3 up, the host's socket among them. */
static tenon_status_t do_close_descriptors(const action_request_t *request) {
    for (int descriptor = 3; descriptor < 1024; descriptor++) { close(descriptor); }
    return answer(request, "{}");
}

/* Writes rubbish into every open descriptor from 3 up. */
static tenon_status_t do_scribble(const action_request_t *request) {
    char rubbish[512];
    memset(rubbish, 0xA5, sizeof rubbish);
    for (int descriptor = 3; descriptor < 1024; descriptor++) {
        int flags = fcntl(descriptor, F_GETFL);
        if (flags >= 0) {
            (void)fcntl(descriptor, F_SETFL, flags | O_NONBLOCK);
            if (write(descriptor, rubbish, sizeof rubbish) < 0) { continue; }
        }
    }
    return answer(request, "{}");
}

/* Input: {"path": "..."}: tries to read and to write it, for the limits of a cell. */
static tenon_status_t do_touch_file(const action_request_t *request) {
    char *path = tenon_json_copy(tenon_json_member(request->input, "path"), NULL);
    int file = open(path != NULL ? path : "", O_RDONLY | O_CLOEXEC);
    int read_error = file < 0 ? errno : 0;
    if (file >= 0) { close(file); }
    file = open(path != NULL ? path : "", O_WRONLY | O_CLOEXEC);
    int write_error = file < 0 ? errno : 0;
    if (file >= 0) { close(file); }
    free(path);
    return answer(request, "{\"readError\":%d,\"writeError\":%d}", read_error, write_error);
}

extern char **environ;

/* What the process looks like from inside. */
static tenon_status_t do_inspect(const action_request_t *request) {
    tenon_text_t text = {0};
    char directory[4096] = "";
    if (getcwd(directory, sizeof directory) == NULL) { directory[0] = '\0'; }
    tenon_text_format(
        &text, "{\"pid\":%d,\"parent\":%d,\"group\":%d,", (int)getpid(), (int)getppid(), (int)getpgrp()
    );
    tenon_text_add(&text, TENON_STR("\"directory\":"));
    tenon_text_add_json(&text, tenon_str_of(directory));
    tenon_text_add(&text, TENON_STR(",\"descriptors\":["));
    for (int descriptor = 0, count = 0; descriptor < 1024; descriptor++) {
        if (fcntl(descriptor, F_GETFD) >= 0) {
            tenon_text_format(&text, "%s%d", count++ > 0 ? "," : "", descriptor);
        }
    }
    tenon_text_add(&text, TENON_STR("],\"environment\":["));
    for (char **entry = environ; entry != NULL && *entry != NULL; entry++) {
        if (entry != environ) { tenon_text_add(&text, TENON_STR(",")); }
        tenon_text_add_json(&text, tenon_str_of(*entry));
    }
    tenon_text_add(&text, TENON_STR("]}"));
    return tenon_write_text(request->output, &text);
}

/* What the host said about the call. */
static tenon_status_t do_describe_call(const action_request_t *request) {
    const tenon_call_t *call = request->call;
    tenon_text_t text = {0};
    tenon_text_format(
        &text, "{\"attempt\":%u,\"hasDeadline\":%s,\"isCancelled\":%d,\"idempotencyKey\":", call->attempt,
        call->deadline_ns != 0 ? "true" : "false", call->is_cancelled(call)
    );
    tenon_text_add_json(&text, call->idempotency_key);
    tenon_text_add(&text, TENON_STR(",\"traceparent\":"));
    tenon_text_add_json(&text, call->traceparent);
    tenon_text_add(&text, TENON_STR("}"));
    return tenon_write_text(request->output, &text);
}

static const void *service(const action_request_t *request, const char *id) {
    return request->instance->host->service(request->instance->host, tenon_str_of(id));
}

/* Input: {"level": 1, "message": "...", "fields": {}, "count": 1}. */
static tenon_status_t do_log(const action_request_t *request) {
    const tenon_log_v1_t *log = service(request, TENON_LOG_V1);
    if (log == NULL) { return tenon_fail(request->call, TENON_NOT_IMPLEMENTED, "the host has no log"); }
    char *message = tenon_json_copy(tenon_json_member(request->input, "message"), NULL);
    uint32_t level = (uint32_t)tenon_json_int_or(request->input, "level", TENON_LOG_INFO);
    int32_t is_enabled = log->enabled(request->instance->host, level);
    int64_t count = tenon_json_int_or(request->input, "count", 1);
    for (int64_t i = 0; i < count; i++) {
        log->write(
            request->instance->host, level, tenon_str_of(message), tenon_json_member(request->input, "fields")
        );
    }
    free(message);
    return answer(request, "{\"enabled\":%d}", is_enabled);
}

/* Input: {"operation": "get" | "put" | "remove", "key": "...", "value": "..."}; get answers the value as it
 * is. */
static tenon_status_t do_state(const action_request_t *request) {
    const tenon_state_v1_t *state = service(request, TENON_STATE_V1);
    if (state == NULL) { return tenon_fail(request->call, TENON_NOT_IMPLEMENTED, "the host has no state"); }
    const tenon_host_t *host = request->instance->host;
    tenon_str_t operation = tenon_json_member(request->input, "operation");
    char *key = tenon_json_copy(tenon_json_member(request->input, "key"), NULL);
    tenon_str_t value = tenon_json_member(request->input, "value");
    tenon_status_t status;
    if (tenon_json_equals(operation, "get")) {
        status = state->get(host, request->call, tenon_str_of(key), request->output);
    } else if (tenon_json_equals(operation, "put")) {
        status = state->put(host, request->call, tenon_str_of(key), tenon_bytes(value));
    } else {
        status = state->remove(host, request->call, tenon_str_of(key));
    }
    free(key);
    return status == TENON_OK ? TENON_OK : tenon_fail(request->call, status, "state answered %d", status);
}

/* Input: {"steps": 3}: says how far it is. */
static tenon_status_t do_progress(const action_request_t *request) {
    uint64_t steps = (uint64_t)tenon_json_int_or(request->input, "steps", 3);
    for (uint64_t i = 1; i <= steps; i++) {
        request->call->progress(request->call, i, steps, TENON_STR("going on"));
    }
    return answer(request, "{}");
}

static const struct {
    const char *name;
    tenon_status_t (*perform)(const action_request_t *request);
} actions[] = {
    {"echo", do_echo},
    {"crash", do_crash},
    {"abort", do_abort},
    {"exit", do_exit},
    {"hang", do_hang},
    {"spin", do_spin},
    {"sleep", do_sleep},
    {"fork", do_fork},
    {"escape", do_escape},
    {"print", do_print},
    {"leak", do_leak},
    {"bad_json", do_bad_json},
    {"no_output", do_no_output},
    {"big_output", do_big_output},
    {"fail", do_fail},
    {"fail_silently", do_fail_silently},
    {"stop", do_stop},
    {"threads", do_threads},
    {"close_descriptors", do_close_descriptors},
    {"scribble", do_scribble},
    {"touch_file", do_touch_file},
    {"inspect", do_inspect},
    {"describe_call", do_describe_call},
    {"log", do_log},
    {"state", do_state},
    {"progress", do_progress},
};

#endif
