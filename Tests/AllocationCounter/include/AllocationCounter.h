// Counts what a thread asks of the heap. Linking this target into a program puts it in front of the C library's
// allocator; under a sanitizer, which does that itself, nothing is counted.

#ifndef ALLOCATION_COUNTER_H
#define ALLOCATION_COUNTER_H

/// Whether allocations are counted in this build.
_Bool allocations_are_counted(void);

/// How many times the calling thread has allocated so far.
long allocation_count(void);

#endif
