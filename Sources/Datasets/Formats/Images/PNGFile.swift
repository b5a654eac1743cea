import CZlib

/// The Portable Network Graphics format: pictures of every colour type and bit depth, interlaced or not.
///
/// Checked: the signature, the order of chunks and the checksum of each, the header's values, the filter of every line,
/// the checksum of the decoded bytes, and that they are as many as the header says. Refused: a critical chunk that is not
/// known, and a picture that claims more pixels than its bytes can hold. Chunks that are not needed to show the picture,
/// gamma and colour profiles among them, and bytes after the end are passed over.
///
/// Source: *Portable Network Graphics (PNG) Specification (Third Edition)*, W3C, 2025.
enum PNGFile {
    private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// Whether a file begins as a PNG file does.
    static func recognizes(_ start: [UInt8]) -> Bool { start.starts(with: signature) }

    static func read(_ source: ByteSource) throws(DataFileError) -> GrayImage {
        var reader = ChunkReader(source: source, position: signature.count)
        guard let first = try reader.next(), first.type == "IHDR" else {
            throw source.error(.malformed("its first chunk is not IHDR"), at: signature.count)
        }
        let header = try PNGHeader(first.data, source: source)
        var pixels = PNGPixels(header: header)
        var compressed: [UInt8] = []
        var last = first.type
        while true {
            guard let chunk = try reader.next() else {
                throw source.error(.truncated(needed: reader.position + 12, available: source.count))
            }
            switch chunk.type {
            case "IEND":
                guard !compressed.isEmpty else { throw source.error(.malformed("it has no pixels (IDAT)")) }
                if header.colorType == .palette, pixels.palette.isEmpty {
                    throw source.error(
                        .malformed("its colours are those of a palette, and it has none (PLTE)"))
                }
                let lines = try decode(compressed, header: header, source: source)
                return try pixels.image(of: lines, source: source)
            case "IDAT":
                if !compressed.isEmpty && last != "IDAT" {
                    throw source.error(.malformed("its pixels (IDAT) are interrupted by a chunk \(last)"))
                }
                compressed += chunk.data
            case "PLTE", "tRNS":
                if !compressed.isEmpty {
                    throw source.error(.malformed("a chunk \(chunk.type) comes after its pixels (IDAT)"))
                }
                if chunk.type == "PLTE" {
                    try pixels.setPalette(chunk.data, source: source)
                } else {
                    try pixels.setTransparency(chunk.data, source: source)
                }
            case _ where chunk.isCritical:
                throw source.error(
                    .malformed("its chunk \"\(DataFileError.printable(chunk.type))\" is not known"))
            default: break
            }
            last = chunk.type
        }
    }

    /// The lines of the picture, each behind a byte that names its filter.
    private static func decode(
        _ compressed: [UInt8], header: PNGHeader, source: ByteSource
    ) throws(DataFileError) -> [UInt8] {
        guard let size = header.decodedSize, size <= compressed.count * ZipMember.greatestExpansion else {
            throw source.error(
                .malformed(
                    "claims \(header.width) × \(header.height) pixels, more than its bytes can hold"))
        }
        let bytes = ByteSource(name: source.name, bytes: ByteStorage(compressed))
        let inflater = try Inflater(source: bytes, range: 0..<compressed.count, wrapping: .zlib)
        let target = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
        defer { target.deallocate() }
        let read = try inflater.read(into: target)
        if read < size { throw source.error(.sizeMismatch(claimed: size, actual: read)) }
        try inflater.finish()
        return Array(target)
    }
}

/// What stands in a PNG file's first chunk.
struct PNGHeader {
    /// What the samples of a pixel are.
    enum ColorType: UInt8 {
        case gray = 0
        case rgb = 2
        case palette = 3
        case grayAlpha = 4
        case rgba = 6

        /// Samples in a pixel.
        var channels: Int {
            switch self {
            case .gray, .palette: 1
            case .grayAlpha: 2
            case .rgb: 3
            case .rgba: 4
            }
        }

        fileprivate var depths: [Int] {
            switch self {
            case .gray: [1, 2, 4, 8, 16]
            case .palette: [1, 2, 4, 8]
            case .rgb, .grayAlpha, .rgba: [8, 16]
            }
        }
    }

