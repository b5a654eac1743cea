// Products with rows of bytes, and the softmax between two of them, for one instruction set and one type T.

#include "exponential_of_type.h"

INLINE const unsigned char *NAME(row)(const descent_packed_bytes *p, long r) {
    return p->bytes + (p->indices ? (long)p->indices[r] : p->first + r) * p->stride;
}

// Packing.

// Lists the bytes of one row that are not 0, as numbers and as places of their columns; gives how many.
//
// Writes up to 16 entries beyond the last one. Without branches where there are instructions for it: whether a pixel is
// 0 cannot be foretold.
#if BYTES == 64
INLINE long NAME(pack_row)(const unsigned char *x, long columns, unsigned shift, unsigned *list) {
    // First the place times 256 plus the byte.
    long count = 0;
    __m512i places = _mm512_slli_epi32(
        _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15), shift + 8);
    const __m512i step = _mm512_set1_epi32(16 << (shift + 8));
    for (long j = 0; j < columns; j += 16) {
        const long left = columns - j;
        const __m128i bytes = left >= 16 ? _mm_loadu_si128((const __m128i *)(x + j))
                                         : _mm_maskz_loadu_epi8((__mmask16)((1 << left) - 1), x + j);
        const __mmask16 mask = _mm_test_epi8_mask(bytes, bytes);
        _mm512_storeu_si512(
            list + count,
            _mm512_maskz_compress_epi32(mask, _mm512_or_si512(_mm512_cvtepu8_epi32(bytes), places)));
        count += __builtin_popcount(mask);
        places = _mm512_add_epi32(places, step);
    }
    return count;
}

// Takes each of these numbers apart. Not right after a row's list was written: loads of what several stores wrote
// have to wait for all of them. Values may be written over a list that ends where they do, or is as long.
INLINE void NAME(split)(long count, const unsigned *list, T *values, unsigned short *places) {
    const __m512i low = _mm512_set1_epi32(255);
    for (long i = 0; i < count; i += 16) {
        const __m512i both = _mm512_loadu_si512(list + i);
        const __m512i value = _mm512_and_si512(both, low);
        _mm256_storeu_si256((__m256i *)(places + i), _mm512_cvtepi32_epi16(_mm512_srli_epi32(both, 8)));
        if (sizeof(T) == 4) {
            _mm512_storeu_ps((float *)values + i, _mm512_cvtepi32_ps(value));
        } else {
            _mm512_storeu_pd((double *)values + i, _mm512_cvtepi32_pd(_mm512_castsi512_si256(value)));
            _mm512_storeu_pd((double *)values + i + 8, _mm512_cvtepi32_pd(_mm512_extracti64x4_epi64(value, 1)));
        }
    }
}
#elif BYTES == 32
INLINE long NAME(pack_row)(const unsigned char *x, long columns, unsigned shift, T *values, unsigned short *places) {
    long count = 0;
    for (long j = 0; j < columns; j += 8) {
        long word = 0;
        if (columns - j >= 8)
            __builtin_memcpy(&word, x + j, 8);
        else
            __builtin_memcpy(&word, x + j, columns - j);
        const __m128i bytes = _mm_cvtsi64_si128(word);
        const int zeros = _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_setzero_si128())) & 255;
        // Where the bytes that are not 0 stand, from the lowest on.
        const __m128i order = _mm_cvtsi64_si128((long)places_of_bits[zeros ^ 255]);
        const __m128i column = _mm_add_epi16(_mm_cvtepu8_epi16(order), _mm_set1_epi16((short)j));
        const __m256i value = _mm256_cvtepu8_epi32(_mm_shuffle_epi8(bytes, order));
        _mm_storeu_si128((__m128i *)(places + count), _mm_slli_epi16(column, shift));
        if (sizeof(T) == 4) {
            _mm256_storeu_ps((float *)values + count, _mm256_cvtepi32_ps(value));
        } else {
            _mm256_storeu_pd((double *)values + count, _mm256_cvtepi32_pd(_mm256_castsi256_si128(value)));
            _mm256_storeu_pd((double *)values + count + 4, _mm256_cvtepi32_pd(_mm256_extracti128_si256(value, 1)));
        }
        count += 8 - __builtin_popcount(zeros);
    }
    return count;
}
#else
INLINE long NAME(pack_row)(const unsigned char *x, long columns, unsigned shift, T *values, unsigned short *places) {
    const unsigned long low = 0x7f7f7f7f7f7f7f7f;
    long count = 0, j = 0;
    for (; j + 8 <= columns; j += 8) {
        unsigned long word;
        __builtin_memcpy(&word, x + j, 8);
        // The top bit of each byte that is not 0; the first column is the lowest byte.
        for (unsigned long tops = (((word & low) + low) | word) & ~low; tops; tops &= tops - 1) {
            const long column = j + __builtin_ctzl(tops) / 8;
            values[count] = (T)x[column];
            places[count] = (unsigned short)(column << shift);
            count += 1;
        }
    }
    for (; j < columns; j += 1)
        if (x[j]) {
            values[count] = (T)x[j];
            places[count] = (unsigned short)(j << shift);
            count += 1;
        }
    return count;
}
#endif

