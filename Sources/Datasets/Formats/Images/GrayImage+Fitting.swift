extension GrayImage {
    /// The picture as the digits of MNIST were prepared: cut out, scaled to 5/7 of a frame, and centred.
    ///
    /// What is drawn, bright on dark, keeps its proportions, and its centre of mass comes to lie in the frame's centre.
    /// A frame of less than 16 pixels a side is filled whole.
    ///
    /// Drawn is what is brighter than a tenth of the way from the darkest to the brightest level. A picture of one level
    /// throughout becomes a frame of that level. Levels in the result are means over the area that a pixel covers, on a
    /// scale of 0…255 from the darkest level to white.
    ///
    /// Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, *Gradient-Based Learning Applied to Document Recognition*, 1998,
    /// section III.A: 20 × 20 within 28 × 28.
    ///
    /// - Parameters:
    ///   - frameWidth: The frame's width, at least one.
    ///   - frameHeight: The frame's height, at least one.
    public func fitted(width frameWidth: Int, height frameHeight: Int) -> GrayImage {
        precondition(frameWidth >= 1 && frameHeight >= 1, "a frame of \(frameWidth) × \(frameHeight)")
        let darkest = Double(levels.min()!)
        let range = Double(levels.max()!) - darkest
        guard range > 0 else {
            let level = UInt16((darkest / Double(maximum) * 255).rounded())
            return GrayImage(
                width: frameWidth, height: frameHeight,
                levels: Array(repeating: level, count: frameWidth * frameHeight))
        }
        // Above the paper, brightness from 0 to 1.
        let ink = levels.map { (Double($0) - darkest) / (Double(maximum) - darkest) }
        let threshold = 0.1 * range / (Double(maximum) - darkest)
        var (top, bottom, left, right) = (height, -1, width, -1)
        for row in 0..<height {
            for column in 0..<width where ink[row * width + column] > threshold {
                (top, bottom) = (min(top, row), max(bottom, row))
                (left, right) = (min(left, column), max(right, column))
            }
        }
        let (boxWidth, boxHeight) = (Double(right - left + 1), Double(bottom - top + 1))
        // Small pictures, such as digits of 8 × 8, have no room for a margin.
        let share = min(frameWidth, frameHeight) < 16 ? 1 : 5.0 / 7
        let scale = min(
            max(1, Double(frameWidth) * share) / boxWidth, max(1, Double(frameHeight) * share) / boxHeight)

        // The centre of mass of what was cut out, which comes to lie in the centre of the frame.
        var (mass, sumX, sumY) = (0.0, 0.0, 0.0)
        for row in top...bottom {
            for column in left...right {
                let weight = ink[row * width + column]
                mass += weight
                sumX += weight * (Double(column) + 0.5)
                sumY += weight * (Double(row) + 0.5)
            }
        }
        let (centerX, centerY) = (sumX / mass, sumY / mass)
        var result = [UInt16](repeating: 0, count: frameWidth * frameHeight)
        for row in 0..<frameHeight {
            let y = span(row, of: frameHeight, around: centerY, scale: scale, within: top...bottom)
            for column in 0..<frameWidth {
                let x = span(column, of: frameWidth, around: centerX, scale: scale, within: left...right)
                var sum = 0.0
                for (sourceRow, partY) in y {
                    for (sourceColumn, partX) in x {
                        sum += partY * partX * ink[sourceRow * width + sourceColumn]
                    }
                }
                result[row * frameWidth + column] = UInt16((sum * scale * scale * 255).rounded())
            }
        }
        return GrayImage(width: frameWidth, height: frameHeight, levels: result.map { min($0, 255) })
    }

    /// The pixels along one axis that a pixel of the frame covers, each with the length of it that is covered.
    private func span(
        _ index: Int, of count: Int, around center: Double, scale: Double, within box: ClosedRange<Int>
    ) -> [(index: Int, length: Double)] {
        let start = center + (Double(index) - Double(count) / 2) / scale
        let end = start + 1 / scale
        let first = max(box.lowerBound, Int(start.rounded(.down)))
        let last = min(box.upperBound, Int(end.rounded(.up)) - 1)
        guard first <= last else { return [] }
        return (first...last).compactMap { index in
            let length = min(end, Double(index + 1)) - max(start, Double(index))
            return length > 0 ? (index, length) : nil
        }
    }
}
