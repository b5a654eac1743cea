import DescentDatasets
import Glibc

/// The numbered checkpoints of one run, and the best one.
struct CheckpointFolder {
    let path: String

    private static let prefix = "checkpoint-"
    private static let suffix = ".npz"
    private static let digits = 12

    /// The file for the checkpoint after so many updates; names sort as the numbers do.
    func file(updates: Int) -> String {
        let number = String(updates)
        let zeros = String(repeating: "0", count: max(0, Self.digits - number.count))
        return "\(path)/\(Self.prefix)\(zeros)\(number)\(Self.suffix)"
    }

    /// The file for the checkpoint with the lowest loss.
    var best: String { "\(path)/best.npz" }

    /// Makes the folder, and those above it, where they are missing.
    func create() throws(CheckpointError) {
        for end in path.indices where path[end] == "/" && end > path.startIndex {
            _ = mkdir(String(path[..<end]), 0o777)
        }
        guard mkdir(path, 0o777) != 0 else { return }
        var status = stat()
        let code = errno
        if code == EEXIST, stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { return }
        throw CheckpointError(
            file: path, reason: .file(DataFileError(file: path, reason: .unwritable(code: code))))
    }

    /// The numbers of the checkpoints there are, the newest first; none where there is no folder.
    func numbers() throws(CheckpointError) -> [Int] {
        guard let folder = opendir(path) else {
            if errno == ENOENT { return [] }
            throw CheckpointError(
                file: path, reason: .file(DataFileError(file: path, reason: .unreadable(code: errno))))
        }
        defer { closedir(folder) }
        var numbers: [Int] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if let number = Self.number(in: name) { numbers.append(number) }
        }
        return numbers.sorted(by: >)
    }

    /// The number in a numbered checkpoint's name; `nil` for any other name.
    static func number(in name: String) -> Int? {
        guard name.hasPrefix(prefix), name.hasSuffix(suffix) else { return nil }
        let number = name.dropFirst(prefix.count).dropLast(suffix.count)
        guard number.count >= digits, number.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
        return Int(number)
    }

    /// Removes all but the last so many of the checkpoints up to a number.
    ///
    /// Newer ones stay: they are not this run's. One that cannot be removed does no harm.
    func prune(keepingLast count: Int, upTo newest: Int) throws(CheckpointError) {
        for number in try numbers().filter({ $0 <= newest }).dropFirst(count) {
            unlink(file(updates: number))
        }
    }
}
