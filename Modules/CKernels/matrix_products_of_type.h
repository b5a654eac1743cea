// Matrix products for one instruction set and one type T, by tiles of the result that are summed in registers.
//
// The sum of an element runs over the depth in order, in stretches of DEPTH_BLOCK that are added one to another: it does
// not depend on which part of the result a call computes, so that a result may be split between threads.

// Numbers of 16 bytes: as many as the side of the squares that are transposed at a time.
#define S NAME(square)
#define SQUARE ((long)(16 / sizeof(T)))
typedef T S __attribute__((vector_size(16), aligned(sizeof(T)), may_alias));

// The rows of a tile; its columns are two vectors. With these, nearly all registers hold sums.
#if BYTES == 64
#define TILE_ROWS 14
#else
#define TILE_ROWS 6
#endif
#define TILE_COLUMNS (2 * W)

// Adds Σₖ a[r, k] b[k, 0..<vectors·W] to sums. Either the rows of a tile stand next to each other, `a_stride` being the
// distance between depths, or the depths do, `a_stride` being the distance between rows.
INLINE void NAME(add_stretch)(
    long rows, long vectors, _Bool rows_adjoin, long depth, const T *a, long a_stride, const T *b, long b_stride,
    V sums[TILE_ROWS][2]) {
    for (long k = 0; k < depth; k += 1) {
        V panel[2];
#pragma unroll
        for (long v = 0; v < vectors; v += 1) panel[v] = *(const V *)(b + v * W);
#pragma unroll
        for (long r = 0; r < rows; r += 1) {
            const V factor = copies(rows_adjoin ? a[r] : a[r * a_stride]);
#pragma unroll
            for (long v = 0; v < vectors; v += 1) sums[r][v] = add_product(factor, panel[v], sums[r][v]);
        }
        a += rows_adjoin ? a_stride : 1;
        b += b_stride;
    }
}

// One tile: c ← (adding ? c : 0) + Σₖ a[r, k] b[k, j], over the stretches of the depth that are given.
INLINE void NAME(tile)(
    long rows, long vectors, _Bool rows_adjoin, const descent_stretch *stretches, long stretch_count, const T *a,
    long a_stride, const T *b, long b_stride, T *c, long c_stride, long columns, _Bool adding) {
    V sums[TILE_ROWS][2];
#pragma unroll
    for (long r = 0; r < rows; r += 1)
#pragma unroll
        for (long v = 0; v < vectors; v += 1) sums[r][v] = (V){0};
    for (long s = 0; s < stretch_count; s += 1) {
        const long start = stretches[s].start;
        NAME(add_stretch)(
            rows, vectors, rows_adjoin, stretches[s].count, a + (rows_adjoin ? start * a_stride : start), a_stride,
            b + start * b_stride, b_stride, sums);
    }
    if (columns == vectors * W) {
#pragma unroll
        for (long r = 0; r < rows; r += 1)
#pragma unroll
            for (long v = 0; v < vectors; v += 1) {
                V *to = (V *)(c + r * c_stride + v * W);
                *to = adding ? *to + sums[r][v] : sums[r][v];
            }
    } else {
#pragma unroll
        for (long r = 0; r < rows; r += 1) {
            T *to = c + r * c_stride;
            T row[2 * (BYTES / sizeof(T))];
#pragma unroll
            for (long v = 0; v < vectors; v += 1) *(V *)(row + v * W) = sums[r][v];
            for (long j = 0; j < columns; j += 1) to[j] = adding ? to[j] + row[j] : row[j];
        }
    }
}

#define TILE(rows) \
    case rows: \
        if (vectors == 2) { \
            if (rows_adjoin) \
                NAME(tile)(rows, 2, 1, stretches, stretch_count, a, a_stride, b, b_stride, c, c_stride, columns, adding); \
            else \
                NAME(tile)(rows, 2, 0, stretches, stretch_count, a, a_stride, b, b_stride, c, c_stride, columns, adding); \
        } else { \
            if (rows_adjoin) \
                NAME(tile)(rows, 1, 1, stretches, stretch_count, a, a_stride, b, b_stride, c, c_stride, columns, adding); \
            else \
                NAME(tile)(rows, 1, 0, stretches, stretch_count, a, a_stride, b, b_stride, c, c_stride, columns, adding); \
        } \
        break;

