#define _GNU_SOURCE
#include "CFloors.h"
#include <dlfcn.h>
#include <string.h>
#include <tenon/tenon.h>
#include <time.h>

typedef struct {
    uint8_t bytes[4096];
    uint64_t used;
} buffer_t;

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static tenon_status_t append(const tenon_output_t *output, tenon_bytes_t bytes) {
    buffer_t *buffer = output->context;
    if (bytes.size > sizeof buffer->bytes - buffer->used) return TENON_RESOURCE_EXHAUSTED;
    memcpy(buffer->bytes + buffer->used, bytes.data, bytes.size);
    buffer->used += bytes.size;
    return TENON_OK;
}

static int32_t is_cancelled(const tenon_call_t *call) {
    (void)call;
    return 0;
}

static void on_cancel(const tenon_call_t *call, void (*fn)(void *), void *ctx) {
    (void)call;
    (void)fn;
    (void)ctx;
}

static tenon_status_t fail(const tenon_call_t *call, tenon_status_t status, const tenon_error_t *error) {
    tenon_error_t *copy = call->context;
    if (error) *copy = *error;
    return status;
}

static void progress(const tenon_call_t *call, uint64_t done, uint64_t total, tenon_str_t note) {
    (void)call;
    (void)done;
    (void)total;
    (void)note;
}

static const void *no_service(const tenon_host_t *host, tenon_str_t id) {
    (void)host;
    (void)id;
    return NULL;
}

static tenon_str_t text(const char *characters) { return (tenon_str_t){characters, strlen(characters)}; }

static void fill(tenon_call_t *call, tenon_error_t *error, uint64_t number) {
    *error = (tenon_error_t){.struct_size = sizeof *error};
    *call = (tenon_call_t){
        .struct_size = sizeof *call,
        .attempt = 1,
        .context = error,
        .call_id = number,
        .idempotency_key = {"", 0},
        .traceparent = {"", 0},
        .is_cancelled = is_cancelled,
        .on_cancel = on_cancel,
        .fail = fail,
        .progress = progress,
    };
}

static tenon_instance_t *opened(const tenon_entry_t *entry, const tenon_host_t *host) {
    const tenon_instance_v1_t *life = entry->capability(text(TENON_INSTANCE_V1));
    tenon_error_t error;
    tenon_call_t call;
    tenon_instance_t *instance = NULL;
    fill(&call, &error, 0);
    if (!life || entry->create(host, text("floor"), &call, &instance) != TENON_OK) return NULL;
    if (life->configure(instance, &call, text("{}")) != TENON_OK) return NULL;
    return life->open(instance, &call) == TENON_OK ? instance : NULL;
}

double floor_action_call(const char *path, const char *name, const char *input, uint64_t iterations) {
    static buffer_t buffer;
    static tenon_host_t host = {
        .struct_size = sizeof host, .abi_major = 1, .name = {"floor", 5}, .version = {"1", 1}, .service = no_service};
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) return 0;
    const tenon_entry_t *(*connector)(void) = (const tenon_entry_t *(*)(void))dlsym(library, "tenon_connector");
    if (!connector) return 0;
    const tenon_action_v1_t *action = connector()->capability(text(TENON_ACTION_V1));
    tenon_instance_t *instance = opened(connector(), &host);
    if (!action || !instance) return 0;
    tenon_str_t action_name = text(name), action_input = text(input);
    double start = now();
    for (uint64_t index = 0; index < iterations; index++) {
        tenon_error_t error;
        tenon_call_t call;
        fill(&call, &error, index);
        tenon_output_t output = {.struct_size = sizeof output, .context = &buffer, .write = append};
        buffer.used = 0;
        if (action->invoke(instance, &call, action_name, action_input, &output) != TENON_OK) return 0;
    }
    return (now() - start) / (double)iterations;
}

double floor_memcpy(uint64_t size, uint32_t iterations) {
    static uint8_t from[4 << 20], to[4 << 20];
    if (size > sizeof from) return 0;
    memset(from, 7, size);
    memset(to, 1, size);
    double start = now();
    for (uint32_t index = 0; index < iterations; index++) {
        memcpy(to, from, size);
        __asm__ volatile("" : : "r"(to) : "memory");
    }
    return (double)size * iterations / ((now() - start) / 1e9);
}
