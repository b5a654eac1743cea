import Glibc

// Denormal numbers cost a hundred cycles each on most x86 cores. The decaying averages of an optimizer
// underflow into them after an epoch, and an update then becomes several times slower. A result that
// matters is never that small, so training runs with them rounded to zero.

/// Runs `body` with subnormal results and operands of the calling thread taken as zero.
///
/// The mode belongs to the thread: threads started inside `body` inherit it, others are not touched. The
/// mode in force before comes back afterwards, also when `body` throws, so calls nest. On a processor
/// other than x86-64 and AArch64 the body simply runs.
package func withFlushToZero<R, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
    let before = FloatingPointMode.current
    guard before != .flushingToZero else { return try body() }
    FloatingPointMode.flushingToZero.install()
    defer { before.install() }
    return try body()
}

/// The bits of the calling thread's floating-point control register that concern subnormal numbers.
struct FloatingPointMode: Equatable {
    private var bits: UInt64

    #if arch(x86_64)
        // Bit 15 of MXCSR flushes subnormal results to zero, bit 6 takes subnormal operands as zero.
        private static let mask: UInt64 = 0x8040
    #elseif arch(arm64)
        // Bit 24 (FZ) of FPCR does both.
        private static let mask: UInt64 = 1 << 24
    #else
        private static let mask: UInt64 = 0
    #endif

    /// The mode of the calling thread.
    static var current: FloatingPointMode {
        FloatingPointMode(bits: register(of: environment()) & mask)
    }

    /// The mode in which subnormal numbers are zero.
    static let flushingToZero = FloatingPointMode(bits: mask)

    /// Puts the calling thread into this mode; rounding and exception flags stay as they are.
    func install() {
        var environment = FloatingPointMode.environment()
        #if arch(x86_64)
            environment.__mxcsr = environment.__mxcsr & ~UInt32(Self.mask) | UInt32(bits)
        #elseif arch(arm64)
            environment.__fpcr = environment.__fpcr & ~UInt32(Self.mask) | UInt32(bits)
        #endif
        fesetenv(&environment)
    }

    private static func environment() -> fenv_t {
        var environment = fenv_t()
        fegetenv(&environment)
        return environment
    }

    private static func register(of environment: fenv_t) -> UInt64 {
        #if arch(x86_64)
            UInt64(environment.__mxcsr)
        #elseif arch(arm64)
            UInt64(environment.__fpcr)
        #else
            0
        #endif
    }
}
