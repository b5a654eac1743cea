import Glibc

/// The processor time that the calling thread spends in `body`, in seconds; what other programs take does not count.
func threadSeconds(_ body: () -> Void) -> Double {
    func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
    }
    let begin = now()
    body()
    return now() - begin
}

extension Double {
    /// The number with so many digits after the point.
    func formatted(digits: Int) -> String {
        var scale = 1
        for _ in 0..<digits { scale *= 10 }
        guard isFinite, abs(self) < 1e15 else { return "\(self)" }
        let rounded = Int((magnitude * Double(scale)).rounded())
        let sign = self < 0 && rounded > 0 ? "-" : ""
        guard digits > 0 else { return "\(sign)\(rounded)" }
        let fraction = "\(rounded % scale)"
        return
            "\(sign)\(rounded / scale).\(String(repeating: "0", count: digits - fraction.count))\(fraction)"
    }
}
