/// From the decoded lines of a PNG file to a picture in grey.
struct PNGPixels {
    private let header: PNGHeader
    /// The palette's colours, red, green and blue.
    private(set) var palette: [[UInt8]] = []
    /// The opacity of the palette's first colours.
    private var paletteAlpha: [UInt8] = []
    /// The one grey level or colour that is transparent.
    private var transparentSample: [Int]?

    init(header: PNGHeader) { self.header = header }

    mutating func setPalette(_ data: [UInt8], source: ByteSource) throws(DataFileError) {
        guard palette.isEmpty, data.count % 3 == 0, (3...768).contains(data.count) else {
            throw source.error(.malformed("its palette (PLTE) of \(data.count) bytes is none, or its second"))
        }
        palette = stride(from: 0, to: data.count, by: 3).map { Array(data[$0..<($0 + 3)]) }
    }

    mutating func setTransparency(_ data: [UInt8], source: ByteSource) throws(DataFileError) {
        let fits: Bool
        switch header.colorType {
        case .palette:
            fits = data.count <= palette.count
            paletteAlpha = data
        case .gray, .rgb:
            fits = data.count == 2 * header.colorType.channels
            if fits {
                transparentSample = stride(from: 0, to: data.count, by: 2).map {
                    Int(data[$0]) << 8 | Int(data[$0 + 1])
                }
            }
        case .grayAlpha, .rgba: fits = false
        }
        if !fits {
            throw source.error(
                .malformed("its transparency (tRNS) of \(data.count) bytes does not go with its colours"))
        }
    }

    /// Undoes the filters and takes colours for their brightness.
    func image(of lines: [UInt8], source: ByteSource) throws(DataFileError) -> GrayImage {
        let channels = header.colorType.channels
        let white = header.colorType == .palette || header.depth < 8 ? 255 : (1 << header.depth) - 1
        var levels = [UInt16](repeating: 0, count: header.width * header.height)
        // A pixel to the left is that many bytes away, and at least one.
        let distance = max(1, channels * header.depth / 8)
        var start = 0
        var samples = [Int](repeating: 0, count: channels)
        for pass in header.passes {
            let size = header.lineSize(pass.width)
            var above = [UInt8](repeating: 0, count: size)
            for row in 0..<pass.height {
                guard let filter = PNGFilter(rawValue: lines[start]) else {
                    throw source.error(
                        .malformed("line \(row + 1) has the filter \(lines[start]), which does not exist"))
                }
                var line = Array(lines[(start + 1)...(start + size)])
                filter.undo(&line, above: above, distance: distance)
                start += size + 1
                let target = (pass.startY + row * pass.stepY) * header.width + pass.startX
                for column in 0..<pass.width {
                    for channel in 0..<channels {
                        samples[channel] = sample(column * channels + channel, of: line)
                    }
                    guard let level = level(samples, white: white) else {
                        throw source.error(
                            .malformed(
                                "a pixel has colour \(samples[0]) of a palette of \(palette.count)"))
                    }
                    levels[target + column * pass.stepX] = UInt16(level)
                }
                above = line
            }
        }
        return GrayImage(width: header.width, height: header.height, maximum: white, levels: levels)
    }

    /// One sample of a line.
    private func sample(_ index: Int, of line: [UInt8]) -> Int {
        switch header.depth {
        case 8: return Int(line[index])
        case 16: return Int(line[2 * index]) << 8 | Int(line[2 * index + 1])
        default:
            let bit = index * header.depth
            return Int(line[bit / 8]) >> (8 - header.depth - bit % 8) & ((1 << header.depth) - 1)
        }
    }

    /// The brightness of a pixel on white paper; `nil` for a colour that the palette does not have.
    private func level(_ samples: [Int], white: Int) -> Int? {
        let isTransparent = transparentSample.map { $0 == samples } ?? false
        switch header.colorType {
        case .gray:
            // Levels of fewer than eight bits are spread over 0…255; their steps divide it.
            let level = header.depth < 8 ? samples[0] * (255 / ((1 << header.depth) - 1)) : samples[0]
            return isTransparent ? white : level
        case .rgb:
            return isTransparent ? white : Self.luma(samples[0], samples[1], samples[2])
        case .palette:
            guard samples[0] < palette.count else { return nil }
            let color = palette[samples[0]].map { Int($0) }
            let alpha = samples[0] < paletteAlpha.count ? Int(paletteAlpha[samples[0]]) : 255
            return Self.onPaper(Self.luma(color[0], color[1], color[2]), alpha: alpha, white: white)
        case .grayAlpha:
            return Self.onPaper(samples[0], alpha: samples[1], white: white)
        case .rgba:
            return Self.onPaper(
                Self.luma(samples[0], samples[1], samples[2]), alpha: samples[3], white: white)
        }
    }

    private static func luma(_ red: Int, _ green: Int, _ blue: Int) -> Int {
        (299 * red + 587 * green + 114 * blue + 500) / 1000
    }

    private static func onPaper(_ level: Int, alpha: Int, white: Int) -> Int {
        (level * alpha + white * (white - alpha) + white / 2) / white
    }
}

/// How a line of a PNG file is written as differences, section 9 of its specification.
private enum PNGFilter: UInt8 {
    case none, sub, up, average, paeth

    /// Turns differences into bytes.
    ///
    /// - Parameters:
    ///   - line: The line.
    ///   - above: The line before it, undone already; zeros before the first.
    ///   - distance: How many bytes back the pixel to the left is.
    func undo(_ line: inout [UInt8], above: [UInt8], distance: Int) {
        switch self {
        case .none: break
        case .sub:
            for i in line.indices.dropFirst(distance) { line[i] &+= line[i - distance] }
        case .up:
            for i in line.indices { line[i] &+= above[i] }
        case .average:
            for i in line.indices {
                let left = i >= distance ? Int(line[i - distance]) : 0
                line[i] &+= UInt8((left + Int(above[i])) / 2)
            }
        case .paeth:
            for i in line.indices {
                let left = i >= distance ? Int(line[i - distance]) : 0
                let corner = i >= distance ? Int(above[i - distance]) : 0
                line[i] &+= UInt8(Self.predictor(left: left, up: Int(above[i]), corner: corner))
            }
        }
    }

    /// Of the three neighbours the one nearest to left + up − corner; ties in this order.
    private static func predictor(left: Int, up: Int, corner: Int) -> Int {
        let estimate = left + up - corner
        let (a, b, c) = (abs(estimate - left), abs(estimate - up), abs(estimate - corner))
        return a <= b && a <= c ? left : b <= c ? up : corner
    }
}
