// Products with a narrow side for one instruction set and one type T.

// Rows that the forward product takes at once, and vectors of columns that the backward one does: as many sums as there
// are registers for.
#if BYTES == 64
#define ROWS 4
#define STRIPS 4
#else
#define ROWS 2
#define STRIPS 2
#endif

typedef T NAME(half) __attribute__((vector_size(BYTES / 2), aligned(sizeof(T)), may_alias));
typedef T NAME(quarter) __attribute__((vector_size(16), aligned(sizeof(T)), may_alias));

INLINE T NAME(lane_sum)(V v) {
#if BYTES == 64
    const NAME(half) half = *(NAME(half) *)&v + *((NAME(half) *)&v + 1);
    const NAME(quarter) q = *(NAME(quarter) *)&half + *((NAME(quarter) *)&half + 1);
#elif BYTES == 32
    const NAME(quarter) q = *(NAME(quarter) *)&v + *((NAME(quarter) *)&v + 1);
#else
    const NAME(quarter) q = v;
#endif
    return sizeof(T) == 8 ? q[0] + q[1] : (q[0] + q[2 % (16 / sizeof(T))]) + (q[1] + q[3 % (16 / sizeof(T))]);
}

INLINE V NAME(load_part)(const T *x, long count) {
    V v = {0};
    __builtin_memcpy(&v, x, count * sizeof(T));
    return v;
}

// Forward.

// y[r, j] ← (adding ? y[r, j] : 0) + Σₖ x[r, k] w[j, k] for a few rows r and columns j; w's rows are padded with zeros
// to whole vectors.
INLINE void NAME(dots)(
    long rows, long columns, long depth, const T *x, long x_stride, const T *w, long w_stride, T *y,
    long y_stride, _Bool adding) {
    V sums[ROWS][PANEL];
#pragma unroll
    for (long r = 0; r < rows; r += 1)
#pragma unroll
        for (long j = 0; j < columns; j += 1) sums[r][j] = (V){0};
    long k = 0;
    for (; k + W <= depth; k += W)
#pragma unroll
        for (long r = 0; r < rows; r += 1) {
            const V a = *(const V *)(x + r * x_stride + k);
#pragma unroll
            for (long j = 0; j < columns; j += 1)
                sums[r][j] = add_product(a, *(const V *)(w + j * w_stride + k), sums[r][j]);
        }
    if (k < depth)
#pragma unroll
        for (long r = 0; r < rows; r += 1) {
            const V a = NAME(load_part)(x + r * x_stride + k, depth - k);
#pragma unroll
            for (long j = 0; j < columns; j += 1)
                sums[r][j] = add_product(a, *(const V *)(w + j * w_stride + k), sums[r][j]);
        }
#pragma unroll
    for (long r = 0; r < rows; r += 1)
#pragma unroll
        for (long j = 0; j < columns; j += 1) {
            const T sum = NAME(lane_sum)(sums[r][j]);
            y[r * y_stride + j] = adding ? y[r * y_stride + j] + sum : sum;
        }
}

#define DOTS(columns) \
    static void NAME(dots_##columns)( \
        long rows, long depth, const T *x, long x_stride, const T *w, long w_stride, T *y, long y_stride, \
        _Bool adding) { \
        long r = 0; \
        for (; r + ROWS <= rows; r += ROWS) \
            NAME(dots)( \
                ROWS, columns, depth, x + r * x_stride, x_stride, w, w_stride, y + r * y_stride, y_stride, \
                adding); \
        for (; r < rows; r += 1) \
            NAME(dots)( \
                1, columns, depth, x + r * x_stride, x_stride, w, w_stride, y + r * y_stride, y_stride, \
                adding); \
    }
DOTS(1)
DOTS(2)
DOTS(3)
DOTS(4)
DOTS(5)

static void NAME(narrow_product)(const descent_product *p) {
    enum { depth_limit = 65536 / 16 / sizeof(T) };
    T packed[16 * depth_limit];
    const T *x = p->x, *w = p->w;
    T *y = p->y;
    for (long start = 0; start < p->depth || start == 0; start += depth_limit) {
        const long depth = p->depth - start < depth_limit ? p->depth - start : depth_limit;
        const long stride = (depth + W - 1) / W * W;
        for (long j = 0; j < p->columns; j += 1) {
            T *row = packed + j * stride;
            for (long k = 0; k < depth; k += 1) row[k] = w[(start + k) * p->w_stride + j];
            for (long k = depth; k < stride; k += 1) row[k] = 0;
        }
        const _Bool adding = p->adding || start > 0;
        // A few rows go past all columns while they are in the first cache.
        const long block = 4 * ROWS;
        for (long r = 0; r < p->rows; r += block) {
            const long rows = p->rows - r < block ? p->rows - r : block;
            const T *from = x + r * p->x_stride + start;
            for (long j = 0; j < p->columns;) {
                const long left = p->columns - j, panels = (left + PANEL - 1) / PANEL;
                const long columns = (left + panels - 1) / panels;
                const T *panel = packed + j * stride;
                T *to = y + r * p->y_stride + j;
                switch (columns) {
                case 1: NAME(dots_1)(rows, depth, from, p->x_stride, panel, stride, to, p->y_stride, adding); break;
                case 2: NAME(dots_2)(rows, depth, from, p->x_stride, panel, stride, to, p->y_stride, adding); break;
                case 3: NAME(dots_3)(rows, depth, from, p->x_stride, panel, stride, to, p->y_stride, adding); break;
                case 4: NAME(dots_4)(rows, depth, from, p->x_stride, panel, stride, to, p->y_stride, adding); break;
                default: NAME(dots_5)(rows, depth, from, p->x_stride, panel, stride, to, p->y_stride, adding); break;
                }
                j += columns;
            }
        }
    }
}

