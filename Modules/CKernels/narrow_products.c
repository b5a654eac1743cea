// Products of matrices of which one has few columns, for every instruction set and both types.

// Columns that are summed at a time.
#define PANEL 5

#define BODY "narrow_products_of_type.h"
#include "every_instruction_set.h"

void descent_narrow_product(const descent_product *p, descent_instructions instructions) {
    CHOOSE(narrow_product, p->is_double, p)
}

void descent_narrow_transposed_product(const descent_product *p, descent_instructions instructions) {
    CHOOSE(narrow_transposed_product, p->is_double, p)
}
