// The data sets that travel inside the binary; README.md beside this target says where they are from.
#ifndef DESCENT_BUNDLED_DATA_H
#define DESCENT_BUNDLED_DATA_H

#include <stddef.h>

extern const unsigned char descent_mnist_sample_npz[];
extern const size_t descent_mnist_sample_npz_size;

extern const unsigned char descent_digits_npz[];
extern const size_t descent_digits_npz_size;

// Swift sees functions but not arrays of unknown size.
static inline const unsigned char *descent_mnist_sample_npz_bytes(void) { return descent_mnist_sample_npz; }
static inline const unsigned char *descent_digits_npz_bytes(void) { return descent_digits_npz; }

#endif
