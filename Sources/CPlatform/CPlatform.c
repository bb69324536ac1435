#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int answer(int result) { return result < 0 ? -errno : result; }

int tp_epoll_create(void) { return answer(epoll_create1(EPOLL_CLOEXEC)); }

int tp_epoll_control(int epoll, int op, int descriptor, uint32_t events, uint64_t token)
{
    struct epoll_event event = { .events = events, .data = { .u64 = token } };
    return answer(epoll_ctl(epoll, op, descriptor, &event));
}

int tp_epoll_wait(int epoll, struct tp_event *events, int capacity, int timeout_ms)
{
    struct epoll_event found[64];
    if (capacity > 64) capacity = 64;
    int count = epoll_wait(epoll, found, capacity, timeout_ms);
    for (int i = 0; i < count; i++) {
        events[i].events = found[i].events;
        events[i].token = found[i].data.u64;
    }
    return answer(count);
}

int tp_eventfd(void) { return answer(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)); }

int tp_sealed_memory(const char *name, uint64_t byte_count)
{
    int memory = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (memory < 0) return -errno;
    if (ftruncate(memory, (off_t)byte_count) < 0 ||
        fcntl(memory, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0) {
        int error = errno;
        close(memory);
        return -error;
    }
    return memory;
}

int tp_socket_pair(int descriptors[2])
{
    return answer(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, descriptors));
}

int tp_pipe(int descriptors[2])
{
    if (pipe2(descriptors, O_CLOEXEC) < 0) return -errno;
    return answer(fcntl(descriptors[0], F_SETFL, O_NONBLOCK));
}

int64_t tp_send(int socket, const void *bytes, uint64_t count, int flags)
{
    ssize_t sent;
    do {
        sent = send(socket, bytes, count, MSG_NOSIGNAL | (flags & 1 ? MSG_DONTWAIT : 0));
    } while (sent < 0 && errno == EINTR);
    return sent < 0 ? -errno : sent;
}

int tp_send_descriptors(int socket, const void *bytes, uint64_t count, const int *descriptors, int descriptor_count)
{
    char control[CMSG_SPACE(4 * sizeof(int))] = { 0 };
    if (descriptor_count < 1 || descriptor_count > 4) return -EINVAL;
    struct iovec part = { .iov_base = (void *)bytes, .iov_len = count };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control };
    message.msg_controllen = CMSG_SPACE((size_t)descriptor_count * sizeof(int));
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN((size_t)descriptor_count * sizeof(int));
    memcpy(CMSG_DATA(header), descriptors, (size_t)descriptor_count * sizeof(int));
    ssize_t sent;
    do {
        sent = sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    } while (sent < 0 && errno == EINTR);
    if (sent < 0) return -errno;
    /* A message of this size is taken whole by a stream socket with room; a peer that does not read
     * is not waited for. */
    return (uint64_t)sent == count ? 0 : -EAGAIN;
}

int64_t tp_receive(int socket, void *bytes, uint64_t capacity, int flags)
{
    struct iovec part = { .iov_base = bytes, .iov_len = capacity };
    struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
    ssize_t received;
    do {
        received = recvmsg(socket, &message, flags & 1 ? MSG_DONTWAIT : 0);
    } while (received < 0 && errno == EINTR);
    if (received < 0) return -errno;
    if (message.msg_flags & MSG_CTRUNC) return -EBADMSG;
    return received;
}

int64_t tp_receive_descriptors(int socket, void *bytes, uint64_t capacity, int *descriptors, int *descriptor_count)
{
    char control[CMSG_SPACE(4 * sizeof(int))];
    struct iovec part = { .iov_base = bytes, .iov_len = capacity };
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)
    };
    ssize_t received;
    do {
        received = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    } while (received < 0 && errno == EINTR);
    *descriptor_count = 0;
    if (received < 0) return -errno;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
        size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < count && *descriptor_count < 4; i++) {
            memcpy(&descriptors[*descriptor_count], CMSG_DATA(header) + i * sizeof(int), sizeof(int));
            *descriptor_count += 1;
        }
    }
    return received;
}

int tp_wait(int descriptor, short events, int64_t timeout_ns)
{
    struct pollfd item = { .fd = descriptor, .events = events };
    struct timespec span = { .tv_sec = timeout_ns / 1000000000, .tv_nsec = timeout_ns % 1000000000 };
    int count = ppoll(&item, 1, timeout_ns < 0 ? NULL : &span, NULL);
    if (count < 0) return errno == EINTR ? 0 : -errno;
    return count;
}

uint64_t tp_monotonic_nanoseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void tp_pause(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

uint64_t tp_proportional_set_size(pid_t process)
{
    char path[64], line[256];
    snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", process);
    FILE *file = fopen(path, "re");
    if (!file) return 0;
    unsigned long long kilobytes = 0;
    while (fgets(line, sizeof(line), file))
        if (sscanf(line, "Pss: %llu kB", &kilobytes) == 1) break;
    fclose(file);
    return kilobytes * 1024u;
}

