#include "CBundledData.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

// Aligned so that a stored member's values can be read in place.
_Alignas(64) const unsigned char descent_mnist_sample_npz[] = {
#embed "mnist-sample.npz"
};
const size_t descent_mnist_sample_npz_size = sizeof descent_mnist_sample_npz;

_Alignas(64) const unsigned char descent_digits_npz[] = {
#embed "digits.npz"
};
const size_t descent_digits_npz_size = sizeof descent_digits_npz;
