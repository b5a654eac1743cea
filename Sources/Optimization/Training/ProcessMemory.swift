import Glibc

/// How much memory this process has, and how much it can get, as the kernel tells it in `/proc`.
enum ProcessMemory {
    /// The most bytes in memory since the last `forgetPeak()`; 0 where nobody tells.
    static var peak: Int { value(of: "VmHWM:", in: "/proc/self/status") ?? 0 }

    /// The bytes in memory now.
    static var resident: Int { value(of: "VmRSS:", in: "/proc/self/status") ?? 0 }

    /// Lets `peak` begin anew; where that is not allowed it stays the peak since the start.
    static func forgetPeak() {
        let file = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        _ = write(file, "5", 1)
        close(file)
    }

    /// What the process has and four fifths of what it can get.
    static var limit: Int {
        let resident = resident
        let free = value(of: "MemAvailable:", in: "/proc/meminfo") ?? .max / 4
        var limit = resident + free / 5 * 4
        // A control group (version 2) has the last word where there is one.
        let group = contents("/sys/fs/cgroup/memory.max").split(whereSeparator: \.isWhitespace).first
        if let group, let bytes = Int(group) { limit = min(limit, bytes / 5 * 4) }
        return limit
    }

    /// A line such as `VmRSS:    1234 kB`, in bytes.
    private static func value(of name: String, in path: String) -> Int? {
        for line in contents(path).split(separator: "\n") where line.hasPrefix(name) {
            let words = line.split(whereSeparator: \.isWhitespace)
            if words.count >= 2, let kilobytes = Int(words[1]) { return kilobytes * 1024 }
        }
        return nil
    }

    private static func contents(_ path: String) -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return "" }
        defer { close(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(file, &buffer, buffer.count)
            if count <= 0 { break }
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
