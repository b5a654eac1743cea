// Gram matrices for one instruction set.
//
// Rows are packed in panels of eight columns, so that the product of two panels reads whole, aligned vectors. A tile of
// it is the outer product of a row of one panel, an element at a time, and the same row of up to three others.

#if BITS_OF_TYPE == 64

// Vectors of a panel's row.
#define PARTS (PANEL / W)

// Panels, and columns of another panel, that a tile has sums for: as many as there are registers for.
#if BYTES == 64
#define WIDE 3
#define TALL 8
#elif BYTES == 32
#define WIDE 1
#define TALL 4
#else
#define WIDE 1
#define TALL 2
#endif

INLINE T NAME(lane_sum)(V v) {
#if BYTES == 64
    const V a = v + __builtin_shufflevector(v, v, 4, 5, 6, 7, 0, 1, 2, 3);
    const V b = a + __builtin_shufflevector(a, a, 2, 3, 0, 1, 6, 7, 4, 5);
    return b[0] + b[1];
#elif BYTES == 32
    const V a = v + __builtin_shufflevector(v, v, 2, 3, 0, 1);
    return a[0] + a[1];
#else
    return v[0] + v[1];
#endif
}

// MARK: Packing

// The place of a column in the first row of the panels.
INLINE T *NAME(column)(T *panels, long room, long column) {
    return panels + column / PANEL * room * PANEL + column % PANEL;
}

// Some rows whose last vectors end within what may be read; what they read beyond the features becomes zero.
INLINE void NAME(pack_rows)(
    const descent_gram_rows *r, T *panels, long room, long first, long count, _Bool has_roots, _Bool is_residual) {
    const long p = r->features, vectors = (p + PANEL - 1) / PANEL * PARTS, x_stride = r->x_stride;
    const T *x = r->x + first * x_stride, *centers = r->centers, *scales = r->scales;
    const T *coefficients = r->coefficients;
    T *out = panels + first * PANEL;
    T roots[4];
#pragma unroll
    for (long i = 0; i < count; i += 1) roots[i] = has_roots ? r->roots[first + i] : 1;
    V fitted[4] = {{0}, {0}, {0}, {0}};
    for (long k = 0; k < vectors; k += 1) {
        const V center = *(const V *)(centers + k * W), scale = *(const V *)(scales + k * W);
        const V coefficient = is_residual ? *(const V *)(coefficients + k * W) : (V){0};
        T *to = out + k / PARTS * room * PANEL + k % PARTS * W;
#pragma unroll
        for (long i = 0; i < count; i += 1) {
            V v = (*(const V *)(x + i * x_stride + k * W) - center) * scale;
            if (has_roots) v *= roots[i];
            *(V *)(to + i * PANEL) = v;
            if (is_residual) fitted[i] = add_product(v, coefficient, fitted[i]);
        }
    }
    for (long t = 0; t < r->targets; t += 1) {
        const T center = r->target_centers[t], scale = r->target_scales[t];
        T *to = NAME(column)(out, room, p + t);
#pragma unroll
        for (long i = 0; i < count; i += 1) {
            T v = (r->y[(first + i) * r->y_stride + t] - center) * scale;
            if (is_residual) v -= coefficients[vectors * W];
            if (has_roots) v *= roots[i];
            if (is_residual) v -= NAME(lane_sum)(fitted[i]);
            to[i * PANEL] = v;
        }
    }
    if (r->has_constant) {
        T *to = NAME(column)(out, room, p + r->targets);
#pragma unroll
        for (long i = 0; i < count; i += 1) to[i * PANEL] = roots[i];
    }
}

#define PACK(name, has_roots, is_residual) \
    static void NAME(pack_##name)(const descent_gram_rows *r, T *panels, long room, long count) { \
        long row = 0; \
        for (; row + 4 <= count; row += 4) NAME(pack_rows)(r, panels, room, row, 4, has_roots, is_residual); \
        for (; row < count; row += 1) NAME(pack_rows)(r, panels, room, row, 1, has_roots, is_residual); \
    }
PACK(plain, 0, 0)
PACK(weighted, 1, 0)
PACK(residual, 0, 1)
PACK(weighted_residual, 1, 1)

