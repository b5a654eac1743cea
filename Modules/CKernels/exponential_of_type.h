// The exponential for one instruction set and one type T, without FMA: see every_instruction_set.h.
//
// Leaves behind V and MASK, vectors of T and of integers of its size, and `choose` and `all`; whoever includes this
// undefines them.

#define MASK NAME(mask)

typedef BITS MASK __attribute__((vector_size(BYTES)));
// For sums of bits, of which those of NaN may overflow.
typedef unsigned BITS NAME(bits) __attribute__((vector_size(BYTES)));

INLINE V NAME(choose)(MASK mask, V yes, V no) { return (V)((mask & (MASK)yes) | (~mask & (MASK)no)); }
#define choose NAME(choose)
INLINE V NAME(all)(T x) { return (V){0} + x; }
#define all NAME(all)

// x = n ln 2 + r with |r| ≤ ln 2 / 2, and eʳ − 1.
//
// n is found by adding 1.5 · 2ᵐ, m the bits behind the point, which rounds to an integer and leaves it in the low bits. n
// times the first part of ln 2 is exact (Cody and Waite, 1980). The polynomial is Taylor's: on this interval its next
// term is below a tenth of an ulp.
typedef struct {
    MASK n;
    V less_one;
} NAME(reduced);

INLINE NAME(reduced) NAME(reduce)(V x) {
    const _Bool is_double = sizeof(T) == 8;
    const T shift = is_double ? (T)0x1.8p52 : (T)0x1.8p23;
    const T high = is_double ? (T)0x1.62e42fee00000p-1 : (T)0x1.62e400p-1;
    const T low = is_double ? (T)0x1.a39ef35793c76p-33 : (T)0x1.7f7d1cp-20;
    const V shifted = x * (T)0x1.71547652b82fep0 + shift;
    const V n = shifted - shift;
    const V r = (x - n * high) - n * low;
    V q;
    if (is_double) {
        q = all((T)(1 / 6227020800.0));
        q = q * r + (T)(1 / 479001600.0);
        q = q * r + (T)(1 / 39916800.0);
        q = q * r + (T)(1 / 3628800.0);
        q = q * r + (T)(1 / 362880.0);
        q = q * r + (T)(1 / 40320.0);
        q = q * r + (T)(1 / 5040.0);
    } else {
        q = all((T)(1 / 5040.0));
    }
    q = q * r + (T)(1 / 720.0);
    q = q * r + (T)(1 / 120.0);
    q = q * r + (T)(1 / 24.0);
    q = q * r + (T)(1 / 6.0);
    q = q * r + (T)0.5;
    return (NAME(reduced)){(MASK)((NAME(bits))shifted - (NAME(bits))all(shift)), r + r * r * q};
}

// 2ⁿ for an n whose power is a normal number.
INLINE V NAME(power_of_two)(MASK n) {
    const NAME(bits) bits = (NAME(bits))n;
    return sizeof(T) == 8 ? (V)((bits + 1023) << 52 % (8 * sizeof(T))) : (V)((bits + 127) << 23);
}

INLINE V NAME(exponential_of)(V x) {
    // Beyond these the result is 0 or infinite; NaN passes.
    const T least = sizeof(T) == 8 ? (T)-746 : (T)-104, greatest = sizeof(T) == 8 ? (T)710 : (T)89;
    const V bounded = choose(x < least, all(least), choose(x > greatest, all(greatest), x));
    const NAME(reduced) part = NAME(reduce)(bounded);
    // In two factors: 2ⁿ alone may be no normal number where the result is one, or a subnormal one.
    const MASK half = part.n >> 1;
    return (1 + part.less_one) * NAME(power_of_two)(half) * NAME(power_of_two)(part.n - half);
}
