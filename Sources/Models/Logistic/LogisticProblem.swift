import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization

/// A logistic or softmax regression to be fitted: checked data, weights and penalty, and the coordinates to work in.
///
/// The solvers see standardized features, (x − μ) φ with φ = 1/σ, whatever the penalty is measured in: only the penalty
/// is converted. Where it is to be on weights w of features scaled by a factor u, and v are the weights of standardized
/// features, w = v φ/u; so λ₂ w² / 2 = λ₂ (φ/u)² v² / 2 and λ₁ |w| = λ₁ (φ/u) |v|. Shifts concern the intercept alone,
/// which is not penalized; without an intercept there are none.
struct LogisticProblem {
    let dataset: Dataset
    let featureNames: [String]
    let penalty: Penalty
    let fitsIntercept: Bool
    let isBinary: Bool
    /// Whether classes were weighted, so that there is no likelihood to speak of.
    let hasClassWeights: Bool

    /// s, with mean 1; nil for all 1.
    let rowWeights: [Double]?
    /// Σ s.
    let totalWeight: Double
    /// Σ s of each class.
    let classTotals: [Double]

    /// The map to the features that the solvers see.
    let scaler: Scaler
    /// φ/u for each feature; 1 where the feature is constant.
    let penaltyFactors: [Double]

    init(
        _ dataset: Dataset, weights: [Double]?, names: [String]?, penalty: Penalty, scaling: Scaling,
        fitsIntercept: Bool, classWeights: ClassWeights, isBinary: Bool
    ) throws(LogisticError) {
        precondition(
            weights == nil || weights!.count == dataset.count,
            "\(dataset.count) examples cannot have \(weights?.count ?? 0) weights")
        precondition(
            names == nil || names!.count == dataset.featureCount,
            "\(dataset.featureCount) features cannot have \(names?.count ?? 0) names")
        self.dataset = dataset
        featureNames = names ?? (0..<dataset.featureCount).map { "x\($0 + 1)" }
        self.penalty = penalty
        self.fitsIntercept = fitsIntercept
        self.isBinary = isBinary
        hasClassWeights = classWeights != .none
        (rowWeights, totalWeight, classTotals) = try Self.weights(weights, classWeights, of: dataset)

        let units = Self.units(scaling, of: dataset)
        let standard = Scaler(.standardize, fittedOn: dataset)
        if fitsIntercept {
            scaler = standard
        } else {
            // About 0, where there is no intercept to take up a shift: 1/√(σ² + μ²).
            let factor = zip(standard.shift, standard.factor).map { mean, factor in
                let deviation = factor > 0 ? 1 / factor : 0
                let size = (deviation * deviation + mean * mean).squareRoot()
                return size > 0 ? 1 / size : 0
            }
            scaler = Scaler(
                shift: Array(repeating: 0, count: dataset.featureCount), factor: factor,
                constantColumns: factor.indices.filter { factor[$0] == 0 })
        }
        penaltyFactors = zip(scaler.factor, units).map { $0 > 0 && $1 > 0 ? $0 / $1 : 1 }
    }

