/* Preloaded into a host: each fsync and fdatasync that has returned adds a line with the time
 * (CLOCK_MONOTONIC, nanoseconds) to the file $TENON_SYNC_LOG.<pid>. */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static void log_sync(void) {
    const char *prefix = getenv("TENON_SYNC_LOG");
    if (prefix == NULL) { return; }
    char path[4096], line[32];
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    snprintf(path, sizeof path, "%s.%d", prefix, (int)getpid());
    int size = snprintf(line, sizeof line, "%lld\n", (long long)now.tv_sec * 1000000000LL + now.tv_nsec);
    int descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
    if (descriptor < 0) { return; }
    if (write(descriptor, line, (size_t)size) != size) { abort(); }
    close(descriptor);
}

static int call(const char *name, int descriptor) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    int result = real(descriptor);
    if (result == 0) { log_sync(); }
    return result;
}

int fsync(int descriptor) { return call("fsync", descriptor); }
int fdatasync(int descriptor) { return call("fdatasync", descriptor); }
