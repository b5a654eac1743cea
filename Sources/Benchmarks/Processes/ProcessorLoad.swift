import Glibc

/// How busy the processors are.
enum ProcessorLoad {
    /// The share of all processors' time that was not idle over so many seconds, while this process sleeps.
    ///
    /// - Returns: `nil` where the system does not tell.
    static func share(over seconds: Double) -> Double? {
        let begin = SystemFile.contents("/proc/stat")
        usleep(UInt32(seconds * 1e6))
        return share(from: begin, to: SystemFile.contents("/proc/stat"))
    }

    /// The same between two states of `/proc/stat`.
    static func share(from begin: String, to end: String) -> Double? {
        guard let (idle, all) = times(in: begin), let (laterIdle, laterAll) = times(in: end), laterAll > all
        else { return nil }
        return min(max(1 - (laterIdle - idle) / (laterAll - all), 0), 1)
    }

    /// Idle time, waiting for disks included, and all time, in the line `cpu user nice system idle iowait …`.
    private static func times(in text: String) -> (idle: Double, all: Double)? {
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("cpu ") }) else {
            return nil
        }
        // What guests took is in the first two already.
        let times = line.split(separator: " ").dropFirst().prefix(8).compactMap { Double($0) }
        guard times.count >= 5 else { return nil }
        return (times[3] + times[4], times.reduce(0, +))
    }
}
