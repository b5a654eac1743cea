// Reading and writing the little-endian integers of zip and npy headers.

extension RandomAccessCollection where Element == UInt8, Index == Int {
    /// The integer at an offset from the beginning; `nil` where the bytes end before it does.
    func littleEndian<Integer: FixedWidthInteger>(_ type: Integer.Type, at offset: Int) -> Integer? {
        let size = MemoryLayout<Integer>.size
        guard offset >= 0, offset <= count - size else { return nil }
        var value: Integer = 0
        for position in (0..<size).reversed() {
            value = value << 8 | Integer(truncatingIfNeeded: self[startIndex + offset + position])
        }
        return value
    }
}

extension Array where Element == UInt8 {
    /// Appends an integer, lowest byte first.
    mutating func appendLittleEndian(_ value: some FixedWidthInteger) {
        for position in 0..<(value.bitWidth / 8) {
            append(UInt8(truncatingIfNeeded: value >> (8 * position)))
        }
    }
}
