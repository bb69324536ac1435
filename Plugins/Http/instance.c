/* The life of an instance, its idle connections, and whether the API can be used. */
#define _POSIX_C_SOURCE 200809L

#include "http.h"

#include <time.h>

static void initialise(void) { curl_global_init(CURL_GLOBAL_DEFAULT); }

tenon_status_t instance_create(
    const tenon_host_t *host, tenon_str_t name, const tenon_call_t *call, tenon_instance_t **out_instance
) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, initialise);
    tenon_instance_t *instance = calloc(1, sizeof *instance);
    if (instance == NULL) { return tenon_fail(call, TENON_RESOURCE_EXHAUSTED, "out of memory"); }
    instance->host = host;
    tenon_text_t copy = {0};
    tenon_text_add(&copy, name);
    tenon_text_add(&copy, tenon_str("", 1));
    if (copy.failed) {
        free(instance);
        return tenon_fail(call, TENON_RESOURCE_EXHAUSTED, "out of memory");
    }
    instance->name = copy.data;
    pthread_mutex_init(&instance->lock, NULL);
    *out_instance = instance;
    return TENON_OK;
}

static void drop_idle(tenon_instance_t *instance) {
    while (instance->idle != NULL) {
        transfer_t *transfer = instance->idle;
        instance->idle = transfer->next;
        transfer_free(transfer);
    }
    instance->idle_count = 0;
}

static tenon_status_t configure(tenon_instance_t *instance, const tenon_call_t *call, tenon_str_t json) {
    configuration_t configuration;
    tenon_status_t status = configuration_read(&configuration, call, json);
    if (status != TENON_OK) { return status; }
    pace_t *pace = pace_take(instance->name, configuration.base_url);
    if (pace == NULL) {
        configuration_free(&configuration);
        return tenon_fail(call, TENON_RESOURCE_EXHAUSTED, "out of memory");
    }
    pace_return(instance->pace);
    configuration_free(&instance->configuration);
    instance->pace = pace;
    instance->configuration = configuration;
    return TENON_OK;
}

static tenon_status_t close_instance(tenon_instance_t *instance, const tenon_call_t *call) {
    (void)call;
    drop_idle(instance);
    return TENON_OK;
}

static void destroy(tenon_instance_t *instance) {
    drop_idle(instance);
    configuration_free(&instance->configuration);
    pace_return(instance->pace);
    free(instance->name);
    pthread_mutex_destroy(&instance->lock);
    free(instance);
}

transfer_t *instance_take_transfer(tenon_instance_t *instance) {
    pthread_mutex_lock(&instance->lock);
    transfer_t *transfer = instance->idle;
    if (transfer != NULL) {
        instance->idle = transfer->next;
        instance->idle_count--;
    }
    pthread_mutex_unlock(&instance->lock);
    if (transfer == NULL) { transfer = transfer_make(); }
    if (transfer != NULL) {
        transfer->next = NULL;
        transfer->consume = NULL;
    }
    return transfer;
}

void instance_return_transfer(tenon_instance_t *instance, transfer_t *transfer) {
    int is_kept = 0;
    pthread_mutex_lock(&instance->lock);
    /* A transfer that was broken off may have a connection in an unknown state: curl closes it with the
     * transfer. */
    if (instance->idle_count < MAX_IDLE_TRANSFERS && !transfer->is_running
        && transfer->body.capacity < (1u << 20)) {
        transfer->next = instance->idle;
        instance->idle = transfer;
        instance->idle_count++;
        is_kept = 1;
    }
    pthread_mutex_unlock(&instance->lock);
    if (!is_kept) { transfer_free(transfer); }
}

int64_t monotonic_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t exchange_timeout(const configuration_t *configuration, const tenon_call_t *call) {
    int64_t timeout_ms = configuration->timeout_ms;
    if (call->deadline_ns == 0) { return timeout_ms; }
    int64_t left_ms = (int64_t)(call->deadline_ns / 1000000) - monotonic_ms();
    if (left_ms < 1) { left_ms = 1; }
    return left_ms < timeout_ms ? left_ms : timeout_ms;
}

/* ---- check ---- */

static tenon_status_t report(
    const transfer_t *transfer, const exchange_t *exchange, const tenon_items_t *items
) {
    char detail[512];
    int is_reachable = transfer->result == CURLE_OK;
    int url_size = url_public_size(exchange->url);
    if (url_size > 200) { url_size = 200; }
    if (is_reachable) {
        snprintf(detail, sizeof detail, "%.*s answered %ld", url_size, exchange->url, transfer->status);
    } else {
        const char *reason = transfer->reason[0] != '\0' ? transfer->reason
                                                         : curl_easy_strerror(transfer->result);
        snprintf(detail, sizeof detail, "%.*s: %s", url_size, exchange->url, reason);
    }
    tenon_status_t status = tenon_add_check(
        items, "reachable", is_reachable && transfer->status < 500, detail
    );
    if (status != TENON_OK || !is_reachable) { return status; }
    int is_known = transfer->status != 401 && transfer->status != 407;
    status = tenon_add_check(
        items, "authenticated", is_known, is_known ? "the server asked for no other credentials" : detail
    );
    if (status != TENON_OK) { return status; }
    int is_permitted = is_known && transfer->status != 403;
    return tenon_add_check(items, "permitted", is_permitted, is_permitted ? "nothing was refused" : detail);
}

/* Asks for checkEndpoint; without one, for the headers of the base URL, where a 404 is fine too. */
static tenon_status_t check(
    tenon_instance_t *instance, const tenon_call_t *call, const tenon_items_t *items
) {
    const configuration_t *configuration = &instance->configuration;
    const char *endpoint = configuration->check_endpoint;
    char *url = url_join(configuration->base_url, tenon_str_of(endpoint), tenon_str(NULL, 0));
    transfer_t *transfer = instance_take_transfer(instance);
    exchange_t exchange = {0};
    int redirect_count, is_run = 0;
    if (url != NULL && transfer != NULL) {
        exchange.method = endpoint != NULL ? "GET" : "HEAD";
        exchange.url = url;
        exchange.timeout_ms = exchange_timeout(configuration, call);
        exchange.max_body_bytes = configuration->max_response_bytes;
        transfer_begin_call(transfer, call);
        is_run = transfer_run(transfer, configuration, &exchange, &redirect_count);
        transfer_end_call(transfer, call);
    }
    tenon_status_t status = is_run ? report(transfer, &exchange, items)
                                   : tenon_fail(call, TENON_RESOURCE_EXHAUSTED, "out of memory");
    if (transfer != NULL) { instance_return_transfer(instance, transfer); }
    free(url);
    return status;
}

const tenon_instance_v1_t instance_table = {configure, tenon_default_open, check, close_instance, destroy};
