/* Finds bytes in text many at a time, header-only: the separators of CSV, the ends of JSON strings.
 *
 * Works with the vector instructions that every x86-64 (SSE2) and every AArch64 (NEON) has, with AVX2 where
 * the machine has it, and with plain C elsewhere. Nothing is read outside of the given bytes.
 */
#ifndef TENON_SCAN_H
#define TENON_SCAN_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#define TENON_SCAN_AVX2 __attribute__((target("avx2,bmi,popcnt")))
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define TENON_SCAN_INLINE static inline __attribute__((always_inline))

/* ---- sixteen bytes ---- */

/* A lane is 16 bytes; a comparison gives a lane of 0xFF and 0x00, its bits the one bit a byte. */
#if defined(__x86_64__)
typedef __m128i tenon_lane_t;
TENON_SCAN_INLINE tenon_lane_t tenon_lane_load(const uint8_t *bytes) {
    return _mm_loadu_si128((const __m128i *)(const void *)bytes);
}
TENON_SCAN_INLINE void tenon_lane_store(uint8_t *bytes, tenon_lane_t lane) {
    _mm_storeu_si128((__m128i *)(void *)bytes, lane);
}
TENON_SCAN_INLINE tenon_lane_t tenon_lane_words(uint64_t low, uint64_t high) {
    return _mm_set_epi64x((long long)high, (long long)low);
}
TENON_SCAN_INLINE tenon_lane_t tenon_lane_is(tenon_lane_t lane, uint8_t byte) {
    return _mm_cmpeq_epi8(lane, _mm_set1_epi8((char)byte));
}
/* Which bytes are at most `limit`. */
TENON_SCAN_INLINE tenon_lane_t tenon_lane_upto(tenon_lane_t lane, uint8_t limit) {
    return _mm_cmpeq_epi8(_mm_min_epu8(lane, _mm_set1_epi8((char)limit)), lane);
}
TENON_SCAN_INLINE tenon_lane_t tenon_lane_or(tenon_lane_t a, tenon_lane_t b) { return _mm_or_si128(a, b); }
TENON_SCAN_INLINE uint32_t tenon_lane_bits(tenon_lane_t lane) { return (uint32_t)_mm_movemask_epi8(lane); }
#elif defined(__aarch64__)
typedef uint8x16_t tenon_lane_t;
TENON_SCAN_INLINE tenon_lane_t tenon_lane_load(const uint8_t *bytes) { return vld1q_u8(bytes); }
TENON_SCAN_INLINE void tenon_lane_store(uint8_t *bytes, tenon_lane_t lane) { vst1q_u8(bytes, lane); }
TENON_SCAN_INLINE tenon_lane_t tenon_lane_words(uint64_t low, uint64_t high) {
    return vreinterpretq_u8_u64(vcombine_u64(vcreate_u64(low), vcreate_u64(high)));
}
TENON_SCAN_INLINE tenon_lane_t tenon_lane_is(tenon_lane_t lane, uint8_t byte) {
    return vceqq_u8(lane, vdupq_n_u8(byte));
}
TENON_SCAN_INLINE tenon_lane_t tenon_lane_upto(tenon_lane_t lane, uint8_t limit) {
    return vcleq_u8(lane, vdupq_n_u8(limit));
}
TENON_SCAN_INLINE tenon_lane_t tenon_lane_or(tenon_lane_t a, tenon_lane_t b) { return vorrq_u8(a, b); }
TENON_SCAN_INLINE uint32_t tenon_lane_bits(tenon_lane_t lane) {
    const uint8x16_t weights = vreinterpretq_u8_u64(vdupq_n_u64(0x8040201008040201u));
    const uint8x16_t bits = vandq_u8(lane, weights);
    return (uint32_t)vaddv_u8(vget_low_u8(bits)) | (uint32_t)vaddv_u8(vget_high_u8(bits)) << 8;
}
#else
typedef struct tenon_lane_t { uint8_t bytes[16]; } tenon_lane_t;
TENON_SCAN_INLINE tenon_lane_t tenon_lane_load(const uint8_t *bytes) {
    tenon_lane_t lane;
    memcpy(lane.bytes, bytes, 16);
    return lane;
}
TENON_SCAN_INLINE void tenon_lane_store(uint8_t *bytes, tenon_lane_t lane) { memcpy(bytes, lane.bytes, 16); }
TENON_SCAN_INLINE tenon_lane_t tenon_lane_words(uint64_t low, uint64_t high) {
    tenon_lane_t lane;
    memcpy(lane.bytes, &low, 8);
    memcpy(lane.bytes + 8, &high, 8);
    return lane;
}
TENON_SCAN_INLINE tenon_lane_t tenon_lane_is(tenon_lane_t lane, uint8_t byte) {
    for (int i = 0; i < 16; i++) { lane.bytes[i] = lane.bytes[i] == byte ? 0xFF : 0; }
    return lane;
}
TENON_SCAN_INLINE tenon_lane_t tenon_lane_upto(tenon_lane_t lane, uint8_t limit) {
    for (int i = 0; i < 16; i++) { lane.bytes[i] = lane.bytes[i] <= limit ? 0xFF : 0; }
    return lane;
}
TENON_SCAN_INLINE tenon_lane_t tenon_lane_or(tenon_lane_t a, tenon_lane_t b) {
    for (int i = 0; i < 16; i++) { a.bytes[i] |= b.bytes[i]; }
    return a;
}
TENON_SCAN_INLINE uint32_t tenon_lane_bits(tenon_lane_t lane) {
    uint32_t bits = 0;
    for (int i = 0; i < 16; i++) { bits |= (uint32_t)(lane.bytes[i] & 1) << i; }
    return bits;
}
#endif

