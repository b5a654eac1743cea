// The triangle of a few columns for one instruction set.

#if BITS_OF_TYPE == 64

// Whether squares of the columns' elements, and of what is left of them to the last digit, are within the range of the
// type; not where an element is not finite.
INLINE _Bool NAME(has_squares)(const T *a, long rows, long vectors) {
    for (long v = 0; v < vectors; v += 1) {
        V largest = {0}, trace = {0};
        for (long r = 0; r < rows; r += 1) {
            const V x = *(const V *)(a + (r * vectors + v) * W);
            largest = __builtin_elementwise_max(largest, __builtin_elementwise_abs(x));
            trace += x * 0;
        }
        for (long i = 0; i < W; i += 1)
            if (trace[i] != 0 || (largest[i] != 0 && !(largest[i] > 1e-120 && largest[i] < 1e120))) return 0;
    }
    return 1;
}

// Some vectors of all rows: each row less `factors` times its element at `column`; then the products of what is left of
// it and of its element at `next` are added to the sums.
INLINE void NAME(reflect)(
    long vectors, T *a, long stride, long rows, const T *column, const T *next, const T *factors, T *sums) {
    V f[4], s[4];
#pragma unroll
    for (long v = 0; v < vectors; v += 1) {
        f[v] = -*(const V *)(factors + v * W);
        s[v] = *(const V *)(sums + v * W);
    }
    for (long r = 0; r < rows; r += 1) {
        const V x = copies(column[r * stride]);
        V left[4];
#pragma unroll
        for (long v = 0; v < vectors; v += 1) {
            left[v] = add_product(x, f[v], *(const V *)(a + r * stride + v * W));
            *(V *)(a + r * stride + v * W) = left[v];
        }
        const V y = copies(next[r * stride]);
#pragma unroll
        for (long v = 0; v < vectors; v += 1) s[v] = add_product(y, left[v], s[v]);
    }
#pragma unroll
    for (long v = 0; v < vectors; v += 1) *(V *)(sums + v * W) = s[v];
}

static _Bool NAME(triangle_update)(T *block, long rows, long width, T *scratch) {
    const long vectors = (width + W - 1) / W, stride = vectors * W;
    T *a = scratch;
    for (long r = 0; r < rows; r += 1) {
        for (long j = 0; j < width; j += 1) a[r * stride + j] = block[r * width + j];
        for (long j = width; j < stride; j += 1) a[r * stride + j] = 0;
    }
    if (!NAME(has_squares)(a, rows, vectors)) return 0;
    T factors[DESCENT_TRIANGLE_WIDTH + 8], sums[DESCENT_TRIANGLE_WIDTH + 8];
    // Products of the first column, below its first element, with all columns.
    for (long j = 0; j < stride; j += 1) factors[j] = sums[j] = 0;
    for (long r = 1; r < rows; r += 1)
        for (long j = 0; j < stride; j += 1) sums[j] += a[r * stride] * a[r * stride + j];
    for (long k = 0; k < width; k += 1) {
        T *row = a + k * stride;
        const T alpha = row[k];
        // I − τ v vᵀ with v = (1, x/(α − β)) takes (α, x) to (β, 0).
        const _Bool is_done = sums[k] == 0;
        const T norm = __builtin_sqrt(alpha * alpha + sums[k]);
        const T beta = is_done ? alpha : alpha < 0 ? norm : -norm;
        const T scale = is_done ? 0 : 1 / (alpha - beta), tau = is_done ? 0 : (beta - alpha) / beta;
        for (long j = 0; j < stride; j += 1) {
            // What stands in columns that have been dealt with is not looked at again.
            const T product = j > k ? tau * (row[j] + scale * sums[j]) : 0;
            row[j] -= product;
            factors[j] = scale * product;
            sums[j] = 0;
        }
        row[k] = beta;
        if (k + 1 == width || k + 1 == rows) continue;
        T *next = row + stride;
        const T x = next[k];
        for (long j = k + 1; j < width; j += 1) next[j] -= x * factors[j];
        const long left = rows - k - 2, first = (k + 1) / W;
        // The vectors with the next column first: the others need what becomes of it.
        for (long v = first; v < vectors; v += 4) {
            T *from = next + stride + v * W;
            const T *column = next + stride + k, *after = column + 1;
            switch (vectors - v) {
            case 1: NAME(reflect)(1, from, stride, left, column, after, factors + v * W, sums + v * W); break;
            case 2: NAME(reflect)(2, from, stride, left, column, after, factors + v * W, sums + v * W); break;
            case 3: NAME(reflect)(3, from, stride, left, column, after, factors + v * W, sums + v * W); break;
            default: NAME(reflect)(4, from, stride, left, column, after, factors + v * W, sums + v * W); break;
            }
        }
    }
    for (long r = 0; r < width; r += 1)
        for (long j = 0; j < width; j += 1) block[r * width + j] = j < r ? 0 : a[r * stride + j];
    return 1;
}

#endif