static void NAME(pack_bytes)(descent_packed_bytes *p) {
    // Beyond this share of bytes that are not 0, going through all of them costs less.
    const long limit = p->rows * p->columns * 2 / 5;
    const unsigned shift = p->shift - DESCENT_PLACE_SHIFT;
    T *values = p->values;
#if BYTES == 64
    // In the last half of the room where values are twice as long.
    unsigned *list = (unsigned *)values + (sizeof(T) == 8 ? limit + p->columns + 64 : 0);
#endif
    long count = 0;
    p->is_dense = 0;
    p->starts[0] = 0;
    for (long r = 0; r < p->rows; r += 1) {
#if BYTES == 64
        count += NAME(pack_row)(NAME(row)(p, r), p->columns, shift, list + count);
#else
        count += NAME(pack_row)(NAME(row)(p, r), p->columns, shift, values + count, p->places + count);
#endif
        p->starts[r + 1] = count;
        if (count > limit) {
            p->is_dense = 1;
            return;
        }
    }
#if BYTES == 64
    NAME(split)(count, list, values, p->places);
#endif
}

// The rows of a tile as numbers.
enum { NAME(tile) = 8 };

INLINE void NAME(widen)(const descent_packed_bytes *p, long first, long rows, T *tile) {
    for (long r = 0; r < rows; r += 1) {
        const unsigned char *x = NAME(row)(p, first + r);
        T *to = tile + r * p->columns;
        for (long j = 0; j < p->columns; j += 1) to[j] = (T)x[j];
    }
}

// Forward.

#define LOAD(base, offset, s) (*(const V *)((const char *)(base) + (offset) + (s) * BYTES))

// Lists that are kept from pass to pass come from memory: as much as a row is long, of a few rows later.
INLINE void NAME(fetch_ahead)(const T *values, const unsigned short *places, long count) {
    for (long i = 512; i < count + 512; i += 64 / (long)sizeof(T)) __builtin_prefetch(values + i, 0, 3);
    for (long i = 512; i < count + 512; i += 32) __builtin_prefetch(places + i, 0, 3);
}

INLINE void NAME(row_product)(
    const T *values, const unsigned short *places, long count, long vectors, const T *w, const T *intercepts, T *z) {
    V sums[4][4];
#pragma unroll
    for (long c = 0; c < 4; c += 1)
#pragma unroll
        for (long s = 0; s < vectors; s += 1) sums[c][s] = c ? all(0) : *(const V *)(intercepts + s * W);
    long i = 0;
    for (; i + 4 <= count; i += 4)
#pragma unroll
        for (long c = 0; c < 4; c += 1) {
            const V value = copies(values[i + c]);
            const unsigned long offset = (unsigned long)places[i + c] << DESCENT_PLACE_SHIFT;
#pragma unroll
            for (long s = 0; s < vectors; s += 1)
                sums[c][s] = add_product(value, LOAD(w, offset, s), sums[c][s]);
        }
    for (; i < count; i += 1) {
        const V value = copies(values[i]);
        const unsigned long offset = (unsigned long)places[i] << DESCENT_PLACE_SHIFT;
#pragma unroll
        for (long s = 0; s < vectors; s += 1) sums[0][s] = add_product(value, LOAD(w, offset, s), sums[0][s]);
    }
#pragma unroll
    for (long s = 0; s < vectors; s += 1)
        *(V *)(z + s * W) = (sums[0][s] + sums[1][s]) + (sums[2][s] + sums[3][s]);
}

