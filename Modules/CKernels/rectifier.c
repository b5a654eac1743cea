// The derivative of the rectifier: a loop that compilers turn into a branch for each number.

#define BODY "rectifier_of_type.h"
#include "every_instruction_set.h"

void descent_rectify_derivative(
    const void *a, void *derivative, long count, _Bool is_double, descent_instructions instructions) {
    CHOOSE(rectify_derivative, is_double, a, derivative, count)
}
