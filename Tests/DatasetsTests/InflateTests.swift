import CKernels
import CZlib
import Testing

@testable import DescentDatasets

/// The decoder of deflate streams that are in memory whole, against zlib.
@Suite struct InflateTests {
    /// SplitMix64.
    private struct Noise {
        var state: UInt64
        mutating func next(below bound: Int) -> Int {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return Int((z ^ (z >> 31)) >> 33) % bound
        }
    }

    /// Bytes that deflate takes in different ways: noise, runs, few symbols, repetitions near and far.
    private func bytes(_ kind: Int, _ count: Int, _ noise: inout Noise) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        for i in 0..<count {
            switch kind {
            case 0: bytes[i] = UInt8(noise.next(below: 256))
            case 1: bytes[i] = noise.next(below: 9) == 0 ? UInt8(noise.next(below: 256)) : 0
            case 2: bytes[i] = UInt8(noise.next(below: 3))
            case 3:
                bytes[i] =
                    i > 300 && noise.next(below: 4) > 0
                    ? bytes[i - 1 - noise.next(below: 300)] : UInt8(noise.next(below: 256))
            default:
                let back = [1, 2, 3, 5, 7, 8, 15, 16, 17, 31, 258][noise.next(below: 11)]
                bytes[i] = i > 600 && i % 97 > 3 ? bytes[i - back] : UInt8(noise.next(below: 256))
            }
        }
        return bytes
    }

    /// A raw stream, with a flush in its middle for every other seed.
    private func deflated(_ bytes: [UInt8], level: Int32, strategy: Int32, flushes: Bool) -> [UInt8] {
        var stream = z_stream()
        precondition(
            deflateInit2_(
                &stream, level, Z_DEFLATED, -15, 8, strategy, ZLIB_VERSION,
                Int32(MemoryLayout<z_stream>.size)) == Z_OK)
        defer { deflateEnd(&stream) }
        var result = [UInt8](repeating: 0, count: 2 * bytes.count + 100)
        var input = bytes + [0]
        let count = input.withUnsafeMutableBufferPointer { input in
            result.withUnsafeMutableBufferPointer { output in
                stream.next_in = input.baseAddress
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                if flushes {
                    stream.avail_in = UInt32(bytes.count / 2)
                    deflate(&stream, Z_FULL_FLUSH)
                }
                stream.avail_in = UInt32(bytes.count - (flushes ? bytes.count / 2 : 0))
                precondition(deflate(&stream, Z_FINISH) == Z_STREAM_END)
                return Int(stream.total_out)
            }
        }
        return Array(result[..<count])
    }

    /// What zlib makes of a stream, if that is so many bytes and the stream ends where it should.
    private func inflatedByZlib(_ stream: [UInt8], _ count: Int) -> [UInt8]? {
        let source = source(stream)
        guard let inflater = try? Inflater(source: source, range: 0..<stream.count, wrapping: .none) else {
            return nil
        }
        var result = [UInt8](repeating: 0, count: count)
        let got = result.withUnsafeMutableBytes { try? inflater.read(into: $0) }
        guard got == count, (try? inflater.finish()) != nil else { return nil }
        return result
    }

    private func inflated(_ stream: [UInt8], _ count: Int) -> [UInt8]? {
        // Rooms of their own, so that a sanitizer sees what lies beyond.
        let room = UnsafeMutableRawBufferPointer.allocate(byteCount: max(count, 1), alignment: 1)
        let input = UnsafeMutableRawBufferPointer.allocate(byteCount: max(stream.count, 1), alignment: 1)
        defer {
            room.deallocate()
            input.deallocate()
        }
        input.copyBytes(from: stream)
        guard descent_inflate(input.baseAddress!, stream.count, room.baseAddress!, count) else { return nil }
        return Array(room[..<count])
    }

    @Test(arguments: 0..<5, [0, 1, 6, 9] as [Int32])
    func decodesWhatZlibWrites(kind: Int, level: Int32) {
        var noise = Noise(state: UInt64(kind * 16 + Int(level)))
        for (count, strategy) in [
            (0, Z_DEFAULT_STRATEGY), (1, Z_FIXED), (259, Z_HUFFMAN_ONLY), (5000, Z_RLE),
            (40_000, Z_DEFAULT_STRATEGY), (3000, Z_FIXED),
        ] {
            let bytes = bytes(kind, count, &noise)
            let stream = deflated(bytes, level: level, strategy: strategy, flushes: count % 2 == 1)
            #expect(inflated(stream, count) == bytes)
            #expect(inflated(stream, count + 7) == nil)
            #expect(inflated(stream + [0], count) == nil)
            #expect(inflated(Array(stream.dropLast()), count) == nil)
            if count > 0 { #expect(inflated(stream, count - 1) == nil) }
        }
    }

    /// What it takes for a stream, zlib takes for the same; what it refuses is zlib's to judge.
    @Test(arguments: 0..<5)
    func neverTakesWhatZlibRefuses(kind: Int) {
        var noise = Noise(state: UInt64(kind))
        var (taken, refused) = (0, 0)
        for round in 0..<60 {
            let count = 1 + noise.next(below: 700)
            let bytes = bytes(kind, count, &noise)
            var stream = deflated(
                bytes, level: Int32(noise.next(below: 10)), strategy: Int32(noise.next(below: 5)),
                flushes: round % 3 == 0)
            for _ in 0...noise.next(below: 2) {
                // Damage at the head is damage to the codes.
                let reach = round % 2 == 0 ? min(40, stream.count) : stream.count
                stream[noise.next(below: reach)] ^= 1 << UInt8(noise.next(below: 8))
            }
            guard let result = inflated(stream, count) else {
                refused += 1
                continue
            }
            taken += 1
            #expect(result == inflatedByZlib(stream, count))
        }
        #expect(taken + refused == 60 && refused > 0)
        for round in 0..<200 {
            var stream = (0..<1 + noise.next(below: 80)).map { _ in UInt8(noise.next(below: 256)) }
            // The last block, with codes of its own or the fixed ones.
            stream[0] = stream[0] & ~7 | (round % 2 == 0 ? 5 : 3)
            let count = noise.next(below: 100)
            if let result = inflated(stream, count) { #expect(result == inflatedByZlib(stream, count)) }
        }
    }

    /// An archive's large members go through it, and damage is told as before.
    @Test func largeMembersOfArchivesAreDecodedWhole() throws {
        var noise = Noise(state: 5)
        let values = bytes(1, 100_000, &noise)
        try withTemporaryFolder { folder in
            let path = folder + "/a.npz"
            try NPZArchive.write(
                [("x", NumericArray(values, shape: [1000, 100]))], to: path, compression: .deflated)
            let array = try NPZArchive(path: path).array(named: "x")
            #expect(bytesInCOrder(array) == values && array.shape == [1000, 100])
            var damaged = try contents(of: path)
            damaged[damaged.count / 2] ^= 0x10
            #expect(throws: DataFileError.self) {
                try NPZArchive(source(damaged)).array(named: "x")
            }
        }
    }
}
