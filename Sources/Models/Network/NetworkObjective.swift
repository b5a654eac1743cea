import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization

/// The mean loss of a network over a data set, as a function of the network's parameters.
///
///     f(θ) = Σᵢ wᵢ ℓ(z(xᵢ; θ), yᵢ) / Σᵢ wᵢ  +  λ₁ Σ |w| + (λ₂/2) Σ w²
///
/// z are the network's outputs, wᵢ the weights of the examples (1 where there are none); the penalty is over the weights
/// of dense layers, without biases and norms. Asked for a part of the examples, it divides by the weights of that part.
///
/// The network has two modes. `value` and `valueAndGradient` take it as it is used: nothing is dropped, batch norms take
/// the running statistics, which are constants. `trainingValueAndGradient` takes it as it is trained: dropout drops,
/// batch norms take the statistics of the batch and move the running ones, which lie behind the parameters.
///
/// The mean is taken here and nowhere else. The sum over examples is split into pieces whose number depends on the
/// number of examples alone, each summed in order, and the pieces are added in order: the same bits on any number of
/// threads.
public struct NetworkObjective<Scalar: MatrixScalar>: FiniteSumObjective {
    /// The shape of the network.
    public let layout: NetworkLayout

    /// The examples.
    public let dataset: Dataset

    /// What is done to the features before they enter the network; fitted on the training set.
    public let scaler: Scaler

    /// What is done to the targets before the outputs are compared with them; `nil` for nothing.
    public let targetScaler: Scaler?

    /// What is made small for each example.
    public let loss: NetworkLoss

    /// What is added to keep the weights small.
    public let penalty: Penalty

    /// Determines what dropout drops.
    public let seed: UInt64

    private let dropoutKey: UInt64
    let examples: NetworkExamples<Scalar>
    let using: Passes
    let training: Passes
    let partials: Pool<PartialSums<Scalar>>

    /// A plan and the scratches of those who go by it.
    struct Passes: Sendable {
        let plan: NetworkPlan
        /// Scratches of one block each.
        let blocks: Pool<NetworkScratch<Scalar>>
        /// Scratches of whole batches, for batch norms.
        let batches: Pool<NetworkScratch<Scalar>>
        /// For batches that are too small for each thread to take examples of its own; nil where there is no other way.
        let layered: Pool<LayeredPass<Scalar>>?
        /// The same for the smallest of them.
        let layeredByInputs: Pool<LayeredPass<Scalar>>?

        init(
            _ plan: NetworkPlan, _ examples: NetworkExamples<Scalar>, _ loss: NetworkLoss, targetWidth: Int
        ) {
            self.plan = plan
            blocks = Pool {
                NetworkScratch(plan, rows: NetworkScratch<Scalar>.blockRows, targetWidth: targetWidth)
            }
            batches = Pool { NetworkScratch(plan, rows: 0, targetWidth: targetWidth) }
            func passes(cuttingInputs: Bool) -> Pool<LayeredPass<Scalar>>? {
                LayerSchedule(plan, cutsInputs: cuttingInputs).map { schedule in
                    Pool { LayeredPass(schedule, plan, examples, loss, targetWidth: targetWidth) }
                }
            }
            layered = passes(cuttingInputs: false)
            layeredByInputs = passes(cuttingInputs: true)
        }

        /// Who takes a batch of so many examples; nil if threads are to take examples of their own.
        func layered(_ count: Int) -> Pool<LayeredPass<Scalar>>? {
            guard count <= 512 else { return nil }
            // Each part of the inputs leaves sums for all examples, which must not become a burden.
            return count * (plan.steps.first?.outputs ?? 0) <= 1 << 15 ? layeredByInputs : layered
        }
    }

    /// The objective of training a network on a data set.
    ///
    /// - Parameters:
    ///   - layout: As many inputs as the data set has features, as many outputs as it has classes or targets; for two
    ///     classes and a loss other than cross-entropy one output will do.
    ///   - dataset: The examples, at least one.
    ///   - scaler: Fitted on the training set.
    ///   - targetScaler: Of as many features as there are targets; for targets only.
    ///   - loss: One that goes by classes needs examples with classes.
    ///   - penalty: Applies to weights, not to biases and norms.
    ///   - seed: Determines what dropout drops.
    public init(
        _ layout: NetworkLayout, on dataset: Dataset, scaler: Scaler, targetScaler: Scaler? = nil,
        loss: NetworkLoss = .crossEntropy(), penalty: Penalty = .none, seed: UInt64 = 0
    ) {
        if let problem = loss.problem { preconditionFailure(problem) }
        precondition(
            layout.inputCount == dataset.featureCount,
            "a network of \(layout.inputCount) inputs for \(dataset.featureCount) features")
        self.layout = layout
        self.dataset = dataset
        self.scaler = scaler
        self.targetScaler = targetScaler
        self.loss = loss
        self.seed = seed
        dropoutKey = DropoutMask.key(seed: seed)
        examples = NetworkExamples(
            dataset, scaler: scaler, targetScaler: targetScaler, loss: loss, outputs: layout.outputCount)
        self.penalty = penalty.measuredByMean(totalWeight: examples.totalWeight)
        let targetWidth = loss.goesByLabel ? 0 : layout.outputCount
        using = Passes(NetworkPlan(layout, dropping: false), examples, loss, targetWidth: targetWidth)
        training =
            layout.hasDropout
            ? Passes(NetworkPlan(layout, dropping: true), examples, loss, targetWidth: targetWidth) : using
        partials = Pool { PartialSums(parameterCount: layout.parameterCount) }
    }

