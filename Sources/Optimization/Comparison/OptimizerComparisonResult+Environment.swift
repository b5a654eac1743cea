import DescentLinearAlgebra
import Glibc

extension OptimizerComparisonResult.Environment {
    /// This machine, these libraries, this moment.
    ///
    /// - Parameter version: The version of the program that asks.
    public static func current(version: String) -> Self {
        let processor = firstValue(of: "model name", separator: ":", in: "/proc/cpuinfo")
        let system = firstValue(of: "PRETTY_NAME", separator: "=", in: "/etc/os-release")
        return Self(
            descent: version, swift: compiler, blas: OpenBLAS.version, blasCore: OpenBLAS.core,
            blasThreads: OpenBLAS.threadCount, system: system ?? "Linux", processor: processor ?? "unknown",
            date: now())
    }

    /// The compiler that this was built with; a newer one than this list knows goes by the last it does.
    private static var compiler: String {
        #if compiler(>=6.4)
            "6.4 or later"
        #elseif compiler(>=6.3)
            "6.3"
        #else
            "6.2"
        #endif
    }

    private static func now() -> String {
        var seconds = time(nil)
        var fields = tm()
        gmtime_r(&seconds, &fields)
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32) { buffer in
            strftime(buffer.baseAddress!, buffer.count, "%Y-%m-%dT%H:%M:%SZ", &fields)
            return String(cString: buffer.baseAddress!)
        }
    }

    /// What stands behind a key in a file of lines `key separator value`, without quotes.
    private static func firstValue(of key: String, separator: Character, in path: String) -> String? {
        guard let file = fopen(path, "re") else { return nil }
        defer { fclose(file) }
        var line: UnsafeMutablePointer<CChar>?
        var capacity = 0
        defer { free(line) }
        while getline(&line, &capacity, file) > 0, let text = line.map({ String(cString: $0) }) {
            guard text.hasPrefix(key), let split = text.firstIndex(of: separator) else { continue }
            let value = text[text.index(after: split)...].filter { $0 != "\"" && $0 != "\n" }
            return value.split(separator: " ").joined(separator: " ")
        }
        return nil
    }
}
