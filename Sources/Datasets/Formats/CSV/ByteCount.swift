/// How often a byte occurs, sixteen bytes at a time.
enum ByteCount {
    /// Line feeds and carriage returns together.
    static func lineEnds(in bytes: UnsafeRawBufferPointer) -> Int {
        count(of: UInt8(ascii: "\n"), or: UInt8(ascii: "\r"), in: bytes)
    }

    /// How many bytes are equal to one of two.
    static func count(of first: UInt8, or second: UInt8, in bytes: UnsafeRawBufferPointer) -> Int {
        typealias Vector = SIMD16<UInt8>
        guard let base = bytes.baseAddress else { return 0 }
        let (firsts, seconds) = (Vector(repeating: first), Vector(repeating: second))
        let ones = Vector(repeating: 1)
        var (total, position) = (0, 0)
        while bytes.count - position >= 16 {
            // A lane counts to 255.
            var lanes = Vector(repeating: 0)
            let end = position + min(255, (bytes.count - position) / 16) * 16
            while position < end {
                let vector = base.loadUnaligned(fromByteOffset: position, as: Vector.self)
                let isEither = (vector .== firsts) .| (vector .== seconds)
                lanes &+= Vector(repeating: 0).replacing(with: ones, where: isEither)
                position &+= 16
            }
            for lane in 0..<16 { total += Int(lanes[lane]) }
        }
        while position < bytes.count {
            if bytes[position] == first || bytes[position] == second { total += 1 }
            position += 1
        }
        return total
    }
}
