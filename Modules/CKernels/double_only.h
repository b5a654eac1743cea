// CHOOSE_DOUBLE for functions that `every_instruction_set.h` has made for `double` alone.

#if defined(__x86_64__)
#define CHOOSE_DOUBLE(function, ...) \
    switch (instructions) { \
    case descent_baseline: return function##_double_baseline(__VA_ARGS__); \
    case descent_avx2: return function##_double_avx2(__VA_ARGS__); \
    case descent_avx512: return function##_double_avx512(__VA_ARGS__); \
    }
#else
#define CHOOSE_DOUBLE(function, ...) \
    (void)instructions; \
    return function##_double_baseline(__VA_ARGS__);
#endif
