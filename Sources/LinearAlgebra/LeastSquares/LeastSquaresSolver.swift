/// The way from rows to fits.
struct LeastSquaresSolver {
    let configuration: LeastSquares
    let data: LeastSquaresData
    let names: [String]
    let targetNames: [String]

    func fits() throws(LeastSquaresError) -> [LeastSquaresFit] {
        if configuration.method == .qr || configuration.method == .svd || data.weights != nil {
            if let complaint = data.complaint(featureNames: names, targetNames: targetNames) {
                throw complaint
            }
        }
        var reduction = try reduce(basis(rows: data.sampledRows))
        // A power left out below one that is kept would come back when the shift is undone.
        let mixed = featuresWithGaps(reduction.problem, reduction.basis)
        if !mixed.isEmpty {
            reduction = try reduce(self.basis(rows: data.sampledRows, uncentred: mixed))
        }
        let solutions = solve(reduction)
        var fits: [LeastSquaresFit] = []
        for (target, solution) in solutions.enumerated() {
            var fit = try LeastSquaresFit(
                problem: reduction.problem, basis: reduction.basis, target: target, solution: solution,
                observations: .init(data), names: names, targetName: targetNames[target],
                reason: reduction.reason,
                configuration: configuration)
            fit.data = data
            // The rows are there: the covariance is not nil.
            fits.append(
                configuration.covariance == .classical ? fit : fit.with(configuration.covariance) ?? fit)
        }
        return fits
    }

    private func basis(rows: some Collection<Int>, uncentred: Set<Int> = []) -> PolynomialBasis {
        PolynomialBasis(
            hasIntercept: configuration.fitsIntercept, degree: configuration.degree,
            linear: configuration.linearFeatures, features: data.features.view, targets: data.targets.view,
            rows: rows, uncentred: uncentred)
    }

    // MARK: Reduction

    /// What the rows were reduced to, and why in that way.
    private struct Reduction {
        let problem: ReducedProblem
        let basis: PolynomialBasis
        let reason: String
        /// The sums that the triangle came from, where they were taken about coefficients of a sample.
        var preliminary: PreliminaryFit?
    }

    private func reduce(_ basis: PolynomialBasis) throws(LeastSquaresError) -> Reduction {
        var basis = basis
        switch configuration.method {
        case .qr, .svd:
            var triangle = data.triangle(basis)
            if Self.isOutOfScale(triangle, limit: 1e60) {
                basis = self.basis(rows: 0..<data.rows)
                triangle = data.triangle(basis)
            }
            let problem =
                configuration.method == .svd
                ? try reduced(triangle, basis, .svd) : try orthogonal(triangle, basis)
            return Reduction(problem: problem, basis: basis, reason: "asked for by name")
        case .auto, .normal:
            var start = isRefined(data.rows * basis.columnCount) ? nil : data.preliminaryCoefficients(basis)
            var gram = start.map { data.packedGram(basis, less: $0) } ?? data.gram(basis)
            if Self.isOutOfScale(gram, limit: 1e120) {
                if let complaint = data.complaint(featureNames: names, targetNames: targetNames) {
                    throw complaint
                }
                // Finite data: the rows that were looked at did not show how large others are.
                basis = self.basis(rows: 0..<data.rows)
                start = nil
                gram = data.gram(basis)
            }
            let isNormal = configuration.method == .normal
            let limit = isNormal ? LeastSquares.refusalLimit : LeastSquares.normalLimit
            let factor = GramFactor(gram, columns: basis.columnCount)
            if let triangle = factor.triangle, factor.conditionNumber <= limit {
                let preliminary = start.map { PreliminaryFit(coefficients: $0, gram: gram) }
                let full = preliminary?.restoringTargets(triangle) ?? triangle
                return Reduction(
                    problem: try reduced(full, basis, .normal), basis: basis,
                    reason: isNormal ? "asked for by name" : Self.safe(factor.conditionNumber),
                    preliminary: preliminary)
            }
            if isNormal {
                throw .normalEquationsFail(conditionNumber: factor.conditionNumber, limit: limit)
            }
            let problem = try orthogonal(data.triangle(basis), basis)
            var reason =
                factor.conditionNumber.isFinite
                ? "condition number \(significant(factor.conditionNumber, 2)) of the centred and scaled columns,"
                    + " which normal equations would square"
                : "the columns are too close to dependent for normal equations"
            if problem.method == .svd {
                reason = "the columns are dependent, and the least norm was asked for"
            }
            return Reduction(problem: problem, basis: basis, reason: reason)
        }
    }

