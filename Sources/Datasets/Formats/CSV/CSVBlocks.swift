import Glibc

/// The rows of a CSV file in blocks, for files that are larger than the memory and for pipes.
///
/// Where blocks begin and end depends on the text alone, not on how a pipe delivers it. Each is read as
/// ``CSVFile`` reads a whole file, so that a column may be of numbers in one block and of text in another. While
/// one is read from the text, the text of the next is read from the file.
package struct CSVBlocks: ~Copyable {
    /// Some records.
    package struct Block: Sendable {
        /// The records as a table, under the names of the file's columns.
        package let table: Table
        /// How many lines of the file come before them.
        package let lineOffset: Int
        /// What messages call the file.
        package let name: String
        fileprivate let text: CSVText
        fileprivate let end: Int

        /// A copy of the text of these records alone.
        package var source: ByteSource {
            let bytes = UnsafeRawBufferPointer(rebasing: text.bytes[..<end])
            return ByteSource(name: name, bytes: ByteStorage(Array(bytes)))
        }
    }

    /// What messages call the file.
    package let name: String
    /// How many bytes have been read.
    package private(set) var byteCount = 0

    private let descriptor: Int32
    private var blockSize: Int
    private let greatestSize: Int
    /// What has been read and is in no block yet.
    private var text: CSVText?
    private var lines = 0
    private var head: (names: [String], separator: Character)?
    /// Memory that blocks were made from, to be used again when nobody has them any more.
    private var spare: [CSVText] = []

    /// More blocks than a record has; what seems to be longer is a quote without an end.
    private static let longestRecord = 4

    /// So many rows for each column are worth having in a block: what is computed of blocks takes as long as some
    /// rows for each column in any case.
    private static let rowsPerColumn = 8

    /// Opens a file, or for `-` standard input.
    ///
    /// - Parameter blockSizes: The bytes of a block, and up to how many for tables so wide that it has few rows. Fresh
    ///   memory costs a third of the time that it takes to read what is read into it, so that there should not be more
    ///   than necessary.
    /// - Throws: `DataFileError` when it cannot be read.
    package init(path: String, blockSizes: ClosedRange<Int> = 8 << 20...64 << 20) throws(DataFileError) {
        name = path == "-" ? "standard input" : path
        (blockSize, greatestSize) = (blockSizes.lowerBound, blockSizes.upperBound)
        descriptor = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 { throw DataFileError(file: name, reason: .unreadable(code: errno)) }
    }

    deinit { close(descriptor) }

    /// The next block; `nil` at the end.
    ///
    /// - Throws: `DataFileError` as ``CSVFile`` does, with lines counted from the beginning of the file.
    package mutating func next() throws(DataFileError) -> Block? {
        if byteCount == 0 { text = try start() }
        while let text {
            // Both at the same time: this text becomes a table, and the next is read.
            let (name, descriptor, head) = (name, descriptor, head)
            let space = text.isLast ? nil : memory()
            let (parsed, failure) = Parallel.both {
                Result { () throws(DataFileError) in try Self.parse(text, name: name, head: head) }
            } _: {
                space?.fill(from: descriptor)
            }
            let part: CSVReader.Part?
            do throws(DataFileError) {
                part = try parsed.get()
                if let part, self.head == nil {
                    self.head = (part.table.columnNames, part.separator)
                    grow(for: part)
                }
            } catch {
                throw error.shifted(by: lines)
            }
            if let failure { throw DataFileError(file: name, reason: .unreadable(code: failure)) }
            let end = part?.end ?? 0
            if let space {
                byteCount += space.bytes.count
                let rest = UnsafeRawBufferPointer(rebasing: text.bytes[end...])
                if rest.count > Self.longestRecord * blockSize {
                    throw DataFileError(
                        file: name, position: .line(lines + (part?.lineCount ?? 0) + 1, column: nil),
                        reason: .malformed("the record has no end within \(rest.count) bytes"))
                }
                self.text = space.prepended(by: rest)
            } else {
                self.text = nil
            }
            guard let part, part.table.rowCount > 0 || head == nil else { continue }
            spare.append(text)
            defer { lines += part.lineCount }
            return Block(table: part.table, lineOffset: lines, name: name, text: text, end: end)
        }
        return nil
    }

    /// The first text, which says what the columns are.
    private mutating func start() throws(DataFileError) -> CSVText {
        let text = memory()
        if let failure = text.fill(from: descriptor) {
            throw DataFileError(file: name, reason: .unreadable(code: failure))
        }
        byteCount = text.bytes.count
        if byteCount == 0 { throw DataFileError(file: name, reason: .empty) }
        if let complaint = Self.complaint(text.bytes) { throw DataFileError(file: name, reason: complaint) }
        return text
    }

    /// Makes blocks larger if the first one has few rows for its columns.
    private mutating func grow(for part: CSVReader.Part) {
        guard part.table.rowCount > 0 else { return }
        let wanted = part.end / part.table.rowCount * part.table.columns.count * Self.rowsPerColumn
        blockSize = max(blockSize, min(wanted, greatestSize))
    }

    /// Memory for a text.
    private mutating func memory() -> CSVText {
        let size = blockSize
        spare.removeAll { $0.capacity != size }
        for index in spare.indices where isKnownUniquelyReferenced(&spare[index]) {
            return spare.remove(at: index)
        }
        return CSVText(room: max(64, blockSize / 16), capacity: blockSize)
    }

    private static func parse(
        _ text: CSVText, name: String, head: (names: [String], separator: Character)?
    ) throws(DataFileError) -> CSVReader.Part? {
        let reader = try CSVReader(
            text.bytes, name: name, options: CSVFile.Options(separator: head?.separator),
            isOpen: !text.isLast)
        if let head { return try reader.table(names: head.names) }
        return try reader.table()
    }

    /// Why a file that begins like this is no text to be read in blocks.
    private static func complaint(_ start: UnsafeRawBufferPointer) -> DataFileError.Reason? {
        if start.starts(with: Gzip.magic) {
            return .unrepresentable("is compressed; decode it first, as in zcat FILE | …")
        }
        let isBinary = start.prefix(4096).contains { $0 < 32 && ![9, 10, 12, 13].contains($0) || $0 == 127 }
        return isBinary ? .unrepresentable("is no text, and only CSV and TSV can be read in blocks") : nil
    }
}
