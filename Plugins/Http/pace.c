/* How fast requests follow each other: by the configured limit, by what answers say is left, and by how long
 * a server asks to wait.
 *
 * A call waits where that is shorter than rateLimit.maxWaitMs, and a wait ends at once when it is cancelled.
 * Anything longer is the host's business: RATE_LIMITED or UNAVAILABLE, with the time to come again. */
#define _POSIX_C_SOURCE 200809L

#include "http.h"

#include <time.h>

#define MAX_WAIT_MS INT64_C(86400000)
#define FIRST_BACKOFF_MS 500
#define MAX_BACKOFF_MS 30000

struct pace_t {
    pace_t *next;
    char *name;
    char *base_url;
    int use_count;
    /* On CLOCK_MONOTONIC: by our limit, and by what the server said. */
    int64_t next_request_us;
    int64_t blocked_until_us;
};

/* Guards `paces` and all that is in them; held for some instructions only. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pace_t *paces;

static void pace_free(pace_t *pace) {
    free(pace->name);
    free(pace->base_url);
    free(pace);
}

static pace_t *pace_make(const char *name, const char *base_url) {
    pace_t *pace = calloc(1, sizeof *pace);
    if (pace == NULL) { return NULL; }
    pace->name = strdup(name);
    pace->base_url = strdup(base_url);
    if (pace->name == NULL || pace->base_url == NULL) {
        pace_free(pace);
        return NULL;
    }
    pace->next = paces;
    paces = pace;
    return pace;
}

pace_t *pace_take(const char *name, const char *base_url) {
    pthread_mutex_lock(&lock);
    pace_t *pace = paces;
    while (pace != NULL && (strcmp(name, pace->name) != 0 || strcmp(base_url, pace->base_url) != 0)) {
        pace = pace->next;
    }
    if (pace == NULL) { pace = pace_make(name, base_url); }
    if (pace != NULL) { pace->use_count++; }
    pthread_mutex_unlock(&lock);
    return pace;
}

void pace_return(pace_t *pace) {
    if (pace == NULL) { return; }
    pthread_mutex_lock(&lock);
    if (--pace->use_count == 0) {
        pace_t **place = &paces;
        while (*place != pace) { place = &(*place)->next; }
        *place = pace->next;
        pace_free(pace);
    }
    pthread_mutex_unlock(&lock);
}

/* ---- what answers say ---- */

static int64_t limited(double ms) {
    if (!(ms > 0)) { return 0; }
    return ms > (double)MAX_WAIT_MS ? MAX_WAIT_MS : (int64_t)ms;
}

/* The number that a value, or its first element, is; 0 where it is none, such as a date. */
static int leading_number(tenon_str_t value, double *number) {
    char text[32];
    size_t size = 0;
    while (size < value.size && size < sizeof text - 1 && strchr("0123456789.", value.data[size]) != NULL) {
        text[size] = value.data[size];
        size++;
    }
    text[size] = '\0';
    *number = strtod(text, NULL);
    int is_digit = size > 0;
    while (size < value.size && (value.data[size] == ' ' || value.data[size] == '\t')) { size++; }
    return is_digit && (size == value.size || value.data[size] == ',' || value.data[size] == ';');
}

/* Seconds since 1970 of an HTTP date or one as in RFC 3339; 0 where it is none. */
static double date_seconds(tenon_str_t value) {
    char text[64], plain[96], offset[8] = "GMT";
    int year, month, day, hour, minute, second, end = 0;
    if (value.size == 0 || value.size >= sizeof text) { return 0; }
    memcpy(text, value.data, (size_t)value.size);
    text[value.size] = '\0';
    const char *date = text;
    int count = sscanf(
        text, "%4d-%2d-%2d%*[Tt ]%2d:%2d:%2d%n", &year, &month, &day, &hour, &minute, &second, &end
    );
    if (count == 6 && year >= 0 && month >= 0 && day >= 0 && hour >= 0 && minute >= 0 && second >= 0) {
        const char *zone = text + end;
        if (*zone == '.') { zone += 1 + strspn(zone + 1, "0123456789"); }
        int has_zone = (*zone == '+' || *zone == '-') && strlen(zone) == 6 && zone[3] == ':';
        if (has_zone) {
            memcpy(offset, zone, 3);
            memcpy(offset + 3, zone + 4, 3);
        }
        snprintf(
            plain, sizeof plain, "%04d%02d%02d %02d:%02d:%02d %s", year, month, day, hour, minute, second,
            offset
        );
        date = plain;
    }
    time_t when = curl_getdate(date, NULL);
    return when == (time_t)-1 ? 0 : (double)when;
}

