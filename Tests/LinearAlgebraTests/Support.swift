import Glibc

/// The value, hidden from constant folding.
@inline(never) @_optimize(none)
func opaque<T>(_ value: T) -> T { value }

/// The calling thread's identifier.
func currentThread() -> pthread_t { pthread_self() }
