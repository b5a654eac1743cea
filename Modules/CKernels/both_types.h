// BODY for float and for double.

#define T float
#define BITS int
#include BODY
#undef T
#undef BITS

#define T double
#define BITS long
#include BODY
#undef T
#undef BITS