/* A parameter such as "remaining=0" of a structured header. */
static int parameter(tenon_str_t value, const char *name, double *number) {
    size_t size = strlen(name);
    for (uint64_t i = 0; i + size < value.size; i++) {
        int is_start = i == 0 || strchr(" ,;\t", value.data[i - 1]) != NULL;
        if (!is_start || strncmp(value.data + i, name, size) != 0 || value.data[i + size] != '=') { continue; }
        return leading_number(tenon_str(value.data + i + size + 1, (size_t)(value.size - i - size - 1)), number);
    }
    return 0;
}

/* Milliseconds since 1970. time() may be a tick behind, which would be a second too many. */
static double wall_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (double)now.tv_sec * 1000 + (double)now.tv_nsec / 1000000;
}

/* Seconds or a date: RFC 9110 section 10.2.3. */
static int64_t retry_after_ms(const transfer_t *transfer) {
    tenon_str_t value = transfer_header(transfer, "retry-after");
    double seconds = 0;
    if (!leading_number(value, &seconds)) { return limited(date_seconds(value) * 1000 - wall_ms()); }
    return limited(seconds * 1000);
}

/* Resets are seconds from now, or a time since 1970 in seconds or milliseconds. */
static int64_t reset_ms(double reset) {
    double now_ms = wall_ms();
    if (reset > 1e11) { return limited(reset - now_ms); }
    if (reset > 1e9) { return limited(reset * 1000 - now_ms); }
    return limited(reset * 1000);
}

static int first_number(const transfer_t *transfer, const char *const *names, double *number) {
    for (; *names != NULL; names++) {
        tenon_str_t value = transfer_header(transfer, *names);
        if (value.size > 0 && leading_number(value, number)) { return 1; }
    }
    return 0;
}

/* A number, or a date as seconds since 1970. */
static int first_time(const transfer_t *transfer, const char *const *names, double *time) {
    if (first_number(transfer, names, time)) { return 1; }
    for (; *names != NULL; names++) {
        *time = date_seconds(transfer_header(transfer, *names));
        if (*time > 0) { return 1; }
    }
    return 0;
}

/* Finds the number of requests left and when there will be more: "RateLimit" in both of its forms, and the
 * older headers. 0 where the answer says neither. */
static int read_budget(const transfer_t *transfer, double *remaining, int64_t *wait_ms) {
    static const char *const remainings[] = {
        "ratelimit-remaining", "x-ratelimit-remaining", "x-rate-limit-remaining", NULL
    };
    static const char *const resets[] = {
        "ratelimit-reset", "x-ratelimit-reset", "x-rate-limit-reset", NULL
    };
    tenon_str_t header = transfer_header(transfer, "ratelimit");
    double reset;
    int has_both = (parameter(header, "r", remaining) && parameter(header, "t", &reset))
        || (parameter(header, "remaining", remaining) && parameter(header, "reset", &reset))
        || (first_number(transfer, remainings, remaining) && first_time(transfer, resets, &reset));
    if (has_both) { *wait_ms = reset_ms(reset); }
    return has_both;
}

int64_t asked_wait_ms(const transfer_t *transfer) {
    int64_t wait_ms = retry_after_ms(transfer);
    double remaining;
    if (wait_ms > 0) { return wait_ms; }
    return read_budget(transfer, &remaining, &wait_ms) && remaining < 1 ? wait_ms : 0;
}

