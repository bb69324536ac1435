/* A cell that shakes hands properly and then does one thing that no cell may do, named by its first argument.
 * Arguments: name, build, file with the bytes of a batch. Descriptors as in a real cell: 3 control, 5 log, 6 lane. */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CONTROL = 3, LOG = 5, LANE = 6 };
enum { FORMAT = 2 };
enum {
    HELLO = 1, READY = 3, CALL = 16, OUTPUT, ITEMS, FAILURE, STATE, SCHEMA = 32, BATCH, CHECKPOINT, REJECTED,
    END = 37, SKIPPED = 40, PROGRESS
};
#define RING (8u << 20)

typedef struct { uint32_t size; uint16_t format, kind; uint64_t call; } header_t;
static const char *deed;
static uint8_t body[4 << 20];
static uint32_t size;

static int is(const char *name) { return strcmp(deed, name) == 0; }
static void put(const void *bytes, size_t count) { memcpy(body + size, bytes, count); size += (uint32_t)count; }
static void put8(uint8_t v) { put(&v, 1); }
static void put32(uint32_t v) { put(&v, 4); }
static void put64(uint64_t v) { put(&v, 8); }
static void put_text(const char *t) { put32((uint32_t)strlen(t)); put(t, strlen(t) + 1); }

static void write_all(int fd, const void *bytes, size_t count) {
    const uint8_t *at = bytes;
    while (count > 0) {
        ssize_t sent = send(fd, at, count, MSG_NOSIGNAL);
        if (sent <= 0) { _exit(0); }
        at += sent;
        count -= (size_t)sent;
    }
}

static void send_header(int fd, uint32_t length, uint16_t format, uint16_t kind, uint64_t call) {
    header_t header = {length, format, kind, call};
    write_all(fd, &header, sizeof header);
}

static void send_frame(int fd, uint16_t kind, uint64_t call) {
    send_header(fd, size, FORMAT, kind, call);
    write_all(fd, body, size);
    size = 0;
}

/* The next frame; its body is thrown away but for the first byte of a call, the operation. */
static header_t receive(int fd, uint8_t *operation, int fds[2]) {
    header_t header;
    char control[CMSG_SPACE(2 * sizeof(int))];
    struct iovec part = {&header, sizeof header};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    if (recvmsg(fd, &message, MSG_WAITALL) != sizeof header) { _exit(0); }
    struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
    if (fds && rights) { memcpy(fds, CMSG_DATA(rights), 2 * sizeof(int)); }
    uint8_t *bytes = malloc(header.size + 1);
    if (header.size > 0 && recv(fd, bytes, header.size, MSG_WAITALL) != header.size) { _exit(0); }
    if (operation) { *operation = bytes[0]; }
    free(bytes);
    return header;
}

/* Stays until the host ends it. */
static void wait_for_end(void) { for (;;) { pause(); } }

static void shake_hands(const char *build) {
    if (is("hello-out-of-order")) { put32(1); send_frame(CONTROL, READY, 0); wait_for_end(); }
    put32(is("hello-magic") ? 1 : 0x4C454354u);
    put_text(is("hello-build") ? "tenon-9.9.9" : build);
    if (is("hello-format")) { send_header(CONTROL, size, 7, HELLO, 0); wait_for_end(); }
    if (is("hello-kind")) { send_header(CONTROL, size, FORMAT, 99, 0); wait_for_end(); }
    if (is("hello-oversize")) { send_header(CONTROL, 1 << 20, FORMAT, HELLO, 0); wait_for_end(); }
    send_frame(CONTROL, HELLO, 0);
    receive(CONTROL, NULL, NULL);
    if (is("ready-cut")) { put32(1); send_frame(CONTROL, READY, 0); wait_for_end(); }
    put32(1);
    put32(0);
    put8(0);
    if (is("ready-count")) { put32(0xFFFFFFFFu); send_frame(CONTROL, READY, 0); wait_for_end(); }
    put32(1);
    put_text(is("ready-utf8") ? "\xFF\xFE" : "tenon.instance/1");
    put32(0);
    if (is("ready-left-over")) { put32(0); }
    send_frame(CONTROL, READY, 0);
}

