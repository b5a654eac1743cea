// Passes over the rows of a linear model for one instruction set.

#if BITS_OF_TYPE == 64

INLINE T NAME(lane_sum)(V v) {
    T sum = v[0];
#pragma unroll
    for (long lane = 1; lane < W; lane += 1) sum += v[lane];
    return sum;
}

// MARK: In double precision

// A few rows at once. The last vector of a row may reach into the next one, where slopes and results do not count.
INLINE void NAME(residuals)(const descent_residual_rows *r, long first, long count, T *sums) {
    const T *x = r->x + first * r->x_stride;
    const long vectors = (r->features + W - 1) / W;
    V fitted[4] = {{0}};
    for (long k = 0; k < vectors; k += 1) {
        const V slope = *(const V *)(r->slopes + k * W);
#pragma unroll
        for (long i = 0; i < count; i += 1)
            fitted[i] = add_product(*(const V *)(x + i * r->x_stride + k * W), slope, fitted[i]);
    }
    T weighted[4];
#pragma unroll
    for (long i = 0; i < count; i += 1) {
        const T y = r->y[(first + i) * r->y_stride];
        const T residual = (r->target_scale * y + r->offset) - NAME(lane_sum)(fitted[i]);
        weighted[i] = r->weights ? r->weights[first + i] * residual : residual;
        sums[0] += weighted[i];
        sums[1] += residual * weighted[i];
    }
    for (long k = 0; k < vectors; k += 1) {
        V sum = *(V *)(sums + 2 + k * W);
#pragma unroll
        for (long i = 0; i < count; i += 1)
            sum = add_product(*(const V *)(x + i * r->x_stride + k * W), copies(weighted[i]), sum);
        *(V *)(sums + 2 + k * W) = sum;
    }
}

static void NAME(residual_pass)(const descent_residual_rows *r, T *sums) {
    long safe = r->readable < r->padded ? 0 : (r->readable - r->padded) / (r->x_stride ? r->x_stride : 1) + 1;
    if (safe > r->rows) safe = r->rows;
    long row = 0;
    for (; row + 4 <= safe; row += 4) NAME(residuals)(r, row, 4, sums);
    for (; row < safe; row += 1) NAME(residuals)(r, row, 1, sums);
    for (; row < r->rows; row += 1) {
        const T *x = r->x + row * r->x_stride;
        T residual = r->target_scale * r->y[row * r->y_stride] + r->offset;
        for (long j = 0; j < r->features; j += 1) residual -= x[j] * r->slopes[j];
        const T weighted = r->weights ? r->weights[row] * residual : residual;
        sums[0] += weighted;
        sums[1] += residual * weighted;
        for (long j = 0; j < r->features; j += 1) sums[2 + j] += x[j] * weighted;
    }
}

// MARK: In twice that
//
// Eight rows at a time, one in each lane whatever the registers, so that every instruction set gives the same bits.
// Products and sums are those of T. Ogita, S. M. Rump, S. Oishi, Accurate sum and dot product, SIAM J. Sci. Comput. 26,
// 2005: their errors are known exactly and added up beside them.

#define E NAME(eight)
#define PAIR NAME(pair)

typedef T E __attribute__((vector_size(64), aligned(sizeof(T)), may_alias));
typedef struct {
    E high, low;
} PAIR;

// a·b is the product and this error of it.
INLINE E NAME(product_error)(E a, E b, E product) {
#ifdef HAS_FMA
    return __builtin_elementwise_fma(a, b, -product);
#else
    // Veltkamp's halves, by 2²⁷ + 1: products of halves are exact.
    const E as = a * 134217729.0, bs = b * 134217729.0;
    const E a1 = as - (as - a), b1 = bs - (bs - b);
    const E a2 = a - a1, b2 = b - b1;
    return ((a1 * b1 - product) + a1 * b2 + a2 * b1) + a2 * b2;
#endif
}

INLINE PAIR NAME(sum)(E a, E b) {
    const E sum = a + b, part = sum - a;
    return (PAIR){sum, (a - (sum - part)) + (b - part)};
}

// a + b without error where |a| ≥ |b|.
INLINE PAIR NAME(ordered)(E a, E b) {
    const E sum = a + b;
    return (PAIR){sum, b - (sum - a)};
}

INLINE PAIR NAME(add)(PAIR a, PAIR b) {
    const PAIR high = NAME(sum)(a.high, b.high), low = NAME(sum)(a.low, b.low);
    const PAIR first = NAME(ordered)(high.high, high.low + low.high);
    return NAME(ordered)(first.high, first.low + low.low);
}

