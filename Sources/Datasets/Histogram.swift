import Glibc

/// How many values lie in each of a row of equally wide bins.
///
/// Bin i holds the values from `edges[i]` on and below `edges[i + 1]`, the last bin those at its upper edge too.
///
/// ```swift
/// let histogram = Histogram(of: digits.example(17))
/// print(histogram.counts)
/// ```
public struct Histogram: Codable, Equatable, Sendable {
    /// How the number of bins is found.
    ///
    /// With n values that reach over a range r, and q the distance between their quartiles.
    public enum Bins: Codable, Equatable, Sendable {
        /// So many.
        case count(Int)
        /// Width r/(log₂ n + 1): right for few values.
        ///
        /// H. A. Sturges, *The Choice of a Class Interval*, 1926.
        case sturges
        /// Width 2 q/∛n: right for many; one bin where q is 0.
        ///
        /// D. Freedman, P. Diaconis, *On the Histogram as a Density Estimator: L₂ Theory*, 1981.
        case freedmanDiaconis
        /// The larger number of those two rules; Sturges' alone where q is 0.
        case automatic
    }

    /// The ends of the bins, one more than there are bins, ascending.
    public let edges: [Double]

    /// The number of values in each bin.
    public let counts: [Int]

    /// Counts values.
    ///
    /// Values that are all the same lie in bins from ½ below to ½ above them.
    ///
    /// - Parameters:
    ///   - values: At least one, all finite.
    ///   - bins: How the number of bins is found.
    public init(of values: [Double], bins: Bins = .automatic) {
        precondition(
            !values.isEmpty && values.allSatisfy(\.isFinite), "a histogram needs values, all of them finite")
        var (low, high) = (values.min()!, values.max()!)
        let count = bins.count(of: values, range: high - low)
        if low == high { (low, high) = (low - 0.5, high + 0.5) }
        let width = (high - low) / Double(count)
        let edges = (0..<count).map { low + Double($0) * width } + [high]
        var counts = [Int](repeating: 0, count: count)
        for value in values {
            var bin = min(Int((value - low) / width), count - 1)
            // Which bin a value at an edge is in is said by the edges, not by a rounded quotient.
            if value < edges[bin] { bin -= 1 } else if bin + 1 < count, value >= edges[bin + 1] { bin += 1 }
            counts[bin] += 1
        }
        self.edges = edges
        self.counts = counts
    }

    /// The middle of each bin.
    public var centers: [Double] { zip(edges, edges.dropFirst()).map { ($0 + $1) / 2 } }
}

extension Histogram.Bins {
    /// The number of bins.
    fileprivate func count(of values: [Double], range: Double) -> Int {
        func bins(ofWidth width: Double) -> Int {
            guard width > 0 else { return 1 }
            // More bins than values would be empty but for a few far values, and without a bound they may be billions.
            return max(1, Int(min((range / width).rounded(.up), Double(max(values.count, 1000)))))
        }
        let n = Double(values.count)
        let sturges = range / (log2(n) + 1)
        switch self {
        case .count(let count):
            precondition(count >= 1, "a histogram of \(count) bins")
            return count
        case .sturges: return bins(ofWidth: sturges)
        case .freedmanDiaconis: return bins(ofWidth: Self.freedmanDiaconisWidth(values))
        case .automatic:
            let width = Self.freedmanDiaconisWidth(values)
            return bins(ofWidth: width > 0 ? min(width, sturges) : sturges)
        }
    }

    private static func freedmanDiaconisWidth(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        /// Between the order statistics, linearly: type 7 of Hyndman and Fan.
        func quantile(_ p: Double) -> Double {
            let place = p * Double(sorted.count - 1)
            let index = Int(place)
            let next = min(index + 1, sorted.count - 1)
            return sorted[index] + (place - Double(index)) * (sorted[next] - sorted[index])
        }
        return 2 * (quantile(0.75) - quantile(0.25)) / cbrt(Double(sorted.count))
    }
}
