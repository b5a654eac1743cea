// The update rules' loops for every instruction set and both types, and the choice between them.

#include "CKernels.h"

// A product and a sum are two roundings everywhere: else a processor with FMA would give other bits.
#pragma STDC FP_CONTRACT OFF

#define JOIN_(a, b) a##_##b
#define JOIN(a, b) JOIN_(a, b)

// Level `baseline`.
#define LEVEL baseline
#define BYTES 16
#include "update_rules_of_level.h"
#undef LEVEL
#undef BYTES

#if defined(__x86_64__)

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define LEVEL avx2
#define BYTES 32
#include "update_rules_of_level.h"
#undef LEVEL
#undef BYTES
#pragma clang attribute pop

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"), min_vector_width(512))), \
    apply_to = function)
#define LEVEL avx512
#define BYTES 64
#include "update_rules_of_level.h"
#undef LEVEL
#undef BYTES
#pragma clang attribute pop

descent_instructions descent_best_instructions(void) {
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return descent_baseline;
    _Bool wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
    return wide ? descent_avx512 : descent_avx2;
}

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

descent_instructions descent_best_instructions(void) { return descent_baseline; }

#define CHOOSE(function, is_double, ...) \
    (void)instructions; \
    return is_double ? function##_double_baseline(__VA_ARGS__) : function##_float_baseline(__VA_ARGS__);

#endif

#define ENTRY(rule, constants) \
    void descent_##rule##_step( \
        const constants *c, const descent_step *s, descent_instructions instructions) { \
        CHOOSE(rule, s->is_double, c, s) \
    }

ENTRY(momentum, descent_momentum)
ENTRY(adam, descent_adam)
ENTRY(amsgrad, descent_adam)
ENTRY(nadam, descent_nadam)
ENTRY(adadelta, descent_adadelta)
ENTRY(schedule_free, descent_schedule_free)
ENTRY(rmsprop, descent_rmsprop)
ENTRY(lion, descent_lion)
ENTRY(rprop, descent_rprop)
