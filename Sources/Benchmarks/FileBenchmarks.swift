import Descent

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
}