// Backward.

// sums[j, 0..<strips·W] ← Σᵣ d[r, j] x[r, 0..<strips·W], the last strip `last` long.
INLINE void NAME(outer)(
    long strips, long columns, long rows, const T *x, long x_stride, const T *d, long d_stride, T *sums_out,
    long last) {
    V sums[PANEL][STRIPS];
#pragma unroll
    for (long j = 0; j < columns; j += 1)
#pragma unroll
        for (long s = 0; s < strips; s += 1) sums[j][s] = (V){0};
    for (long r = 0; r < rows; r += 1) {
        V a[STRIPS];
#pragma unroll
        for (long s = 0; s < strips; s += 1)
            a[s] = s < strips - 1 || last == W ? *(const V *)(x + r * x_stride + s * W)
                                               : NAME(load_part)(x + r * x_stride + s * W, last);
#pragma unroll
        for (long j = 0; j < columns; j += 1) {
            const V factor = copies(d[r * d_stride + j]);
#pragma unroll
            for (long s = 0; s < strips; s += 1) sums[j][s] = add_product(a[s], factor, sums[j][s]);
        }
    }
#pragma unroll
    for (long j = 0; j < columns; j += 1)
#pragma unroll
        for (long s = 0; s < strips; s += 1) *(V *)(sums_out + (j * STRIPS + s) * W) = sums[j][s];
}

#define OUTER(columns) \
    static void NAME(outer_##columns)( \
        long strips, long rows, const T *x, long x_stride, const T *d, long d_stride, T *sums, long last) { \
        if (strips == STRIPS && last == W) \
            NAME(outer)(STRIPS, columns, rows, x, x_stride, d, d_stride, sums, W); \
        else \
            for (long s = 0; s < strips; s += 1) { \
                const long length = s < strips - 1 ? W : last; \
                if (length == W) \
                    NAME(outer)(1, columns, rows, x + s * W, x_stride, d, d_stride, sums + s * W, W); \
                else \
                    NAME(outer)(1, columns, rows, x + s * W, x_stride, d, d_stride, sums + s * W, length); \
            } \
    }
OUTER(1)
OUTER(2)
OUTER(3)
OUTER(4)
OUTER(5)

static void NAME(narrow_transposed_product)(const descent_product *p) {
    const T *x = p->x, *d = p->w;
    T *y = p->y;
    T sums[PANEL * STRIPS * (BYTES / sizeof(T))];
    // Rows of x are taken in blocks that stay in the second cache while the strips go down them.
    const long block = 256;
    for (long r = 0; r < p->depth || r == 0; r += block) {
        const long depth = p->depth - r < block ? p->depth - r : block;
        const _Bool adding = p->adding || r > 0;
        for (long i = 0; i < p->rows; i += STRIPS * W) {
            const long length = p->rows - i < STRIPS * W ? p->rows - i : STRIPS * W;
            const long strips = (length + W - 1) / W, last = length - (strips - 1) * W;
            const T *from = x + r * p->x_stride + i;
            for (long j = 0; j < p->columns;) {
                const long left = p->columns - j, panels = (left + PANEL - 1) / PANEL;
                const long columns = (left + panels - 1) / panels;
                const T *panel = d + r * p->w_stride + j;
                switch (columns) {
                case 1: NAME(outer_1)(strips, depth, from, p->x_stride, panel, p->w_stride, sums, last); break;
                case 2: NAME(outer_2)(strips, depth, from, p->x_stride, panel, p->w_stride, sums, last); break;
                case 3: NAME(outer_3)(strips, depth, from, p->x_stride, panel, p->w_stride, sums, last); break;
                case 4: NAME(outer_4)(strips, depth, from, p->x_stride, panel, p->w_stride, sums, last); break;
                default: NAME(outer_5)(strips, depth, from, p->x_stride, panel, p->w_stride, sums, last); break;
                }
                for (long k = 0; k < length; k += 1) {
                    T *to = y + (i + k) * p->y_stride + j;
                    for (long c = 0; c < columns; c += 1) {
                        const T sum = sums[c * STRIPS * W + k];
                        to[c] = adding ? to[c] + sum : sum;
                    }
                }
                j += columns;
            }
        }
    }
}

#undef OUTER
#undef DOTS
#undef STRIPS
#undef ROWS
