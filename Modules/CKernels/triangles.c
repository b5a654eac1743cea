// Triangles of QR factorizations of a few columns, for every instruction set.

// About arguments in vector registers that not all processors have: every such function is inlined.
#pragma clang diagnostic ignored "-Wpsabi"

#define BODY "triangles_of_type.h"
#include "every_instruction_set.h"
#include "double_only.h"

_Bool descent_triangle_update(
    double *block, long rows, long width, double *scratch, descent_instructions instructions) {
    CHOOSE_DOUBLE(triangle_update, block, rows, width, scratch)
}
