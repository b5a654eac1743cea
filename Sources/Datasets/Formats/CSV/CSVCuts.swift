/// Where a CSV file is cut into pieces that are read at the same time.
struct CSVCuts: @unchecked Sendable {
    // Unchecked: nobody writes to the bytes.
    private let bytes: UnsafeRawBufferPointer
    private let rule: Rule
    private let size: Int

    /// Which line ends are taken for the ends of records.
    enum Rule: CaseIterable, Sendable {
        /// All.
        case all
        /// Those with an even number of quotes before them.
        case afterEvenQuotes
        /// None: there is one piece.
        case none
    }

    private static let quote = UInt8(ascii: "\"")

    /// Cuts into pieces of about `size` bytes.
    init(_ bytes: UnsafeRawBufferPointer, rule: Rule, size: Int) {
        self.bytes = bytes
        self.rule = rule
        self.size = size
    }

    /// The pieces of what begins with a record at `start`; blank lines are at the end of a piece.
    func ranges(from start: Int) -> [Range<Int>] {
        guard rule != .none, bytes.count - start > size else { return [start..<bytes.count] }
        let count = (bytes.count - start) / size
        let nominal =
            (0...count).map { start + (bytes.count - start) / count * $0 }.dropLast() + [bytes.count]
        var isQuoted = [Bool](repeating: false, count: count)
        if rule == .afterEvenQuotes {
            let quotes = Parallel.map(Array(0..<count)) { index in
                let part = UnsafeRawBufferPointer(rebasing: bytes[nominal[index]..<nominal[index + 1]])
                return ByteCount.count(of: Self.quote, or: Self.quote, in: part)
            }
            for index in 1..<count { isQuoted[index] = isQuoted[index - 1] != (quotes[index - 1] & 1 != 0) }
        }
        var cuts = [start]
        for index in 1..<count where nominal[index] > cuts.last! {
            if let cut = recordStart(
                from: nominal[index], to: nominal[index + 1], isQuoted: isQuoted[index])
            {
                cuts.append(cut)
            }
        }
        return zip(cuts, cuts.dropFirst() + [bytes.count]).map { $0..<$1 }
    }

    /// The first record that begins after a line end in a range; nil where there is none.
    private func recordStart(from start: Int, to end: Int, isQuoted: Bool) -> Int? {
        var (isQuoted, position) = (isQuoted, start)
        while position < end {
            let byte = bytes[position]
            if byte == Self.quote, rule == .afterEvenQuotes { isQuoted.toggle() }
            position += 1
            guard !isQuoted, Self.isNewline(byte) else { continue }
            while position < bytes.count, Self.isNewline(bytes[position]) { position += 1 }
            return position < bytes.count ? position : nil
        }
        return nil
    }

    private static func isNewline(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
    }
}
