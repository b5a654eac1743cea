// The vectors of one instruction set and one type T, for BODY.

typedef T V __attribute__((vector_size(BYTES), aligned(sizeof(T)), may_alias));

// a b + c: with one rounding where there is an instruction for it.
INLINE V add_product(V a, V b, V c) {
#ifdef HAS_FMA
    return __builtin_elementwise_fma(a, b, c);
#else
    return a * b + c;
#endif
}
