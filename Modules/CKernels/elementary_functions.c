// exp, tanh and the logistic function over arrays, for every instruction set and both types.

#define BODY "elementary_functions_of_type.h"
#include "every_instruction_set.h"

#define ENTRY(function) \
    void descent_##function( \
        const void *x, void *y, long count, _Bool is_double, descent_instructions instructions) { \
        CHOOSE(function, is_double, x, y, count) \
    }

ENTRY(exponential)
ENTRY(hyperbolic_tangent)
ENTRY(logistic)
