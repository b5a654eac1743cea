extension LeastSquaresAccumulator {
    /// The fit of all rows so far; more can be added afterwards.
    ///
    /// - Parameters:
    ///   - dependentColumns: What to do with columns that depend on others.
    ///   - tolerance: From which relative size a column or singular value counts.
    ///   - covariance: Which standard errors are reported; HC2 and HC3 need the rows again.
    ///   - confidence: The probability of the intervals.
    /// - Throws: ``LeastSquaresError``: for no rows, or a covariance that was not collected.
    public func fit(
        dependentColumns: LeastSquares.DependentColumns = .drop, tolerance: Double? = nil,
        covariance: CoefficientCovariance = .classical, confidence: Double = 0.95
    ) throws(LeastSquaresError) -> LeastSquaresFit {
        let state = try solved(dependentColumns, tolerance, confidence)
        let fit = try state.fit(
            reason:
                "rows were seen once; \(gramBlockCount) blocks by their Gram matrices, \(qrBlockCount) by QR")
        if covariance == .classical { return fit }
        guard let moments, covariance == .hc0 || covariance == .hc1 else {
            throw .invalidParameter(
                covariance == .hc2 || covariance == .hc3
                    ? "\(covariance.rawValue) takes the leverage of each row, and the rows are gone; use HC0 or HC1"
                    : "\(covariance.rawValue) was not collected: create the accumulator with"
                        + " collectsRobustCovariance")
        }
        var meat = moments.meat(
            coefficients: state.solution.coefficients.map(\.value), scores: state.problem.inverseFactor)
        if covariance == .hc1 {
            meat *= Double(fit.observationCount) / Double(max(fit.degreesOfFreedom, 1))
        }
        return fit.with(covariance, meat: meat)
    }

    /// A second look at the same rows, where they can be had once more: for coefficients refined in
    /// double-double arithmetic, and every covariance.
    ///
    /// - Parameters: As those of `fit`; each covariance is available.
    /// - Throws: ``LeastSquaresError``: for no rows.
    public func secondPass(
        dependentColumns: LeastSquares.DependentColumns = .drop, tolerance: Double? = nil,
        covariance: CoefficientCovariance = .classical, confidence: Double = 0.95
    ) throws(LeastSquaresError) -> LeastSquaresSecondPass {
        try LeastSquaresSecondPass(
            solved(dependentColumns, tolerance, confidence), covariance: covariance, rowCount: rowCount)
    }

    /// A problem whose rows are gone, with its solution.
    struct Solved: Sendable {
        let problem: ReducedProblem
        let basis: PolynomialBasis
        var solution: LeastSquaresSolver.Solution
        let observations: LeastSquaresFit.Observations
        let names: [String]
        let targetName: String
        let configuration: LeastSquares

        func fit(reason: String) throws(LeastSquaresError) -> LeastSquaresFit {
            try LeastSquaresFit(
                problem: problem, basis: basis, target: 0, solution: solution, observations: observations,
                names: names, targetName: targetName, reason: reason, configuration: configuration)
        }
    }

    private func solved(
        _ dependentColumns: LeastSquares.DependentColumns, _ tolerance: Double?, _ confidence: Double
    ) throws(LeastSquaresError) -> Solved {
        guard let basis, observations.count > 0 else { throw rowCount > 0 ? .noWeight : .noRows }
        let k = basis.columnCount
        var problem = try ReducedProblem(
            triangle: triangle, basis: basis, rows: rowCount, method: .qr, tolerance: tolerance)
        if problem.rank < k, dependentColumns == .minimumNorm {
            problem = try ReducedProblem(
                triangle: triangle, basis: basis, rows: rowCount, method: .svd, tolerance: tolerance)
        }
        // ‖z‖² off the columns' span, and what lies below R.
        let z = triangle[rows: 0..<k, columns: k..<k + 1].column(0)
        let x = problem.solution(target: 0)
        var rest = z
        rest.add(problem.triangle.times(x), scaledBy: -1)
        let below = triangle[k, k]
        return Solved(
            problem: problem, basis: basis,
            solution: LeastSquaresSolver.Solution(
                coefficients: x.map { DoubleDouble($0) }, sumOfSquares: rest.dot(rest) + below * below,
                scaledResidual: .nan, isRefined: false, steps: 0),
            observations: observations, names: names, targetName: targetName,
            configuration: LeastSquares(
                fitsIntercept: fitsIntercept, degree: degree, dependentColumns: dependentColumns,
                confidence: confidence))
    }
}
