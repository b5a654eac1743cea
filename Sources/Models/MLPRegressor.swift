import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization

/// A multilayer perceptron that predicts quantities: one or several numbers for each example.
///
/// ```swift
/// let data = try Dataset(CSVFile.read(path: "diabetes.csv"), targets: ["progression"])
/// var network = MLPRegressor<Double>(sizes: [10, 32, 1], activation: .tanh)
/// try network.train(on: data, with: Adam(), for: .epochs(200))
/// let predictions = network.predict(for: data)
/// ```
/// Targets are standardized for training, by statistics of the training set that the model remembers, and predictions
/// are in the targets' own units.
public struct MLPRegressor<Scalar: MatrixScalar>: Codable, Equatable, Sendable {
    var network: Network<Scalar>

    /// How features are scaled before they enter the network, decided at the first training.
    public let scaling: Scaling

    /// How targets are scaled before the outputs are compared with them, decided at the first training.
    public let targetScaling: Scaling

    /// The names of the targets, in the order of the columns of predictions.
    public private(set) var targetNames: [String]

    /// A network of dense layers with the same activation between them, with random initial parameters.
    ///
    /// - Parameters:
    ///   - sizes: The widths, inputs first and targets last.
    ///   - activation: What stands between the layers.
    ///   - loss: What is made small in training.
    ///   - scaling: How features are scaled, fitted on the training set at the first training.
    ///   - targetScaling: How targets are scaled; not for binary cross-entropy, whose targets are shares.
    ///   - seed: Determines the initial parameters.
    public init(
        sizes: [Int], activation: Activation = .relu, loss: NetworkLoss = .squaredError,
        scaling: Scaling = .automatic, targetScaling: Scaling = .standardize, seed: UInt64 = 0
    ) {
        self.init(
            NetworkLayout(sizes: sizes, activation: activation), loss: loss, scaling: scaling,
            targetScaling: targetScaling, seed: seed)
    }

    /// A network of the given layers, with random initial parameters.
    ///
    /// - Parameters:
    ///   - inputs: The number of features.
    ///   - layers: In the order in which data passes through them; the last one gives the predictions.
    ///   - loss: What is made small in training.
    ///   - scaling: How features are scaled, fitted on the training set at the first training.
    ///   - targetScaling: How targets are scaled; not for binary cross-entropy, whose targets are shares.
    ///   - seed: Determines the initial parameters.
    public init(
        inputs: Int, layers: [Layer], loss: NetworkLoss = .squaredError, scaling: Scaling = .automatic,
        targetScaling: Scaling = .standardize, seed: UInt64 = 0
    ) {
        self.init(
            NetworkLayout(inputs: inputs, layers: layers), loss: loss, scaling: scaling,
            targetScaling: targetScaling, seed: seed)
    }

    /// A network of given layers and loss, with random initial parameters.
    ///
    /// - Parameters:
    ///   - layout: The layers.
    ///   - loss: Any but those that need classes.
    ///   - scaling: How features are scaled, fitted on the training set at the first training.
    ///   - targetScaling: How targets are scaled; not for binary cross-entropy, whose targets are shares.
    ///   - seed: Determines the initial parameters.
    public init(
        _ layout: NetworkLayout, loss: NetworkLoss = .squaredError, scaling: Scaling = .automatic,
        targetScaling: Scaling = .standardize, seed: UInt64 = 0
    ) {
        precondition(
            loss.isRegression || loss == .binaryCrossEntropy,
            "the loss \(loss) is between classes, not quantities: that is MLP's part")
        network = Network(layout: layout, loss: loss, parameters: layout.randomParameters(seed: seed))
        self.scaling = scaling
        self.targetScaling = loss.isRegression ? targetScaling : .none
        targetNames = layout.outputCount == 1 ? ["y"] : (1...layout.outputCount).map { "y\($0)" }
    }

    /// Puts a model together from what it consists of; for readers of model files.
    package init(
        network: Network<Scalar>, targetNames: [String], scaling: Scaling, targetScaling: Scaling
    ) {
        self.network = network
        self.scaling = scaling
        self.targetScaling = targetScaling
        self.targetNames = targetNames
    }

    /// Where the layers lie in the parameters.
    public var layout: NetworkLayout { network.layout }

    /// What is made small in training.
    public var loss: NetworkLoss { network.loss }

    /// All weights and biases, then the running statistics of batch norms, as `layout` orders them.
    public var parameters: [Scalar] {
        get { network.parameters }
        set {
            precondition(
                newValue.count == layout.valueCount,
                "\(newValue.count) numbers for a network of \(layout.valueCount)")
            network.parameters = newValue
        }
    }

