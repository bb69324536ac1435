/* Remembers which columns turned out to be wider than their first rows showed, in the host's state: the next
 * reader may be another instance in another process. One value for each stream, {"column": storage}. */
#include "sqlite.h"

/* A state key is at most 128 bytes, a query may be longer: FNV-1a names it. */
static void state_key(char key[40], const char *stream) {
    uint64_t hash = UINT64_C(14695981039346656037);
    for (; *stream != '\0'; stream++) { hash = (hash ^ (unsigned char)*stream) * UINT64_C(1099511628211); }
    snprintf(key, 40, "types.%016llx", (unsigned long long)hash);
}

static const tenon_state_v1_t *state_of(const tenon_instance_t *instance) {
    return instance->host->service(instance->host, TENON_STR(TENON_STATE_V1));
}

static tenon_status_t take(const tenon_output_t *output, tenon_bytes_t bytes) {
    tenon_text_t *text = output->context;
    tenon_text_add(text, tenon_str((const char *)bytes.data, (size_t)bytes.size));
    return text->failed ? TENON_RESOURCE_EXHAUSTED : TENON_OK;
}

void widenings_load(tenon_instance_t *instance, const tenon_call_t *call, const char *stream) {
    const tenon_state_v1_t *state = state_of(instance);
    tenon_text_t text = TENON_TEXT_EMPTY;
    tenon_output_t output = {sizeof output, 0, &text, take};
    char key[40];
    state_key(key, stream);
    /* Without an answer the first rows decide, as for a stream that was never read. */
    if (state != NULL && state->get(instance->host, call, tenon_str_of(key), &output) == TENON_OK) {
        tenon_json_items_t members = tenon_json_items(tenon_json_value(tenon_text_str(&text)));
        tenon_str_t name, value;
        while (tenon_json_next_member(&members, &name, &value)) {
            int64_t storage = 0;
            char *column = tenon_json_copy(name, NULL);
            if (column != NULL && tenon_json_int64(value, &storage) && storage > STORE_ANY
                && storage <= STORE_BLOB) {
                instance_widen(instance, stream, column, (storage_t)storage);
            }
            free(column);
        }
    }
    tenon_text_free(&text);
}

void widenings_store(tenon_instance_t *instance, const tenon_call_t *call, const char *stream) {
    const tenon_state_v1_t *state = state_of(instance);
    tenon_text_t text = TENON_TEXT_EMPTY;
    char key[40];
    if (state == NULL) { return; }
    state_key(key, stream);
    pthread_mutex_lock(&instance->lock);
    for (const widening_t *widening = instance->widenings; widening != NULL; widening = widening->next) {
        if (strcmp(widening->stream, stream) != 0) { continue; }
        tenon_text_add(&text, text.size == 0 ? TENON_STR("{") : TENON_STR(","));
        tenon_text_add_json(&text, tenon_str_of(widening->column));
        tenon_text_format(&text, ":%d", (int)widening->storage);
    }
    pthread_mutex_unlock(&instance->lock);
    tenon_text_add(&text, TENON_STR("}"));
    /* A value that cannot be stored is remembered by this instance only. */
    if (!text.failed && text.size <= TENON_MAX_STATE_VALUE_BYTES) {
        state->put(instance->host, call, tenon_str_of(key), tenon_bytes(tenon_text_str(&text)));
    }
    tenon_text_free(&text);
}
