// The few pieces of arithmetic that Swift cannot say in a way that compiles to vector instructions.
#ifndef DESCENT_KERNELS_H
#define DESCENT_KERNELS_H

// Square roots without errno. Swift's squareRoot() tests its argument and calls the C library for negative ones, which
// keeps a loop around it from being vectorized; measured on Adam, that alone is a factor of four.

static inline float descent_sqrtf(float x) { return __builtin_elementwise_sqrt(x); }
static inline double descent_sqrt(double x) { return __builtin_elementwise_sqrt(x); }

#endif