INLINE PAIR NAME(multiply)(PAIR a, PAIR b) {
    const E product = a.high * b.high;
    return NAME(ordered)(
        product, NAME(product_error)(a.high, b.high, product) + (a.high * b.low + a.low * b.high));
}

// sum += a·(b + little), what rounding takes from it into rest.
INLINE void NAME(accumulate)(E *sum, E *rest, E a, E b, E little) {
    const E product = a * b;
    const PAIR next = NAME(sum)(*sum, product);
    *rest += next.low + (NAME(product_error)(a, b, product) + a * little);
    *sum = next.high;
}

#define SHUFFLE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)

// Eight rows of eight numbers become eight of the columns.
INLINE void NAME(transpose)(const T *x, long stride, T *out) {
    E a[8], b[8];
#pragma unroll
    for (long i = 0; i < 8; i += 1) a[i] = *(const E *)(x + i * stride);
#pragma unroll
    for (long i = 0; i < 8; i += 2) {
        b[i] = SHUFFLE(a[i], a[i + 1], 0, 8, 2, 10, 4, 12, 6, 14);
        b[i + 1] = SHUFFLE(a[i], a[i + 1], 1, 9, 3, 11, 5, 13, 7, 15);
    }
#pragma unroll
    for (long i = 0; i < 8; i += 4)
#pragma unroll
        for (long j = 0; j < 2; j += 1) {
            a[i + j] = SHUFFLE(b[i + j], b[i + j + 2], 0, 1, 8, 9, 4, 5, 12, 13);
            a[i + j + 2] = SHUFFLE(b[i + j], b[i + j + 2], 2, 3, 10, 11, 6, 7, 14, 15);
        }
#pragma unroll
    for (long j = 0; j < 4; j += 1) {
        *(E *)(out + j * 8) = SHUFFLE(a[j], a[j + 4], 0, 1, 2, 3, 8, 9, 10, 11);
        *(E *)(out + (j + 4) * 8) = SHUFFLE(a[j], a[j + 4], 4, 5, 6, 7, 12, 13, 14, 15);
    }
}

static void NAME(precise_residual_pass)(const descent_precise_residual_rows *r, T *columns, T *sums) {
    const long p = r->features;
    const E zero = {0};
    for (long row = 0; row < r->rows; row += 8) {
        const long count = r->rows - row < 8 ? r->rows - row : 8;
        const T *x = r->x + row * r->x_stride;
        // Lanes without a row weigh nothing.
        E y = zero, weights = zero;
        for (long i = 0; i < count; i += 1) {
            y[i] = r->y[(row + i) * r->y_stride];
            weights[i] = r->weights ? r->weights[row + i] : 1;
        }
        long j = 0;
        if (count == 8)
            for (; j + 8 <= p; j += 8) NAME(transpose)(x + j, r->x_stride, columns + j * 8);
        for (; j < p; j += 1)
            for (long i = 0; i < 8; i += 1) columns[j * 8 + i] = i < count ? x[i * r->x_stride + j] : 0;

        // Two sums that do not wait for each other.
        E sum[2] = {zero, zero}, rest[2] = {zero, zero};
        j = 0;
        for (; j + 2 <= p; j += 2)
#pragma unroll
            for (long k = 0; k < 2; k += 1)
                NAME(accumulate)(
                    &sum[k], &rest[k], *(const E *)(columns + (j + k) * 8), zero + r->slopes[j + k],
                    zero + r->little_slopes[j + k]);
        if (j < p)
            NAME(accumulate)(
                &sum[0], &rest[0], *(const E *)(columns + j * 8), zero + r->slopes[j], zero + r->little_slopes[j]);
        const PAIR fitted = NAME(add)(NAME(sum)(sum[0], rest[0]), NAME(sum)(sum[1], rest[1]));
        const PAIR constant = {zero + r->constant, zero + r->little_constant};
        const PAIR residual = NAME(add)(NAME(add)((PAIR){y * r->target_scale, zero}, constant), fitted);
        const PAIR weighted = NAME(multiply)(residual, (PAIR){weights, zero});
        E *total = (E *)sums;
        *(PAIR *)total = NAME(add)((PAIR){total[0], total[1]}, weighted);
        const PAIR squares = NAME(add)((PAIR){total[2], total[3]}, NAME(multiply)(residual, weighted));
        total[2] = squares.high;
        total[3] = squares.low;
        E *of_column = total + 4;
        for (j = 0; j < p; j += 1)
            NAME(accumulate)(
                &of_column[2 * j], &of_column[2 * j + 1], *(const E *)(columns + j * 8), weighted.high,
                weighted.low);
    }
}

#undef SHUFFLE
#undef PAIR
#undef E

#endif
