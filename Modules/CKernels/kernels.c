// A target needs a source file; the functions are inline, in the header.
#include "CKernels.h"
