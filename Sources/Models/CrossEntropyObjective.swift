import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization

/// The mean cross-entropy of a network's softmax over a labelled data set, as a function of the network's parameters.
///
///     f(θ) = (1/n) Σᵢ −log softmax(z(xᵢ; θ))_{cᵢ}  +  (λ/2) Σ w²
///
/// z are the logits, w the weights without the intercepts. A network without hidden layers is softmax regression, for
/// which f is convex.
///
/// The mean is taken here and nowhere else. The sum over examples is split into pieces whose number depends on the
/// number of examples alone, each summed in order, and the pieces are added in order: the same bits on any number of
/// threads.
public struct CrossEntropyObjective<Scalar: MatrixScalar>: FiniteSumObjective {
    /// The shape of the network.
    public let layout: NetworkLayout

    /// The examples.
    public let dataset: Dataset

    /// What is done to the features before they enter the network; fitted on the training set.
    public let scaler: Scaler

    /// What is added to keep the weights small.
    public let penalty: Penalty

    private let scratch: Pool<NetworkScratch<Scalar>>
    private let partials: Pool<PartialSums<Scalar>>

    /// The objective of training a network on a data set.
    ///
    /// - Parameters:
    ///   - layout: As many inputs as the data set has features, as many outputs as it has classes.
    ///   - dataset: The examples, at least one.
    ///   - scaler: Fitted on the training set.
    ///   - penalty: Applies to weights, not to intercepts.
    public init(_ layout: NetworkLayout, on dataset: Dataset, scaler: Scaler, penalty: Penalty = .none) {
        precondition(
            layout.inputCount == dataset.featureCount,
            "a network of \(layout.inputCount) inputs for \(dataset.featureCount) features")
        precondition(
            layout.outputCount == dataset.classCount,
            "a network of \(layout.outputCount) outputs for \(dataset.classCount) classes")
        self.layout = layout
        self.dataset = dataset
        self.scaler = scaler
        self.penalty = penalty
        scratch = Pool { NetworkScratch(layout: layout) }
        partials = Pool { PartialSums(parameterCount: layout.parameterCount) }
    }

    /// The number of weights and intercepts.
    public var parameterCount: Int { layout.parameterCount }

    /// The number of examples, n.
    public var exampleCount: Int { dataset.count }

    /// f at a point, over all examples.
    public func value(at parameters: [Scalar]) -> Double {
        evaluate(at: parameters).loss + penaltyValue(at: parameters)
    }

    /// f and its gradient at a point, over all examples.
    public func valueAndGradient(at parameters: [Scalar], gradient: inout [Scalar]) -> Double {
        valueAndGradient(at: parameters, selection: .all(dataset.count), gradient: &gradient)
    }

    /// f and its gradient at a point, the mean taken over some of the examples.
    public func valueAndGradient(
        at parameters: [Scalar], examples: Span<Int32>, gradient: inout [Scalar]
    ) -> Double {
        examples.withUnsafeBufferPointer { indices in
            valueAndGradient(at: parameters, selection: .indices(indices), gradient: &gradient)
        }
    }

    /// The mean loss without the penalty, and the share of examples classified rightly.
    public func evaluate(at parameters: [Scalar]) -> (loss: Double, accuracy: Double) {
        checkCount(parameters.count, "parameters")
        let sums = partials.take()
        defer { partials.giveBack(sums) }
        let selection = Selection.all(dataset.count)
        let total = parameters.withUnsafeBufferPointer { θ in
            run(at: θ.baseAddress!, selection, sums)
        }
        return (total.loss / Double(dataset.count), Double(total.correct) / Double(dataset.count))
    }

