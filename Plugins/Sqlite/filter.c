/* Comparisons of a pushed filter, exactly as the host makes them.
 *
 * They are made here, on the values as their columns hand them out, and not by SQL: SQLite compares by the
 * type of each value, by affinity and by collation, and LIKE folds case. A column of integers is compared
 * with integers, one of reals with doubles, one of text by its bytes, numbers in it by their text. What does
 * not fit the column's type passes the filter, so that the reader meets it and the column is widened.
 *
 *     NULL equals nothing; notEquals and notIn are true for it.
 *
 * What would need more is left to the host: integers against fractions, binary, values of another type. */
#include "reader.h"

static int order_of(storage_t storage, const cell_t *cell, const operand_t *operand) {
    if (storage == STORE_INTEGER) { return (cell->integer > operand->integer) - (cell->integer < operand->integer); }
    if (storage == STORE_REAL) { return (cell->real > operand->real) - (cell->real < operand->real); }
    size_t size = cell->size < operand->size ? cell->size : operand->size;
    int order = size > 0 ? memcmp(cell->text, operand->text, size) : 0;
    return order != 0 ? order : (cell->size > operand->size) - (cell->size < operand->size);
}

static int order_of_integers(const void *one, const void *other) {
    int64_t a = ((const operand_t *)one)->integer, b = ((const operand_t *)other)->integer;
    return (a > b) - (a < b);
}

static int order_of_reals(const void *one, const void *other) {
    double a = ((const operand_t *)one)->real, b = ((const operand_t *)other)->real;
    return (a > b) - (a < b);
}

static int order_of_texts(const void *one, const void *other) {
    const operand_t *a = one;
    cell_t cell = {.text = a->text, .size = a->size};
    return order_of(STORE_TEXT, &cell, other);
}

/* ---- making ---- */

void comparison_free(comparison_t *comparison) {
    for (size_t i = 0; i < comparison->operand_count; i++) { free(comparison->operands[i].text); }
    free(comparison->operands);
    comparison->operands = NULL;
    comparison->operand_count = 0;
}

/* Adds what a value of this storage can be compared with. 0 where it cannot, -1 where memory is short. */
static int add_operand(comparison_t *comparison, storage_t storage, tenon_str_t value) {
    operand_t operand = {0};
    if (storage == STORE_INTEGER && !tenon_json_int64(value, &operand.integer)) { return 0; }
    if (storage == STORE_REAL && !tenon_json_double(value, &operand.real)) { return 0; }
    if (storage == STORE_BLOB || storage == STORE_ANY) { return 0; }
    operand_t *grown = realloc(comparison->operands, (comparison->operand_count + 1) * sizeof *grown);
    if (grown == NULL) { return -1; }
    comparison->operands = grown;
    if (storage == STORE_TEXT) {
        if (tenon_json_kind(value) != '"') { return 0; }
        operand.text = tenon_json_copy(value, &operand.size);
        if (operand.text == NULL) { return -1; }
    }
    grown[comparison->operand_count++] = operand;
    return 1;
}

static int make_member(comparison_t *comparison, storage_t storage, tenon_str_t values) {
    tenon_json_items_t items = tenon_json_items(values);
    tenon_str_t value;
    int is_made = tenon_json_kind(values) == '[';
    comparison->test = TEST_MEMBER;
    while (is_made > 0 && tenon_json_next(&items, &value)) {
        if (!tenon_json_is_null(value)) { is_made = add_operand(comparison, storage, value); }
    }
    if (is_made <= 0) { return is_made; }
    if (comparison->operand_count == 0) { comparison->test = TEST_NEVER; }
    if (comparison->operand_count > 1) {
        qsort(
            comparison->operands, comparison->operand_count, sizeof *comparison->operands,
            storage == STORE_INTEGER    ? order_of_integers
                : storage == STORE_REAL ? order_of_reals
                                        : order_of_texts
        );
    }
    return 1;
}

static int make_between(comparison_t *comparison, storage_t storage, tenon_str_t values) {
    tenon_json_items_t items = tenon_json_items(values);
    tenon_str_t value;
    int is_made = tenon_json_kind(values) == '[';
    for (int i = 0; i < 2 && is_made > 0; i++) {
        is_made = tenon_json_next(&items, &value) ? add_operand(comparison, storage, value) : 0;
    }
    comparison->test = TEST_RANGE;
    comparison->has_low = comparison->has_high = 1;
    comparison->includes_low = comparison->includes_high = 1;
    return is_made > 0 && tenon_json_next(&items, &value) ? 0 : is_made;
}

/* One of the operators that order; 0 where it is another one. */
static int make_range(
    comparison_t *comparison, storage_t storage, tenon_str_t operator_name, tenon_str_t value
) {
    int is_greater = tenon_json_equals(operator_name, "greaterThan");
    int is_less = tenon_json_equals(operator_name, "lessThan");
    comparison->includes_low = tenon_json_equals(operator_name, "greaterOrEqual");
    comparison->includes_high = tenon_json_equals(operator_name, "lessOrEqual");
    comparison->has_low = is_greater || comparison->includes_low;
    comparison->has_high = is_less || comparison->includes_high;
    if (!comparison->has_low && !comparison->has_high) { return 0; }
    comparison->test = tenon_json_is_null(value) ? TEST_NEVER : TEST_RANGE;
    return tenon_json_is_null(value) ? 1 : add_operand(comparison, storage, value);
}