/* `size` bytes, 1 to 15 of them, and zeros after them. */
TENON_SCAN_INLINE tenon_lane_t tenon_lane_short(const uint8_t *bytes, size_t size) {
    uint64_t low, high = 0;
    if (size >= 8) {
        memcpy(&low, bytes, 8);
        memcpy(&high, bytes + size - 8, 8);
        /* In two steps, because a shift by 64 has no meaning. */
        high = high >> (8 * (15 - size)) >> 8;
    } else if (size >= 4) {
        uint32_t first, last;
        memcpy(&first, bytes, 4);
        memcpy(&last, bytes + size - 4, 4);
        low = (uint64_t)first | (uint64_t)last << (8 * (size - 4));
    } else {
        low = (uint64_t)bytes[0] | (uint64_t)bytes[size / 2] << (8 * (size / 2))
            | (uint64_t)bytes[size - 1] << (8 * (size - 1));
    }
    return tenon_lane_words(low, high);
}

/* ---- single bytes ---- */

/* Where `byte` first stands in `size` bytes, or `size`. */
static inline size_t tenon_find(const uint8_t *bytes, size_t size, uint8_t byte) {
    const void *found = size == 0 ? NULL : memchr(bytes, byte, size);
    return found == NULL ? size : (size_t)((const uint8_t *)found - bytes);
}

/* How often `byte` stands in `size` bytes. */
static inline size_t tenon_count(const uint8_t *bytes, size_t size, uint8_t byte) {
    size_t count = 0;
    for (size_t i = 0; i < size; i++) { count += bytes[i] == byte; }
    return count;
}

/* ---- strings of JSON ---- */

TENON_SCAN_INLINE uint32_t tenon_json_special(tenon_lane_t lane) {
    return tenon_lane_bits(tenon_lane_or(
        tenon_lane_or(tenon_lane_is(lane, '"'), tenon_lane_is(lane, '\\')), tenon_lane_upto(lane, 0x1F)));
}

/* Where the first quote, backslash or control character stands in `size` bytes, or `size`. */
TENON_SCAN_INLINE size_t tenon_json_plain(const uint8_t *bytes, size_t size) {
    size_t at = 0;
    while (at + 16 <= size) {
        uint32_t special = tenon_json_special(tenon_lane_load(bytes + at));
        if (special != 0) { return at + (size_t)__builtin_ctz(special); }
        at += 16;
    }
    if (at == size) { return size; }
    uint32_t special = tenon_json_special(tenon_lane_short(bytes + at, size - at))
        & ((1u << (size - at)) - 1);
    return special != 0 ? at + (size_t)__builtin_ctz(special) : size;
}

