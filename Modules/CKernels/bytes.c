// What is done with features that are bytes, for every instruction set and both types.

#define BODY "bytes_of_type.h"
#include "every_instruction_set.h"

void descent_scale_bytes(const descent_scaled_bytes *p, descent_instructions instructions) {
    CHOOSE(scale_bytes, p->is_double, p)
}

void descent_mark_differences(
    const unsigned char *row, const unsigned char *first, unsigned char *differences, long count,
    descent_instructions instructions) {
    CHOOSE(mark_differences, 0, row, first, differences, count)
}
