import Glibc
import Synchronization

/// Process-wide settings of how the library uses the machine.
public enum Compute {
    private static let chosenThreadCount = Atomic<Int>(0)

    /// The number of threads that training and other long loops work on.
    ///
    /// Results do not depend on it, to the last bit: work is cut into pieces by its size alone, and each
    /// piece is summed in a fixed order. The default is the number of processors this process may use, by
    /// its affinity mask and its control group's quota. The threads inside a single matrix product or
    /// factorization are OpenBLAS' own: see ``OpenBLAS/threadCount``.
    ///
    /// - Precondition: a new value is at least 1.
    public static var threadCount: Int {
        get {
            let chosen = chosenThreadCount.load(ordering: .relaxed)
            return chosen > 0 ? chosen : usableProcessorCount
        }
        set {
            precondition(newValue >= 1, "Compute.threadCount must be at least 1, not \(newValue)")
            chosenThreadCount.store(newValue, ordering: .relaxed)
        }
    }

    /// The number of processors that this process may use.
    public static let usableProcessorCount: Int = {
        var count = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        if let status = firstBytes(of: "/proc/self/status"), let allowed = allowedProcessors(in: status) {
            count = min(count, allowed)
        }
        // Version 2 of control groups, then version 1.
        if let quota = firstBytes(of: "/sys/fs/cgroup/cpu.max"), let limit = processorQuota(in: quota) {
            count = min(count, limit)
        } else if let quota = firstBytes(of: "/sys/fs/cgroup/cpu/cpu.cfs_quota_us"),
            let period = firstBytes(of: "/sys/fs/cgroup/cpu/cpu.cfs_period_us"),
            let limit = processorQuota(in: quota + " " + period)
        {
            count = min(count, limit)
        }
        return max(1, count)
    }()

    /// The number of bits set in the affinity mask that `/proc/self/status` shows, as in
    /// `Cpus_allowed: ff,ffffffff`.
    static func allowedProcessors(in status: String) -> Int? {
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("Cpus_allowed:") })
        else { return nil }
        let count = line.dropFirst("Cpus_allowed:".count).reduce(into: 0) { count, digit in
            count += digit.hexDigitValue?.nonzeroBitCount ?? 0
        }
        return count > 0 ? count : nil
    }

    /// The processors' worth of time in `quota period`, rounded up; nil for `max` or −1, which is no limit.
    static func processorQuota(in text: String) -> Int? {
        let fields = text.split(whereSeparator: \.isWhitespace)
        guard fields.count == 2, let quota = Int(fields[0]), let period = Int(fields[1]), quota > 0,
            period > 0
        else { return nil }
        return (quota - 1) / period + 1
    }

    /// The first four kilobytes of a small system file, or nil when it cannot be read.
    private static func firstBytes(of path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = read(descriptor, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }
}
