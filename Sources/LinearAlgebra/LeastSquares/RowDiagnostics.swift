/// What each row contributes to a fit.
///
/// Rows of weight 0 have leverage 0 and take no part; their residual is what it is.
public struct RowDiagnostics: Sendable {
    /// The fitted values ŷ.
    public var fitted: [Double]
    /// y − ŷ.
    public var residuals: [Double]
    /// The diagonal h of the hat matrix, from 0 to 1: how much a row pulls the fit to itself.
    public var leverage: [Double]
    /// √w·(y − ŷ) / (σ·√(1 − h)), internally studentized, as R's `rstandard`.
    public var standardizedResiduals: [Double]
    /// The same with σ estimated without the row, as R's `rstudent`: t-distributed if the model is right.
    ///
    /// NaN where the row alone determines a coefficient, or no degrees of freedom would be left.
    public var studentizedResiduals: [Double]
    /// Cook's distance: how far all coefficients would move without the row.
    ///
    /// (R. D. Cook, Detection of influential observation in linear regression, Technometrics 19, 1977.)
    public var cooksDistances: [Double]
    /// Σ w·((y − ŷ)/(1 − h))²: the squared error of predicting each row from the others; Allen's PRESS.
    ///
    /// Infinite when a row alone determines a coefficient.
    public var predictedResidualSumOfSquares: Double
    /// 1 − PRESS / Σw(y − ȳ)².
    public var predictedRSquared: Double
}

extension LeastSquaresFit {
    /// What each row contributes, from one pass over the rows; nil for a fit that no longer has them.
    public func diagnostics() -> RowDiagnostics? {
        guard let data else { return nil }
        let rows = data.rows
        let scale = PolynomialBasis.power(basis.targetExponents[target])
        let parts = PieceResults<(fitted: [Double], leverage: [Double], residuals: [Double])>(
            count: data.pieces(width: basis.columnCount).count)
        data.forEachScoredBlock(self) { parts.set($0, ($1, $2, $3)) }
        var result = RowDiagnostics(
            fitted: [], residuals: [], leverage: [], standardizedResiduals: [], studentizedResiduals: [],
            cooksDistances: [], predictedResidualSumOfSquares: 0, predictedRSquared: .nan)
        for part in parts.take() {
            result.fitted += part.fitted
            result.leverage += part.leverage
            result.residuals += part.residuals
        }
        let sigma = workingStandardError
        let n = Double(degreesOfFreedom)
        var press = 0.0
        for row in 0..<rows {
            let h = result.leverage[row]
            let root = data.weights.map { $0[row].squareRoot() } ?? 1
            let residual = result.residuals[row] * root
            // A leverage of 1 up to rounding leaves no residual to speak of.
            let rest = 1 - h
            let isDetermined = rest < 1e-10
            let standardized = isDetermined ? .nan : residual / (sigma * rest.squareRoot())
            result.standardizedResiduals.append(standardized)
            // σ² without the row: (n·σ² − r²/(1 − h))/(n − 1)
            let without = (n - standardized * standardized) / (n - 1)
            result.studentizedResiduals.append(
                n > 1 && without > 0 ? standardized / without.squareRoot() : .nan)
            result.cooksDistances.append(
                isDetermined ? .nan : standardized * standardized * h / rest / Double(max(rank, 1)))
            press += isDetermined ? .infinity : (residual / rest) * (residual / rest)
            result.fitted[row] = result.fitted[row] * scale + basis.targetCenters[target]
            result.residuals[row] *= scale
        }
        result.predictedRSquared = 1 - press / (residualSquares + explainedSquares)
        result.predictedResidualSumOfSquares = press * scale * scale
        return result
    }

    /// y − ŷ for each row; nil for a fit that no longer has its rows.
    public var residuals: [Double]? { diagnostics()?.residuals }

    /// ŷ for each row; nil for a fit that no longer has its rows.
    public var fittedValues: [Double]? { diagnostics()?.fitted }

    // MARK: Covariance

    /// The same fit with standard errors, t, p and intervals from another estimate of the covariance.
    ///
    /// Nil when the rows that it takes are gone; ``CoefficientCovariance/classical`` takes none.
    public func with(_ covariance: CoefficientCovariance) -> LeastSquaresFit? {
        if covariance == .classical { return with(covariance, meat: nil) }
        guard let data else { return nil }
        var meat = meat(covariance, of: data)
        if covariance == .hc1 { meat *= Double(observationCount) / Double(degreesOfFreedom) }
        return with(covariance, meat: meat)
    }

