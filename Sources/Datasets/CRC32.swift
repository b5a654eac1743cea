import CZlib

/// A running CRC-32, as zip, gzip and PNG have it: any change within 32 bits is seen.
package struct CRC32: Sendable {
    private var sum: UInt = 0

    package init() {}

    /// The checksum of what has been added.
    package var value: UInt32 { UInt32(truncatingIfNeeded: sum) }

    /// Eight hexadecimal digits.
    package var text: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    /// Adds bytes.
    package mutating func add(_ bytes: UnsafeRawBufferPointer) {
        // Given no bytes, zlib would start the checksum anew.
        guard !bytes.isEmpty else { return }
        sum = UInt(crc32_z(sum, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count))
    }

    /// Adds the bytes of a text, and its length, so that texts behind each other cannot run together.
    package mutating func add(_ text: String) {
        var text = text
        add(text.utf8.count)
        text.withUTF8 { add(UnsafeRawBufferPointer($0)) }
    }

    /// Adds a whole number.
    package mutating func add(_ number: Int) { withUnsafeBytes(of: number.littleEndian) { add($0) } }

    /// Adds the values of an array in C order, their type and shape.
    package mutating func add(_ array: NumericArray) {
        add("\(array.elementType)")
        add(array.shape.count)
        for length in array.shape { add(length) }
        array.inCOrder().withUnsafeBytes { add($0) }
    }
}
