import CBLAS

/// The BLAS library in use and its own threads.
public enum OpenBLAS {
    /// The number of threads that OpenBLAS spreads one matrix product or factorization over.
    ///
    /// It starts as OpenBLAS chooses: the processors it sees, or `OPENBLAS_NUM_THREADS`. The last bits of a
    /// large product differ between thread counts. While the library's own threads work
    /// (``Compute/threadCount``), OpenBLAS is kept at one thread; a value set in the meantime takes effect
    /// afterwards. OpenBLAS lowers a number beyond the limit it was built with; what it made of it is read
    /// back.
    ///
    /// - Precondition: a new value is at least 1.
    public static var threadCount: Int {
        get { pin.withLock { $0.holders > 0 ? $0.wanted : Int(openblas_get_num_threads()) } }
        set {
            precondition(newValue >= 1, "OpenBLAS.threadCount must be at least 1, not \(newValue)")
            pin.withLock {
                if $0.holders > 0 {
                    $0.wanted = newValue
                } else {
                    openblas_set_num_threads(Int32(clamping: newValue))
                }
            }
        }
    }

    /// The library's name and version, such as `OpenBLAS 0.3.21`.
    public static var version: String {
        configuration.split(separator: " ").prefix(2).joined(separator: " ")
    }

    /// How the library was built, in its own words: name, version and build options.
    public static var configuration: String { String(cString: openblas_get_config()) }

    /// The processor core that the chosen kernels are written for, such as `SkylakeX` or `Haswell`.
    public static var core: String { String(cString: openblas_get_corename()) }

    private struct Pin {
        var holders = 0
        var wanted = 1
    }

    private static let pin = Locked(Pin())

    /// Runs `body` with OpenBLAS at one thread; calls nest and overlap, and the last to leave restores it.
    package static func withOneThread<R, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
        pin.withLock {
            if $0.holders == 0 {
                $0.wanted = Int(openblas_get_num_threads())
                if $0.wanted != 1 { openblas_set_num_threads(1) }
            }
            $0.holders += 1
        }
        defer {
            pin.withLock {
                $0.holders -= 1
                if $0.holders == 0, $0.wanted != 1 { openblas_set_num_threads(Int32(clamping: $0.wanted)) }
            }
        }
        return try body()
    }
}
