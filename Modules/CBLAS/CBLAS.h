// OpenBLAS (BLAS and its thread control) and LAPACKE (the C interface to LAPACK).
#include <cblas.h>
#include <lapacke.h>
