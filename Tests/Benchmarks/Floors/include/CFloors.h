/* What the machine itself allows: the figures that Tenon's are held against. */
#pragma once
#include <stdint.h>

/* Nanoseconds per call of a C caller that fills a call, an error, and an output that appends to a buffer, and then
 * invokes `name` with `input` in the connector at `path`; 0 where anything fails. */
double floor_action_call(const char *path, const char *name, const char *input, uint64_t iterations);

/* Median nanoseconds of a round trip of `size` bytes between two processes over a socketpair; 0 where that fails. */
double floor_socketpair_round_trip(uint64_t size, uint32_t iterations);

/* Commits per second of one row a commit on SQLite with WAL; `is_synchronous` picks FULL or OFF. 0 on failure. */
double floor_single_commits(const char *directory, int is_synchronous, double seconds);

/* Bytes per second of memcpy between two warm buffers of `size` bytes. */
double floor_memcpy(uint64_t size, uint32_t iterations);