    let width: Int
    let height: Int
    /// Bits in a sample.
    let depth: Int
    let colorType: ColorType
    let isInterlaced: Bool

    init(_ data: [UInt8], source: ByteSource) throws(DataFileError) {
        guard data.count == 13 else {
            throw source.error(.malformed("its header has \(data.count) bytes, not 13"))
        }
        width = data[0..<4].reduce(0) { $0 << 8 | Int($1) }
        height = data[4..<8].reduce(0) { $0 << 8 | Int($1) }
        depth = Int(data[8])
        guard (1...0x7FFF_FFFF).contains(width), (1...0x7FFF_FFFF).contains(height) else {
            throw source.error(.malformed("its size of \(width) × \(height) is none that a picture can have"))
        }
        guard let type = ColorType(rawValue: data[9]), type.depths.contains(depth) else {
            throw source.error(
                .malformed("its \(depth) bits a sample of colour type \(data[9]) are no combination of PNG's")
            )
        }
        colorType = type
        guard data[10] == 0, data[11] == 0, data[12] <= 1 else {
            throw source.error(
                .unsupportedVersion(
                    "compression \(data[10]), filter \(data[11]), interlace \(data[12]) (0, 0 and 0 or 1 are known)"
                ))
        }
        isInterlaced = data[12] == 1
    }

    /// A pass over the picture: every pixel, or one of the seven of Adam7.
    struct Pass {
        let startX: Int
        let startY: Int
        let stepX: Int
        let stepY: Int
        let width: Int
        let height: Int
    }

    /// The passes that have pixels, in the order of the file.
    var passes: [Pass] {
        let steps =
            isInterlaced
            ? [
                (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
                (0, 1, 1, 2),
            ]
            : [(0, 0, 1, 1)]
        return steps.compactMap { x, y, dx, dy in
            let (columns, rows) = ((width - x + dx - 1) / dx, (height - y + dy - 1) / dy)
            guard columns > 0, rows > 0 else { return nil }
            return Pass(startX: x, startY: y, stepX: dx, stepY: dy, width: columns, height: rows)
        }
    }

    /// Bytes of a line of so many pixels, without the filter's.
    func lineSize(_ pixels: Int) -> Int { (pixels * colorType.channels * depth + 7) / 8 }

    /// Bytes of all lines with their filters; `nil` where no `Int` can say.
    var decodedSize: Int? {
        var total = 0
        for pass in passes {
            let (size, tooLarge) = (lineSize(pass.width) + 1).multipliedReportingOverflow(by: pass.height)
            let (sum, overflow) = total.addingReportingOverflow(size)
            if tooLarge || overflow { return nil }
            total = sum
        }
        return total
    }
}

/// Reads the chunks of a PNG file one after another, and checks that each is what was written.
private struct ChunkReader {
    let source: ByteSource
    var position: Int

    struct Chunk {
        let type: String
        let data: [UInt8]
        /// Whether the picture cannot be shown without: the first letter is a capital.
        let isCritical: Bool
    }

    /// The next chunk; `nil` at the end of the file.
    mutating func next() throws(DataFileError) -> Chunk? {
        if position == source.count { return nil }
        let head = try source.bytes(at: position, count: 8)
        let length = head[0..<4].reduce(0) { $0 << 8 | Int($1) }
        let letters = head[4..<8]
        guard letters.allSatisfy({ (65...90).contains($0) || (97...122).contains($0) }) else {
            throw source.error(.malformed("the type of a chunk is not four letters"), at: position + 4)
        }
        let body = try source.bytes(at: position + 4, count: length + 8)
        let data = Array(body[4..<(4 + length)])
        let expected = body[(4 + length)...].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        let actual = body.withUnsafeBufferPointer { bytes in
            UInt32(truncatingIfNeeded: crc32_z(0, bytes.baseAddress, bytes.count - 4))
        }
        guard actual == expected else {
            throw source.error(.checksumMismatch(expected: expected, actual: actual), at: position)
        }
        position += length + 12
        return Chunk(
            type: String(decoding: letters, as: UTF8.self), data: data, isCritical: letters.first! < 97)
    }
}