    /// The logits of every example, examples × classes.
    package func logits(at parameters: [Scalar]) -> Matrix<Scalar> {
        checkCount(parameters.count, "parameters")
        var logits = Matrix<Scalar>(rows: dataset.count, columns: layout.outputCount)
        let selection = Selection.all(dataset.count)
        logits.withUnsafeMutableElements { destination in
            parameters.withUnsafeBufferPointer { θ in
                let shared = UnsafeTransfer(
                    (NetworkKernel(layout: layout, parameters: θ.baseAddress!), destination))
                WorkerTeam.shared.forEach(selection.pieceCount) { piece in
                    let (kernel, destination) = shared.value
                    let scratch = self.scratch.take()
                    defer { self.scratch.giveBack(scratch) }
                    forEachBlock(of: selection.piece(piece)) { block in
                        load(selection, block, scratch)
                        kernel.forward(rows: block.count, scratch)
                        (destination.baseAddress! + block.lowerBound * layout.outputCount).update(
                            from: scratch.activations[layout.layers.count],
                            count: block.count * layout.outputCount)
                    }
                }
            }
        }
        return logits
    }
}

// MARK: - Passes over the examples

extension CrossEntropyObjective {
    /// The examples of one evaluation.
    private enum Selection: @unchecked Sendable {
        case all(Int)
        case indices(UnsafeBufferPointer<Int32>)

        var count: Int {
            switch self {
            case .all(let count): count
            case .indices(let indices): indices.count
            }
        }

        /// How many pieces the sum is split into: a matter of its length alone.
        var pieceCount: Int { min(PartialSums<Scalar>.pieceLimit, (count + 511) / 512) }

        func piece(_ index: Int) -> Range<Int> {
            count * index / pieceCount..<count * (index + 1) / pieceCount
        }
    }

    private func valueAndGradient(
        at parameters: [Scalar], selection: Selection, gradient: inout [Scalar]
    ) -> Double {
        checkCount(parameters.count, "parameters")
        checkCount(gradient.count, "a gradient")
        precondition(selection.count > 0, "the mean over no examples was asked for")
        let sums = partials.take()
        defer { partials.giveBack(sums) }
        let scale = 1 / Scalar(selection.count)
        let loss = parameters.withUnsafeBufferPointer { θ in
            gradient.withUnsafeMutableBufferPointer { g in
                let total = run(at: θ.baseAddress!, selection, sums, gradient: g.baseAddress!, scale: scale)
                sums.addUp(selection.pieceCount, into: g.baseAddress!)
                addPenalty(at: θ.baseAddress!, to: g.baseAddress!)
                return total.loss
            }
        }
        return loss / Double(selection.count) + penaltyValue(at: parameters)
    }

    /// Runs every piece, on the threads there are.
    ///
    /// Where a gradient is asked for, the first piece writes there and each later piece into its partial sum.
    private func run(
        at parameters: UnsafePointer<Scalar>, _ selection: Selection, _ sums: PartialSums<Scalar>,
        gradient: UnsafeMutablePointer<Scalar>? = nil, scale: Scalar = 0
    ) -> SoftmaxCrossEntropy.Sums {
        let pieces = selection.pieceCount
        if gradient != nil { sums.reserveGradients(pieces - 1) }
        let shared = UnsafeTransfer((parameters, sums, gradient))
        WorkerTeam.shared.forEach(pieces) { piece in
            let (parameters, sums, gradient) = shared.value
            let scratch = self.scratch.take()
            defer { self.scratch.giveBack(scratch) }
            sums.losses[piece] = runPiece(
                selection.piece(piece), of: selection, NetworkKernel(layout: layout, parameters: parameters),
                scratch, gradient: piece == 0 ? gradient : gradient.map { _ in sums.gradients[piece - 1] },
                scale: scale)
        }
        var total = SoftmaxCrossEntropy.Sums()
        for piece in 0..<pieces {
            total.loss += sums.losses[piece].loss
            total.correct += sums.losses[piece].correct
        }
        return total
    }

