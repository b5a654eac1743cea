// Square roots without errno.
//
// Swift's `squareRoot()` of a negative number goes through the C library, so that a loop over it is not made into
// vector instructions. These are the bare instructions; the root of a negative number is NaN.

static inline float descent_sqrtf(float x) { return __builtin_elementwise_sqrt(x); }
static inline double descent_sqrt(double x) { return __builtin_elementwise_sqrt(x); }
