import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization

/// A multilayer perceptron: fully connected layers with an activation between them, ending in a softmax.
///
/// ```swift
/// let (train, test) = try MNIST.load()
/// var network = MLP<Float>(sizes: [784, 128, 64, 10], activation: .relu, seed: 0)
/// try network.train(on: train, validating: test, with: Adam(learningRate: 1e-3), batchSize: 64, for: .epochs(15))
/// print(network.accuracy(on: test))
/// ```
///
/// Parameters are one flat vector; `NetworkLayout` says where the layers lie in it.
public struct MLP<Scalar: MatrixScalar>: Classifier, Codable, Equatable {
    private var network: NetworkClassifier<Scalar>

    /// How features are scaled before they enter the network, decided at the first training.
    public let scaling: Scaling

    /// A network with random initial parameters.
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
        let layout = NetworkLayout(sizes: sizes, activation: activation)
        network = NetworkClassifier(
            layout: layout, parameters: layout.randomParameters(seed: seed), scaler: nil,
            classNames: (0..<layout.outputCount).map(String.init))
        self.scaling = scaling
    }

    /// Where the layers lie in the parameters.
    public var layout: NetworkLayout { network.layout }

    /// All weights and intercepts, as `layout` orders them.
    public var parameters: [Scalar] {
        get { network.parameters }
        set {
            precondition(
                newValue.count == layout.parameterCount,
                "\(newValue.count) numbers for a network of \(layout.parameterCount) parameters")
            network.parameters = newValue
        }
    }

    /// The scaler fitted on the training set; `nil` before any training.
    public var scaler: Scaler? { network.scaler }

    /// The names of the classes, in the order of the columns of `logits`.
    public var classNames: [String] { network.classNames }

    /// Trains the network on from its present parameters.
    ///
    /// - Parameters:
    ///   - training: Labelled examples, as many features as the network has inputs and classes as it has outputs.
    ///   - validation: Examples on which loss and accuracy are recorded after each epoch.
    ///   - rule: How a gradient becomes a step.
    ///   - batchSize: The number of examples an update.
    ///   - budget: How long to train.
    ///   - penalty: What is added to the loss to keep weights small.
    ///   - seed: Determines the order of the examples.
    ///   - onRecord: Told of each record as it is made.
    /// - Returns: What happened, epoch by epoch.
    /// - Throws: `TrainingError.diverged`; the parameters are then those of the last good evaluation.
    @discardableResult
    public mutating func train<Rule: UpdateRule>(
        on training: Dataset, validating validation: Dataset? = nil, with rule: Rule,
        batchSize: BatchSize = 64,
        for budget: Budget, penalty: Penalty = .none, seed: UInt64 = 0,
        onRecord: (History.Record) -> Void = { _ in }
    ) throws(TrainingError) -> History {
        try network.train(
            on: training, validating: validation, with: rule, batchSize: batchSize, for: budget,
            scaling: scaling, penalty: penalty, seed: seed, onRecord: onRecord)
    }

    /// The logits: examples × classes, unnormalized log-probabilities.
    public func logits(for dataset: Dataset) -> Matrix<Scalar> { network.logits(for: dataset) }

    /// The mean cross-entropy, and the share of examples classified rightly.
    public func evaluate(on dataset: Dataset) -> (loss: Double, accuracy: Double) {
        network.evaluate(on: dataset)
    }
}