INLINE void NAME(tile_product)(
    long rows, long columns, long vectors, const T *tile, const T *w, long w_stride, const T *intercepts, T *z,
    long z_stride) {
    // A few rows at a time, as many sums as there are registers for.
    const long together = vectors == 1 ? 8 : vectors == 2 ? 4 : 2;
    for (long first = 0; first < rows; first += together) {
        const long some = rows - first < together ? rows - first : together;
        V sums[8][4];
#pragma unroll
        for (long r = 0; r < together; r += 1)
#pragma unroll
            for (long s = 0; s < vectors; s += 1) sums[r][s] = *(const V *)(intercepts + s * W);
        if (some == together) {
            const T *x = tile + first * columns;
            for (long j = 0; j < columns; j += 1)
#pragma unroll
                for (long r = 0; r < together; r += 1)
#pragma unroll
                    for (long s = 0; s < vectors; s += 1)
                        sums[r][s] = add_product(
                            copies(x[r * columns + j]), *(const V *)(w + j * w_stride + s * W), sums[r][s]);
        } else
            for (long r = 0; r < some; r += 1)
                for (long j = 0; j < columns; j += 1)
#pragma unroll
                    for (long s = 0; s < vectors; s += 1)
                        sums[r][s] = add_product(
                            copies(tile[(first + r) * columns + j]), *(const V *)(w + j * w_stride + s * W),
                            sums[r][s]);
        for (long r = 0; r < some; r += 1)
#pragma unroll
            for (long s = 0; s < vectors; s += 1) *(V *)(z + (first + r) * z_stride + s * W) = sums[r][s];
    }
}

// Backward.

INLINE void NAME(row_outer)(
    const T *values, const unsigned short *places, long count, long vectors, const T *d, T *g) {
    V factors[4];
#pragma unroll
    for (long s = 0; s < vectors; s += 1) factors[s] = *(const V *)(d + s * W);
    for (long i = 0; i < count; i += 1) {
        const V value = copies(values[i]);
        char *to = (char *)g + ((unsigned long)places[i] << DESCENT_PLACE_SHIFT);
#pragma unroll
        for (long s = 0; s < vectors; s += 1)
            *(V *)(to + s * BYTES) = add_product(value, factors[s], *(V *)(to + s * BYTES));
    }
}

INLINE void NAME(tile_outer)(
    long rows, long columns, long vectors, const T *tile, const T *d, long d_stride, T *g, long g_stride) {
    const long together = vectors == 1 ? 8 : vectors == 2 ? 4 : 2;
    for (long first = 0; first < rows; first += together) {
        const long some = rows - first < together ? rows - first : together;
        V factors[8][4];
#pragma unroll
        for (long r = 0; r < together; r += 1)
#pragma unroll
            for (long s = 0; s < vectors; s += 1)
                factors[r][s] = r < some ? *(const V *)(d + (first + r) * d_stride + s * W) : all(0);
        const T *x = tile + first * columns;
        if (some == together) {
            for (long j = 0; j < columns; j += 1)
#pragma unroll
                for (long s = 0; s < vectors; s += 1) {
                    V sum = *(V *)(g + j * g_stride + s * W);
#pragma unroll
                    for (long r = 0; r < together; r += 1) sum = add_product(copies(x[r * columns + j]), factors[r][s], sum);
                    *(V *)(g + j * g_stride + s * W) = sum;
                }
        } else
            for (long r = 0; r < some; r += 1)
                for (long j = 0; j < columns; j += 1)
#pragma unroll
                    for (long s = 0; s < vectors; s += 1)
                        *(V *)(g + j * g_stride + s * W) = add_product(
                            copies(x[r * columns + j]), factors[r][s], *(V *)(g + j * g_stride + s * W));
    }
}

