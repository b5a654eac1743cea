/// Comma-separated values and their kin: a table as text.
///
/// Fields may be quoted and then hold separators, line breaks and doubled quotes (RFC 4180). A byte order
/// mark is skipped; lines end in LF, CR LF or CR; blank lines do not count; the text is UTF-8. A column whose
/// every value is a number or missing is a column of numbers, correctly rounded to `Double`; every other
/// column is text.
public enum CSVFile {
    /// How a file is to be understood.
    public struct Options: Sendable {
        /// What stands between fields; `nil` finds out whether it is a tab, a semicolon or a comma.
        public var separator: Character?
        /// Whether the first record holds the columns' names; `nil` finds out.
        ///
        /// It does when it has a text above a column of numbers, or texts only.
        public var hasHeader: Bool?
        /// The texts that stand for a missing value.
        public var missingMarkers: Set<String>

        /// The usual markers, everything else found out.
        public init(
            separator: Character? = nil, hasHeader: Bool? = nil,
            missingMarkers: Set<String> = ["", "NA", "N/A", "NULL", "null", "?", "."]
        ) {
            self.separator = separator
            self.hasHeader = hasHeader
            self.missingMarkers = missingMarkers
        }
    }

    /// Reads the table in a file, or for `-` in standard input.
    ///
    /// - Throws: `DataFileError` naming the file, the line and the column: a record of another length than
    ///   the first, a quoted field without an end, text that is not UTF-8, a number beyond `Double`.
    public static func read(path: String, options: Options = Options()) throws(DataFileError) -> Table {
        try read(ByteSource(path: path), options: options)
    }

    static func read(_ source: ByteSource, options: Options = Options()) throws(DataFileError) -> Table {
        if source.count == 0 { throw source.error(.empty) }
        let place: (storage: ByteStorage, offset: Int)
        if let shared = source.shared(at: 0, count: source.count) {
            place = shared
        } else {
            place = (ByteStorage(try source.bytes(at: 0, count: source.count)), 0)
        }
        defer { withExtendedLifetime(place.storage) {} }
        let bytes = UnsafeRawBufferPointer(
            rebasing: place.storage.bytes[place.offset..<(place.offset + source.count)])
        // Only a text that goes on may have no table yet.
        return try CSVReader(bytes, name: source.name, options: options).table()!.table
    }
}
