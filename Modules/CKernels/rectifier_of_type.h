// The derivative of the rectifier, for one instruction set and one type T.

#define MASK NAME(mask)

typedef BITS MASK __attribute__((vector_size(BYTES), aligned(sizeof(T)), may_alias));

static void NAME(rectify_derivative)(const T *a, T *d, long count) {
    const V zero = {0};
    long i = 0;
    for (; i + W <= count; i += W) {
        const MASK open = *(const V *)(a + i) > zero;
        *(V *)(d + i) = (V)(*(MASK *)(d + i) & open);
    }
    for (; i < count; i += 1)
        if (!(a[i] > 0)) d[i] = 0;
}

#undef MASK
