// Products with rows of bytes of which many are 0, and softmax, for every instruction set and both types.

#if defined(__x86_64__)
#include <immintrin.h>

// For each set of eight bits, where those that are set stand, a byte each, from the lowest on.
#define PLACE(m, b) \
    ((m) >> (b)&1 ? (unsigned long)(b) << 8 * __builtin_popcount((m) & ((1 << (b)) - 1)) : 0UL)
#define PLACES(m) \
    (PLACE(m, 0) | PLACE(m, 1) | PLACE(m, 2) | PLACE(m, 3) | PLACE(m, 4) | PLACE(m, 5) | PLACE(m, 6) | PLACE(m, 7))
#define FOUR(m) PLACES(m), PLACES((m) + 1), PLACES((m) + 2), PLACES((m) + 3)
#define SIXTEEN(m) FOUR(m), FOUR((m) + 4), FOUR((m) + 8), FOUR((m) + 12)
#define SIXTY_FOUR(m) SIXTEEN(m), SIXTEEN((m) + 16), SIXTEEN((m) + 32), SIXTEEN((m) + 48)
static const unsigned long places_of_bits[256] = {SIXTY_FOUR(0), SIXTY_FOUR(64), SIXTY_FOUR(128), SIXTY_FOUR(192)};
#endif

#define BODY "packed_bytes_of_type.h"
#include "every_instruction_set.h"

long descent_vector_bytes(descent_instructions instructions) {
    return instructions == descent_avx512 ? 64 : instructions == descent_avx2 ? 32 : 16;
}

long descent_count_bytes(const unsigned char *bytes, long count) {
    long zeros = 0, i = 0;
    // Sums of 255 at most, which bytes hold.
    for (; i + 255 * 16 <= count; i += 255 * 16) {
        unsigned char sums[16] = {0};
        for (long j = 0; j < 255 * 16; j += 16)
            for (long k = 0; k < 16; k += 1) sums[k] += bytes[i + j + k] == 0;
        for (long k = 0; k < 16; k += 1) zeros += sums[k];
    }
    for (; i < count; i += 1) zeros += bytes[i] == 0;
    return count - zeros;
}

void descent_pack_bytes(descent_packed_bytes *p, descent_instructions instructions) {
    CHOOSE(pack_bytes, p->is_double, p)
}

void descent_packed_product(
    const descent_packed_bytes *p, const void *w, void *z, descent_instructions instructions) {
    CHOOSE(packed_product, p->is_double, p, w, z)
}

void descent_packed_transposed_product(
    const descent_packed_bytes *p, const void *d, void *g, descent_instructions instructions) {
    CHOOSE(packed_transposed_product, p->is_double, p, d, g)
}

double descent_softmax_loss(const descent_softmax_rows *p, descent_instructions instructions) {
    CHOOSE(softmax_loss, p->is_double, p)
}