    /// The length of the vector: the parameters, then the running statistics of batch norms.
    public var parameterCount: Int { layout.valueCount }

    /// The number of parameters without running statistics.
    public var trainedParameterCount: Int { layout.parameterCount }

    /// The number of examples, n.
    public var exampleCount: Int { dataset.count }

    /// f at a point, over all examples.
    public func value(at parameters: [Scalar]) -> Double {
        evaluate(at: parameters).loss + penaltyValue(at: parameters)
    }

    /// f and its gradient at a point, over all examples, the network taken as it is used.
    public func valueAndGradient(at parameters: [Scalar], gradient: inout [Scalar]) -> Double {
        check(parameters.count, gradient.count)
        return parameters.withUnsafeBufferPointer { θ in
            differentiate(at: θ.baseAddress!, .all(dataset.count), using, gradient: &gradient)
        }
    }

    /// f and its gradient at a point, the mean taken over some of the examples, the network taken as it is used.
    public func valueAndGradient(
        at parameters: [Scalar], examples: Span<Int32>, gradient: inout [Scalar]
    ) -> Double {
        check(parameters.count, gradient.count)
        return examples.withUnsafeBufferPointer { indices in
            parameters.withUnsafeBufferPointer { θ in
                differentiate(at: θ.baseAddress!, .indices(indices), using, gradient: &gradient)
            }
        }
    }

    /// f and its gradient at a point, over all examples, the network taken as it is trained.
    public func trainingValueAndGradient(
        at parameters: inout [Scalar], update: Int, gradient: inout [Scalar]
    ) -> Double {
        train(at: &parameters, .all(dataset.count), update: update, gradient: &gradient)
    }

    /// f and its gradient at a point, the mean taken over some of the examples, the network taken as it is trained.
    public func trainingValueAndGradient(
        at parameters: inout [Scalar], examples: Span<Int32>, update: Int, gradient: inout [Scalar]
    ) -> Double {
        examples.withUnsafeBufferPointer { indices in
            train(at: &parameters, .indices(indices), update: update, gradient: &gradient)
        }
    }

    /// The mean loss without the penalty, and the share of examples classified rightly, both by weight.
    ///
    /// The share is 0 where examples have targets instead of classes.
    public func evaluate(at parameters: [Scalar]) -> (loss: Double, accuracy: Double) {
        check(parameters.count, layout.valueCount)
        let sums = partials.take()
        defer { partials.giveBack(sums) }
        let total = parameters.withUnsafeBufferPointer { θ in
            run(
                NetworkKernel(plan: using.plan, parameters: θ.baseAddress!), .all(dataset.count), using, sums)
        }
        return (total.loss / examples.totalWeight, total.correct / examples.totalWeight)
    }

    private func train(
        at parameters: inout [Scalar], _ selection: NetworkExamples<Scalar>.Selection, update: Int,
        gradient: inout [Scalar]
    ) -> Double {
        check(parameters.count, gradient.count)
        let key = DropoutMask.key(dropoutKey, update: update)
        return parameters.withUnsafeMutableBufferPointer { θ in
            training.plan.batchNorms.isEmpty
                ? differentiate(at: θ.baseAddress!, selection, training, dropoutKey: key, gradient: &gradient)
                : differentiateByBatch(
                    at: θ.baseAddress!, selection, training, dropoutKey: key, gradient: &gradient)
        }
    }

    private func check(_ count: Int, _ gradientCount: Int) {
        precondition(
            count == layout.valueCount,
            "parameters of \(count) numbers for a network of \(layout.valueCount)")
        precondition(
            gradientCount == layout.valueCount,
            "a gradient of \(gradientCount) numbers for a network of \(layout.valueCount)")
    }
}

extension NetworkLayout {
    /// Whether there is a layer that drops.
    var hasDropout: Bool {
        layers.contains {
            if case .dropout(let rate) = $0.layer.kind { return rate > 0 }
            return false
        }
    }
}
