import Glibc

/// The rows of a CSV file in blocks, for files that are larger than the memory and for pipes.
///
/// Where blocks begin and end depends on the text alone, not on how a pipe delivers it. Each is read as
/// ``CSVFile`` reads a whole file, so that a column may be of numbers in one block and of text in another.
package struct CSVBlocks: ~Copyable {
    /// Some records.
    package struct Block: Sendable {
        /// The records as a table, under the names of the file's columns.
        package let table: Table
        /// The text of these records alone.
        package let source: ByteSource
        /// How many lines of the file come before them.
        package let lineOffset: Int
    }

    /// What messages call the file.
    package let name: String
    /// How many bytes have been read.
    package private(set) var byteCount = 0

    private let descriptor: Int32
    private var rest: [UInt8] = []
    private var isAtEnd = false
    private var lines = 0
    private var head: (names: [String], separator: Character)?
    private let blockSize: Int

    /// Opens a file, or for `-` standard input.
    ///
    /// - Throws: `DataFileError` when it cannot be read.
    package init(path: String, blockSize: Int = 8 << 20) throws(DataFileError) {
        name = path == "-" ? "standard input" : path
        self.blockSize = blockSize
        descriptor = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 { throw DataFileError(file: name, reason: .unreadable(code: errno)) }
    }

    deinit { close(descriptor) }

    /// The next blocks, at most `count`, which are read by as many threads; none at the end.
    ///
    /// - Throws: `DataFileError` as ``CSVFile`` does, with lines counted from the beginning of the file.
    package mutating func next(_ count: Int) throws(DataFileError) -> [Block] {
        var blocks: [Block] = []
        if head == nil {
            // The first block says what the columns are.
            guard let (bytes, offset) = try text() else {
                throw DataFileError(
                    file: name, reason: byteCount == 0 ? .empty : .malformed("has no record in it"))
            }
            if let complaint = Self.complaint(bytes) { throw DataFileError(file: name, reason: complaint) }
            let reader: (table: Table, separator: UInt8)
            do throws(DataFileError) {
                reader = try Self.read(bytes, name: name)
            } catch {
                throw Self.shifted(error, by: offset)
            }
            head = (reader.table.columnNames, Character(UnicodeScalar(reader.separator)))
            let source = ByteSource(name: name, bytes: ByteStorage(bytes))
            blocks.append(Block(table: reader.table, source: source, lineOffset: offset))
        }
        var texts: [(bytes: [UInt8], offset: Int)] = []
        while blocks.count + texts.count < count, let text = try text() { texts.append(text) }
        let (names, separator) = head!
        let name = name
        let results = Parallel.map(texts, threads: count) { text in
            Result { () throws(DataFileError) in
                try Self.block(
                    text.bytes, offset: text.offset, name: name, names: names, separator: separator)
            }
        }
        for result in results { blocks.append(try result.get()) }
        return blocks
    }

    private static func read(
        _ bytes: [UInt8], name: String
    ) throws(DataFileError) -> (table: Table, separator: UInt8) {
        let storage = ByteStorage(bytes)
        defer { withExtendedLifetime(storage) {} }
        let reader = try CSVReader(storage.bytes, name: name, options: CSVFile.Options())
        return (try reader.table(), reader.separator)
    }

    private static func block(
        _ bytes: [UInt8], offset: Int, name: String, names: [String], separator: Character
    ) throws(DataFileError) -> Block {
        let source = ByteSource(name: name, bytes: ByteStorage(bytes))
        let table: Table
        do throws(DataFileError) {
            table = try CSVFile.read(
                source, options: CSVFile.Options(separator: separator, hasHeader: false))
        } catch {
            throw shifted(error, by: offset)
        }
        guard table.columns.count == names.count else {
            throw DataFileError(
                file: name, position: .line(offset + 1, column: nil),
                reason: .malformed(
                    "the record has \(table.columns.count) fields where the first one has \(names.count)"))
        }
        let columns = zip(names, table.columns).map { Table.Column($0, $1.values, missing: $1.missing) }
        return Block(table: Table(columns, hasHeader: false), source: source, lineOffset: offset)
    }

    /// The same error, at its line of the whole file.
    private static func shifted(_ error: DataFileError, by lines: Int) -> DataFileError {
        guard case .line(let line, let column) = error.position else { return error }
        var error = error
        error.position = .line(line + lines, column: column)
        return error
    }

    /// Why a file that begins like this is no text to be read in blocks.
    private static func complaint(_ start: [UInt8]) -> DataFileError.Reason? {
        if start.starts(with: Gzip.magic) {
            return .unrepresentable("is compressed; decode it first, as in zcat FILE | …")
        }
        let isBinary = start.prefix(4096).contains { $0 < 32 && ![9, 10, 12, 13].contains($0) || $0 == 127 }
        return isBinary ? .unrepresentable("is no text, and only CSV and TSV can be read in blocks") : nil
    }

    // MARK: Text

    /// Whole records of about the size of a block, and the number of lines before them; nil at the end.
    private mutating func text() throws(DataFileError) -> (bytes: [UInt8], offset: Int)? {
        var wanted = blockSize
        while true {
            try fill(to: wanted)
            if rest.isEmpty { return nil }
            guard let end = isAtEnd && rest.count <= wanted ? rest.count : Self.lastRecordEnd(rest, wanted)
            else {
                // A record longer than a block.
                wanted *= 2
                continue
            }
            let bytes = Array(rest[..<end])
            rest.removeFirst(end)
            let offset = lines
            lines += Self.lineCount(bytes)
            if bytes.allSatisfy({ $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) {
                wanted = blockSize
                continue
            }
            return (bytes, offset)
        }
    }

    /// Reads until so many bytes are there, or the file ends.
    private mutating func fill(to wanted: Int) throws(DataFileError) {
        while !isAtEnd && rest.count < wanted {
            let start = rest.count
            let (descriptor, space) = (descriptor, wanted - start)
            var result = 0
            rest.append(
                contentsOf: [UInt8](unsafeUninitializedCapacity: space) { buffer, count in
                    repeat {
                        result = Glibc.read(descriptor, buffer.baseAddress, space)
                    } while result < 0 && errno == EINTR
                    count = max(result, 0)
                })
            if result < 0 { throw DataFileError(file: name, reason: .unreadable(code: errno)) }
            byteCount += result
            isAtEnd = result == 0
        }
    }

    /// The end of the last line within a limit that does not end inside of quotes.
    private static func lastRecordEnd(_ bytes: [UInt8], _ limit: Int) -> Int? {
        bytes.withUnsafeBytes { bytes in
            let count = min(limit, bytes.count)
            if memchr(bytes.baseAddress!, Int32(UInt8(ascii: "\"")), count) == nil {
                if let feed = bytes[..<count].lastIndex(of: UInt8(ascii: "\n")) { return feed + 1 }
                // Old files end their lines with a carriage return alone; the last byte may be half of a pair.
                return bytes[..<max(count - 1, 0)].lastIndex(of: UInt8(ascii: "\r")).map { $0 + 1 }
            }
            var (isQuoted, end) = (false, 0)
            for index in 0..<count {
                let byte = bytes[index]
                if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
                let isReturn =
                    byte == UInt8(ascii: "\r") && index + 1 < count && bytes[index + 1] != UInt8(ascii: "\n")
                if !isQuoted && (byte == UInt8(ascii: "\n") || isReturn) { end = index + 1 }
            }
            return end > 0 ? end : nil
        }
    }

    private static func lineCount(_ bytes: [UInt8]) -> Int {
        bytes.withUnsafeBytes { bytes in
            let feeds = occurrences(of: UInt8(ascii: "\n"), in: bytes)
            let returns = occurrences(of: UInt8(ascii: "\r"), in: bytes)
            guard returns > 0 else { return feeds }
            // Pairs are one line end.
            var pairs = 0
            for index in 1..<bytes.count where bytes[index] == UInt8(ascii: "\n") {
                pairs += bytes[index - 1] == UInt8(ascii: "\r") ? 1 : 0
            }
            return feeds + returns - pairs
        }
    }

    /// By the C library's search, which looks at many bytes at a time.
    private static func occurrences(of byte: UInt8, in bytes: UnsafeRawBufferPointer) -> Int {
        var (count, start) = (0, 0)
        while start < bytes.count,
            let place = memchr(bytes.baseAddress! + start, Int32(byte), bytes.count - start)
        {
            count += 1
            start = UnsafeRawPointer(place) - bytes.baseAddress! + 1
        }
        return count
    }
}
