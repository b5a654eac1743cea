/// The rows of a problem in memory: features, targets, weights.
struct LeastSquaresData: Sendable {
    let features: Matrix<Double>
    let targets: Matrix<Double>
    let weights: [Double]?

    var rows: Int { features.rows }

    /// The rows that centres and scales are estimated from: all of few, else some of all parts.
    var sampledRows: [Int] {
        Array(stride(from: 0, to: rows, by: max(1, rows / 256)))
    }

    /// The ranges that a pass over the rows is split into.
    ///
    /// They depend on the problem's size alone, so that sums over them have the same bits on any number of
    /// threads. The more columns, the fewer: each leaves a square matrix.
    func pieces(width: Int) -> [Range<Int>] {
        let most = min(64, max(2, (1 << 22) / max(1, width * width)))
        let count = max(1, min(most, rows / 2048))
        return (0..<count).map { rows * $0 / count..<rows * ($0 + 1) / count }
    }

    /// Rows at a time: a block of them fits the second-level cache.
    static func blockRows(width: Int) -> Int { max(64, min(1024, (1 << 15) / max(1, width) & ~15)) }

    /// The first number that is not finite, or a weight that is negative.
    func complaint(featureNames: [String], targetNames: [String]) -> LeastSquaresError? {
        if let weights {
            for (row, weight) in weights.enumerated() {
                if !weight.isFinite { return .notFinite(.weight, row: row, column: "weights", value: weight) }
                if weight < 0 { return .negativeWeight(row: row, value: weight) }
            }
            if rows > 0, !weights.contains(where: { $0 > 0 }) { return .noWeight }
        }
        let width = features.columns
        if width > 0, let place = features.withUnsafeElements({ firstNonFinite($0) }) {
            let (row, column) = place.quotientAndRemainder(dividingBy: width)
            return .notFinite(.feature, row: row, column: featureNames[column], value: features[row, column])
        }
        if let place = targets.withUnsafeElements({ firstNonFinite($0) }) {
            let (row, column) = place.quotientAndRemainder(dividingBy: targets.columns)
            return .notFinite(.target, row: row, column: targetNames[column], value: targets[row, column])
        }
        return nil
    }
}