__attribute__((noinline)) static void NAME(any_tile)(
    long rows, long vectors, _Bool rows_adjoin, const descent_stretch *stretches, long stretch_count, const T *a,
    long a_stride, const T *b, long b_stride, T *c, long c_stride, long columns, _Bool adding) {
    switch (rows) {
        TILE(1)
        TILE(2)
        TILE(3)
        TILE(4)
        TILE(5)
        TILE(6)
#if BYTES == 64
        TILE(7)
        TILE(8)
        TILE(9)
        TILE(10)
        TILE(11)
        TILE(12)
        TILE(13)
        TILE(14)
#endif
    }
}

// Columns of b, from depth `start` on, into panels of TILE_COLUMNS that are padded with zeros.
static void NAME(pack_panel)(
    const T *b, long b_depth, long b_column, long depth, long columns, T *panel) {
    if (b_column == 1) {
        for (long k = 0; k < depth; k += 1) {
            const T *from = b + k * b_depth;
            T *to = panel + k * TILE_COLUMNS;
            if (columns == TILE_COLUMNS) {
                *(V *)to = *(const V *)from;
                *(V *)(to + W) = *(const V *)(from + W);
            } else {
                for (long j = 0; j < columns; j += 1) to[j] = from[j];
                for (long j = columns; j < TILE_COLUMNS; j += 1) to[j] = 0;
            }
        }
        return;
    }
    // A transposed matrix is read along its rows, a few of them side by side.
    long j = 0;
    for (; j + SQUARE <= columns; j += SQUARE) {
        const T *from = b + j * b_column;
        long k = 0;
        for (; k + SQUARE <= depth; k += SQUARE) {
            const S r0 = *(const S *)(from + k), r1 = *(const S *)(from + b_column + k);
            T *to = panel + k * TILE_COLUMNS + j;
#if BITS_OF_TYPE == 32
            const S r2 = *(const S *)(from + 2 * b_column + k), r3 = *(const S *)(from + 3 * b_column + k);
            const S s0 = __builtin_shufflevector(r0, r1, 0, 4, 2, 6), s1 = __builtin_shufflevector(r0, r1, 1, 5, 3, 7);
            const S s2 = __builtin_shufflevector(r2, r3, 0, 4, 2, 6), s3 = __builtin_shufflevector(r2, r3, 1, 5, 3, 7);
            *(S *)to = __builtin_shufflevector(s0, s2, 0, 1, 4, 5);
            *(S *)(to + TILE_COLUMNS) = __builtin_shufflevector(s1, s3, 0, 1, 4, 5);
            *(S *)(to + 2 * TILE_COLUMNS) = __builtin_shufflevector(s0, s2, 2, 3, 6, 7);
            *(S *)(to + 3 * TILE_COLUMNS) = __builtin_shufflevector(s1, s3, 2, 3, 6, 7);
#else
            *(S *)to = __builtin_shufflevector(r0, r1, 0, 2);
            *(S *)(to + TILE_COLUMNS) = __builtin_shufflevector(r0, r1, 1, 3);
#endif
        }
        for (; k < depth; k += 1)
            for (long c = 0; c < SQUARE; c += 1) panel[k * TILE_COLUMNS + j + c] = from[c * b_column + k];
    }
    for (; j < columns; j += 1)
        for (long k = 0; k < depth; k += 1) panel[k * TILE_COLUMNS + j] = b[j * b_column + k];
    for (; j < TILE_COLUMNS; j += 1)
        for (long k = 0; k < depth; k += 1) panel[k * TILE_COLUMNS + j] = 0;
}

// Rows of a, into tiles in which the rows of one depth stand next to each other.
static void NAME(pack_rows)(const T *a, long a_row, long a_depth, long rows, long depth, T *tile) {
    if (a_row == 1) {
        for (long k = 0; k < depth; k += 1)
            for (long r = 0; r < rows; r += 1) tile[k * TILE_ROWS + r] = a[k * a_depth + r];
        return;
    }
    for (long r = 0; r < rows; r += 1)
        for (long k = 0; k < depth; k += 1) tile[k * TILE_ROWS + r] = a[r * a_row + k * a_depth];
}

// The rows of a tile that starts at `row`: equal parts, not full tiles and a small rest.
INLINE long NAME(tile_rows)(long row, long rows) {
    const long left = rows - row, tiles = (left + TILE_ROWS - 1) / TILE_ROWS;
    return (left + tiles - 1) / tiles;
}