// Both for 1 to 4 vectors of results, so that each is compiled with as many registers as it needs.
#define PASSES(vectors) \
    static void NAME(forward_##vectors)(const descent_packed_bytes *p, const T *w, T *z) { \
        const T *intercepts = (const T *)((const char *)w + (p->columns << p->shift)); \
        const long stride = (1L << p->shift) / (long)sizeof(T); \
        if (p->is_dense) { \
            for (long r = 0; r < p->rows; r += NAME(tile)) { \
                const long rows = p->rows - r < NAME(tile) ? p->rows - r : NAME(tile); \
                NAME(widen)(p, r, rows, p->tile); \
                NAME(tile_product)( \
                    rows, p->columns, vectors, p->tile, w, stride, intercepts, z + r * p->lanes, p->lanes); \
            } \
        } else \
            for (long r = 0; r < p->rows; r += 1) { \
                const long start = p->starts[r], count = p->starts[r + 1] - start; \
                const T *values = (const T *)p->values + start; \
                if (p->is_kept) NAME(fetch_ahead)(values, p->places + start, count); \
                NAME(row_product)(values, p->places + start, count, vectors, w, intercepts, z + r * p->lanes); \
            } \
    } \
    static void NAME(backward_##vectors)(const descent_packed_bytes *p, const T *d, T *g) { \
        const long stride = (1L << p->shift) / (long)sizeof(T); \
        if (p->is_dense) { \
            for (long r = 0; r < p->rows; r += NAME(tile)) { \
                const long rows = p->rows - r < NAME(tile) ? p->rows - r : NAME(tile); \
                NAME(widen)(p, r, rows, p->tile); \
                NAME(tile_outer)(rows, p->columns, vectors, p->tile, d + r * p->lanes, p->lanes, g, stride); \
            } \
        } else \
            for (long r = 0; r < p->rows; r += 1) \
                NAME(row_outer)( \
                    (const T *)p->values + p->starts[r], p->places + p->starts[r], p->starts[r + 1] - p->starts[r], \
                    vectors, d + r * p->lanes, g); \
        V sums[vectors]; \
        T *intercepts = (T *)((char *)g + (p->columns << p->shift)); \
        for (long s = 0; s < vectors; s += 1) sums[s] = *(V *)(intercepts + s * W); \
        for (long r = 0; r < p->rows; r += 1) \
            for (long s = 0; s < vectors; s += 1) sums[s] += *(const V *)(d + r * p->lanes + s * W); \
        for (long s = 0; s < vectors; s += 1) *(V *)(intercepts + s * W) = sums[s]; \
    }
PASSES(1)
PASSES(2)
PASSES(3)
PASSES(4)

