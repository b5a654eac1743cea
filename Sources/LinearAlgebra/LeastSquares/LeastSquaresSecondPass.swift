/// The rows of a ``LeastSquaresAccumulator`` once more: what they did not tell at first sight.
///
/// ```swift
/// var again = try sums.secondPass(covariance: .hc3)
/// while let (features, target) = next() { try again.add(features, target) }
/// let fit = try again.fit()
/// ```
///
/// Residuals are computed in double-double arithmetic at the coefficients of the first pass, and one Newton step
/// corrects these: their error, κε from the triangle, becomes κ²ε² of the numbers in the rows. Leverages, and with
/// them HC2 and HC3, are those of each row; the squared residuals are those before the correction, which does not
/// show in them. The residual test of the fit is that of the first pass' coefficients.
public struct LeastSquaresSecondPass: Sendable {
    /// The fit of the first pass, without a covariance of its own.
    public let first: LeastSquaresFit
    /// Which standard errors are reported.
    public let covariance: CoefficientCovariance
    /// The number of rows added so far.
    public private(set) var rowCount = 0

    private let state: LeastSquaresAccumulator.Solved
    private let expectedRows: Int
    private var residuals: PreciseResiduals
    private var meat: Matrix<Double>?

    init(
        _ state: LeastSquaresAccumulator.Solved, covariance: CoefficientCovariance, rowCount: Int
    ) throws(LeastSquaresError) {
        self.state = state
        self.covariance = covariance
        expectedRows = rowCount
        first = try state.fit(reason: "the first of two passes over the rows")
        residuals = PreciseResiduals(
            gradient: [DoubleDouble](repeating: DoubleDouble(0), count: state.basis.columnCount),
            sumOfSquares: DoubleDouble(0))
        if covariance != .classical { meat = Matrix(rows: first.rank, columns: first.rank) }
    }

    /// Adds rows, in any blocks.
    ///
    /// - Throws: ``LeastSquaresError``, for numbers that are not finite and negative weights.
    /// - Precondition: as many columns as names, as many rows as target values and weights.
    public mutating func add(
        _ features: Matrix<Double>, _ target: [Double], weights: [Double]? = nil
    ) throws(LeastSquaresError) {
        precondition(
            features.columns == state.names.count,
            "an accumulator of \(state.names.count) features cannot take \(features.shape) features")
        precondition(
            target.count == features.rows && (weights?.count ?? target.count) == features.rows,
            "\(features.shape) features need as many target values and weights as rows")
        guard features.rows > 0 else { return }
        let data = LeastSquaresData(
            features: features, targets: Matrix(rows: target.count, columns: 1, elements: target),
            weights: weights)
        if let complaint = data.complaint(featureNames: state.names, targetNames: [state.targetName]) {
            guard case .noWeight = complaint else { throw complaint }
        }
        residuals.add(data.preciseResiduals(state.basis, target: 0, state.solution.coefficients))
        if meat != nil { meat! += first.meat(covariance, of: data) }
        rowCount += features.rows
    }

    /// The fit, now that all rows have been seen twice.
    ///
    /// - Throws: ``LeastSquaresError/invalidParameter(_:)`` when there were more or fewer rows than at first.
    public func fit() throws(LeastSquaresError) -> LeastSquaresFit {
        guard rowCount == expectedRows else {
            throw .invalidParameter(
                "the second pass saw \(rowCount) rows where the first saw \(expectedRows): the data changed")
        }
        var state = state
        let gradient = residuals.gradient.map(\.value)
        let projected = state.problem.inverseFactor.times(gradient, transposed: true)
        let correction = state.problem.inverseFactor.times(projected)
        for column in correction.indices {
            state.solution.coefficients[column] += DoubleDouble(correction[column])
        }
        let size = projected.norm
        let squares = residuals.sumOfSquares - DoubleDouble.product(size, size)
        state.solution.sumOfSquares = max(0, squares.value)
        state.solution.isRefined = true
        state.solution.scaledResidual = scaledTest(gradient, state.solution.sumOfSquares)
        let fit = try state.fit(
            reason: "rows were seen twice: blocks by their Gram matrices or QR, then their residuals")
        guard var meat else { return fit }
        if covariance == .hc1 { meat *= Double(fit.observationCount) / Double(max(fit.degreesOfFreedom, 1)) }
        return fit.with(covariance, meat: meat)
    }

    private func scaledTest(_ gradient: [Double], _ squares: Double) -> Double {
        let k = gradient.count
        let fitted = state.problem.rightHandSides.column(0).norm
        let size = (fitted * fitted + squares).squareRoot()
        let unit = Double.ulpOfOne * Double(max(rowCount, k))
        return (0..<k).reduce(0) { largest, column in
            let norm = state.problem.triangle.column(column).norm
            return norm > 0 && size > 0
                ? max(largest, gradient[column].magnitude / norm / size / unit) : largest
        }
    }
}
