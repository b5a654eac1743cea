// The update rules for one instruction set, LEVEL with vectors of BYTES, in both types.

#define T float
#define BITS int
#include "update_rules_of_type.h"
#undef T
#undef BITS

#define T double
#define BITS long
#include "update_rules_of_type.h"
#undef T
#undef BITS