    private static func safe(_ conditionNumber: Double) -> String {
        "condition number \(significant(conditionNumber, 2)) of the centred and scaled columns: they lose nothing"
    }

    /// Whether sums show values that are not finite, or far beyond those the scales were taken from.
    private static func isOutOfScale(_ sums: Matrix<Double>, limit: Double) -> Bool {
        // Also when NaN.
        !(sums.withUnsafeElements { largestMagnitude($0) } < limit)
            || sums.withUnsafeElements { firstNonFinite($0) } != nil
    }

    /// By QR; by singular values when columns are dependent and the least norm was asked for.
    private func orthogonal(
        _ triangle: Matrix<Double>, _ basis: PolynomialBasis
    ) throws(LeastSquaresError) -> ReducedProblem {
        let problem = try reduced(triangle, basis, .qr)
        guard problem.rank < basis.columnCount, configuration.dependentColumns == .minimumNorm else {
            return problem
        }
        return try reduced(triangle, basis, .svd)
    }

    private func reduced(
        _ triangle: Matrix<Double>, _ basis: PolynomialBasis, _ method: LeastSquaresFit.Method
    ) throws(LeastSquaresError) -> ReducedProblem {
        try ReducedProblem(
            triangle: triangle, basis: basis, rows: data.rows, method: method,
            tolerance: configuration.tolerance)
    }

    /// Features of which a power is left out below one that is kept, with a centre.
    private func featuresWithGaps(_ problem: ReducedProblem, _ basis: PolynomialBasis) -> Set<Int> {
        guard basis.degree > 1, problem.rank < basis.columnCount, problem.method != .svd else { return [] }
        let kept = Set(problem.independent)
        let columns = basis.powerColumns
        return Set(
            columns.indices.filter { feature in
                guard basis.centers[feature] != 0 else { return false }
                let powers = columns[feature].map { kept.contains($0) }
                return zip(powers, powers.dropFirst()).contains { !$0 && $1 }
            })
    }

    // MARK: Coefficients

    /// The coefficients of the basis' columns.
    struct Solution {
        var coefficients: [DoubleDouble]
        /// Σ w·r² in the target's scale.
        var sumOfSquares: Double
        /// The largest |wⱼᵀr| / (‖wⱼ‖·‖y‖·ε·max(rows, columns)).
        var scaledResidual: Double
        var isRefined: Bool
        var steps: Int
    }

    /// Whether coefficients are refined in double-double for so many numbers and this condition number.
    private func isRefined(_ count: Int, conditionNumber: Double = 1) -> Bool {
        switch configuration.refinement {
        case .always: true
        case .never: false
        case .automatic:
            count <= LeastSquares.smallCount || conditionNumber > LeastSquares.refinementLimit
        }
    }

    private func solve(_ reduction: Reduction) -> [Solution] {
        let (problem, basis) = (reduction.problem, reduction.basis)
        let (k, q) = (basis.columnCount, basis.targetCount)
        let isPrecise = isRefined(data.rows * k, conditionNumber: problem.conditionNumber)
        let norms = problem.columnNorms
        if isPrecise {
            return (0..<q).map { refine(problem, basis, target: $0, norms) }
        }
        if let preliminary = reduction.preliminary, let solution = solve(problem, preliminary, norms) {
            return [solution]
        }
        var coefficients = Matrix<Double>(rows: k, columns: q)
        for target in 0..<q { coefficients.setColumn(target, to: problem.solution(target: target)) }
        var solutions: [Solution] = []
        for step in 1...5 {
            let pass = data.residualPass(basis, coefficients)
            solutions = []
            for target in 0..<q {
                let gradient = pass.gradient.column(target)
                let test = scaledTest(
                    gradient, norms, problem.rightHandSides.column(target).norm, pass.sumOfSquares[target])
                let projected = problem.inverseFactor.times(gradient, transposed: true)
                var x = coefficients.column(target)
                x.add(problem.inverseFactor.times(projected), scaledBy: 1)
                coefficients.setColumn(target, to: x)
                solutions.append(
                    Solution(
                        coefficients: x.map { DoubleDouble($0) },
                        sumOfSquares: max(0, pass.sumOfSquares[target] - projected.dot(projected)),
                        scaledResidual: test, isRefined: false, steps: step))
            }
            // A pass that passes the test needs no other: the correction after it only improves it.
            if solutions.allSatisfy({ $0.scaledResidual <= 10 }) { break }
        }
        return solutions
    }