static void send_failure(uint64_t call, int32_t status, const char *message) {
    put32((uint32_t)status);
    put32(2);
    put32(0);
    put32(0);
    put64(0);
    put_text(message);
    put_text("");
    if (!is("failure-cut")) { put_text(""); }
    if (is("failure-left-over")) { put64(0); }
    send_frame(LANE, FAILURE, call);
}

static void send_descriptor(uint64_t call) {
    header_t header = {0, FORMAT, OUTPUT, call};
    char control[CMSG_SPACE(sizeof(int))] = {0};
    struct iovec part = {&header, sizeof header};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
    int descriptor = 0;
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(rights), &descriptor, sizeof descriptor);
    sendmsg(LANE, &message, MSG_NOSIGNAL);
}

static void send_state(uint64_t call, uint8_t operation, const char *key) {
    put8(operation);
    put_text(key);
    put_text("");
    send_frame(LANE, STATE, call);
}

/* What is done instead of answering an action. */
static void misanswer(uint64_t call) {
    if (is("reply-format")) { send_header(LANE, 0, 3, OUTPUT, call); }
    if (is("reply-kind")) { send_header(LANE, 0, FORMAT, 4711, call); }
    if (is("reply-length")) { send_header(LANE, 0xFFFFFFFFu, FORMAT, OUTPUT, call); }
    if (is("reply-call-id")) { send_frame(LANE, OUTPUT, call + 1); }
    if (is("reply-descriptors")) { send_descriptor(call); }
    if (is("reply-cut")) { send_header(LANE, 100, FORMAT, OUTPUT, call); shutdown(LANE, SHUT_RDWR); }
    if (is("reply-wrong-direction")) { send_frame(LANE, CALL, call); }
    if (is("reply-stream-frame")) { put64(0); put64(8); put64(8); send_frame(LANE, BATCH, call); }
    if (is("failure-status-ok")) { send_failure(call, 0, "fine"); }
    if (is("failure-status-unknown")) { send_failure(call, -999, "what"); }
    if (is("failure-cut") || is("failure-left-over")) { send_failure(call, -12, "x"); }
    if (is("failure-utf8")) { send_failure(call, -12, "\xC0\x80"); }
    if (is("items-count")) { put32(0xFFFFFFFFu); send_frame(LANE, ITEMS, call); }
    if (is("items-cut")) { put32(1); put32(1000); send_frame(LANE, ITEMS, call); }
    if (is("reply-twice")) { send_frame(LANE, OUTPUT, call); send_frame(LANE, OUTPUT, call); }
    if (is("control-chatter")) { send_frame(CONTROL, HELLO, 0); }
    if (is("state-key")) { send_state(call, 1, ""); }
    if (is("state-operation")) { send_state(call, 77, "k"); }
    /* Without an end, and the answers are not read: at the latest when they pile up the host has to notice. */
    while (is("state-flood")) { send_state(call, 1, "k"); }
    if (is("log-dropped")) {
        /* More lines than are taken in a second, each of which says that 2^64 - 1 were dropped before it. */
        static const uint8_t line[13] = {11, 0, 1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0};
        for (int i = 0; i < 1200; i++) {
            if (write(LOG, line, sizeof line) < 0) { _exit(1); }
        }
    }
    if (is("log-content") || is("log-dropped")) {
        uint8_t junk[64];
        memset(junk, 0xFF, sizeof junk);
        if (write(LOG, junk, sizeof junk) < 0) { _exit(1); }
    }
    wait_for_end();
}

static const char schema[] = "{\"columns\":[{\"name\":\"id\",\"type\":\"int64\",\"nullable\":false},"
                             "{\"name\":\"name\",\"type\":\"utf8\",\"nullable\":true}]}";

static void send_schema(int lane, uint64_t call, const char *text) {
    put(text, strlen(text));
    send_frame(lane, SCHEMA, call);
}

static void send_batch(int lane, uint64_t call, uint64_t position, uint64_t taken, uint64_t content) {
    put64(position);
    put64(taken);
    put64(content);
    send_frame(lane, BATCH, call);
}

