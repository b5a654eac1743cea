// Gram matrices of tall matrices, for every instruction set.

// Columns in a panel: those of a vector of the widest registers.
#define PANEL 8
// Panels of a strip: with blocks of 64 rows they stay in half of a second cache of 1 MB while others pass by.
#define STRIP 126

#define BODY "gram_matrices_of_type.h"
#include "every_instruction_set.h"
#include "double_only.h"

void descent_gram_pack(
    const descent_gram_rows *r, double *panels, long room, descent_instructions instructions) {
    CHOOSE_DOUBLE(gram_pack, r, panels, room)
}

void descent_gram_add(
    const double *packed, long rows, long room, long panels, double *sums, const void *ahead, long ahead_bytes,
    descent_instructions instructions) {
    CHOOSE_DOUBLE(gram_add, packed, rows, room, panels, sums, ahead, ahead_bytes)
}
