import Descent

/// A regression problem as a file and the options pose it.
struct RegressionData {
    let file: ColumnFile
    /// The rows that count, from 0.
    let rows: [Int]
    let coding: FeatureCoding
    /// A row for each of ``rows``.
    let features: Matrix<Double>
    let targetNames: [String]
    /// The values of each target.
    let observed: [[Double]]
    let weightName: String?
    let weights: [Double]?
    /// How many rows were left out for missing values.
    let dropped: Int
    /// How many values have a mean in their place.
    let filled: Int
}
