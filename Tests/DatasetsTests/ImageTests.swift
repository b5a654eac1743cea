import FoundationEssentials
import Testing

@testable import DescentDatasets

@Suite struct ImageTests {
    struct Expected: Decodable {
        let width: Int
        let height: Int
        let maximum: Int
        let levels: [UInt16]

        static let all: [String: Expected] = {
            let data = try! Data(contentsOf: URL(filePath: fixture("images/expected.json")))
            return try! JSONDecoder().decode([String: Expected].self, from: data)
        }()

        static let names = all.keys.sorted()
    }

    @Test(arguments: Expected.names) func readsEveryKind(name: String) throws {
        let image = try GrayImage(path: fixture("images/\(name)"))
        let expected = try #require(Expected.all[name])
        #expect(image.width == expected.width)
        #expect(image.height == expected.height)
        #expect(image.maximum == expected.maximum)
        #expect(image.levels == expected.levels)
    }

    @Test func thereAreAllKinds() {
        #expect(Expected.names.count == 36)
    }

    /// Every byte of a file decides something: changed, it is refused or, behind the end, passed over.
    @Test(arguments: ["gray8.png", "palette4.png", "rgb8-interlaced.png"])
    func everyDamagedByteIsSeen(name: String) throws {
        let whole = try contents(of: fixture("images/\(name)"))
        for index in whole.indices {
            var bytes = whole
            bytes[index] ^= 0x10
            #expect(throws: DataFileError.self, "byte \(index)") { try GrayImage(source(bytes)) }
        }
        for count in whole.indices {
            #expect(throws: DataFileError.self, "\(count) bytes") {
                try GrayImage(source(Array(whole.prefix(count))))
            }
        }
        #expect(try GrayImage(source(whole + [1, 2, 3])) == GrayImage(source(whole)))
    }

    @Test(arguments: [
        ("P5 2 2 255\nabc", "is cut short: 4 bytes are needed and 3 are there"),
        ("P5 2 2 255\nabcde", "goes on for 1 bytes after its end"), ("P5 2 2 100\nabcz", "level 122"),
        ("P5 0 2 255\n", "width is 0"), ("P5 2 2 65536\n", "white is 65536"),
        ("P5 x 2 255\n", "width is not a number"), ("P5 99999 99999 255\nab", "claims 99999 × 99999 pixels"),
        ("P2 2 1 9\n1 10", "a pixel is 10"), ("P2 2 1 9\n1", "is cut short"),
        ("P2 2 1 9\n1 2 3", "goes on for"), ("P2 2 1 9\n1    ", "is cut short"),
        ("P4 2 2\n", "a bitmap (P4)"), ("P6 1 1 255\nabc", "a colour picture (P6)"), ("GIF89a", "neither"),
        ("", "is empty"),
    ])
    func mistakesInPGM(text: String, words: String) {
        do {
            _ = try GrayImage(source(Array(text.utf8)))
            Issue.record("\(text) was read")
        } catch {
            #expect(error.description.contains(words), "\(error)")
        }
    }

    @Test func mistakesInPNG() throws {
        func complaint(_ change: (inout [Chunk]) -> Void) throws -> String {
            var chunks = try Chunk.list(contents(of: fixture("images/palette4.png")))
            change(&chunks)
            do {
                _ = try GrayImage(source(Chunk.file(chunks)))
                return ""
            } catch {
                return error.description
            }
        }
        #expect(try complaint { _ in } == "")
        #expect(try complaint { $0.removeAll { $0.type == "IHDR" } }.contains("first chunk"))
        #expect(try complaint { $0.removeAll { $0.type == "PLTE" } }.contains("transparency"))
        #expect(
            try complaint { $0.removeAll { $0.type == "PLTE" || $0.type == "tRNS" } }.contains("palette"))
        #expect(try complaint { $0.removeAll { $0.type == "IDAT" } }.contains("no pixels"))
        #expect(try complaint { $0.removeAll { $0.type == "IEND" } }.contains("cut short"))
        #expect(try complaint { $0.insert(Chunk("ABCD", []), at: 1) }.contains("\"ABCD\" is not known"))
        #expect(try complaint { $0.insert(Chunk("abCd", []), at: 1) } == "")
        #expect(try complaint { $0.insert(Chunk("a1Cd", []), at: 1) }.contains("four letters"))
        func header(_ place: Int, _ value: UInt8) throws -> String {
            try complaint { $0[0].data[place] = value }
        }
        #expect(try header(8, 16).contains("no combination"))
        #expect(try header(9, 5).contains("no combination"))
        #expect(try header(10, 1).contains("compression 1"))
        #expect(try header(12, 2).contains("interlace 2"))
        #expect(try header(3, 0).contains("0 × 9"))
        // More pixels than there are, fewer, and more than any bytes so few can hold.
        #expect(try header(7, 8).contains("more bytes"))
        #expect(try header(7, 10).contains("claims"))
        #expect(try header(0, 0x40).contains("more than its bytes can hold"))
        #expect(
            try complaint { chunks in
                let place = chunks.firstIndex { $0.type == "IDAT" }!
                chunks.insert(Chunk("tEXt", []), at: place + 1)
                chunks.insert(Chunk("IDAT", []), at: place + 2)
            }.contains("interrupted"))
        #expect(try complaint { $0.insert($0[1], at: $0.count - 1) } == "")
        // A palette that lacks colours which pixels have.
        #expect(
            try complaint { chunks in
                let place = chunks.firstIndex { $0.type == "PLTE" }!
                chunks[place].data.removeLast(9)
            }.contains("of a palette of 13"))
    }

    @Test func valuesKeepBytes() throws {
        let image = GrayImage(width: 256, height: 1, levels: (0...255).map { UInt16($0) })
        #expect(image.values(white: 255) == (0...255).map { Double($0) })
        #expect(image.values(white: 1).last == 1)
        #expect(image.inverted.levels == (0...255).reversed().map { UInt16($0) })
        #expect(image.inverted.inverted == image)
    }

    /// A disc, drawn anywhere and at any size, comes to the middle at 5/7 of the frame.
    @Test(arguments: [(40, 12.0, 9.0, 6.0), (200, 150.0, 60.0, 31.0), (20, 10.0, 10.0, 3.0)])
    func fittingCentersAndScales(side: Int, x: Double, y: Double, radius: Double) {
        let levels = (0..<side * side).map { index -> UInt16 in
            let (dx, dy) = (Double(index % side) + 0.5 - x, Double(index / side) + 0.5 - y)
            return dx * dx + dy * dy <= radius * radius ? 200 : 20
        }
        let fitted = GrayImage(width: side, height: side, levels: levels).fitted(width: 28, height: 28)
        let total = fitted.levels.reduce(0.0) { $0 + Double($1) }
        let centerX = fitted.levels.enumerated().reduce(0.0) {
            $0 + (Double($1.offset % 28) + 0.5) * Double($1.element)
        }
        let centerY = fitted.levels.enumerated().reduce(0.0) {
            $0 + (Double($1.offset / 28) + 0.5) * Double($1.element)
        }
        #expect((centerX / total - 14).magnitude < 0.05)
        #expect((centerY / total - 14).magnitude < 0.05)
        let ink = fitted.levels.indices.filter { fitted.levels[$0] > 20 }
        let (left, right) = (ink.map { $0 % 28 }.min()!, ink.map { $0 % 28 }.max()!)
        #expect((19...21).contains(right - left + 1))
        // The level of the ink above the paper, on a scale from the paper to white.
        #expect(fitted.levels.max() == UInt16((180.0 / 235 * 255).rounded()))
    }

    /// What fits already stays as it is, but for the level of the paper.
    @Test func fittingWhatFits() {
        var levels = [UInt16](repeating: 0, count: 28 * 28)
        for row in 4..<24 {
            for column in 4..<24 { levels[row * 28 + column] = (row + column) % 2 == 0 ? 255 : 128 }
        }
        let image = GrayImage(width: 28, height: 28, levels: levels)
        let fitted = image.fitted(width: 28, height: 28)
        #expect(fitted == image)
        let blank = GrayImage(width: 5, height: 4, levels: Array(repeating: 7, count: 20))
        #expect(
            blank.fitted(width: 3, height: 2) == GrayImage(width: 3, height: 2, levels: [7, 7, 7, 7, 7, 7]))
    }
}

/// A chunk of a PNG file, to be changed and written again with the checksum that it then has.
private struct Chunk {
    var type: String
    var data: [UInt8]

    init(_ type: String, _ data: [UInt8]) {
        self.type = type
        self.data = data
    }

    static func list(_ bytes: [UInt8]) throws -> [Chunk] {
        var chunks: [Chunk] = []
        var place = 8
        while place < bytes.count {
            let length = bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
            chunks.append(
                Chunk(
                    String(decoding: bytes[place + 4..<place + 8], as: UTF8.self),
                    Array(bytes[place + 8..<place + 8 + length])))
            place += length + 12
        }
        return chunks
    }

    static func file(_ chunks: [Chunk]) -> [UInt8] {
        var bytes: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        func append(_ number: UInt32) {
            for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: number >> UInt32(shift))) }
        }
        for chunk in chunks {
            append(UInt32(chunk.data.count))
            let body = Array(chunk.type.utf8) + chunk.data
            bytes += body
            append(checksum(body))
        }
        return bytes
    }

    /// CRC-32, bit by bit.
    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var crc: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc >> 1 ^ (crc & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
        return ~crc
    }
}
