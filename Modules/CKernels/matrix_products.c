// Matrix products of the sizes that networks have, for every instruction set and both types.

// Elements of the depth that are packed, and summed, at a time: a panel of two vectors of them is 32 KB.
#define DEPTH_BLOCK 256
// Rows of a that are packed at a time: with DEPTH_BLOCK, about 200 KB of floats.
#define ROW_BLOCK 196
// Columns of b that are packed at a time.
#define PANEL_BLOCK 512
// Up to so many columns b is read where it lies.
#define DIRECT_COLUMNS 256
// The longest panel that is packed whole.
#define PANEL_DEPTH 4096

#define BODY "matrix_products_of_type.h"
#include "every_instruction_set.h"

long descent_matrix_product_room(void) {
    // For the widest vectors of floats: panels of 32 columns, tiles of 14 rows.
    const long panel = PANEL_DEPTH * 32;
    const long blocks = DEPTH_BLOCK * (PANEL_BLOCK + 32) + (ROW_BLOCK / 6 + 2) * 14 * DEPTH_BLOCK;
    return panel > blocks ? panel : blocks;
}

void descent_multiply(const descent_matrix_product *p, descent_instructions instructions) {
    CHOOSE(matrix_product, p->is_double, p)
}
