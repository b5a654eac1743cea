// Bytes to numbers, for one instruction set and one type T.

#define B NAME(bytes)

typedef unsigned char B __attribute__((vector_size(BYTES / sizeof(T)), aligned(1), may_alias));

static void NAME(scale_bytes)(const descent_scaled_bytes *p) {
    const unsigned char *from = p->bytes;
    const T *shift = p->shift, *factor = p->factor;
    T *to = p->numbers;
    const long count = p->count, whole = count / W * W;
    if (p->next)
        for (long i = 0; i < count; i += 64) __builtin_prefetch(p->next + i);
    if (p->each_its_own) {
        for (long i = 0; i < whole; i += W)
            *(V *)(to + i) =
                (__builtin_convertvector(*(const B *)(from + i), V) - *(const V *)(shift + i)) * *(const V *)(factor + i);
        for (long i = whole; i < count; i += 1) to[i] = ((T)from[i] - shift[i]) * factor[i];
    } else {
        const T s = *shift, f = *factor;
        for (long i = 0; i < whole; i += W)
            *(V *)(to + i) = (__builtin_convertvector(*(const B *)(from + i), V) - s) * f;
        for (long i = whole; i < count; i += 1) to[i] = ((T)from[i] - s) * f;
    }
}

static void NAME(mark_differences)(
    const unsigned char *row, const unsigned char *first, unsigned char *differences, long count) {
    for (long i = 0; i < count; i += 1) differences[i] |= row[i] ^ first[i];
}

#undef B