// Panels of up to four vectors side by side.
#define EACH_PANEL(direction, from, to) \
    for (long s = 0; s * W < p->lanes; s += 4) { \
        const long left = p->lanes / W - s; \
        switch (left) { \
        case 1: NAME(direction##_1)(p, from, to); break; \
        case 2: NAME(direction##_2)(p, from, to); break; \
        case 3: NAME(direction##_3)(p, from, to); break; \
        default: NAME(direction##_4)(p, from, to); break; \
        } \
    }

static void NAME(packed_product)(const descent_packed_bytes *p, const void *w, void *z) {
    EACH_PANEL(forward, (const T *)w + s * W, (T *)z + s * W)
}

static void NAME(packed_transposed_product)(const descent_packed_bytes *p, const void *d, void *g) {
    EACH_PANEL(backward, (const T *)d + s * W, (T *)g + s * W)
}

// Softmax, for as many rows at a time as a vector has lanes, one class after another.

#if BYTES * 8 / BITS_OF_TYPE == 16
#define LOW 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define HIGH 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#elif BYTES * 8 / BITS_OF_TYPE == 8
#define LOW 0, 8, 1, 9, 2, 10, 3, 11
#define HIGH 4, 12, 5, 13, 6, 14, 7, 15
#elif BYTES * 8 / BITS_OF_TYPE == 4
#define LOW 0, 4, 1, 5
#define HIGH 2, 6, 3, 7
#else
#define LOW 0, 2
#define HIGH 1, 3
#endif

// A square whose rows are vectors, by perfect shuffles: halves interleaved as often as there are bits in a row's number.
INLINE void NAME(transpose)(V square[W]) {
#pragma unroll
    for (long half = 1; half < W; half *= 2) {
        V next[W];
#pragma unroll
        for (long i = 0; i < W / 2; i += 1) {
            next[2 * i] = __builtin_shufflevector(square[i], square[i + W / 2], LOW);
            next[2 * i + 1] = __builtin_shufflevector(square[i], square[i + W / 2], HIGH);
        }
#pragma unroll
        for (long i = 0; i < W; i += 1) square[i] = next[i];
    }
}

// The logits of as many rows as a vector has lanes, a vector for each class, and back; what lies behind the classes
// is taken along.
INLINE void NAME(take_columns)(const T *z, long lanes, V *columns) {
    for (long k = 0; k < lanes; k += W) {
        V square[W];
#pragma unroll
        for (long r = 0; r < W; r += 1) square[r] = *(const V *)(z + r * lanes + k);
        NAME(transpose)(square);
#pragma unroll
        for (long r = 0; r < W; r += 1) columns[k + r] = square[r];
    }
}

INLINE void NAME(put_columns)(const V *columns, long lanes, T *z) {
    for (long k = 0; k < lanes; k += W) {
        V square[W];
#pragma unroll
        for (long r = 0; r < W; r += 1) square[r] = columns[k + r];
        NAME(transpose)(square);
#pragma unroll
        for (long r = 0; r < W; r += 1) *(V *)(z + r * lanes + k) = square[r];
    }
}

#undef LOW
#undef HIGH

static double NAME(softmax_loss)(const descent_softmax_rows *p) {
    double sum = 0, product = 1;
    V room[64];
    T *all_z = p->logits;
    for (long first = 0; first < p->rows; first += W) {
        const long rows = p->rows - first < W ? p->rows - first : W;
        T *z = all_z + first * p->lanes;
        // Class by class where they find room; else two sweeps over the rows as they lie.
        V *by_class = p->classes <= 64 ? room : 0;
        V largest = all(0), total = all(0);
        T margins[BYTES / sizeof(T)], totals[BYTES / sizeof(T)], factors[BYTES / sizeof(T)];
        const _Bool is_full = by_class && rows == W;
        if (is_full) NAME(take_columns)(z, p->lanes, by_class);
        if (by_class) {
            for (long k = 0; k < p->classes && !is_full; k += 1) {
                T column[BYTES / sizeof(T)] = {0};
                for (long r = 0; r < rows; r += 1) column[r] = z[r * p->lanes + k];
                __builtin_memcpy(&by_class[k], column, BYTES);
            }
            largest = by_class[0];
            for (long k = 1; k < p->classes; k += 1)
                largest = choose(by_class[k] > largest, by_class[k], largest);
            for (long k = 0; k < p->classes; k += 1) {
                by_class[k] = NAME(exponential_of)(by_class[k] - largest);
                total += by_class[k];
            }
        } else {
            for (long r = 0; r < rows; r += 1) {
                T most = z[r * p->lanes];
                for (long k = 1; k < p->classes; k += 1) most = z[r * p->lanes + k] > most ? z[r * p->lanes + k] : most;
                largest[r] = most;
            }
        }
        for (long r = 0; r < rows; r += 1) margins[r] = z[r * p->lanes + p->labels[first + r]] - largest[r];
        if (!by_class)
            for (long r = 0; r < rows; r += 1) {
                T *row = z + r * p->lanes;
                V parts = all(0);
                for (long k = 0; k < p->classes; k += W) {
                    V part = all(0);
                    const long some = p->classes - k < W ? p->classes - k : W;
                    for (long i = 0; i < some; i += 1) part[i] = row[k + i] - largest[r];
                    part = NAME(exponential_of)(part);
                    for (long i = some; i < W; i += 1) part[i] = 0;
                    if (p->differentiates) for (long i = 0; i < some; i += 1) row[k + i] = part[i];
                    parts += part;
                }
                T one = 0;
                for (long i = 0; i < W; i += 1) one += parts[i];
                total[r] = one;
            }
        __builtin_memcpy(totals, &total, BYTES);
        for (long r = 0; r < rows; r += 1) {
            const double weight = p->weights ? p->weights[first + r] * p->scale : p->scale;
            factors[r] = (T)weight / totals[r];
            if (p->weights) {
                sum += weight * (__builtin_log((double)totals[r]) - (double)margins[r]);
                continue;
            }
            // One logarithm for a product of totals, each from 1 to the number of classes.
            product *= (double)totals[r];
            if (!(product < 0x1p900)) {
                sum += p->scale * __builtin_log(product);
                product = 1;
            }
            sum -= p->scale * (double)margins[r];
        }
        if (!p->differentiates) continue;
        if (by_class) {
            V factor;
            __builtin_memcpy(&factor, factors, BYTES);
            for (long k = 0; k < p->classes; k += 1) by_class[k] *= factor;
            if (is_full) NAME(put_columns)(by_class, p->lanes, z);
            for (long k = 0; k < p->classes && !is_full; k += 1) {
                T column[BYTES / sizeof(T)];
                __builtin_memcpy(column, &by_class[k], BYTES);
                for (long r = 0; r < rows; r += 1) z[r * p->lanes + k] = column[r];
            }
        } else
            for (long r = 0; r < rows; r += 1)
                for (long k = 0; k < p->classes; k += 1) z[r * p->lanes + k] *= factors[r];
        for (long r = 0; r < rows; r += 1) {
            const double weight = p->weights ? p->weights[first + r] * p->scale : p->scale;
            z[r * p->lanes + p->labels[first + r]] -= (T)weight;
        }
    }
    return p->weights ? sum : sum + p->scale * __builtin_log(product);
}

#undef EACH_PANEL
#undef PASSES
#undef LOAD
#undef all
#undef choose
#undef MASK
