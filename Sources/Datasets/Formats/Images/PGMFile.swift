/// Netpbm's PGM format: `P2`, numbers in words, and `P5`, in bytes.
///
/// One picture a file; comments are read over. Its relatives, bitmaps (`P1`, `P4`) and colour pictures (`P3`, `P6`), are
/// told apart and refused. Source: the manual page *pgm* of Netpbm.
enum PGMFile {
    /// Whether a file begins as Netpbm's formats do.
    static func recognizes(_ start: [UInt8]) -> Bool {
        start.count >= 3 && start[0] == UInt8(ascii: "P")
            && (UInt8(ascii: "1")...UInt8(ascii: "6")).contains(start[1])
            && (isSpace(start[2]) || start[2] == UInt8(ascii: "#"))
    }

    static func read(_ source: ByteSource) throws(DataFileError) -> GrayImage {
        let bytes = try source.bytes(at: 0, count: source.count)
        let isBinary: Bool
        switch bytes[1] {
        case UInt8(ascii: "2"): isBinary = false
        case UInt8(ascii: "5"): isBinary = true
        default:
            let digit = String(decoding: [bytes[1]], as: UTF8.self)
            throw source.error(
                .unsupportedType(
                    digit == "1" || digit == "4" ? "a bitmap (P\(digit))" : "a colour picture (P\(digit))"))
        }
        var scanner = Scanner(source: source, bytes: bytes, position: 2)
        let width = try scanner.number("width", within: 1...0x7FFF_FFFF)
        let height = try scanner.number("height", within: 1...0x7FFF_FFFF)
        let maximum = try scanner.number("white", within: 1...65535)
        let (count, overflow) = width.multipliedReportingOverflow(by: height)
        let size = isBinary && maximum > 255 ? 2 : 1
        // A byte or more for each pixel, in words too.
        guard !overflow, count <= bytes.count else {
            throw source.error(
                .malformed("claims \(width) × \(height) pixels, and has \(bytes.count) bytes in all"))
        }
        return GrayImage(
            width: width, height: height, maximum: maximum,
            levels: isBinary
                ? try binaryLevels(&scanner, count: count, size: size, maximum: maximum)
                : try writtenLevels(&scanner, count: count, maximum: maximum))
    }

    private static func binaryLevels(
        _ scanner: inout Scanner, count: Int, size: Int, maximum: Int
    ) throws(DataFileError) -> [UInt16] {
        // One white space, and no more, stands before the levels.
        let start = scanner.position + 1
        let rest = scanner.bytes.count - start
        if rest < count * size {
            throw scanner.source.error(.truncated(needed: count * size, available: max(rest, 0)))
        }
        if rest > count * size { throw scanner.source.error(.trailingBytes(rest - count * size)) }
        var levels: [UInt16] = []
        levels.reserveCapacity(count)
        for index in 0..<count {
            let place = start + index * size
            let level =
                size == 1
                ? UInt16(scanner.bytes[place])
                : UInt16(scanner.bytes[place]) << 8 | UInt16(scanner.bytes[place + 1])
            guard level <= maximum else {
                throw scanner.source.error(
                    .invalidValue("a pixel of level \(level), above the \(maximum) of white"), at: place)
            }
            levels.append(level)
        }
        return levels
    }

    private static func writtenLevels(
        _ scanner: inout Scanner, count: Int, maximum: Int
    ) throws(DataFileError) -> [UInt16] {
        var levels: [UInt16] = []
        levels.reserveCapacity(count)
        for _ in 0..<count { levels.append(UInt16(try scanner.number("a pixel", within: 0...maximum))) }
        if let next = scanner.skipSpace() {
            throw scanner.source.error(.trailingBytes(scanner.bytes.count - next), at: next)
        }
        return levels
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }

    /// Reads numbers separated by white space and comments.
    private struct Scanner {
        let source: ByteSource
        let bytes: [UInt8]
        var position: Int

        /// Goes over white space and comments; the place of what follows, if anything does.
        mutating func skipSpace() -> Int? {
            while position < bytes.count {
                if bytes[position] == UInt8(ascii: "#") {
                    while position < bytes.count, bytes[position] != 10, bytes[position] != 13 {
                        position += 1
                    }
                } else if PGMFile.isSpace(bytes[position]) {
                    position += 1
                } else {
                    return position
                }
            }
            return nil
        }

        mutating func number(_ what: String, within range: ClosedRange<Int>) throws(DataFileError) -> Int {
            guard let start = skipSpace() else {
                throw source.error(.truncated(needed: position + 1, available: bytes.count))
            }
            var value = 0
            while position < bytes.count, case let digit = bytes[position] &- 48, digit < 10 {
                value = min(value * 10 + Int(digit), 0x1_0000_0000)
                position += 1
            }
            let ends = position == bytes.count || PGMFile.isSpace(bytes[position]) || bytes[position] == 35
            guard position > start, ends else {
                throw source.error(.malformed("\(what) is not a number"), at: start)
            }
            guard range.contains(value) else {
                throw source.error(
                    .invalidValue(
                        "\(what) is \(value), which is not within \(range.lowerBound)…\(range.upperBound)"),
                    at: start)
            }
            return value
        }
    }
}