/* Copies up to the first quote, backslash or control character and says how many bytes that are. Up to 16
 * bytes more than that may be written at `target`. */
TENON_SCAN_INLINE size_t tenon_json_copy(uint8_t *target, const uint8_t *bytes, size_t size) {
    size_t at = 0;
    while (at + 16 <= size) {
        tenon_lane_t lane = tenon_lane_load(bytes + at);
        tenon_lane_store(target + at, lane);
        uint32_t special = tenon_json_special(lane);
        if (special != 0) { return at + (size_t)__builtin_ctz(special); }
        at += 16;
    }
    if (at == size) { return size; }
    tenon_lane_t lane = tenon_lane_short(bytes + at, size - at);
    tenon_lane_store(target + at, lane);
    uint32_t special = tenon_json_special(lane) & ((1u << (size - at)) - 1);
    return special != 0 ? at + (size_t)__builtin_ctz(special) : size;
}

/* ---- fields of CSV ---- */

TENON_SCAN_INLINE uint32_t tenon_csv_special(tenon_lane_t lane, uint8_t delimiter, uint8_t quote) {
    return tenon_lane_bits(tenon_lane_or(
        tenon_lane_or(tenon_lane_is(lane, delimiter), tenon_lane_is(lane, quote)),
        tenon_lane_or(tenon_lane_is(lane, '\n'), tenon_lane_is(lane, '\r'))));
}

/* Where the first delimiter, quote or line end stands in `size` bytes, or `size`. */
TENON_SCAN_INLINE size_t tenon_csv_plain(
    const uint8_t *bytes, size_t size, uint8_t delimiter, uint8_t quote
) {
    size_t at = 0;
    while (at + 16 <= size) {
        uint32_t special = tenon_csv_special(tenon_lane_load(bytes + at), delimiter, quote);
        if (special != 0) { return at + (size_t)__builtin_ctz(special); }
        at += 16;
    }
    if (at == size) { return size; }
    uint32_t special = tenon_csv_special(tenon_lane_short(bytes + at, size - at), delimiter, quote)
        & ((1u << (size - at)) - 1);
    return special != 0 ? at + (size_t)__builtin_ctz(special) : size;
}

/* Copies up to the first delimiter, quote or line end and says how many bytes that are. Up to 16 bytes more
 * than that may be written at `target`. */
TENON_SCAN_INLINE size_t tenon_csv_copy(
    uint8_t *target, const uint8_t *bytes, size_t size, uint8_t delimiter, uint8_t quote
) {
    size_t at = 0;
    while (at + 16 <= size) {
        tenon_lane_t lane = tenon_lane_load(bytes + at);
        tenon_lane_store(target + at, lane);
        uint32_t special = tenon_csv_special(lane, delimiter, quote);
        if (special != 0) { return at + (size_t)__builtin_ctz(special); }
        at += 16;
    }
    if (at == size) { return size; }
    tenon_lane_t lane = tenon_lane_short(bytes + at, size - at);
    tenon_lane_store(target + at, lane);
    uint32_t special = tenon_csv_special(lane, delimiter, quote) & ((1u << (size - at)) - 1);
    return special != 0 ? at + (size_t)__builtin_ctz(special) : size;
}

/* ---- the index of CSV ---- */

/* Where a scan stands; the caller sets delimiter, quote and is_quoting, `at_start` to 1, the rest to 0. */
typedef struct tenon_csv_t {
    uint8_t delimiter;
    uint8_t quote;
    uint8_t is_quoting;
    uint8_t reserved[5];
    /* All ones inside of quotes. */
    uint64_t inside;
    /* 1 where a quote may open next: at the start, after a separator or a quote. */
    uint64_t at_start;
    /* 1 where the last byte closed quotes, or was a carriage return outside of them. */
    uint64_t has_closed;
    uint64_t has_returned;
    /* Not 0 where a quote was seen. */
    uint64_t has_quotes;
    /* Not 0 where quotes stood within a field or before more text, or a carriage return alone. */
    uint64_t irregular;
    size_t separator_count;
    size_t record_count;
    /* Line feeds within quotes. */
    size_t quoted_feed_count;
    /* Not 0 where a byte is not ASCII. */
    uint64_t high;
} tenon_csv_t;