void pace_learn(tenon_instance_t *instance, const transfer_t *transfer) {
    double remaining;
    int64_t wait_ms;
    if (!read_budget(transfer, &remaining, &wait_ms) || remaining >= 1) { return; }
    int64_t until_us = (monotonic_ms() + wait_ms) * 1000;
    pthread_mutex_lock(&lock);
    if (instance->pace->blocked_until_us < until_us) { instance->pace->blocked_until_us = until_us; }
    pthread_mutex_unlock(&lock);
}

/* ---- waiting ---- */

/* Takes the next place in the row of requests; -1, and when to come again, where it is too far away. */
static int64_t take_place(const tenon_instance_t *instance, const tenon_call_t *call, int64_t *away_ms) {
    const rate_limit_t *limit = &instance->configuration.rate_limit;
    pace_t *pace = instance->pace;
    int64_t now_ms = monotonic_ms(), wait_ms = -1, max_wait_ms = limit->max_wait_ms;
    if (call->deadline_ns != 0) {
        int64_t left_ms = (int64_t)(call->deadline_ns / 1000000) - now_ms;
        if (left_ms < max_wait_ms) { max_wait_ms = left_ms > 0 ? left_ms : 0; }
    }
    pthread_mutex_lock(&lock);
    int64_t start_us = now_ms * 1000;
    if (start_us < pace->next_request_us) { start_us = pace->next_request_us; }
    if (start_us < pace->blocked_until_us) { start_us = pace->blocked_until_us; }
    *away_ms = (start_us + 999) / 1000 - now_ms;
    if (*away_ms <= max_wait_ms) {
        wait_ms = *away_ms;
        if (limit->requests_per_second > 0) {
            pace->next_request_us = start_us + (int64_t)(1000000 / limit->requests_per_second + 0.999);
        }
    }
    pthread_mutex_unlock(&lock);
    return wait_ms;
}

tenon_status_t pace_wait(
    tenon_instance_t *instance, transfer_t *transfer, const tenon_call_t *call, tenon_effect_t effect
) {
    int64_t away_ms = 0;
    int64_t wait_ms = take_place(instance, call, &away_ms);
    tenon_error_t error = tenon_error(TENON_CLASS_TRANSIENT, effect);
    if (wait_ms < 0) {
        error.retry_after_ms = (uint64_t)away_ms;
        return tenon_fail_with(
            call, TENON_RATE_LIMITED, error, "the server's limit allows the next request in %lld ms only",
            (long long)away_ms
        );
    }
    if (transfer_wait(transfer, wait_ms)) { return TENON_OK; }
    error.error_class = TENON_CLASS_UNSET;
    return tenon_fail_with(call, TENON_CANCELLED, error, "cancelled while waiting for the next request");
}

/* Doubles with each attempt; a third of it is left to chance, so that many clients do not come at once. */
static int64_t backoff_ms(int64_t attempt) {
    int64_t wait_ms = FIRST_BACKOFF_MS;
    while (attempt-- > 0 && wait_ms < MAX_BACKOFF_MS) { wait_ms *= 2; }
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return wait_ms - wait_ms / 3 * (now.tv_nsec / 1000 % 1000) / 1000;
}

int pace_retries(
    const tenon_instance_t *instance, transfer_t *transfer, const tenon_call_t *call, retry_t *retry
) {
    const rate_limit_t *limit = &instance->configuration.rate_limit;
    if (transfer->result != CURLE_OK || (transfer->status != 429 && transfer->status != 503)) { return 0; }
    int64_t wait_ms = asked_wait_ms(transfer);
    if (wait_ms == 0) { wait_ms = backoff_ms(retry->count); }
    if (retry->count >= limit->max_retries || retry->waited_ms + wait_ms > limit->max_wait_ms) { return 0; }
    if (call->deadline_ns != 0 && monotonic_ms() + wait_ms > (int64_t)(call->deadline_ns / 1000000)) {
        return 0;
    }
    retry->count++;
    retry->waited_ms += wait_ms;
    transfer_wait(transfer, wait_ms);
    return 1;
}
