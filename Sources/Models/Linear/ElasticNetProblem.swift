import DescentLinearAlgebra

/// An elastic-net problem in the coordinates that coordinate descent works in.
///
/// With v = s / Σ s the columns are aⱼ = √v (xⱼ − μⱼ) / dⱼ and the target b = √v (y − ȳ), dⱼ so that ‖aⱼ‖ = 1; without
/// an intercept nothing is subtracted. The problem is then
///
///     ½ ‖b − Aβ‖² + λ (ρ Σ cⱼ |βⱼ| + (1 − ρ)/2 Σ cⱼ² βⱼ²)
///
/// with β = d times the coefficients of the features as given, and c what takes the penalty back to the units it is
/// meant in: 1/d, or with standardized features σ/d.
struct ElasticNetProblem {
    let rows: Int
    let names: [String]
    let fitsIntercept: Bool
    /// The features that are not constant.
    let active: [Int]
    /// A, column after column.
    let columns: [Double]
    let target: [Double]
    /// c, for the active features.
    let factors: [Double]
    /// μ and d of all features.
    let means: [Double]
    let sizes: [Double]
    let targetMean: Double
    /// Σ v (y − ȳ)², whether or not there is an intercept.
    let targetVariance: Double
    /// Aᵀb.
    let correlations: [Double]
    /// AᵀA, where it is small.
    let gram: Matrix<Double>?

    init(
        _ features: Matrix<Double>, _ target: [Double], weights: [Double]?, names: [String]?,
        fitsIntercept: Bool, standardizes: Bool
    ) throws(LeastSquaresError) {
        let (n, p) = (features.rows, features.columns)
        precondition(
            target.count == n && (weights?.count ?? n) == n,
            "\(n) × \(p) features need as many target values and weights as rows")
        precondition(names == nil || names!.count == p, "\(p) features cannot have \(names?.count ?? 0) names")
        let names = names ?? LinearModel.names(p)
        try Self.check(features, target, weights, names)
        rows = n
        self.names = names
        self.fitsIntercept = fitsIntercept
        let total = weights?.reduce(0, +) ?? Double(n)
        let shares = weights.map { $0.map { $0 / total } } ?? [Double](repeating: 1 / Double(n), count: n)
        let roots = shares.map { $0.squareRoot() }

        func mean(_ values: [Double]) -> Double { values.dot(shares) }
        let targetMean = mean(target)
        targetVariance = mean(target.map { ($0 - targetMean) * ($0 - targetMean) })
        self.targetMean = fitsIntercept ? targetMean : 0
        self.target = zip(target, roots).map { fitsIntercept ? ($0 - targetMean) * $1 : $0 * $1 }

        var (means, sizes) = ([Double](repeating: 0, count: p), [Double](repeating: 0, count: p))
        var (active, factors, columns): ([Int], [Double], [Double]) = ([], [], [])
        columns.reserveCapacity(n * p)
        for j in 0..<p {
            let column = features.column(j)
            let mean = mean(column)
            let centred = zip(column, roots).map { ($0 - mean) * $1 }
            let deviation = centred.norm
            // The rule of `Scaler` for what is constant but for rounding.
            let isConstant = deviation <= Double(n) * .ulpOfOne * abs(mean)
            let kept = fitsIntercept ? centred : zip(column, roots).map { $0 * $1 }
            let size = fitsIntercept ? deviation : kept.norm
            means[j] = fitsIntercept ? mean : 0
            sizes[j] = size
            guard size > 0, !(isConstant && (fitsIntercept || standardizes)) else { continue }
            active.append(j)
            factors.append(standardizes ? deviation / size : 1 / size)
            columns.append(contentsOf: kept.scaled(by: 1 / size))
        }
        (self.means, self.sizes, self.active, self.factors, self.columns) = (means, sizes, active, factors, columns)
        // Rows are columns here: A transposed.
        let transposed = Matrix(rows: active.count, columns: n, elements: columns)
        correlations = transposed.times(self.target)
        gram = active.count <= 2000 && active.count <= 2 * n ? DescentLinearAlgebra.gram(of: transposed, transposed: true) : nil
    }

    private static func check(
        _ features: Matrix<Double>, _ target: [Double], _ weights: [Double]?, _ names: [String]
    ) throws(LeastSquaresError) {
        guard features.rows > 0 else { throw .noRows }
        guard features.columns > 0 else { throw .noColumns }
        let bad = features.withUnsafeElements { $0.firstIndex { !$0.isFinite } }
        if let bad {
            let (row, column) = bad.quotientAndRemainder(dividingBy: features.columns)
            throw .notFinite(.feature, row: row, column: names[column], value: features[row, column])
        }
        if let row = target.firstIndex(where: { !$0.isFinite }) {
            throw .notFinite(.target, row: row, column: "y", value: target[row])
        }
        guard let weights else { return }
        if let row = weights.firstIndex(where: { !$0.isFinite }) {
            throw .notFinite(.weight, row: row, column: "weight", value: weights[row])
        }
        if let row = weights.firstIndex(where: { $0 < 0 }) { throw .negativeWeight(row: row, value: weights[row]) }
        guard weights.contains(where: { $0 > 0 }) else { throw .noWeight }
    }

    /// The least λ with which all coefficients are 0; for ρ < 10⁻³ that of ρ = 10⁻³.
    func largestLambda(l1Ratio: Double) -> Double {
        zip(correlations, factors).reduce(0) { max($0, abs($1.0) / $1.1) } / max(l1Ratio, 1e-3)
    }

    /// The penalties of a grid, falling.
    func lambdas(_ grid: ElasticNetPath.Grid, l1Ratio: Double) throws(LeastSquaresError) -> [Double] {
        switch grid {
        case .values(let values):
            guard !values.isEmpty, values.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
                throw .invalidParameter("penalties must be 0 or more and finite, and there must be one: \(values)")
            }
            return values.sorted(by: >)
        case .automatic(let count, let ratio):
            let ratio = ratio ?? (rows > active.count ? 1e-4 : 1e-2)
            guard count >= 1, ratio > 0, ratio < 1 else {
                throw .invalidParameter(
                    "a grid of \(count) penalties down to \(ratio) of the largest: there must be at least one, and"
                        + " the ratio lie between 0 and 1")
            }
            let largest = largestLambda(l1Ratio: l1Ratio)
            // A target without any correlation is 0 under each penalty.
            guard largest > 0 else { return [0] }
            return (0..<count).map {
                $0 == 0 ? largest : largest * .exp(.log(ratio) * Double($0) / Double(count - 1))
            }
        }
    }

    /// The coefficients for the features as given, and what else there is to know.
    func fit(_ state: ElasticNetDescent, lambda: Double, l1Ratio: Double, outcome: ElasticNetDescent.Outcome) -> ElasticNetFit {
        var coefficients = [Double](repeating: 0, count: names.count)
        for (position, j) in active.enumerated() { coefficients[j] = state.coefficients[position] / sizes[j] }
        let intercept = fitsIntercept ? targetMean - zip(means, coefficients).reduce(0) { $0 + $1.0 * $1.1 } : 0
        let model = LinearModel(
            coefficients: coefficients, intercept: intercept, hasIntercept: fitsIntercept, featureNames: names)
        return ElasticNetFit(
            model: model, lambda: lambda, l1Ratio: l1Ratio, objective: outcome.objective,
            dualityGap: outcome.dualityGap, sweeps: outcome.sweeps, isConverged: outcome.isConverged,
            rSquared: targetVariance > 0 ? 1 - outcome.residualSquares / targetVariance : .nan)
    }
}
