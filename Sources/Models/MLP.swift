import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization

/// A multilayer perceptron that tells classes apart: dense layers with an activation between them, ending in a softmax.
///
/// ```swift
/// let (train, test) = try MNIST.load()
/// var network = MLP<Float>(sizes: [784, 128, 64, 10], activation: .relu, seed: 0)
/// try network.train(on: train, validating: test, with: Adam(learningRate: 1e-3), batchSize: 64, for: .epochs(15))
/// print(network.accuracy(on: test))
/// ```
/// or, layer by layer,
/// ```swift
/// var network = MLP<Float>(
///     inputs: 784,
///     layers: [.dense(128, bias: false), .batchNorm, .activation(.relu), .dropout(0.2), .dense(10)],
///     loss: .crossEntropy(labelSmoothing: 0.1))
/// ```
/// Parameters are one flat vector; `NetworkLayout` says where the layers lie in it. `MLPRegressor` is the same for
/// quantities instead of classes.
public struct MLP<Scalar: MatrixScalar>: Classifier, Codable, Equatable {
    var classifier: NetworkClassifier<Scalar>

    /// How features are scaled before they enter the network, decided at the first training.
    public let scaling: Scaling

    /// A network of dense layers with the same activation between them, with random initial parameters.
    ///
    /// Weights and intercepts of a layer are uniform in ±1/√(its inputs), as PyTorch's `Linear` draws them.
    ///
    /// - Parameters:
    ///   - sizes: The widths, inputs first and classes last.
    ///   - activation: What stands between the layers.
    ///   - scaling: How features are scaled, fitted on the training set at the first training.
    ///   - seed: Determines the initial parameters.
    public init(
        sizes: [Int], activation: Activation = .relu, scaling: Scaling = .automatic, seed: UInt64 = 0
    ) {
        self.init(
            NetworkLayout(sizes: sizes, activation: activation), loss: .crossEntropy(), scaling: scaling,
            seed: seed)
    }

    /// A network of the given layers, with random initial parameters.
    ///
    /// - Parameters:
    ///   - inputs: The number of features.
    ///   - layers: In the order in which data passes through them. The last one gives the logits: as many as there are
    ///     classes, or for two classes and another loss than cross-entropy one, the logit of the second.
    ///   - loss: What is made small in training; its `evaluate` and the history's losses are in terms of it.
    ///   - scaling: How features are scaled, fitted on the training set at the first training.
    ///   - seed: Determines the initial parameters.
    public init(
        inputs: Int, layers: [Layer], loss: NetworkLoss = .crossEntropy(), scaling: Scaling = .automatic,
        seed: UInt64 = 0
    ) {
        self.init(NetworkLayout(inputs: inputs, layers: layers), loss: loss, scaling: scaling, seed: seed)
    }

    /// A network of given layers and loss, with random initial parameters.
    ///
    /// - Parameters:
    ///   - layout: The layers.
    ///   - loss: What is made small in training.
    ///   - scaling: How features are scaled, fitted on the training set at the first training.
    ///   - seed: Determines the initial parameters.
    public init(
        _ layout: NetworkLayout, loss: NetworkLoss = .crossEntropy(), scaling: Scaling = .automatic,
        seed: UInt64 = 0
    ) {
        precondition(
            layout.outputCount > 1 || !loss.goesByLabel,
            "a network of one output tells no two classes apart by \(loss); binary cross-entropy does")
        classifier = NetworkClassifier(
            network: Network(layout: layout, loss: loss, parameters: layout.randomParameters(seed: seed)),
            classNames: (0..<max(layout.outputCount, 2)).map(String.init))
        self.scaling = scaling
    }

    /// Puts a model together from what it consists of; for readers of model files.
    package init(network: Network<Scalar>, classNames: [String], scaling: Scaling) {
        classifier = NetworkClassifier(network: network, classNames: classNames)
        self.scaling = scaling
    }

    /// Where the layers lie in the parameters.
    public var layout: NetworkLayout { classifier.layout }

    /// What is made small in training.
    public var loss: NetworkLoss { classifier.network.loss }

    /// All weights and intercepts, then the running statistics of batch norms, as `layout` orders them.
    public var parameters: [Scalar] {
        get { classifier.parameters }
        set {
            precondition(
                newValue.count == layout.valueCount,
                "\(newValue.count) numbers for a network of \(layout.valueCount)")
            classifier.network.parameters = newValue
        }
    }