static int make_part(comparison_t *comparison, storage_t storage, test_t test, tenon_str_t value) {
    comparison->test = test;
    return storage == STORE_TEXT ? add_operand(comparison, storage, value) : 0;
}

static int make(comparison_t *comparison, storage_t storage, tenon_str_t name, tenon_str_t value) {
    int is_null = tenon_json_equals(name, "isNull");
    if (is_null || tenon_json_equals(name, "exists")) {
        char kind = tenon_json_kind(value);
        comparison->test = TEST_NULL;
        comparison->is_negated = (kind == 'f') == is_null;
        return 1;
    }
    int is_different = tenon_json_equals(name, "notEquals");
    if (is_different || tenon_json_equals(name, "equals")) {
        comparison->is_negated = is_different;
        comparison->test = tenon_json_is_null(value) ? TEST_NEVER : TEST_MEMBER;
        return tenon_json_is_null(value) ? 1 : add_operand(comparison, storage, value);
    }
    comparison->is_negated = tenon_json_equals(name, "notIn");
    if (comparison->is_negated || tenon_json_equals(name, "in")) {
        return make_member(comparison, storage, value);
    }
    if (tenon_json_equals(name, "between")) { return make_between(comparison, storage, value); }
    if (tenon_json_equals(name, "contains")) { return make_part(comparison, storage, TEST_CONTAINS, value); }
    if (tenon_json_equals(name, "startsWith")) { return make_part(comparison, storage, TEST_START, value); }
    if (tenon_json_equals(name, "endsWith")) { return make_part(comparison, storage, TEST_END, value); }
    return make_range(comparison, storage, name, value);
}

int comparison_make(comparison_t *comparison, tenon_str_t json, storage_t storage) {
    memset(comparison, 0, sizeof *comparison);
    int is_made = make(
        comparison, storage, tenon_json_member(json, "operator"), tenon_json_member(json, "value")
    );
    if (is_made <= 0) { comparison_free(comparison); }
    return is_made;
}

void comparison_narrow(const comparison_t *comparison, int64_t *low, int64_t *high) {
    const operand_t *first = comparison->operands;
    const operand_t *last = first + (comparison->operand_count > 0 ? comparison->operand_count - 1 : 0);
    if (comparison->is_negated || comparison->operand_count == 0) { return; }
    int is_range = comparison->test == TEST_RANGE;
    if (!is_range && comparison->test != TEST_MEMBER) { return; }
    if ((!is_range || comparison->has_low) && first->integer > *low) { *low = first->integer; }
    if ((!is_range || comparison->has_high) && last->integer < *high) { *high = last->integer; }
}

/* ---- testing ---- */

static int is_member(const comparison_t *comparison, storage_t storage, const cell_t *cell) {
    size_t low = 0, high = comparison->operand_count;
    if (storage == STORE_TEXT && high == 1) {
        const operand_t *only = comparison->operands;
        return cell->size == only->size && memcmp(cell->text, only->text, cell->size) == 0;
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = order_of(storage, cell, &comparison->operands[middle]);
        if (order == 0) { return 1; }
        if (order > 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return 0;
}

static int is_within(const comparison_t *comparison, storage_t storage, const cell_t *cell) {
    if (comparison->has_low) {
        int order = order_of(storage, cell, &comparison->operands[0]);
        if (order < 0 || (order == 0 && !comparison->includes_low)) { return 0; }
    }
    if (comparison->has_high) {
        int order = order_of(storage, cell, &comparison->operands[comparison->operand_count - 1]);
        if (order > 0 || (order == 0 && !comparison->includes_high)) { return 0; }
    }
    return 1;
}

static int has_part(const cell_t *cell, const operand_t *part) {
    if (part->size == 0) { return 1; }
    const char *p = cell->text, *end = p + cell->size;
    while ((size_t)(end - p) >= part->size) {
        p = memchr(p, part->text[0], (size_t)(end - p) - part->size + 1);
        if (p == NULL) { return 0; }
        if (memcmp(p, part->text, part->size) == 0) { return 1; }
        p++;
    }
    return 0;
}

static int has_end(const cell_t *cell, const operand_t *part, size_t start) {
    return cell->size >= part->size && memcmp(cell->text + start, part->text, part->size) == 0;
}

int comparison_holds(const comparison_t *comparison, storage_t storage, const cell_t *cell) {
    int holds = 0;
    if (comparison->test == TEST_NULL) { return cell->is_null != comparison->is_negated; }
    if (cell->is_null) { return comparison->is_negated; }
    switch (comparison->test) {
    case TEST_MEMBER: holds = is_member(comparison, storage, cell); break;
    case TEST_RANGE: holds = is_within(comparison, storage, cell); break;
    case TEST_CONTAINS: holds = has_part(cell, comparison->operands); break;
    case TEST_START: holds = has_end(cell, comparison->operands, 0); break;
    case TEST_END: {
        size_t part = comparison->operands[0].size;
        holds = cell->size >= part && has_end(cell, comparison->operands, cell->size - part);
        break;
    }
    default: break;
    }
    return holds != comparison->is_negated;
}