    /// The solution that one pass about preliminary coefficients gave; nil where it takes another.
    private func solve(
        _ problem: ReducedProblem, _ preliminary: PreliminaryFit, _ norms: [Double]
    ) -> Solution? {
        guard let result = preliminary.correction(problem, norms: norms) else { return nil }
        let test = scaledTest(
            result.gradient, norms, problem.rightHandSides.column(0).norm, result.sumOfSquares)
        // Also when NaN.
        guard test <= 10 else { return nil }
        return Solution(
            coefficients: result.coefficients.map { DoubleDouble($0) }, sumOfSquares: result.sumOfSquares,
            scaledResidual: test, isRefined: false, steps: 1)
    }

    private func scaledTest(_ gradient: [Double], _ norms: [Double], _ fitted: Double, _ squares: Double)
        -> Double
    {
        let size = (fitted * fitted + squares).squareRoot()
        let unit = Double.ulpOfOne * Double(max(data.rows, norms.count))
        var largest = 0.0
        for (value, norm) in zip(gradient, norms) where norm > 0 && size > 0 {
            largest = max(largest, value.magnitude / norm / size / unit)
        }
        return largest
    }

    /// Newton's steps on the normal equations with residuals in double-double.
    ///
    /// The error shrinks by κε a step with a triangle from QR, by κ²ε with one from the normal equations,
    /// until it is that of double-double arithmetic.
    private func refine(
        _ problem: ReducedProblem, _ basis: PolynomialBasis, target index: Int, _ norms: [Double]
    ) -> Solution {
        var x = problem.solution(target: index).map { DoubleDouble($0) }
        var previous = Double.infinity
        let condition = problem.conditionNumber
        let expectedRatio =
            16 * Double(x.count) * Double.ulpOfOne * condition * (problem.method == .normal ? condition : 1)
        // Going over to the powers of features magnifies what is wrong with those of the basis.
        let goal = basis.degree == 1 ? 0x1p-64 : 0x1p-80
        var solution = Solution(
            coefficients: x, sumOfSquares: 0, scaledResidual: .infinity, isRefined: true, steps: 0)
        for step in 1...10 {
            let residuals = data.preciseResiduals(basis, target: index, x)
            let gradient = residuals.gradient.map(\.value)
            let projected = problem.inverseFactor.times(gradient, transposed: true)
            let size = projected.norm
            // Not smaller: rounding is all that is left, or there is no convergence.
            if !(size < 0.5 * previous) { break }
            let correction = problem.inverseFactor.times(projected)
            let squares = residuals.sumOfSquares - DoubleDouble.product(size, size)
            solution.sumOfSquares = max(0, squares.value)
            solution.scaledResidual = scaledTest(
                gradient, norms, problem.rightHandSides.column(index).norm, solution.sumOfSquares)
            for column in x.indices { x[column] += DoubleDouble(correction[column]) }
            solution.coefficients = x
            solution.steps = step
            // What the next step would still change, by the steps' ratio as seen or else as expected.
            let ratio = step == 1 ? expectedRatio : size / previous
            previous = size
            let isDone = zip(x, correction).allSatisfy {
                $1.magnitude * min(1, ratio) <= $0.high.magnitude * goal
            }
            if isDone, solution.scaledResidual <= 1 { break }
        }
        solution.coefficients = withoutNoise(solution, problem, basis, target: index, norms)
        return solution
    }

    /// Coefficients that are 0 but for what rounding in double-double leaves become 0.
    ///
    /// Those too small to be told from 0 beside the others are tried as 0, and stay so if the residual is
    /// then orthogonal to the columns no less than before.
    private func withoutNoise(
        _ solution: Solution, _ problem: ReducedProblem, _ basis: PolynomialBasis, target: Int,
        _ norms: [Double]
    ) -> [DoubleDouble] {
        let fitted = problem.rightHandSides.column(target).norm
        let size = (fitted * fitted + solution.sumOfSquares).squareRoot()
        var trial = solution.coefficients
        var isChanged = false
        for (column, norm) in norms.enumerated()
        where trial[column].high != 0 && trial[column].high.magnitude * norm <= 0x1p-90 * size {
            trial[column] = DoubleDouble(0)
            isChanged = true
        }
        guard isChanged else { return trial }
        func error(_ x: [DoubleDouble]) -> Double {
            let gradient = data.preciseResiduals(basis, target: target, x).gradient.map(\.value)
            return problem.inverseFactor.times(gradient, transposed: true).norm
        }
        return error(trial) <= 4 * error(solution.coefficients) ? trial : solution.coefficients
    }
}
