/* What Glibc's module lacks, for Linux: epoll, eventfd, memfd, pidfd, spawning, confinement, atomics on raw memory.
 * Functions answer -errno on failure unless they say otherwise. */
#ifndef CPLATFORM_H
#define CPLATFORM_H

#include <stdint.h>
#include <stddef.h>
#include <sys/types.h>

/* Descriptors and memory */
int tp_epoll_create(void);
#define TP_EPOLL_IN 0x001u
#define TP_EPOLL_OUT 0x004u
#define TP_EPOLL_ONESHOT (1u << 30)
struct tp_event { uint32_t events; uint64_t token; };
/* op: 1 add, 2 delete, 3 modify. */
int tp_epoll_control(int epoll, int op, int descriptor, uint32_t events, uint64_t token);
/* Waits at most `timeout_ms` (-1: for ever) and answers the number of events. */
int tp_epoll_wait(int epoll, struct tp_event *events, int capacity, int timeout_ms);
int tp_eventfd(void);
/* Anonymous shared memory that cannot change its size any more. */
int tp_sealed_memory(const char *name, uint64_t byte_count);
/* A connected pair of stream sockets, closed on exec. */
int tp_socket_pair(int descriptors[2]);
/* A pipe, closed on exec, whose reading end does not block. */
int tp_pipe(int descriptors[2]);

/* Sends without SIGPIPE. `flags` bit 0: do not block. Answers the bytes taken. */
int64_t tp_send(int socket, const void *bytes, uint64_t count, int flags);
/* Sends all of `bytes` (a small message) with descriptors. */
int tp_send_descriptors(int socket, const void *bytes, uint64_t count, const int *descriptors, int descriptor_count);
/* Receives; 0 at the end of the stream. Descriptors that come along are never taken: the answer is -EBADMSG. */
int64_t tp_receive(int socket, void *bytes, uint64_t capacity, int flags);
/* Receives and takes up to 4 descriptors, closed on exec. */
int64_t tp_receive_descriptors(int socket, void *bytes, uint64_t capacity, int *descriptors, int *descriptor_count);
/* Waits for `events` (poll) on one descriptor; 1 ready, 0 timeout. `timeout_ns` < 0: for ever. */
int tp_wait(int descriptor, short events, int64_t timeout_ns);

/* Processes */
struct tp_spawn_plan {
    const char *path;
    char *const *arguments;
    char *const *environment;
    const char *directory;
    /* Becomes 0 .. count - 1 in the new process; everything above is closed. */
    const int *descriptors;
    int descriptor_count;
};
/* Starts a process in a group of its own; answers its id. */
int tp_spawn(const struct tp_spawn_plan *plan);
int tp_pidfd_open(pid_t process);
int tp_pidfd_kill(int pidfd, int signal);
/* Reaps the process of a pidfd without blocking: 1 ended, 0 still running. `status`: exit code, or -signal. */
int tp_pidfd_reap(int pidfd, int *status);

/* Confinement of the calling process, before it starts threads */
int tp_no_new_privileges(void);
int tp_parent_death_signal(int signal);
/* Other processes of the same user can neither trace this one nor read its memory; nor does it dump core. */
int tp_forbid_tracing(void);
int tp_ignore_sigpipe(void);
/* resource: RLIMIT_ numbers; lowers both limits, never raises. */
int tp_limit(int resource, uint64_t value);
/* Hides `directory` behind an empty read-only file system in a mount namespace of this process. Up to 4 directories
 * below it stay: `kept[i]`, read-only where `kept_read_only[i]` is not 0. */
int tp_hide_directory(const char *directory, const char *const *kept, const int *kept_read_only, int kept_count);
/* Landlock: access to everything below `allowed`; also forbids to change mounts. */
int tp_landlock(const char *const *allowed, int allowed_count);
int tp_landlock_version(void);
/* Refuses system calls that a connector has no use for (tracing, mounting, kernel modules ...), and those
 * by which a child would leave the process group that its parent is killed with. */
int tp_seccomp(void);

/* Time, hints */
uint64_t tp_monotonic_nanoseconds(void);
void tp_pause(void);
/* The proportional set size of a process in bytes, 0 where unknown. */
uint64_t tp_proportional_set_size(pid_t process);

/* Atomics on raw memory */
static inline uint64_t tp_load64(const uint64_t *word) { return __atomic_load_n(word, __ATOMIC_ACQUIRE); }
static inline void tp_store64(uint64_t *word, uint64_t value) { __atomic_store_n(word, value, __ATOMIC_RELEASE); }
static inline uint64_t tp_exchange64(uint64_t *word, uint64_t value) {
    return __atomic_exchange_n(word, value, __ATOMIC_ACQ_REL);
}
static inline uint64_t tp_add64(uint64_t *word, uint64_t value) {
    return __atomic_fetch_add(word, value, __ATOMIC_ACQ_REL);
}
/* Answers the value found; the exchange took place where it equals `expected`. */
static inline uint64_t tp_compare_exchange64(uint64_t *word, uint64_t expected, uint64_t value) {
    __atomic_compare_exchange_n(word, &expected, value, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
    return expected;
}

/* Digest */
/* SHA-256 of what `descriptor` reads from its beginning. */
int tp_sha256_descriptor(int descriptor, uint8_t digest[32]);
void tp_sha256(const void *bytes, uint64_t count, uint8_t digest[32]);

#endif
