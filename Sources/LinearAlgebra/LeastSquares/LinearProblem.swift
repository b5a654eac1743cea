/// A problem with one target, reduced to a triangle in columns that need no further care.
///
/// What ridge regression, sign constraints and equality constraints start from.
struct LinearProblem {
    let basis: PolynomialBasis
    /// R, k × k.
    let triangle: Matrix<Double>
    /// What stands beside it.
    let rightHandSide: [Double]
    /// The square of what no coefficients can explain.
    let restSquares: Double
    let observations: LeastSquaresFit.Observations
    let featureNames: [String]

    init(
        _ features: Matrix<Double>, _ target: [Double], weights: [Double]?, names: [String]?,
        fitsIntercept: Bool, degree: Int = 1, linear: Set<Int> = []
    ) throws(LeastSquaresError) {
        precondition(
            target.count == features.rows && (weights?.count ?? target.count) == features.rows,
            "\(features.shape) features need as many target values and weights as rows")
        let names = names ?? (0..<features.columns).map { "x\($0 + 1)" }
        precondition(
            names.count == features.columns, "\(features.columns) features cannot have \(names.count) names")
        guard features.rows > 0 else { throw .noRows }
        guard features.columns > 0 || fitsIntercept else { throw .noColumns }
        let data = LeastSquaresData(
            features: features, targets: Matrix(rows: target.count, columns: 1, elements: target),
            weights: weights)
        if let complaint = data.complaint(featureNames: names, targetNames: ["y"]) { throw complaint }
        func basis(_ rows: some Collection<Int>) -> PolynomialBasis {
            PolynomialBasis(
                hasIntercept: fitsIntercept, degree: degree, linear: linear, features: features.view,
                targets: data.targets.view, rows: rows)
        }
        var columns = basis(data.sampledRows)
        var full = data.safeTriangle(columns).0
        if full.withUnsafeElements({ firstNonFinite($0) }) != nil {
            columns = basis(0..<data.rows)
            full = data.safeTriangle(columns).0
        }
        let k = columns.columnCount
        self.basis = columns
        featureNames = names
        triangle = Matrix(full[rows: 0..<k, columns: 0..<k])
        rightHandSide = (0..<k).map { full[$0, k] }
        restSquares = full[k, k] * full[k, k]
        observations = .init(data)
    }

    /// The target's scale.
    var scale: Double { PolynomialBasis.power(basis.targetExponents[0]) }

    /// The features' part of the design as it was given, about the means when there is an intercept.
    ///
    /// A square matrix D with ‖D·β − z‖² = ‖X·β − y‖² + a constant, for the best intercept; z, in the target's
    /// scale.
    var centredDesign: (design: Matrix<Double>, rightHandSide: [Double]) {
        let design = basis.originalDesign(triangle)
        let first = basis.hasIntercept ? 1 : 0
        return (Matrix(design[rows: first..., columns: first...]), Array(rightHandSide.dropFirst(first)))
    }

    /// The squares of the target about its mean when there is an intercept, in its scale.
    var totalSquares: Double {
        let rest = Array(rightHandSide.dropFirst(basis.hasIntercept ? 1 : 0))
        return restSquares + rest.dot(rest)
    }

    /// The same map for the columns of a matrix: what slopes with F·Fᵀ as their covariance, in units of σ², make
    /// of the working coefficients.
    ///
    /// The mean of the target, which the constant takes up, is independent of the slopes: one more column.
    func workingFactor(slopes: Matrix<Double>) -> Matrix<Double> {
        let k = basis.columnCount
        let constant = basis.hasIntercept && triangle[0, 0] != 0
        var result = Matrix<Double>(rows: k, columns: slopes.columns + (constant ? 1 : 0))
        for column in 0..<slopes.columns {
            var working = basis.workingCoefficients(slopes: slopes.column(column))
            if constant {
                working[0] = 0
                for index in 1..<max(k, 1) { working[0] -= triangle[0, index] * working[index] }
                working[0] /= triangle[0, 0]
            }
            result.setColumn(column, to: working)
        }
        if constant { result[0, slopes.columns] = 1 / triangle[0, 0] }
        return result
    }

    /// Coefficients in the units of the data, the best intercept in front of those of the features.
    ///
    /// - Parameter slopes: The features' coefficients for the target in its scale.
    func coefficients(slopes: [Double]) -> [Double] {
        let slopesInUnits = slopes.map { $0 * scale }
        guard basis.hasIntercept else { return slopesInUnits }
        // Working columns: the constant takes what the others leave of the first equation.
        let working = workingCoefficients(slopes: slopes)
        var value = DoubleDouble(0)
        let original = basis.originalCoefficients(working.map { DoubleDouble($0) })
        value = original[0].scaled(by: scale) + DoubleDouble(basis.targetCenters[0])
        return [value.value] + slopesInUnits
    }

    /// The coefficients of the basis' columns that give the features these slopes.
    func workingCoefficients(slopes: [Double]) -> [Double] {
        let k = basis.columnCount
        var working = basis.workingCoefficients(slopes: slopes)
        guard basis.hasIntercept, triangle[0, 0] != 0 else { return working }
        var first = rightHandSide[0]
        for column in 1..<max(k, 1) { first -= triangle[0, column] * working[column] }
        working[0] = first / triangle[0, 0]
        return working
    }
}

extension PolynomialBasis {
    /// The coefficients of powers of t that give powers of x these, the constant left at 0.
    func workingCoefficients(slopes: [Double]) -> [Double] {
        var working = hasIntercept ? [0.0] : []
        let first = hasIntercept ? 1 : 0
        for (feature, columns) in powerColumns.enumerated() {
            let degree = columns.count
            let size = Self.power(exponents[feature])
            // p(c + t·2^e): Taylor shift by c, then the scale.
            var polynomial = [0.0] + slopes[columns.lowerBound - first..<columns.upperBound - first]
            let center = centers[feature]
            if center != 0 {
                for start in 0..<degree {
                    for index in stride(from: degree - 1, through: start, by: -1) {
                        polynomial[index] += polynomial[index + 1] * center
                    }
                }
            }
            var factor = 1.0
            for power in 1...degree {
                factor *= size
                working.append(polynomial[power] * factor)
            }
        }
        return working
    }
}
