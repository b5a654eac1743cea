import RealModule

extension [Curve.Point] {
    /// Fewer points for a logarithmic abscissa, on which late ones crowd: the picture is the same, and its file smaller.
    ///
    /// Of the points that share a part of a decade the lowest and the highest stay, so that no spike goes; the first and
    /// the last stay always.
    ///
    /// - Parameter perDecade: The parts of a decade.
    public func thinned(perDecade: Int) -> [Curve.Point] {
        var kept: [Int] = []
        var part = (number: 0, indices: 0..<0)
        func keep(_ indices: Range<Int>) {
            guard let low = indices.min(by: { self[$0].y < self[$1].y }),
                let high = indices.max(by: { self[$0].y < self[$1].y })
            else { return }
            kept += low == high ? [low] : [Swift.min(low, high), Swift.max(low, high)]
        }
        for (index, point) in enumerated() {
            let place =
                point.x > 0 ? (.log10(point.x) * Double(perDecade)).rounded(.down) : -.greatestFiniteMagnitude
            let number = place.isFinite ? Int(Swift.max(place, -1e9)) : Int.min
            if number != part.number || part.indices.isEmpty {
                keep(part.indices)
                part = (number, index..<index)
            }
            part.indices = part.indices.lowerBound..<index + 1
        }
        keep(part.indices)
        if let first = kept.first, first != 0 { kept.insert(0, at: 0) }
        if let last = kept.last, last != count - 1 { kept.append(count - 1) }
        return kept.map { self[$0] }
    }
}
