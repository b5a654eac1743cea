import Glibc

/// y = c·xᵃ, the straight line of a plot with two logarithmic axes.
enum PowerLaw {
    /// The exponent a that fits the upper half of the points, those with the larger x, best.
    ///
    /// The slope of log y against log x by least squares. Small sizes are left out because constant costs, which do not
    /// grow, outweigh there what grows.
    ///
    /// - Returns: `nil` for fewer than two points with positive, finite coordinates in the upper half, or a single x.
    static func exponent(ofUpperHalf points: [(x: Double, y: Double)]) -> Double? {
        let sorted = points.sorted { $0.x < $1.x }
        let upper = sorted.suffix(max(2, (sorted.count + 1) / 2))
            .filter { $0.x > 0 && $0.y > 0 && $0.x.isFinite && $0.y.isFinite }
            .map { (x: log($0.x), y: log($0.y)) }
        guard upper.count >= 2 else { return nil }
        let count = Double(upper.count)
        let meanX = upper.reduce(0) { $0 + $1.x } / count
        let meanY = upper.reduce(0) { $0 + $1.y } / count
        let (xx, xy) = upper.reduce((0.0, 0.0)) {
            let dx = $1.x - meanX
            return ($0.0 + dx * dx, $0.1 + dx * ($1.y - meanY))
        }
        return xx > 0 ? xy / xx : nil
    }
}