    /// The arrays of the layers under their names, such as `dense1.weights`.
    public var namedTensors: [NamedTensor<Scalar>] { layout.namedTensors(of: parameters) }

    /// The scaler fitted on the training set; `nil` before any training.
    public var scaler: Scaler? { classifier.scaler }

    /// The names of the classes, in the order of the columns of `logits`.
    public var classNames: [String] { classifier.classNames }

    /// Trains the network on from its present parameters.
    ///
    /// - Parameters:
    ///   - training: Labelled examples, as many features as the network has inputs and classes as it has outputs; their
    ///     weights count.
    ///   - validation: Examples on which loss and accuracy are recorded after each epoch.
    ///   - rule: How a gradient becomes a step.
    ///   - batchSize: The number of examples an update.
    ///   - budget: How long to train.
    ///   - penalty: What is added to the loss to keep weights small.
    ///   - classWeights: How much the examples of each class count.
    ///   - seed: Determines the order of the examples, and what dropout drops.
    ///   - onRecord: Told of each record as it is made.
    /// - Returns: What happened, epoch by epoch.
    /// - Throws: `TrainingError.diverged`; the parameters are then those of the last good evaluation.
    @discardableResult
    public mutating func train<Rule: UpdateRule>(
        on training: Dataset, validating validation: Dataset? = nil, with rule: Rule,
        batchSize: BatchSize = 64,
        for budget: Budget, penalty: Penalty = .none, classWeights: ClassWeights = .none, seed: UInt64 = 0,
        onRecord: (History.Record) -> Void = { _ in }
    ) throws(TrainingError) -> History {
        try train(
            on: training, validating: validation, with: rule, batchSize: batchSize, for: budget,
            penalty: penalty, classWeights: classWeights, options: TrainingOptions(seed: seed)
        ) { event in
            if case .evaluated(let record) = event { onRecord(record) }
        }
    }

    /// Trains the network on from its present parameters, with schedules, early stopping, checkpoints and the like.
    ///
    /// - Parameters:
    ///   - training: As without options.
    ///   - validation: As without options.
    ///   - rule: How a gradient becomes a step.
    ///   - batchSize: The number of examples an update.
    ///   - budget: How long to train; with checkpoints that are resumed, what was done before them included.
    ///   - penalty: What is added to the loss to keep weights small.
    ///   - classWeights: How much the examples of each class count.
    ///   - options: Schedules, early stopping, checkpoints, cancellation, seed. Schedules begin anew with each call, but
    ///     for one that resumes.
    ///   - onEvent: Told of everything that happens.
    /// - Returns: What happened, epoch by epoch.
    /// - Throws: `TrainingError`; the parameters are then those that `TrainingLoop.run(until:options:)` leaves.
    @discardableResult
    public mutating func train<Rule: UpdateRule>(
        on training: Dataset, validating validation: Dataset? = nil, with rule: Rule,
        batchSize: BatchSize = 64,
        for budget: Budget, penalty: Penalty = .none, classWeights: ClassWeights = .none,
        options: TrainingOptions, onEvent: (TrainingEvent) -> Void = { _ in }
    ) throws(TrainingError) -> History {
        try classifier.train(
            on: training.weighted(by: classWeights), validating: validation,
            Network.Training(
                rule: rule, batchSize: batchSize, budget: budget, scaling: scaling, penalty: penalty,
                options: options), onEvent: onEvent)
    }

    /// The logits: examples × classes, unnormalized log-probabilities.
    ///
    /// With one output z for two classes the logits are 0 and z. A loss other than cross-entropy makes no
    /// probabilities of all logits together; the largest is the prediction with each of them.
    public func logits(for dataset: Dataset) -> Matrix<Scalar> { classifier.logits(for: dataset) }

    /// The mean loss, and the share of examples classified rightly.
    public func evaluate(on dataset: Dataset) -> (loss: Double, accuracy: Double) {
        classifier.evaluate(on: dataset)
    }
}

extension MLP: CustomStringConvertible {
    /// A table of the layers, and what the network is trained for.
    public var description: String { "\(layout)\n\(classNames.count) classes, \(loss)" }
}
