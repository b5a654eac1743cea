import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization

extension LogisticProblem {
    /// The problem that a network of one layer is trained on: its weights are penalized as its scaling leaves the features.
    init(
        _ training: Dataset, names: [String]?, penalty: Penalty, scaling: Scaling, classWeights: ClassWeights,
        isBinary: Bool
    ) throws(LogisticError) {
        // Networks standardize where the solvers take features as they are.
        let isPlain = scaling == .automatic && training.nominalRange == nil
        try self.init(
            training, weights: training.weights, names: names, penalty: penalty,
            scaling: isPlain ? .standardize : scaling, fitsIntercept: true, classWeights: classWeights,
            isBinary: isBinary)
    }

    /// What a training by an update rule has come to, and how far from the minimum that is.
    ///
    /// - Parameters:
    ///   - parameters: Weights for features as they are given, features × logits, then the intercepts.
    ///   - rule: The rule, in words.
    ///   - history: What happened in training.
    func fit(byRule rule: String, _ parameters: [Double], _ history: History) -> LogisticFit {
        var parameters = parameters
        let logits = logitCount
        if !isBinary && penalty.l1 == 0 { Self.shareOut(&parameters, logits: logits) }
        // What a feature that does not vary contributes, the solvers leave to the intercept.
        var plain = parameters
        for (j, (shift, factor)) in zip(scaler.shift, scaler.factor).enumerated() where factor == 0 {
            for k in 0..<logits {
                plain[scaler.featureCount * logits + k] += shift * plain[j * logits + k]
                plain[j * logits + k] = 0
            }
        }
        let objective = objective(fixesGauge: false)
        let point = workingParameters(plain)
        var gradient = [Double](repeating: 0, count: objective.parameterCount)
        _ = objective.valueAndGradient(at: gradient, gradient: &gradient)
        let scale = gradient.reduce(0) { max($0, abs($1)) }
        var value = objective.valueAndGradient(at: point, gradient: &gradient)
        var largest = 0.0
        for (index, threshold) in thresholds.enumerated() {
            value += threshold * abs(point[index])
            let slope = gradient[index]
            let violation =
                point[index] == 0
                ? max(0, abs(slope) - threshold) : abs(slope + (point[index] > 0 ? threshold : -threshold))
            largest = max(largest, violation)
        }
        let relativeGradient = scale > 0 ? largest / scale : 0
        let last = history.last
        let reason = relativeGradient <= 1e-6 ? StoppingReason.gradientTolerance : .iterationLimit
        var warnings = constantFeatures
        let minimum = LogisticFitting.Minimum(
            point: point, value: value, gradientNorm: largest, reason: reason, iterations: 0, passes: 0,
            hessianPasses: 0)
        if penalty.isNone,
            let separation = Separation(
                self, logits: objective.logits(at: point), minimum: minimum, objective)
        {
            warnings.append(.separable(separation))
        }
        return LogisticFit(
            parameters: parameters,
            report: SolverReport(
                method: .updateRule, choice: rule,
                reason: reason,
                iterations: last?.updates ?? 0, passes: Int((last?.epoch ?? 0).rounded(.up)),
                hessianPasses: 0,
                relativeGradient: relativeGradient, objective: value, meanLoss: meanLoss(at: point),
                seconds: last?.seconds ?? 0, warnings: warnings), history: history, inference: nil)
    }

    /// Takes from each feature's weights, and from the intercepts, their mean over the logits, which changes no
    /// probability: as solvers leave them.
    private static func shareOut(_ parameters: inout [Double], logits: Int) {
        for start in stride(from: 0, to: parameters.count, by: logits) {
            let mean = parameters[start..<start + logits].reduce(0, +) / Double(logits)
            for k in start..<start + logits { parameters[k] -= mean }
        }
    }
}

extension LogisticClassifier {
    /// The logistic regression that a network of one layer with one output is; `nil` for other networks, before any
    /// training, and where the scaler clips.
    ///
    /// - Parameters:
    ///   - network: Trained by the binary cross-entropy.
    ///   - training: What it was trained on.
    ///   - names: The names of the features; `x1`, `x2`, … when nil.
    ///   - penalty: What it was trained with, on the weights of scaled features.
    ///   - rule: The rule that trained it, in words.
    ///   - history: What happened in training.
    /// - Throws: ``LogisticError`` for data that no logistic regression is fitted to.
    package init?<Scalar: MatrixScalar>(
        _ network: MLP<Scalar>, trainedOn training: Dataset, names: [String]?, penalty: Penalty,
        classWeights: ClassWeights, rule: String, history: History
    ) throws(LogisticError) {
        guard network.layout.outputCount == 1, network.loss == .binaryCrossEntropy,
            let parameters = network.classifier.network.unscaledParameters
        else { return nil }
        let problem = try LogisticProblem(
            training, names: names, penalty: penalty, scaling: network.scaling, classWeights: classWeights,
            isBinary: true)
        self.init(problem, problem.fit(byRule: rule, parameters, history))
    }
}

extension SoftmaxClassifier where Scalar == Double {
    /// The softmax regression that a network of one layer is; `nil` for other networks, before any training, and where
    /// the scaler clips.
    ///
    /// - Parameters:
    ///   - network: Trained by the cross-entropy.
    ///   - training: What it was trained on.
    ///   - names: The names of the features; `x1`, `x2`, … when nil.
    ///   - penalty: What it was trained with, on the weights of scaled features.
    ///   - rule: The rule that trained it, in words.
    ///   - history: What happened in training.
    /// - Throws: ``LogisticError`` for data that no softmax regression is fitted to.
    package init?<Other: MatrixScalar>(
        _ network: MLP<Other>, trainedOn training: Dataset, names: [String]?, penalty: Penalty,
        classWeights: ClassWeights, rule: String, history: History
    ) throws(LogisticError) {
        guard network.layout.outputCount == network.classNames.count, network.loss == .crossEntropy(),
            let parameters = network.classifier.network.unscaledParameters
        else { return nil }
        let problem = try LogisticProblem(
            training, names: names, penalty: penalty, scaling: network.scaling, classWeights: classWeights,
            isBinary: false)
        self.init(problem, problem.fit(byRule: rule, parameters, history))
    }
}
