// exp, tanh and the logistic function for one instruction set and one type T, without FMA: see every_instruction_set.h.

#include "exponential_of_type.h"

INLINE V NAME(magnitude)(V x) {
    const BITS sign = (BITS)1 << (8 * sizeof(T) - 1);
    return (V)((MASK)x & ~sign);
}

// With t = e^{2|x|} − 1: tanh |x| = t / (t + 2).
INLINE V NAME(hyperbolic_tangent_of)(V x) {
    const BITS sign = (BITS)1 << (8 * sizeof(T) - 1);
    const T limit = sizeof(T) == 8 ? (T)20 : (T)10;
    const V size = NAME(magnitude)(x);
    const NAME(reduced) part = NAME(reduce)(2 * choose(size > limit, all(limit), size));
    const V power = NAME(power_of_two)(part.n);
    const V t = power * part.less_one + (power - 1);
    return (V)((MASK)(t / (t + 2)) | ((MASK)x & sign));
}

// By the branch on which the exponential cannot overflow.
INLINE V NAME(logistic_of)(V x) {
    const V e = NAME(exponential_of)(-NAME(magnitude)(x));
    return choose(x < 0, e, all(1)) / (1 + e);
}

#define LOOP(function) \
    static void NAME(function)(const void *all_x, void *all_y, long count) { \
        const long width = BYTES / sizeof(T); \
        const T *x = all_x; \
        T *y = all_y; \
        long i = 0; \
        for (; i + width <= count; i += width) *(V *)(y + i) = NAME(function##_of)(*(const V *)(x + i)); \
        V rest = {0}; \
        __builtin_memcpy(&rest, x + i, (count - i) * sizeof(T)); \
        rest = NAME(function##_of)(rest); \
        __builtin_memcpy(y + i, &rest, (count - i) * sizeof(T)); \
    }

LOOP(exponential)
LOOP(hyperbolic_tangent)
LOOP(logistic)

#undef LOOP
#undef all
#undef choose
#undef MASK
