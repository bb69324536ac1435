/* A host in small that writes one job to the files connector and may be interrupted at any of the operations by
 * which the connector changes files.
 *
 *     files_job LIBRARY CONFIGURATION REQUEST COMMITS [kill | full] N
 *
 * The rows of commit k are "k.0" to "k.1999". With `kill` the process kills itself before its Nth operation; with
 * `full` that operation and all later ones of its kind fail as on a full disk, until the job is opened again.
 * Prints how many operations there were. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tenon/tenon.h"

#define ROWS 2000

static int operations, interrupted_at, is_full, was_full;

/* Whether this operation fails; ends the process where it is to be killed. */
static int interrupt(int needs_room) {
    operations++;
    if (interrupted_at == 0 || operations < interrupted_at) { return 0; }
    if (!is_full) { raise(SIGKILL); }
    if (!needs_room) { return 0; }
    was_full = 1;
    errno = ENOSPC;
    return 1;
}

/* Found before libc's own by libraries that are loaded later. */
ssize_t pwrite(int file, const void *bytes, size_t size, off_t offset) {
    if (!is_full && interrupted_at == operations + 1 && size > 1) {
        /* Killed in the middle of it. */
        syscall(SYS_pwrite64, file, bytes, size / 2, offset);
    }
    return interrupt(1) ? -1 : syscall(SYS_pwrite64, file, bytes, size, offset);
}
ssize_t pwrite64(int file, const void *bytes, size_t size, off_t offset) {
    return pwrite(file, bytes, size, offset);
}
ssize_t write(int file, const void *bytes, size_t size) {
    if (file > 2 && interrupt(1)) { return -1; }
    return syscall(SYS_write, file, bytes, size);
}
int fdatasync(int file) { return interrupt(0) ? -1 : (int)syscall(SYS_fdatasync, file); }
int fsync(int file) { return interrupt(0) ? -1 : (int)syscall(SYS_fsync, file); }
int ftruncate(int file, off_t size) { return interrupt(0) ? -1 : (int)syscall(SYS_ftruncate, file, size); }
int ftruncate64(int file, off_t size) { return ftruncate(file, size); }
int truncate(const char *path, off_t size) {
    return interrupt(0) ? -1 : (int)syscall(SYS_truncate, path, size);
}
int truncate64(const char *path, off_t size) { return truncate(path, size); }
int rename(const char *from, const char *to) {
    return interrupt(0) ? -1 : (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}
int unlink(const char *path) { return interrupt(0) ? -1 : (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0); }
int mkdir(const char *path, mode_t mode) {
    return interrupt(0) ? -1 : (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
}

static tenon_str_t text(const char *text) { return (tenon_str_t){text, strlen(text)}; }
static int32_t is_cancelled(const tenon_call_t *call) { return (void)call, 0; }
static void on_cancel(const tenon_call_t *call, void (*fn)(void *), void *context) {
    (void)call, (void)fn, (void)context;
}
static tenon_effect_t last_effect;
static tenon_status_t fail(const tenon_call_t *call, tenon_status_t status, const tenon_error_t *error) {
    (void)call;
    last_effect = error == NULL ? TENON_EFFECT_UNKNOWN : error->effect;
    if (error != NULL) { fprintf(stderr, "%.*s\n", (int)error->message.size, error->message.data); }
    return status;
}
static void progress(const tenon_call_t *call, uint64_t done, uint64_t total, tenon_str_t note) {
    (void)call, (void)done, (void)total, (void)note;
}
static const void *service(const tenon_host_t *host, tenon_str_t id) { return (void)host, (void)id, NULL; }
static uint64_t stored;
static tenon_status_t take_state(const tenon_output_t *output, tenon_bytes_t bytes) {
    (void)output;
    char json[256] = {0};
    memcpy(json, bytes.data, bytes.size < 255 ? bytes.size : 255);
    return sscanf(json, "{\"sequence\":%lu}", &stored) == 1 ? TENON_OK : TENON_INTERNAL;
}
static tenon_status_t refuse(
    const tenon_rejects_t *rejects, uint64_t row, tenon_status_t status, tenon_str_t reason) {
    (void)rejects, (void)row, (void)status, (void)reason;
    return TENON_OK;
}

static const tenon_call_t call = {
    .struct_size = sizeof(tenon_call_t), .attempt = 1, .is_cancelled = is_cancelled, .on_cancel = on_cancel,
    .fail = fail, .progress = progress};
static const tenon_host_t host = {.struct_size = sizeof(tenon_host_t), .abi_major = 1, .service = service};

static tenon_status_t write_rows(const tenon_target_v1_t *target, tenon_writer_t *writer, uint64_t commit) {
    static char data[ROWS * 32];
    static int32_t offsets[ROWS + 1];
    int32_t size = 0;
    for (int row = 0; row < ROWS; row++) {
        size += sprintf(data + size, "%lu.%d", commit, row);
        offsets[row + 1] = size;
    }
    const void *buffers[3] = {NULL, offsets, data}, *none[1] = {NULL};
    struct ArrowArray column = {.length = ROWS, .n_buffers = 3, .buffers = buffers}, *columns[1] = {&column};
    const struct ArrowArray batch = {
        .length = ROWS, .n_buffers = 1, .buffers = none, .n_children = 1, .children = columns};
    const tenon_rejects_t rejects = {.struct_size = sizeof(tenon_rejects_t), .add = refuse};
    return target->write(writer, &call, &batch, &rejects);
}

/* Opens a writer, goes on after the stored sequence, and ends it. */
static tenon_status_t run(
    const tenon_target_v1_t *target, tenon_instance_t *instance, const char *request, uint64_t commits) {
    struct ArrowSchema column = {.format = "u", .name = "value"}, *columns[1] = {&column};
    const struct ArrowSchema schema = {.format = "+s", .name = "", .n_children = 1, .children = columns};
    const tenon_output_t state = {.struct_size = sizeof(tenon_output_t), .write = take_state};
    tenon_writer_t *writer = NULL;
    tenon_status_t status = target->open_writer(instance, &call, text(request), &schema, &state, &writer);
    if (status != TENON_OK) { return status; }
    for (uint64_t commit = stored + 1; commit <= commits && status == TENON_OK; commit++) {
        status = write_rows(target, writer, commit);
        if (status == TENON_OK) { status = target->commit(writer, &call, commit); }
    }
    if (status != TENON_OK) { target->abort(writer, &call); }
    target->close_writer(writer);
    return status;
}

int main(int count, char **arguments) {
    if (count < 7) { return 64; }
    void *library = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) { return fprintf(stderr, "%s\n", dlerror()), 1; }
    const tenon_entry_t *(*entry)(void);
    *(void **)&entry = dlsym(library, "tenon_connector");
    tenon_instance_t *instance = NULL;
    if (entry()->create(&host, text("job"), &call, &instance) != TENON_OK) { return 1; }
    const tenon_instance_v1_t *life = entry()->capability(text(TENON_INSTANCE_V1));
    const tenon_target_v1_t *target = entry()->capability(text(TENON_TARGET_V1));
    if (life->configure(instance, &call, text(arguments[2])) != TENON_OK) { return 1; }
    if (life->open(instance, &call) != TENON_OK) { return 1; }
    is_full = strcmp(arguments[5], "full") == 0;
    interrupted_at = atoi(arguments[6]);
    tenon_status_t status = run(target, instance, arguments[3], (uint64_t)atoi(arguments[4]));
    /* Closing says nothing of a full disk: the next opening settles what it could not. */
    if (was_full && status != TENON_OK) {
        if (status != TENON_RESOURCE_EXHAUSTED) { return fprintf(stderr, "status %d\n", status), 2; }
        interrupted_at = 0;
        status = run(target, instance, arguments[3], (uint64_t)atoi(arguments[4]));
    }
    life->close(instance, &call);
    life->destroy(instance);
    printf("%d\n", operations);
    return status == TENON_OK ? 0 : 3;
}
