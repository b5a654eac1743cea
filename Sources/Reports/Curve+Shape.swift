import DescentDatasets
import RealModule

extension Curve {
    /// A histogram as bars.
    public init(_ histogram: Histogram, label: String = "", color: Int = 0) {
        self.init(
            label: label, color: color, form: .bars,
            points: zip(histogram.centers, histogram.counts).map { Point(x: $0, y: Double($1)) })
    }

    /// Numbers as bars, the first at 0.
    public init(barsOf values: [Double], label: String = "", color: Int = 0) {
        self.init(
            label: label, color: color, form: .bars,
            points: values.enumerated().map { Point(x: Double($0), y: $1) })
    }

    /// The width of bars: most of the way from one to the next.
    var barWidth: Double {
        let places = points.map(\.x).sorted()
        return 0.85 * (zip(places, places.dropFirst()).map { $1 - $0 }.filter { $0 > 0 }.min() ?? 1)
    }

    /// The abscissae that are to be in sight.
    var horizontalExtent: [Double] {
        form == .bars ? points.flatMap { [$0.x - barWidth / 2, $0.x + barWidth / 2] } : points.map(\.x)
    }

    /// The ordinates that are to be in sight.
    var verticalExtent: [Double] { points.map(\.y) + (form == .bars ? [0] : []) }
}

extension [Curve.Point] {
    /// About so many of the points, spaced evenly on a logarithmic scale of their index: the start of a curve in detail.
    ///
    /// The first and the last are among them. A curve of a thousand points makes a large file and looks no better.
    public func thinned(to count: Int = 150) -> [Curve.Point] {
        guard self.count > count, count >= 2 else { return self }
        let ratio = Double.log(Double(self.count))
        let kept = (0..<count).map { step in
            Int((Double.exp(ratio * Double(step) / Double(count - 1)) - 1).rounded())
        }
        var last = -1
        return kept.compactMap { index in
            guard index > last else { return nil }
            last = Swift.min(index, self.count - 1)
            return self[last]
        }
    }
}
