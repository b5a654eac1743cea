import Descent
import DescentDatasets
import Glibc

extension Benchmark {
    /// Opening an npz file and reading every array in it.
    ///
    /// - Throws: `DataFileError` when the file cannot be read.
    static func reading(npz path: String) throws -> [Benchmark] {
        func read() throws -> [NumericArray] {
            let archive = try NPZArchive(path: path)
            return try archive.arrays(named: archive.names)
        }
        let bytes = try read().reduce(0) { $0 + $1.byteCount }
        let name = path.split(separator: "/").last ?? "npz"
        return [
            Benchmark(name: "reading \(name), as decoded", amount: Double(bytes) * 1e-6, unit: "MB") {
                { _ = try read() }
            }
        ]
    }

    /// Reading CSV: numbers of 16 or 17 digits, whole and in blocks, and short ones.
    static var csv: [Benchmark] {
        [
            reading("csv, 10⁵ × 10, all digits", rows: 100_000, in: .digits),
            reading("csv, 10⁵ × 10, all digits, in blocks", rows: 100_000, in: .digits, isStreamed: true),
            reading("csv, 10⁵ × 10, counts", rows: 100_000, in: .counts),
        ]
    }

    private enum Style { case digits, counts }

    private static func reading(
        _ name: String, rows: Int, in style: Style, isStreamed: Bool = false
    ) -> Benchmark {
        let lines = text(rows: rows, style)
        return Benchmark(name: name, amount: Double(lines.utf8.count) * 1e-6, unit: "MB") {
            // A file without a name, which goes when the process ends.
            var template = Array("/tmp/descent-perf-XXXXXX".utf8CString)
            let descriptor = mkstemp(&template)
            guard descriptor >= 0 else { throw DataFileError(file: name, reason: .unwritable(code: errno)) }
            unlink(template)
            var left = Array(lines.utf8)[...]
            while !left.isEmpty {
                let count = left.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
                guard count > 0 else { throw DataFileError(file: name, reason: .unwritable(code: errno)) }
                left = left.dropFirst(count)
            }
            let path = "/proc/self/fd/\(descriptor)"
            return {
                guard isStreamed else {
                    _ = try CSVFile.read(path: path)
                    return
                }
                var blocks = try CSVBlocks(path: path)
                while try blocks.next() != nil {}
            }
        }
    }

    private static func text(rows: Int, _ style: Style) -> String {
        var generator = RandomGenerator(seed: 0)
        var text = "x0,x1,x2,x3,x4,x5,x6,x7,x8,x9\n"
        for _ in 0..<rows {
            let fields = (0..<10).map { _ in
                let value = Double.random(in: -1..<1, using: &generator)
                return style == .digits ? "\(value)" : "\(Int(value * 1000))"
            }
            text += fields.joined(separator: ",") + "\n"
        }
        return text
    }
}
