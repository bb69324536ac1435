#define _GNU_SOURCE
#include "CFloors.h"
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static int by_value(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static int transfer(int descriptor, uint8_t *bytes, uint64_t size, int is_write) {
    while (size) {
        ssize_t done = is_write ? write(descriptor, bytes, size) : read(descriptor, bytes, size);
        if (done <= 0) return 0;
        bytes += done;
        size -= (uint64_t)done;
    }
    return 1;
}

double floor_socketpair_round_trip(uint64_t size, uint32_t iterations) {
    static uint8_t bytes[65536];
    int sockets[2];
    if (size > sizeof bytes || socketpair(AF_UNIX, SOCK_STREAM, 0, sockets)) return 0;
    pid_t child = fork();
    if (child < 0) return 0;
    if (child == 0) {
        while (transfer(sockets[1], bytes, size, 0) && transfer(sockets[1], bytes, size, 1)) {}
        _exit(0);
    }
    double *times = malloc(iterations * sizeof *times), median = 0;
    uint32_t count = 0;
    for (; times && count < iterations; count++) {
        double start = now();
        if (!transfer(sockets[0], bytes, size, 1) || !transfer(sockets[0], bytes, size, 0)) break;
        times[count] = now() - start;
    }
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    close(sockets[0]);
    close(sockets[1]);
    if (count == iterations) {
        qsort(times, count, sizeof *times, by_value);
        median = times[count / 2];
    }
    free(times);
    return median;
}

double floor_single_commits(const char *directory, int is_synchronous, double seconds) {
    char path[4096], text[120];
    sqlite3 *database = NULL;
    sqlite3_stmt *insert = NULL;
    snprintf(path, sizeof path, "%s/floor.db", directory);
    memset(text, 'x', sizeof text);
    if (sqlite3_open(path, &database) != SQLITE_OK) return 0;
    sqlite3_exec(database, "PRAGMA journal_mode=WAL", NULL, NULL, NULL);
    sqlite3_exec(database, is_synchronous ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=OFF", NULL, NULL, NULL);
    sqlite3_exec(
        database, "CREATE TABLE step(run TEXT, n INTEGER, output TEXT, PRIMARY KEY(run, n)) WITHOUT ROWID", NULL, NULL,
        NULL);
    sqlite3_prepare_v2(database, "INSERT INTO step VALUES('018f-run', ?, ?)", -1, &insert, NULL);
    double start = now();
    int count = 0;
    while (now() - start < seconds * 1e9) {
        sqlite3_bind_int(insert, 1, count);
        sqlite3_bind_text(insert, 2, text, sizeof text, SQLITE_STATIC);
        if (sqlite3_step(insert) != SQLITE_DONE) break;
        sqlite3_reset(insert);
        count++;
    }
    double rate = count / ((now() - start) / 1e9);
    sqlite3_finalize(insert);
    sqlite3_close(database);
    return rate;
}
