// Includes the file that BODY names once for each instruction set and each of float and double.
//
// BODY sees T, the type; BITS, the integer of its size; LEVEL, the instruction set; BYTES, the length of its vectors;
// HAS_FMA where a fused product and sum is one instruction; NAME(x), a name of its own for x; V, a vector of W numbers
// that may stand anywhere; add_product(a, b, c) and copies(x), x in all lanes. It defines static functions; `CHOOSE`
// calls the one for `instructions`.

#include "CKernels.h"

// A product and a sum are two roundings unless they are asked to be one: else a processor with FMA would give other
// bits than one without.
#pragma STDC FP_CONTRACT OFF

#define JOIN_(a, b) a##_##b
#define JOIN(a, b) JOIN_(a, b)
#define NAME(x) JOIN(x, JOIN(T, LEVEL))
#define INLINE static inline __attribute__((always_inline))

#define V NAME(vector)
#define W ((long)(BYTES / sizeof(T)))
#define add_product NAME(add_product)
// x − 0 is x for every x, so that nothing is left of it but the copying.
#define copies(x) ((x) - (V){0})

#define LEVEL baseline
#define BYTES 16
#if defined(__aarch64__)
#define HAS_FMA
#endif
#include "both_types.h"
#undef LEVEL
#undef BYTES

#if defined(__x86_64__)

#define HAS_FMA

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define LEVEL avx2
#define BYTES 32
#include "both_types.h"
#undef LEVEL
#undef BYTES
#pragma clang attribute pop

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"), min_vector_width(512))), \
    apply_to = function)
#define LEVEL avx512
#define BYTES 64
#include "both_types.h"
#undef LEVEL
#undef BYTES
#pragma clang attribute pop

#undef HAS_FMA

#define CHOOSE(function, is_double, ...) \
    switch (instructions) { \
    case descent_baseline: \
        return is_double ? function##_double_baseline(__VA_ARGS__) : function##_float_baseline(__VA_ARGS__); \
    case descent_avx2: \
        return is_double ? function##_double_avx2(__VA_ARGS__) : function##_float_avx2(__VA_ARGS__); \
    case descent_avx512: \
        return is_double ? function##_double_avx512(__VA_ARGS__) : function##_float_avx512(__VA_ARGS__); \
    }

#else

#define CHOOSE(function, is_double, ...) \
    (void)instructions; \
    return is_double ? function##_double_baseline(__VA_ARGS__) : function##_float_baseline(__VA_ARGS__);

#endif
