import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization

/// The mean cross-entropy of a network's softmax over a labelled data set, as a function of the network's parameters.
///
///     f(θ) = (1/n) Σᵢ −log softmax(z(xᵢ; θ))_{cᵢ}  +  (λ/2) Σ w²
///
/// z are the logits, w the weights without the intercepts. A network without hidden layers is softmax regression, for
/// which f is convex. This is a `NetworkObjective` with the loss that classifiers are mostly trained by.
public struct CrossEntropyObjective<Scalar: MatrixScalar>: FiniteSumObjective {
    private let network: NetworkObjective<Scalar>
    /// Passes over all examples of softmax regression on bytes; `nil` for everything else.
    private let byteRows: ByteRows<Scalar>?

    /// The objective of training a network on a data set.
    ///
    /// - Parameters:
    ///   - layout: As many inputs as the data set has features, as many outputs as it has classes.
    ///   - dataset: The examples, at least one.
    ///   - scaler: Fitted on the training set.
    ///   - penalty: Applies to weights, not to intercepts.
    ///   - seed: Determines what dropout drops, where there is any.
    public init(
        _ layout: NetworkLayout, on dataset: Dataset, scaler: Scaler, penalty: Penalty = .none,
        seed: UInt64 = 0
    ) {
        network = NetworkObjective(layout, on: dataset, scaler: scaler, penalty: penalty, seed: seed)
        byteRows = Self.byteRows(layout, dataset, scaler)
    }

    private static func byteRows(
        _ layout: NetworkLayout, _ dataset: Dataset, _ scaler: Scaler
    ) -> ByteRows<Scalar>? {
        guard layout.layers.count == 1, layout.layers[0].layer.isDense, dataset.isLabelled,
            dataset.weights == nil, layout.layers[0].outputs == dataset.classCount
        else { return nil }
        return ByteRows(
            dataset, scaler: scaler, classes: dataset.classCount,
            places: .columns(
                classes: dataset.classCount, features: dataset.featureCount,
                hasIntercept: !layout.layers[0].bias.isEmpty))
    }

    /// Value and, where it is asked for, gradient over all examples by rows of bytes.
    private func loss(
        _ byteRows: ByteRows<Scalar>, at parameters: [Scalar], gradient: UnsafeMutablePointer<Scalar>?
    ) -> Double {
        let count = dataset.count
        let value = byteRows.loss(
            at: parameters,
            ByteRows.Selection(
                indices: nil, weights: nil, count: count, scale: 1 / Double(count),
                pieces: max(1, min(16, (count + 511) / 512))), gradient: gradient)
        return parameters.withUnsafeBufferPointer {
            let penalty = network.penaltyValue(at: $0.baseAddress!)
            if let gradient { network.addPenalty(at: $0.baseAddress!, to: gradient) }
            return value + penalty
        }
    }

    private func loss(
        _ byteRows: ByteRows<Scalar>, at parameters: [Scalar], gradient: inout [Scalar]
    ) -> Double {
        precondition(
            gradient.count == parameterCount,
            "a gradient of \(gradient.count) numbers for \(parameterCount) parameters")
        return gradient.withUnsafeMutableBufferPointer {
            loss(byteRows, at: parameters, gradient: $0.baseAddress!)
        }
    }

    /// The shape of the network.
    public var layout: NetworkLayout { network.layout }

    /// The examples.
    public var dataset: Dataset { network.dataset }

    /// What is done to the features before they enter the network; fitted on the training set.
    public var scaler: Scaler { network.scaler }

    /// What is added to keep the weights small.
    public var penalty: Penalty { network.penalty }

    /// The number of weights and intercepts, and of running statistics where there are any.
    public var parameterCount: Int { network.parameterCount }

    /// The number of parameters without running statistics.
    public var trainedParameterCount: Int { network.trainedParameterCount }

    /// The number of examples, n.
    public var exampleCount: Int { network.exampleCount }

    /// f at a point, over all examples.
    public func value(at parameters: [Scalar]) -> Double {
        if let byteRows { return loss(byteRows, at: parameters, gradient: nil) }
        return network.value(at: parameters)
    }

    /// f and its gradient at a point, over all examples.
    public func valueAndGradient(at parameters: [Scalar], gradient: inout [Scalar]) -> Double {
        if let byteRows { return loss(byteRows, at: parameters, gradient: &gradient) }
        return network.valueAndGradient(at: parameters, gradient: &gradient)
    }

    /// f and its gradient at a point, the mean taken over some of the examples.
    public func valueAndGradient(
        at parameters: [Scalar], examples: Span<Int32>, gradient: inout [Scalar]
    ) -> Double {
        network.valueAndGradient(at: parameters, examples: examples, gradient: &gradient)
    }

    /// f and its gradient over all examples, the network taken as it is trained.
    public func trainingValueAndGradient(
        at parameters: inout [Scalar], update: Int, gradient: inout [Scalar]
    ) -> Double {
        if let byteRows { return loss(byteRows, at: parameters, gradient: &gradient) }
        return network.trainingValueAndGradient(at: &parameters, update: update, gradient: &gradient)
    }

    /// f and its gradient over some of the examples, the network taken as it is trained.
    public func trainingValueAndGradient(
        at parameters: inout [Scalar], examples: Span<Int32>, update: Int, gradient: inout [Scalar]
    ) -> Double {
        network.trainingValueAndGradient(
            at: &parameters, examples: examples, update: update, gradient: &gradient)
    }

    /// The mean loss without the penalty, and the share of examples classified rightly.
    public func evaluate(at parameters: [Scalar]) -> (loss: Double, accuracy: Double) {
        network.evaluate(at: parameters)
    }
}
