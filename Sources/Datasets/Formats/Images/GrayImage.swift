/// A picture in shades of grey: what a PNG or PGM file holds once colours are taken for their brightness.
///
/// Levels run from 0, black, to `maximum`, white, as the file has them: a picture of eight bits gives the bytes it was
/// made of. Colours become the luma of ITU-R BT.601, (299 R + 587 G + 114 B) / 1000 rounded to the nearest level, on the
/// values as they are stored. Transparent pixels are seen on white paper.
public struct GrayImage: Equatable, Sendable {
    /// Pixels in a row.
    public let width: Int
    /// Rows.
    public let height: Int
    /// The level that is white: 255 for pictures of eight bits.
    public let maximum: Int
    /// The levels, row by row from the top, from left to right.
    public let levels: [UInt16]

    /// A picture of given levels.
    ///
    /// - Parameters:
    ///   - width: Pixels in a row, at least one.
    ///   - height: Rows, at least one.
    ///   - maximum: The level that is white, 1…65,535.
    ///   - levels: As many as there are pixels, none above `maximum`.
    public init(width: Int, height: Int, maximum: Int = 255, levels: [UInt16]) {
        precondition(
            width >= 1 && height >= 1 && levels.count == width * height,
            "\(levels.count) levels for a picture of \(width) × \(height)")
        precondition((1...65535).contains(maximum), "a white of level \(maximum) is not within 1…65535")
        precondition(levels.allSatisfy { $0 <= maximum }, "a level above white, \(maximum)")
        self.width = width
        self.height = height
        self.maximum = maximum
        self.levels = levels
    }

    /// Reads a PNG or PGM file, or for `-` standard input; which it is, its first bytes say.
    ///
    /// - Throws: `DataFileError` naming the file and what is wrong with it.
    public init(path: String) throws(DataFileError) { try self.init(ByteSource(path: path)) }

    package init(_ source: ByteSource) throws(DataFileError) {
        if source.count == 0 { throw source.error(.empty) }
        let start = try source.bytes(at: 0, count: min(8, source.count))
        if PNGFile.recognizes(start) {
            self = try PNGFile.read(source)
        } else if PGMFile.recognizes(start) {
            self = try PGMFile.read(source)
        } else {
            throw source.error(.malformed("is neither a PNG nor a PGM picture"))
        }
    }

    /// Whether a source begins as a picture does that can be read here, or is told apart from one here.
    package static func recognizes(_ source: ByteSource) throws(DataFileError) -> Bool {
        let start = try source.bytes(at: 0, count: min(8, source.count))
        return PNGFile.recognizes(start) || PGMFile.recognizes(start)
    }

    /// The level of a pixel.
    public subscript(row: Int, column: Int) -> UInt16 {
        precondition(
            (0..<height).contains(row) && (0..<width).contains(column),
            "pixel (\(row), \(column)) of a picture of \(height) rows and \(width) columns")
        return levels[row * width + column]
    }

    /// The picture with black and white exchanged.
    public var inverted: GrayImage {
        GrayImage(
            width: width, height: height, maximum: maximum, levels: levels.map { UInt16(maximum) - $0 })
    }

    /// The levels on another scale: 0 for black, `white` for white.
    ///
    /// Exact where `white` is `maximum`.
    public func values(white: Double) -> [Double] {
        levels.map { Double($0) * white / Double(maximum) }
    }

    /// The mean brightness of the outermost rows and columns, 0…1: that of the paper, more often than not.
    package var borderBrightness: Double {
        var (sum, count) = (0.0, 0.0)
        for row in 0..<height {
            for column in 0..<width
            where row == 0 || column == 0 || row == height - 1 || column == width - 1 {
                sum += Double(levels[row * width + column])
                count += 1
            }
        }
        return sum / count / Double(maximum)
    }
}