static void misread(int lane, uint64_t call, uint8_t *ring, const char *path) {
    if (is("batch-before-schema")) { send_batch(lane, call, 0, 8, 8); }
    if (is("schema-not-json")) { send_schema(lane, call, "nonsense"); }
    send_schema(lane, call, schema);
    if (is("schema-twice")) { send_schema(lane, call, schema); }
    if (is("ring-position")) { send_batch(lane, call, 4096, 64, 64); }
    if (is("ring-position-huge")) { send_batch(lane, call, UINT64_MAX - 7, 64, 64); }
    if (is("ring-empty")) { send_batch(lane, call, 0, 0, 0); }
    if (is("ring-too-long")) { send_batch(lane, call, 0, (uint64_t)RING * 4, 64); }
    if (is("ring-content")) { send_batch(lane, call, 0, 64, 4096); }
    if (is("ring-message-cut")) { put64(0); send_frame(lane, BATCH, call); }
    if (is("rejected-row")) { put32(1); put64((uint64_t)-5); put32((uint32_t)-13); put_text("r"); put_text(""); send_frame(lane, REJECTED, call); }
    if (is("rejected-count")) { put32(0xFFFFFFF0u); send_frame(lane, REJECTED, call); }
    if (is("skipped-negative")) { put64((uint64_t)-1); send_frame(lane, SKIPPED, call); }
    if (is("skipped-many")) { put64((uint64_t)1 << 62); send_frame(lane, SKIPPED, call); }
    /* Each of them is a count that may be; together they are not. */
    if (is("skipped-in-all")) {
        for (int i = 0; i < 2; i++) { put64((uint64_t)1 << 48); send_frame(lane, SKIPPED, call); }
        send_frame(lane, END, call);
    }
    if (is("progress-cut")) { put64(1); send_frame(lane, PROGRESS, call); }
    if (is("checkpoint-length")) { send_header(lane, 3 << 20, FORMAT, CHECKPOINT, call); }
    if (is("stream-output")) { send_frame(lane, OUTPUT, call); }
    if (is("stream-call-id")) { send_header(lane, 0, FORMAT, CHECKPOINT, call + 7); }
    if (is("batch-zeros")) { memset(ring, 0, 512); send_batch(lane, call, 0, 512, 512); }
    if (strncmp(deed, "batch-", 6) == 0) {
        FILE *file = fopen(path, "rb");
        size_t count = file ? fread(ring, 1, RING, file) : 0;
        uint64_t content = is("batch-cut") ? count - 8 : count;
        send_batch(lane, call, 0, (count + 7) & ~7ull, content);
    }
    wait_for_end();
}

int main(int count, char **arguments) {
    if (count < 4) { return 2; }
    deed = arguments[1];
    shake_hands(arguments[2]);
    uint8_t operation = 0;
    header_t call = receive(LANE, &operation, NULL);
    send_frame(LANE, OUTPUT, call.call);
    /* Either a call comes on the lane, or a lane of a stream on the control socket. */
    if (strncmp(deed, "batch-", 6) && strncmp(deed, "ring-", 5) && strncmp(deed, "schema-", 7)
        && strncmp(deed, "rejected-", 9) && strncmp(deed, "checkpoint-", 11) && strncmp(deed, "stream-", 7) && strncmp(deed, "skipped-", 8)
        && strncmp(deed, "progress-", 9)) {
        call = receive(LANE, &operation, NULL);
        misanswer(call.call);
    }
    int fds[2] = {-1, -1};
    receive(CONTROL, NULL, fds);
    uint8_t *ring = mmap(NULL, 2 * RING, PROT_READ | PROT_WRITE, MAP_SHARED, fds[1], 0);
    call = receive(fds[0], &operation, NULL);
    send_frame(fds[0], OUTPUT, call.call);
    call = receive(fds[0], &operation, NULL);
    send_frame(fds[0], OUTPUT, call.call);
    misread(fds[0], call.call, ring, arguments[3]);
    return 0;
}