static void NAME(matrix_product)(const descent_matrix_product *p) {
    const T *a = p->a, *b = p->b;
    T *c = p->c, *room = p->room;
    const descent_stretch whole = {0, p->depth};
    const long rows = p->rows, columns = p->columns;
    const _Bool is_wide = columns > DIRECT_COLUMNS && p->stretches == 0;
    const _Bool packs_panels = is_wide || p->b_column != 1 || columns % W != 0;
    if (!is_wide && (p->depth <= PANEL_DEPTH || !packs_panels)) {
        // Narrow enough for b to stay in the second cache: tiles are read where they lie.
        const descent_stretch *stretches = p->stretches ? p->stretches : &whole;
        const long stretch_count = p->stretches ? p->stretch_count : 1;
        const _Bool rows_adjoin = p->a_row == 1;
        const long a_stride = rows_adjoin ? p->a_depth : p->a_row;
        for (long j = 0; j < columns; j += TILE_COLUMNS) {
            const long width = columns - j < TILE_COLUMNS ? columns - j : TILE_COLUMNS;
            const T *panel = b + j * p->b_column;
            long b_stride = p->b_depth;
            if (packs_panels) {
                NAME(pack_panel)(panel, p->b_depth, p->b_column, p->depth, width, room);
                panel = room;
                b_stride = TILE_COLUMNS;
            }
            const long vectors = width > W ? 2 : 1;
            for (long i = 0; i < rows;) {
                const long count = NAME(tile_rows)(i, rows);
                NAME(any_tile)(
                    count, vectors, rows_adjoin, stretches, stretch_count, a + i * p->a_row, a_stride, panel, b_stride,
                    c + i * p->c_stride + j, p->c_stride, width, p->adding);
                i += count;
            }
        }
        return;
    }
    // Blocks of b in panels, and blocks of a in tiles unless their rows are good to read as they lie: rows that are a
    // multiple of 4 KB apart would drive each other out of the first cache.
    const _Bool packs_rows = p->a_depth != 1 || p->a_row * sizeof(T) % 4096 == 0;
    T *tiles = room + DEPTH_BLOCK * ((PANEL_BLOCK + TILE_COLUMNS - 1) / TILE_COLUMNS * TILE_COLUMNS);
    for (long j = 0; j < columns; j += PANEL_BLOCK) {
        const long block = columns - j < PANEL_BLOCK ? columns - j : PANEL_BLOCK;
        for (long k = 0; k < p->depth || k == 0; k += DEPTH_BLOCK) {
            const long depth = p->depth - k < DEPTH_BLOCK ? p->depth - k : DEPTH_BLOCK;
            const descent_stretch stretch = {0, depth};
            const _Bool adding = p->adding || k > 0;
            for (long l = 0; l < block; l += TILE_COLUMNS)
                NAME(pack_panel)(
                    b + (j + l) * p->b_column + k * p->b_depth, p->b_depth, p->b_column, depth,
                    block - l < TILE_COLUMNS ? block - l : TILE_COLUMNS, room + l * depth);
            for (long i = 0; i < rows; i += ROW_BLOCK) {
                const long height = rows - i < ROW_BLOCK ? rows - i : ROW_BLOCK;
                const T *block_rows = a + i * p->a_row + k * p->a_depth;
                long tile = 0;
                for (long r = 0; packs_rows && r < height; tile += 1) {
                    const long count = NAME(tile_rows)(r, height);
                    NAME(pack_rows)(
                        block_rows + r * p->a_row, p->a_row, p->a_depth, count, depth,
                        tiles + tile * TILE_ROWS * DEPTH_BLOCK);
                    r += count;
                }
                for (long l = 0; l < block; l += TILE_COLUMNS) {
                    const long width = block - l < TILE_COLUMNS ? block - l : TILE_COLUMNS;
                    tile = 0;
                    for (long r = 0; r < height; tile += 1) {
                        const long count = NAME(tile_rows)(r, height);
                        NAME(any_tile)(
                            count, width > W ? 2 : 1, packs_rows, &stretch, 1,
                            packs_rows ? tiles + tile * TILE_ROWS * DEPTH_BLOCK : block_rows + r * p->a_row,
                            packs_rows ? TILE_ROWS : p->a_row, room + l * depth, TILE_COLUMNS,
                            c + (i + r) * p->c_stride + j + l, p->c_stride, width, adding);
                        r += count;
                    }
                }
            }
        }
    }
}

#undef TILE
#undef S
#undef SQUARE
#undef TILE_ROWS
#undef TILE_COLUMNS
