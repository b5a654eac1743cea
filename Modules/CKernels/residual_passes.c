// Residuals of a linear model and what they leave of the columns, for every instruction set.

// About arguments in vector registers that not all processors have: every such function is inlined.
#pragma clang diagnostic ignored "-Wpsabi"

#define BODY "residual_passes_of_type.h"
#include "every_instruction_set.h"
#include "double_only.h"

void descent_residual_pass(const descent_residual_rows *r, double *sums, descent_instructions instructions) {
    CHOOSE_DOUBLE(residual_pass, r, sums)
}

void descent_precise_residual_pass(
    const descent_precise_residual_rows *r, double *scratch, double *sums, descent_instructions instructions) {
    CHOOSE_DOUBLE(precise_residual_pass, r, scratch, sums)
}