static void NAME(gram_pack)(const descent_gram_rows *r, T *panels, long room) {
    const long p = r->features, full = (p + PANEL - 1) / PANEL;
    const long all = (p + r->targets + r->has_constant + PANEL - 1) / PANEL;
    for (long k = full; k < all; k += 1) __builtin_memset(panels + k * room * PANEL, 0, r->rows * PANEL * sizeof(T));
    long safe = r->readable < full * PANEL ? 0 : (r->readable - full * PANEL) / (r->x_stride ? r->x_stride : 1) + 1;
    if (safe > r->rows) safe = r->rows;
    if (r->coefficients)
        r->roots ? NAME(pack_weighted_residual)(r, panels, room, safe) : NAME(pack_residual)(r, panels, room, safe);
    else
        r->roots ? NAME(pack_weighted)(r, panels, room, safe) : NAME(pack_plain)(r, panels, room, safe);
    // The last rows of a matrix whose last vector is not full.
    for (long row = safe; row < r->rows; row += 1) {
        const T root = r->roots ? r->roots[row] : 1;
        T fitted = r->coefficients ? r->coefficients[full * PANEL] * root : 0;
        T *out = panels + row * PANEL;
        for (long j = 0; j < full * PANEL; j += 1) {
            const T v = j < p ? (r->x[row * r->x_stride + j] - r->centers[j]) * r->scales[j] * root : 0;
            *NAME(column)(out, room, j) = v;
            if (r->coefficients) fitted += v * r->coefficients[j];
        }
        for (long t = 0; t < r->targets; t += 1)
            *NAME(column)(out, room, p + t) =
                (r->y[row * r->y_stride + t] - r->target_centers[t]) * r->target_scales[t] * root - fitted;
        if (r->has_constant) *NAME(column)(out, room, p + r->targets) = root;
    }
}

#undef PACK

// MARK: Products

// sums[j, i] += Σᵣ a[r, j] b[r, i] for some columns j of panel a and `wide` panels b. Meanwhile memory that is needed
// later comes nearer, a line for each row.
INLINE void NAME(tile)(
    long wide, long rows, const T *a, const T *b, long b_stride, T *sums, const char *ahead) {
    V s[TALL][WIDE][PARTS];
#pragma unroll
    for (long j = 0; j < TALL; j += 1)
#pragma unroll
        for (long i = 0; i < wide; i += 1)
#pragma unroll
            for (long part = 0; part < PARTS; part += 1) s[j][i][part] = (V){0};
    for (long r = 0; r < rows; r += 1) {
        if (ahead) __builtin_prefetch(ahead + r * 64, 0, 2);
        V v[WIDE][PARTS];
#pragma unroll
        for (long i = 0; i < wide; i += 1)
#pragma unroll
            for (long part = 0; part < PARTS; part += 1)
                v[i][part] = *(const V *)(b + i * b_stride + r * PANEL + part * W);
#pragma unroll
        for (long j = 0; j < TALL; j += 1) {
            const V factor = copies(a[r * PANEL + j]);
#pragma unroll
            for (long i = 0; i < wide; i += 1)
#pragma unroll
                for (long part = 0; part < PARTS; part += 1)
                    s[j][i][part] = add_product(factor, v[i][part], s[j][i][part]);
        }
    }
#pragma unroll
    for (long i = 0; i < wide; i += 1)
#pragma unroll
        for (long j = 0; j < TALL; j += 1)
#pragma unroll
            for (long part = 0; part < PARTS; part += 1)
                *(V *)(sums + i * PANEL * PANEL + j * PANEL + part * W) += s[j][i][part];
}

#define TILE(wide) \
    static void NAME(tile_##wide)( \
        long rows, const T *a, const T *b, long b_stride, T *sums, const char *ahead) { \
        for (long j = 0; j < PANEL; j += TALL) \
            if (ahead && j == 0) \
                NAME(tile)(wide, rows, a, b, b_stride, sums, ahead); \
            else \
                NAME(tile)(wide, rows, a + j, b, b_stride, sums + j * PANEL, 0); \
    }
TILE(1)
#if WIDE == 3
TILE(2)
TILE(3)
#endif

static void NAME(gram_add)(
    const T *packed, long rows, long room, long panels, T *sums, const void *ahead, long ahead_bytes) {
    const long stride = room * PANEL;
    const char *next = ahead, *end = next + ahead_bytes;
    for (long start = 0; start < panels; start += STRIP) {
        const long stop = start + STRIP < panels ? start + STRIP : panels;
        for (long j = 0; j < stop; j += 1) {
            // The blocks of a panel with itself and those after it stand together.
            T *of_panel = sums + (j * panels - j * (j - 1) / 2 - j) * PANEL * PANEL;
            const T *a = packed + j * stride;
            for (long i = j < start ? start : j; i < stop;) {
                const char *now = next && next + rows * 64 <= end ? next : 0;
                if (now) next += rows * 64;
                const T *b = packed + i * stride;
                T *block = of_panel + i * PANEL * PANEL;
#if WIDE == 3
                // Four as two and two.
                const long left = stop - i;
                if (left == 3 || left > 4) {
                    NAME(tile_3)(rows, a, b, stride, block, now);
                    i += 3;
                    continue;
                }
                if (left > 1) {
                    NAME(tile_2)(rows, a, b, stride, block, now);
                    i += 2;
                    continue;
                }
#endif
                NAME(tile_1)(rows, a, b, stride, block, now);
                i += 1;
            }
        }
    }
}

#undef TILE
#undef TALL
#undef WIDE
#undef PARTS

#endif