    /// The arrays of the layers under their names, such as `dense1.weights`.
    public var namedTensors: [NamedTensor<Scalar>] { layout.namedTensors(of: parameters) }

    /// The scaler of features fitted on the training set; `nil` before any training.
    public var scaler: Scaler? { network.scaler }

    /// The scaler of targets fitted on the training set; `nil` before any training, and where targets are not scaled.
    public var targetScaler: Scaler? { network.targetScaler }

    /// Trains the network on from its present parameters.
    ///
    /// - Parameters:
    ///   - training: Examples with targets, as many as the network has outputs; their weights count.
    ///   - validation: Examples on which the loss is recorded after each epoch.
    ///   - rule: How a gradient becomes a step.
    ///   - batchSize: The number of examples an update.
    ///   - budget: How long to train; with checkpoints that are resumed, what was done before them included.
    ///   - penalty: What is added to the loss to keep weights small.
    ///   - options: Schedules, early stopping, checkpoints, cancellation, seed.
    ///   - onEvent: Told of everything that happens.
    /// - Returns: What happened, epoch by epoch; losses are those of scaled targets.
    /// - Throws: `TrainingError`; the parameters are then those of the last good evaluation.
    @discardableResult
    public mutating func train<Rule: UpdateRule>(
        on training: Dataset, validating validation: Dataset? = nil, with rule: Rule,
        batchSize: BatchSize = 64, for budget: Budget, penalty: Penalty = .none,
        options: TrainingOptions = TrainingOptions(), onEvent: (TrainingEvent) -> Void = { _ in }
    ) throws(TrainingError) -> History {
        check(training)
        if let validation { check(validation) }
        targetNames = training.targetNames
        return try network.train(
            on: training, validating: validation,
            Network.Training(
                rule: rule, batchSize: batchSize, budget: budget, scaling: scaling,
                targetScaling: targetScaling, penalty: penalty, options: options), onEvent: onEvent)
    }

    /// The predictions, examples × targets, in the targets' own units; with binary cross-entropy, probabilities.
    public func predict(for dataset: Dataset) -> Matrix<Scalar> {
        var outputs = network.outputs(for: dataset)
        if loss == .binaryCrossEntropy { return outputs.map { ActivationKernel.sigmoid($0) } }
        guard let targetScaler else { return outputs }
        let columns = outputs.columns
        outputs.withUnsafeMutableElements { values in
            for index in values.indices {
                let (shift, factor) = (
                    targetScaler.shift[index % columns], targetScaler.factor[index % columns]
                )
                // A target that was constant is predicted to stay so.
                values[index] = factor == 0 ? Scalar(shift) : Scalar(Double(values[index]) / factor + shift)
            }
        }
        return outputs
    }

    /// The mean loss of scaled targets, and the share R² of the targets' variance that is explained.
    ///
    /// R² = 1 − Σ w (y − ŷ)² / Σ w (y − ȳ)², the mean of that over the targets; of a target that is constant 1 if it is
    /// met exactly and 0 if not.
    public func evaluate(on dataset: Dataset) -> (loss: Double, rSquared: Double) {
        check(dataset)
        return (network.evaluate(on: dataset).loss, rSquared(on: dataset))
    }

    private func rSquared(on dataset: Dataset) -> Double {
        let targets = dataset.targets!
        let predictions = predict(for: dataset)
        let weights = dataset.weights ?? Array(repeating: 1, count: dataset.count)
        let total = weights.reduce(0, +)
        var sum = 0.0
        for column in 0..<targets.columns {
            let mean = (0..<targets.rows).reduce(0) { $0 + weights[$1] * targets[$1, column] } / total
            var (residual, variation) = (0.0, 0.0)
            for row in 0..<targets.rows {
                let y = targets[row, column]
                let error = y - Double(predictions[row, column])
                residual += weights[row] * error * error
                variation += weights[row] * (y - mean) * (y - mean)
            }
            sum += variation > 0 ? 1 - residual / variation : residual == 0 ? 1 : 0
        }
        return sum / Double(targets.columns)
    }

    private func check(_ dataset: Dataset) {
        precondition(dataset.targets != nil, "a regression needs examples with targets, not classes")
    }
}

extension MLPRegressor: CustomStringConvertible {
    /// A table of the layers, and what the network is trained for.
    public var description: String {
        "\(layout)\n\(targetNames.count) target\(targetNames.count == 1 ? "" : "s"), \(loss)"
    }
}