    private func runPiece(
        _ range: Range<Int>, of selection: Selection, _ kernel: NetworkKernel<Scalar>,
        _ scratch: NetworkScratch<Scalar>, gradient: UnsafeMutablePointer<Scalar>?, scale: Scalar
    ) -> SoftmaxCrossEntropy.Sums {
        var total = SoftmaxCrossEntropy.Sums()
        forEachBlock(of: range) { block in
            let rows = block.count
            load(selection, block, scratch)
            kernel.forward(rows: rows, scratch)
            let logits = scratch.activations[layout.layers.count]
            let sums: SoftmaxCrossEntropy.Sums
            if let gradient {
                sums = SoftmaxCrossEntropy.differentiate(
                    logits: logits, labels: scratch.labels, rows: rows, classes: layout.outputCount,
                    scale: scale)
                kernel.backward(
                    rows: rows, scratch, gradient: gradient, adding: block.lowerBound > range.lowerBound)
            } else {
                sums = SoftmaxCrossEntropy.evaluate(
                    logits: logits, labels: scratch.labels, rows: rows, classes: layout.outputCount)
            }
            total.loss += sums.loss
            total.correct += sums.correct
        }
        return total
    }

    /// Calls `body` for one stretch of a piece after another, each as long as the scratch has room.
    private func forEachBlock(of range: Range<Int>, _ body: (Range<Int>) -> Void) {
        var start = range.lowerBound
        while start < range.upperBound {
            let end = min(start + NetworkScratch<Scalar>.blockRows, range.upperBound)
            body(start..<end)
            start = end
        }
    }

    /// Brings a block's features, scaled, and labels into the scratch.
    private func load(_ selection: Selection, _ block: Range<Int>, _ scratch: NetworkScratch<Scalar>) {
        let rows = scratch.activations[0]
        switch selection {
        case .all:
            dataset.gather(block, scaler: scaler, into: rows, stride: layout.inputCount)
            dataset.labels.withUnsafeBufferPointer {
                scratch.labels.update(from: $0.baseAddress! + block.lowerBound, count: block.count)
            }
        case .indices(let all):
            let indices = UnsafeBufferPointer(rebasing: all[block])
            dataset.gather(indices, scaler: scaler, into: rows, stride: layout.inputCount)
            dataset.gatherLabels(indices, into: scratch.labels)
        }
    }

    private func penaltyValue(at parameters: [Scalar]) -> Double {
        guard penalty.lambda > 0 else { return 0 }
        var sum = 0.0
        for layer in layout.layers {
            sum += parameters.withUnsafeBufferPointer { sumOfSquares($0[layer.weights]) }
        }
        return penalty.lambda / 2 * sum
    }

    private func addPenalty(at parameters: UnsafePointer<Scalar>, to gradient: UnsafeMutablePointer<Scalar>) {
        guard penalty.lambda > 0 else { return }
        let lambda = Scalar(penalty.lambda)
        for layer in layout.layers {
            add(
                lambda, times: parameters + layer.weights.lowerBound, to: gradient + layer.weights.lowerBound,
                count: layer.weights.count)
        }
    }

    private func checkCount(_ count: Int, _ what: String) {
        precondition(
            count == parameterCount,
            "\(what) of \(count) numbers for a network of \(parameterCount) parameters")
    }
}

/// Σ x², in Double.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func sumOfSquares<Scalar: MatrixScalar>(_ values: Slice<UnsafeBufferPointer<Scalar>>) -> Double {
    let values = UnsafeBufferPointer(rebasing: values)
    // Eight sums side by side: a fixed order that the compiler may still vectorize.
    var sums = SIMD8<Double>(repeating: 0)
    var i = 0
    while i + 8 <= values.count {
        var x = SIMD8<Double>()
        for lane in 0..<8 { x[lane] = Double(values[i + lane]) }
        sums += x * x
        i += 8
    }
    var total = sums.sum()
    while i < values.count {
        total += Double(values[i]) * Double(values[i])
        i += 1
    }
    return total
}

/// y ← y + a x.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func add<Scalar: MatrixScalar>(
    _ a: Scalar, times x: UnsafePointer<Scalar>, to y: UnsafeMutablePointer<Scalar>, count: Int
) {
    for i in 0..<count { y[i] += a * x[i] }
}