/* What must be free in both arrays for a scan to go on. */
#define TENON_CSV_SPARE 72u

typedef struct tenon_csv_masks_t {
    uint64_t quote, delimiter, feed, carriage;
} tenon_csv_masks_t;

TENON_SCAN_INLINE tenon_csv_masks_t tenon_csv_masks(const uint8_t *bytes, const tenon_csv_t *csv) {
    tenon_csv_masks_t masks = {0, 0, 0, 0};
    for (int i = 0; i < 4; i++) {
        tenon_lane_t lane = tenon_lane_load(bytes + 16 * i);
        masks.quote |= (uint64_t)tenon_lane_bits(tenon_lane_is(lane, csv->quote)) << (16 * i);
        masks.delimiter |= (uint64_t)tenon_lane_bits(tenon_lane_is(lane, csv->delimiter)) << (16 * i);
        masks.feed |= (uint64_t)tenon_lane_bits(tenon_lane_is(lane, '\n')) << (16 * i);
        masks.carriage |= (uint64_t)tenon_lane_bits(tenon_lane_is(lane, '\r')) << (16 * i);
    }
    return masks;
}

/* Turns quotes to quoted bytes, the opening quotes with them, and notes what is irregular. `last` is the bit
 * of the last byte of the block. */
TENON_SCAN_INLINE uint64_t tenon_csv_quoted(
    tenon_csv_t *csv, const tenon_csv_masks_t *masks, int last
) {
    uint64_t inside = masks->quote;
    for (int shift = 1; shift < 64; shift *= 2) { inside ^= inside << shift; }
    inside ^= csv->inside;
    const uint64_t open = masks->quote & inside, closed = masks->quote & ~inside;
    const uint64_t edges = masks->quote | masks->delimiter | masks->feed | masks->carriage;
    csv->irregular |= open & ~(edges << 1 | csv->at_start);
    csv->irregular |= (closed << 1 | csv->has_closed) & ~edges;
    csv->inside = (uint64_t)0 - (inside >> last & 1);
    csv->has_closed = closed >> last & 1;
    csv->has_quotes |= masks->quote;
    return inside;
}

TENON_SCAN_INLINE void tenon_csv_extract(
    tenon_csv_t *csv, uint64_t separators, uint64_t feeds, uint32_t base, uint32_t *positions,
    uint32_t *record_ends
) {
    uint32_t *out = positions + csv->separator_count;
    const size_t count = (size_t)__builtin_popcountll(separators);
    uint64_t rest = separators;
    /* Eight at a time without asking how many: a wrong guess would cost more than the writes. */
    for (size_t done = 0; done < count; done += 8) {
        for (int i = 0; i < 8; i++) {
            out[done + (size_t)i] = base + (uint32_t)(rest == 0 ? 64 : __builtin_ctzll(rest));
            rest &= rest - 1;
        }
    }
    while (feeds != 0) {
        const uint64_t before = separators & ((feeds & (0 - feeds)) - 1);
        record_ends[csv->record_count++] =
            (uint32_t)(csv->separator_count + (size_t)__builtin_popcountll(before));
        feeds &= feeds - 1;
    }
    csv->separator_count += count;
}

/* One block of `size` bytes, 64 unless it is the last. */
TENON_SCAN_INLINE void tenon_csv_block(
    tenon_csv_t *csv, tenon_csv_masks_t masks, uint32_t base, size_t size, uint32_t *positions,
    uint32_t *record_ends
) {
    const int last = (int)size - 1;
    const uint64_t valid = ~(uint64_t)0 >> (63 - last);
    masks.quote &= csv->is_quoting ? valid : 0;
    masks.delimiter &= valid;
    masks.feed &= valid;
    masks.carriage &= valid;
    uint64_t outside = valid;
    if ((masks.quote | csv->inside | csv->has_closed) != 0) {
        /* Behind the last byte nothing must look irregular. */
        const tenon_csv_masks_t framed = {
            masks.quote, masks.delimiter, masks.feed | ~valid, masks.carriage};
        outside = valid & ~tenon_csv_quoted(csv, &framed, last);
        csv->quoted_feed_count += (size_t)__builtin_popcountll(masks.feed & ~outside);
    }
    csv->at_start = (masks.quote | masks.delimiter | masks.feed | masks.carriage) >> last & 1;
    masks.feed &= outside;
    const uint64_t returned = masks.carriage & outside;
    if ((returned | csv->has_returned) != 0) {
        csv->irregular |= (returned << 1 | csv->has_returned) & ~masks.feed & valid;
        csv->has_returned = returned >> last & 1;
    }
    tenon_csv_extract(
        csv, (masks.delimiter & outside) | masks.feed, masks.feed, base, positions, record_ends);
}