    /// s with mean 1, Σ s, and Σ s of each class.
    private static func weights(
        _ given: [Double]?, _ classWeights: ClassWeights, of dataset: Dataset
    ) throws(LogisticError) -> (rows: [Double]?, total: Double, classes: [Double]) {
        if let row = given?.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
            throw .invalidWeight(row: row, value: given![row])
        }
        func totals(_ weight: (Int) -> Double) -> [Double] {
            var totals = [Double](repeating: 0, count: dataset.classCount)
            for (row, label) in dataset.labels.enumerated() { totals[Int(label)] += weight(row) }
            return totals
        }
        var classTotals = totals { given?[$0] ?? 1 }
        var factors: [Double]?
        switch classWeights {
        case .none: break
        case .balanced:
            let total = classTotals.reduce(0, +)
            factors = classTotals.map { $0 > 0 ? total / (Double(classTotals.count) * $0) : 0 }
        case .custom(let named):
            for (name, value) in named.sorted(by: { $0.key < $1.key })
            where !(value >= 0 && value.isFinite) || !dataset.classNames.contains(name) {
                throw .invalidClassWeight(name, value)
            }
            factors = dataset.classNames.map { named[$0] ?? 1 }
        }
        if let factors { classTotals = zip(classTotals, factors).map { $0 * $1 } }
        let occupied = dataset.classNames.indices.filter { classTotals[$0] > 0 }
        guard occupied.count >= 2 else { throw .oneClass(occupied.map { dataset.classNames[$0] }) }
        guard occupied.count == dataset.classCount else {
            throw .emptyClasses(
                dataset.classNames.indices.filter { classTotals[$0] == 0 }.map { dataset.classNames[$0] })
        }
        let total = classTotals.reduce(0, +)
        guard given != nil || factors != nil else { return (nil, total, classTotals) }
        let scale = Double(dataset.count) / total
        let rows = dataset.labels.enumerated().map { row, label in
            (given?[row] ?? 1) * (factors?[Int(label)] ?? 1) * scale
        }
        return (rows, total, classTotals)
    }

    /// The factor of each feature in whose units weights are penalized.
    private static func units(_ scaling: Scaling, of dataset: Dataset) -> [Double] {
        switch scaling {
        case .automatic where dataset.nominalRange == nil, .none:
            return Array(repeating: 1, count: dataset.featureCount)
        case .automatic:
            return Scaler(.range, fittedOn: dataset).factor
        case .standardize, .range, .symmetricRange:
            return Scaler(scaling, fittedOn: dataset).factor
        case .clipped:
            preconditionFailure(
                "clipped features are for update rules: no weights of whole features stand for them")
        }
    }

    /// A warning of features that are the same in all examples, but for pictures, where that is usual.
    var constantFeatures: [LogisticWarning] {
        guard !scaler.constantColumns.isEmpty, dataset.nominalRange == nil else { return [] }
        return [.constantFeatures(scaler.constantColumns.map { featureNames[$0] })]
    }

    // MARK: Coordinates

    /// The number of logits that are fitted: one for two classes, or one a class.
    var logitCount: Int { isBinary ? 1 : dataset.classCount }

    /// The number of coefficients of one logit.
    var columnCount: Int { dataset.featureCount + (fitsIntercept ? 1 : 0) }

    /// λ₁ and λ₂ against the mean loss.
    var meanPenalty: Penalty { penalty.measuredByMean(totalWeight: totalWeight) }

    /// What is minimized but for the L1 part.
    ///
    /// - Parameter fixesGauge: Whether a term is added that is 0 at the minimum and makes the Hessian definite. Newton's
    ///   method needs it; to L-BFGS it would be a curvature out of proportion, in which rounding errors grow. With an L1
    ///   part the constant that the logits share is not free.
    func objective(fixesGauge: Bool) -> LogitObjective<Double> {
        let ridge = meanPenalty.l2
        let gauge = isBinary || penalty.l1 > 0 || !fixesGauge ? 0 : 1 / Double(logitCount)
        return LogitObjective(
            dataset, scaler: scaler, loss: isBinary ? .logistic : .softmax, hasIntercept: fitsIntercept,
            rowWeights: rowWeights,
            columnPenalties: penaltyFactors.map { ridge * $0 * $0 } + (fitsIntercept ? [0] : []), gauge: gauge
        )
    }

    /// λ₁ φ/u for every coefficient, 0 for intercepts.
    var thresholds: [Double] {
        let one = penaltyFactors.map { meanPenalty.l1 * $0 } + (fitsIntercept ? [0] : [])
        return (0..<logitCount).flatMap { _ in one }
    }

    /// From weights of the features as they are given, features × logits, and intercepts, to rows of logits in the
    /// solvers' coordinates.
    func workingParameters(_ parameters: [Double]) -> [Double] {
        let (p, logits) = (dataset.featureCount, logitCount)
        precondition(
            parameters.count == (p + 1) * logits,
            "a start of \(parameters.count) numbers for \(p) features and \(logits) logits")
        var working = [Double](repeating: 0, count: logits * columnCount)
        for k in 0..<logits {
            var intercept = parameters[p * logits + k]
            for j in 0..<p where scaler.factor[j] > 0 {
                let weight = parameters[j * logits + k]
                working[k * columnCount + j] = weight / scaler.factor[j]
                intercept += scaler.shift[j] * weight
            }
            if fitsIntercept { working[k * columnCount + p] = intercept }
        }
        if !isBinary && penalty.l1 == 0 { Self.center(&working, logits: logits) }
        return working
    }

    /// The way back; of softmax intercepts, which share a free constant, those with sum 0.
    func givenParameters(_ working: [Double]) -> [Double] {
        let (p, logits) = (dataset.featureCount, logitCount)
        var parameters = [Double](repeating: 0, count: (p + 1) * logits)
        for k in 0..<logits {
            var intercept = fitsIntercept ? working[k * columnCount + p] : 0
            for j in 0..<p {
                let weight = working[k * columnCount + j] * scaler.factor[j]
                parameters[j * logits + k] = weight
                intercept -= scaler.shift[j] * weight
            }
            parameters[p * logits + k] = intercept
        }
        if !isBinary && fitsIntercept {
            let mean = parameters[(p * logits)...].reduce(0, +) / Double(logits)
            for k in 0..<logits { parameters[p * logits + k] -= mean }
        }
        return parameters
    }

    /// Makes each column sum to 0 over the logits, which changes no probability.
    private static func center(_ working: inout [Double], logits: Int) {
        let columns = working.count / logits
        for j in 0..<columns {
            var sum = 0.0
            for k in 0..<logits { sum += working[k * columns + j] }
            for k in 0..<logits { working[k * columns + j] -= sum / Double(logits) }
        }
    }
}

// MARK: - Data sets and scores

extension LogisticProblem {
    /// A data set of a matrix and labels.
    static func dataset<Scalar: MatrixScalar>(
        _ features: Matrix<Scalar>, _ labels: [String], classNames: [String]?
    ) throws(LogisticError) -> Dataset {
        do {
            return try Dataset(features: features, labels: labels, classNames: classNames)
        } catch {
            throw .data(error)
        }
    }

    /// A data set of a matrix and labels.
    static func dataset<Scalar: MatrixScalar>(
        _ features: Matrix<Scalar>, _ labels: [Int], classNames: [String]?
    ) throws(LogisticError) -> Dataset {
        do {
            return try Dataset(features: features, labels: labels, classNames: classNames)
        } catch {
            throw .data(error)
        }
    }

    /// x·w + b for each example, w followed by b.
    static func scores(of dataset: Dataset, parameters: [Double]) -> [Double] {
        precondition(
            parameters.count == dataset.featureCount + 1,
            "a model of \(parameters.count - 1) features cannot predict from \(dataset.featureCount) features"
        )
        let objective = LogitObjective<Double>(
            dataset, scaler: .identity(featureCount: dataset.featureCount), loss: .logistic,
            hasIntercept: true)
        return objective.logits(at: parameters).elements
    }
}
