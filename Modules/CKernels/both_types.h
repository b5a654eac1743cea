// BODY for float and for double, with the vectors of each.

#define T float
#define BITS int
#define BITS_OF_TYPE 32
#include "vectors_of_type.h"
#include BODY
#undef T
#undef BITS
#undef BITS_OF_TYPE

#define T double
#define BITS long
#define BITS_OF_TYPE 64
#include "vectors_of_type.h"
#include BODY
#undef T
#undef BITS
#undef BITS_OF_TYPE
