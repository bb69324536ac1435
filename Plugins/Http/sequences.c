/* Remembers in the host's state how far jobs have come, so that a job that goes on numbers its batches as it
 * did before. Only the latest jobs are kept: {"<hash of the name>": sequence, ...}, the newest last. */
#include "http.h"

#define STATE_KEY "sequences"
#define MAX_JOBS 64

/* Reading and storing are one step for all instances of the process: they share the state. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static const tenon_state_v1_t *state_of(const tenon_instance_t *instance) {
    return instance->host->service(instance->host, TENON_STR(TENON_STATE_V1));
}

static tenon_status_t take(const tenon_output_t *output, tenon_bytes_t bytes) {
    tenon_text_t *text = output->context;
    tenon_text_add(text, tenon_str((const char *)bytes.data, (size_t)bytes.size));
    return text->failed ? TENON_RESOURCE_EXHAUSTED : TENON_OK;
}

/* Without an answer nothing is remembered. */
static tenon_str_t load(tenon_instance_t *instance, const tenon_call_t *call, tenon_text_t *text) {
    const tenon_state_v1_t *state = state_of(instance);
    tenon_output_t output = {sizeof output, 0, text, take};
    int is_there = state != NULL
        && state->get(instance->host, call, TENON_STR(STATE_KEY), &output) == TENON_OK && !text->failed;
    return is_there ? tenon_json_value(tenon_text_str(text)) : tenon_str(NULL, 0);
}

static void hashed(char key[24], const char *name) {
    snprintf(key, 24, "%016llx", (unsigned long long)hash_add(HASH_START, tenon_str_of(name)));
}

uint64_t sequence_load(tenon_instance_t *instance, const tenon_call_t *call, const char *name) {
    tenon_text_t text = TENON_TEXT_EMPTY;
    char key[24];
    hashed(key, name);
    pthread_mutex_lock(&lock);
    int64_t sequence = tenon_json_int_or(load(instance, call, &text), key, 0);
    pthread_mutex_unlock(&lock);
    tenon_text_free(&text);
    return sequence > 0 ? (uint64_t)sequence : 0;
}

void sequence_store(tenon_instance_t *instance, const tenon_call_t *call, const char *name, uint64_t sequence) {
    const tenon_state_v1_t *state = state_of(instance);
    tenon_text_t old = TENON_TEXT_EMPTY, text = TENON_TEXT_EMPTY;
    tenon_str_t member, value;
    char key[24];
    hashed(key, name);
    if (state == NULL) { return; }
    pthread_mutex_lock(&lock);
    tenon_str_t object = load(instance, call, &old);
    tenon_json_items_t items = tenon_json_items(object);
    int count = 0, kept = 0;
    while (tenon_json_next_member(&items, &member, &value)) { count += !tenon_json_equals(member, key); }
    items = tenon_json_items(object);
    while (tenon_json_next_member(&items, &member, &value)) {
        if (tenon_json_equals(member, key) || count-- >= MAX_JOBS) { continue; }
        tenon_text_add(&text, kept++ == 0 ? TENON_STR("{") : TENON_STR(","));
        tenon_text_add(&text, member);
        tenon_text_add(&text, TENON_STR(":"));
        tenon_text_add(&text, value);
    }
    tenon_text_format(
        &text, "%s\"%s\":%llu}", kept == 0 ? "{" : ",", key, (unsigned long long)sequence
    );
    /* Not stored: a job that goes on sends its last records again under other keys. */
    if (!text.failed && text.size <= TENON_MAX_STATE_VALUE_BYTES) {
        state->put(instance->host, call, TENON_STR(STATE_KEY), tenon_bytes(tenon_text_str(&text)));
    }
    pthread_mutex_unlock(&lock);
    tenon_text_free(&old);
    tenon_text_free(&text);
}
