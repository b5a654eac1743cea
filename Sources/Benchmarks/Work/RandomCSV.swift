import Descent
import Glibc

/// A file of random numbers with all their digits: features x1, x2, … uniform in ±1, and y with coefficients 1, 2, ….
enum RandomCSV {
    /// Writes the file, unless it is there; it appears under its name when it is whole.
    ///
    /// - Parameter columns: Features and target together.
    /// - Throws: ``PeerError`` with what the system says.
    static func write(rows: Int, columns: Int, to path: String) throws {
        guard access(path, F_OK) != 0 else { return }
        let temporary = "\(path).\(getpid()).part"
        guard let file = fopen(temporary, "w") else { throw failure(path) }
        var generator = RandomGenerator(seed: 0)
        let features = columns - 1
        var text = (1...features).map { "x\($0)" }.joined(separator: ",") + ",y\n"
        for row in 0..<rows {
            var y = 0.1 * generator.nextNormal()
            for feature in 1...features {
                let x = 2 * generator.nextUnit() - 1
                y += Double(feature) * x
                text += "\(x),"
            }
            text += "\(y)\n"
            guard row % 1000 == 999 || row == rows - 1 else { continue }
            let written = text.withUTF8 { fwrite($0.baseAddress, 1, $0.count, file) }
            guard written == text.utf8.count else {
                fclose(file)
                unlink(temporary)
                throw failure(path)
            }
            text.removeAll(keepingCapacity: true)
        }
        guard fclose(file) == 0, rename(temporary, path) == 0 else { throw failure(path) }
    }

    private static func failure(_ path: String) -> PeerError {
        PeerError("\(path) cannot be written: \(String(cString: strerror(errno)))")
    }
}