    /// The sum of squared scores of some rows, without HC1's factor.
    func meat(_ covariance: CoefficientCovariance, of data: LeastSquaresData) -> Matrix<Double> {
        guard rank > 0 else { return Matrix(rows: 0, columns: 0) }
        let count = data.pieces(width: basis.columnCount).count
        let parts = PieceResults<Matrix<Double>>(count: count)
        let rank = rank
        data.forEachScores(self) { index, start, scores, leverage, residuals in
            var meat = Matrix<Double>(rows: rank, columns: rank)
            scores.withUnsafeMutableElements { u in
                for row in 0..<residuals.count {
                    let root = data.weights.map { $0[start + row].squareRoot() } ?? 1
                    var factor = residuals[row] * root
                    let rest = max(1 - leverage[row], 1e-300)
                    if covariance == .hc2 { factor /= rest.squareRoot() }
                    if covariance == .hc3 { factor /= rest }
                    for column in 0..<rank { u[row * rank + column] *= factor }
                }
            }
            gram(of: scores, into: &meat)
            return meat
        } collect: {
            parts.set($0, $1)
        }
        var meat = Matrix<Double>(rows: rank, columns: rank)
        for part in parts.take() { meat += part }
        return meat
    }

    /// The same fit with the covariance that a sum of squared scores gives.
    func with(_ covariance: CoefficientCovariance, meat: Matrix<Double>?) -> LeastSquaresFit {
        var fit = self
        fit.covariance = covariance
        fit.meat = meat
        fit.coefficients = Self.inference(
            coefficients.map(\.name), coefficients.map(\.estimate), factor: coefficientFactor, meat: meat,
            sigma: workingStandardError, scale: PolynomialBasis.power(basis.targetExponents[target]),
            degreesOfFreedom: degreesOfFreedom, confidence: confidence)
        return fit
    }
}

extension LeastSquaresData {
    /// Calls `body` for each block of rows with W·Y, its rows' squared norms, and the residuals.
    ///
    /// Residuals are unweighted, in the target's scale. The results are added up over the blocks of a piece.
    func forEachScores(
        _ fit: LeastSquaresFit,
        _ body:
            @Sendable (
                _ piece: Int, _ firstRow: Int, _ scores: inout Matrix<Double>, _ leverage: [Double],
                _ residuals: [Double]
            ) -> Matrix<Double>,
        collect: @Sendable (Int, Matrix<Double>) -> Void
    ) {
        let pieces = pieces(width: fit.basis.columnCount)
        WorkerTeam.shared.forEach(pieces.count) { index in
            var total = Matrix<Double>(rows: fit.rank, columns: fit.rank)
            forEachScoredRows(of: pieces[index], fit) { rows, scores, leverage, fitted, residuals in
                total += body(index, rows.lowerBound, &scores, leverage, residuals)
            }
            collect(index, total)
        }
    }

    /// Calls `collect` with fitted values, leverages and residuals of each piece.
    func forEachScoredBlock(
        _ fit: LeastSquaresFit, collect: @Sendable (Int, [Double], [Double], [Double]) -> Void
    ) {
        let pieces = pieces(width: fit.basis.columnCount)
        WorkerTeam.shared.forEach(pieces.count) { index in
            var all: (fitted: [Double], leverage: [Double], residuals: [Double]) = ([], [], [])
            forEachScoredRows(of: pieces[index], fit) { rows, scores, leverage, fitted, residuals in
                all.fitted += fitted
                all.leverage += leverage
                all.residuals += residuals
            }
            collect(index, all.fitted, all.leverage, all.residuals)
        }
    }

    private func forEachScoredRows(
        of piece: Range<Int>, _ fit: LeastSquaresFit,
        _ body: (
            _ rows: Range<Int>, _ scores: inout Matrix<Double>, _ leverage: [Double], _ fitted: [Double],
            _ residuals: [Double]
        ) -> Void
    ) {
        let (basis, k) = (fit.basis, fit.basis.columnCount)
        let coefficients = fit.workingCoefficients.map(\.value)
        let center = basis.targetCenters[fit.target]
        let targetScale = basis.targetScales[fit.target]
        let step = Self.blockRows(width: k)
        var start = piece.lowerBound
        while start < piece.upperBound {
            let rows = start..<min(start + step, piece.upperBound)
            let block = Matrix<Double>(rows: rows.count, columns: k) { target in
                guard let base = target.baseAddress, target.count > 0 else { return }
                basis.write(
                    rows: rows, features: features.view, targets: nil, weights: nil, into: base, stride: k)
            }
            let fitted = block.times(coefficients)
            var residuals = fitted
            var scores = block.times(fit.inverseFactor)
            var leverage = [Double](repeating: 0, count: rows.count)
            for (offset, row) in rows.enumerated() {
                residuals[offset] = (targets[row, fit.target] - center) * targetScale - fitted[offset]
                let weight = weights.map { $0[row] } ?? 1
                var values = scores.row(offset)
                if weight != 1 {
                    values = values.scaled(by: weight.squareRoot())
                    scores.setRow(offset, to: values)
                }
                leverage[offset] = min(1, values.dot(values))
            }
            body(rows, &scores, leverage, fitted, residuals)
            start = rows.upperBound
        }
    }
}
