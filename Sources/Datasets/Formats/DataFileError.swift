import Glibc

/// What was wrong with a data file, and where.
public struct DataFileError: Error, Sendable, Equatable {
    /// A place inside a file.
    public enum Position: Sendable, Equatable {
        /// Bytes from the beginning of the file.
        case byte(Int)
        /// Line and column of a text file, both counted from 1; the column counts fields.
        case line(Int, column: Int?)
    }

    /// The ways in which a file can be unusable.
    public enum Reason: Sendable, Equatable {
        /// The system refused to open or read it; the code is `errno`.
        case unreadable(code: Int32)
        /// The system refused to create or write it; the code is `errno`.
        case unwritable(code: Int32)
        /// It is a directory.
        case isDirectory
        /// It is there already and was not to be replaced.
        case exists
        /// It has no bytes.
        case empty
        /// Its contents are of no format that is known here.
        case unrecognized
        /// It ends too early.
        case truncated(needed: Int, available: Int)
        /// It goes on after its end.
        case trailingBytes(Int)
        /// There is not enough memory for what it holds.
        case outOfMemory(bytes: Int)
        /// It has no array of that name; the names it has.
        case noSuchArray(String, available: [String])
        /// Its structure contradicts its format's definition.
        case malformed(String)
        /// It is one part of an archive that is split over several files.
        case multiDisk
        /// The member is encrypted.
        case encrypted
        /// The member is compressed by something other than deflate; the zip method's number.
        case unsupportedCompression(method: Int)
        /// The member's name would leave its folder, or has characters that names do not have.
        case unsafeName
        /// The header before the member's data and the archive's directory say different things.
        case localHeaderDisagrees(field: String)
        /// The member's bytes are another member's too.
        case overlap(with: String)
        /// It claims more than the bytes that are there can hold.
        case impossibleSize(claimed: Int, most: Int)
        /// It holds fewer or more bytes than it claims.
        case sizeMismatch(claimed: Int, actual: Int)
        /// Its bytes are not those that were written.
        case checksumMismatch(expected: UInt32, actual: UInt32)
        /// Its compressed bytes are damaged.
        case corruptStream(String)
        /// It is of a version of its format that does not exist or is not known here.
        case unsupportedVersion(String)
        /// Its values are of a type that is not numbers.
        case unsupportedType(String)
        /// Its shape is of a size that no computer can hold.
        case shapeOverflow(String)
        /// One of its values is not one of its type's.
        case invalidValue(String)
        /// What was to be written has no place in the format.
        case unrepresentable(String)
    }

    /// The file's path, or a name for bytes that are in no file.
    public var file: String
    /// The member of the archive, as the archive names it.
    public var member: String?
    /// Where in the file.
    public var position: Position?
    /// What was wrong.
    public var reason: Reason

    /// An error about a file, one of its members, or a place in it.
    public init(file: String, member: String? = nil, position: Position? = nil, reason: Reason) {
        self.file = file
        self.member = member
        self.position = position
        self.reason = reason
    }
}

extension DataFileError: CustomStringConvertible {
    /// One sentence for people: the file, the place, what was wrong and, where it helps, what to do.
    public var description: String { Self.printable(file) + ": " + detail }

    /// The place in the file, and what was wrong.
    package var detail: String {
        var parts: [String] = []
        if let member { parts.append("member \"\(Self.printable(member))\"") }
        switch position {
        case .byte(let offset): parts.append("at byte \(offset)")
        case .line(let line, let column):
            parts.append("line \(line)" + (column.map { ", column \($0)" } ?? ""))
        case nil: break
        }
        return (parts + [reason.description]).joined(separator: ": ")
    }

    /// Whether the bytes of the file are to blame: trying again, with more rights or more memory, will not help.
    package var isDamage: Bool {
        switch reason {
        case .unreadable, .unwritable, .outOfMemory, .isDirectory, .exists: false
        default: true
        }
    }

    /// The text without control characters, so that a hostile name cannot write to the terminal.
    package static func printable(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0.value < 32 || (127..<160).contains($0.value) }) else {
            return text
        }
        return String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { $0.value < 32 || (127..<160).contains($0.value) ? "\u{FFFD}" : $0 })
        )
    }
}

extension DataFileError.Reason: CustomStringConvertible {
    /// The reason in words.
    public var description: String {
        switch self {
        case .unreadable(let code): "cannot be read: \(String(cString: strerror(code)))"
        case .unwritable(let code): "cannot be written: \(String(cString: strerror(code)))"
        case .isDirectory: "is a directory, not a file"
        case .exists: "exists already and is left as it is"
        case .empty: "is empty"
        case .unrecognized: "is neither npz, npy, IDX nor CSV"
        case .truncated(let needed, let available):
            "is cut short: \(needed) bytes are needed and \(available) are there"
        case .trailingBytes(let count): "goes on for \(count) bytes after its end"
        case .outOfMemory(let bytes): "there is no memory for its \(bytes) bytes"
        case .noSuchArray(let name, let available):
            "has no array \"\(DataFileError.printable(name))\""
                + (available.isEmpty
                    ? "" : "; it has " + available.map(DataFileError.printable).joined(separator: ", "))
        case .malformed(let what): what
        case .multiDisk: "is part of an archive split over several files; join them first"
        case .encrypted: "is encrypted, which is not supported"
        case .unsupportedCompression(let method):
            "is compressed with \(Self.methodName(method)); only stored and deflated members are supported"
        case .unsafeName: "has a name that is no plain relative path"
        case .localHeaderDisagrees(let field):
            "its \(field) in the local header and in the archive's directory differ"
        case .overlap(let other):
            "shares its bytes with \"\(DataFileError.printable(other))\", as no honest archive does"
        case .impossibleSize(let claimed, let most):
            "claims \(claimed) bytes where at most \(most) are possible"
        case .sizeMismatch(let claimed, let actual): "claims \(claimed) bytes and has \(actual)"
        case .checksumMismatch(let expected, let actual):
            "is damaged: its checksum is \(Self.hexadecimal(actual)) and should be \(Self.hexadecimal(expected))"
        case .corruptStream(let what): "its compressed data is damaged: \(what)"
        case .unsupportedVersion(let version): "is of version \(version), which is not supported"
        case .unsupportedType(let type): "holds \(type), not numbers of a supported type"
        case .shapeOverflow(let shape): "its shape \(shape) is too large for any memory"
        case .invalidValue(let what): what
        case .unrepresentable(let what): what
        }
    }

    private static func hexadecimal(_ value: UInt32) -> String {
        let digits = String(value, radix: 16)
        return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
    }

    /// The names in section 4.4.5 of PKWARE's APPNOTE.
    private static func methodName(_ method: Int) -> String {
        switch method {
        case 1: "shrink (method 1)"
        case 6: "implode (method 6)"
        case 9: "deflate64 (method 9)"
        case 12: "bzip2 (method 12)"
        case 14: "LZMA (method 14)"
        case 93: "Zstandard (method 93)"
        case 95: "xz (method 95)"
        default: "method \(method)"
        }
    }
}