/* The highest bits of 64 bytes, put together. */
TENON_SCAN_INLINE uint64_t tenon_csv_high(const uint8_t *bytes) {
    uint64_t words[8], high = 0;
    memcpy(words, bytes, sizeof words);
    for (int i = 0; i < 8; i++) { high |= words[i]; }
    return high & 0x8080808080808080u;
}

#define TENON_CSV_SCAN(MASKS) \
    size_t at = start; \
    while (at < size && csv->separator_count + TENON_CSV_SPARE <= room \
           && csv->record_count + TENON_CSV_SPARE <= room) { \
        if (size - at >= 64) { \
            csv->high |= tenon_csv_high(bytes + at); \
            tenon_csv_block(csv, MASKS(bytes + at, csv), (uint32_t)at, 64, positions, record_ends); \
            at += 64; \
        } else { \
            uint8_t tail[64] = {0}; \
            memcpy(tail, bytes + at, size - at); \
            csv->high |= tenon_csv_high(tail); \
            tenon_csv_block(csv, MASKS(tail, csv), (uint32_t)at, size - at, positions, record_ends); \
            at = size; \
        } \
    } \
    return at

static inline size_t tenon_csv_scan_any(
    tenon_csv_t *csv, const uint8_t *bytes, size_t size, size_t start, uint32_t *positions,
    uint32_t *record_ends, size_t room
) {
    TENON_CSV_SCAN(tenon_csv_masks);
}

#if defined(__x86_64__)
TENON_SCAN_AVX2 static inline uint64_t tenon_avx2_is(__m256i low, __m256i high, uint8_t byte) {
    const __m256i all = _mm256_set1_epi8((char)byte);
    return (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, all))
        | (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, all)) << 32;
}
TENON_SCAN_AVX2 static inline tenon_csv_masks_t tenon_csv_masks_avx2(
    const uint8_t *bytes, const tenon_csv_t *csv
) {
    const __m256i low = _mm256_loadu_si256((const __m256i *)(const void *)bytes);
    const __m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(bytes + 32));
    const tenon_csv_masks_t masks = {
        tenon_avx2_is(low, high, csv->quote), tenon_avx2_is(low, high, csv->delimiter),
        tenon_avx2_is(low, high, '\n'), tenon_avx2_is(low, high, '\r')};
    return masks;
}
TENON_SCAN_AVX2 static inline size_t tenon_csv_scan_avx2(
    tenon_csv_t *csv, const uint8_t *bytes, size_t size, size_t start, uint32_t *positions,
    uint32_t *record_ends, size_t room
) {
    TENON_CSV_SCAN(tenon_csv_masks_avx2);
}
#endif

/* Appends the positions of delimiters and line feeds outside of quotes in the bytes from `start` to `size` to
 * `positions`, and for each of those line feeds its place in `positions` to `record_ends`; both have `room`
 * places. Answers where it stopped: at `size`, or earlier, at a multiple of 64 bytes from `start`, where
 * fewer than TENON_CSV_SPARE places are left. `size` is below 4 GiB. Positions mean nothing once `irregular`
 * is set. */
static inline size_t tenon_csv_scan(
    tenon_csv_t *csv, const uint8_t *bytes, size_t size, size_t start, uint32_t *positions,
    uint32_t *record_ends, size_t room
) {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi")
        && __builtin_cpu_supports("popcnt")) {
        return tenon_csv_scan_avx2(csv, bytes, size, start, positions, record_ends, room);
    }
#endif
    return tenon_csv_scan_any(csv, bytes, size, start, positions, record_ends, room);
}

#ifdef __cplusplus
}
#endif
#endif
