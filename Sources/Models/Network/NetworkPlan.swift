/// The passes through a network laid out as steps between buffers, worked out once.
///
/// A step writes its result over its input where nothing needs the input any more on the way back: an activation whose
/// derivative can be told from its result overwrites the sums of the dense layer before it.
struct NetworkPlan: Sendable {
    /// What a step computes.
    enum Operation: Sendable {
        /// Offsets into the parameters; no bias if that is negative.
        case dense(weights: Int, bias: Int)
        case activation(Activation)
        case dropout(DropoutMask)
        case batchNorm(BatchNormPlace)
        case layerNorm(LayerNormPlace)
    }

    struct Step: Sendable {
        var operation: Operation
        var inputs: Int
        var outputs: Int
        /// The buffer it reads.
        var input: Int
        /// The buffer it writes.
        var output: Int
        /// Where on the way back ∂ℓ/∂(its result) lies: a derivative buffer, or −1 for the buffer of the outputs.
        var derivative = 0
        /// Where it puts ∂ℓ/∂(its input).
        var inputDerivative = 0
    }

    /// The steps, in the order of the way forward.
    private(set) var steps: [Step] = []
    /// The numbers a row of each buffer has; buffer 0 holds the inputs.
    private(set) var bufferWidths: [Int]
    /// The steps that normalize over the batch.
    private(set) var batchNorms: [Int] = []
    /// How many layer norms there are.
    private(set) var layerNormCount = 0
    /// The first step with parameters: derivatives with respect to its input are of no use.
    private(set) var firstTrained = 0
    /// Whether the outputs are needed on the way back, so that their derivative cannot take their place.
    private(set) var keepsOutputs = false

    let inputCount: Int
    let outputCount: Int

    /// The plan of a network.
    ///
    /// - Parameter dropping: Whether dropout is in force; otherwise it is left out.
    init(_ layout: NetworkLayout, dropping: Bool) {
        inputCount = layout.inputCount
        outputCount = layout.outputCount
        bufferWidths = [layout.inputCount]
        var needsOutput = false
        for placement in layout.layers {
            add(placement, dropping: dropping, &needsOutput)
        }
        keepsOutputs = needsOutput
        firstTrained =
            steps.firstIndex {
                switch $0.operation {
                case .dense, .batchNorm, .layerNorm: true
                case .activation, .dropout: false
                }
            } ?? 0
        placeDerivatives()
    }

    /// The buffer of the outputs.
    var outputBuffer: Int { bufferWidths.count - 1 }

    /// The widest derivative.
    var derivativeWidth: Int { steps.map(\.outputs).max() ?? outputCount }

    private mutating func add(
        _ placement: NetworkLayout.Placement, dropping: Bool, _ needsOutput: inout Bool
    ) {
        let input = bufferWidths.count - 1
        func step(_ operation: Operation, inPlace: Bool) -> Step {
            Step(
                operation: operation, inputs: placement.inputs, outputs: placement.outputs, input: input,
                output: inPlace ? input : input + 1)
        }
        let new: Step
        switch placement.layer.kind {
        case .dense:
            new = step(
                .dense(
                    weights: placement.weights.lowerBound,
                    bias: placement.bias.isEmpty ? -1 : placement.bias.lowerBound), inPlace: false)
            needsOutput = false
        case .activation(.identity): return
        case .activation(let activation):
            new = step(
                .activation(activation), inPlace: !needsOutput && !activation.differentiatesFromInput)
            needsOutput = !activation.differentiatesFromInput
        case .dropout(let rate):
            guard dropping, rate > 0 else { return }
            var survives = !needsOutput
            if case .activation(let before)? = steps.last?.operation, before.differentiatesFromSign {
                survives = true
            }
            // In place behind a rectifier, the buffer is still what the rectifier's derivative is told from.
            new = step(.dropout(DropoutMask(rate: rate, layer: steps.count)), inPlace: survives)
            needsOutput = survives && needsOutput
        case .batchNorm(let momentum, let epsilon):
            new = step(
                .batchNorm(
                    BatchNormPlace(
                        scale: placement.scale.lowerBound, shift: placement.shift.lowerBound,
                        mean: placement.runningMean.lowerBound,
                        variance: placement.runningVariance.lowerBound,
                        momentum: momentum, epsilon: epsilon, index: batchNorms.count)), inPlace: false)
            batchNorms.append(steps.count)
            needsOutput = false
        case .layerNorm(let epsilon):
            new = step(
                .layerNorm(
                    LayerNormPlace(
                        scale: placement.scale.lowerBound, shift: placement.shift.lowerBound,
                        epsilon: epsilon, index: layerNormCount)), inPlace: false)
            layerNormCount += 1
            needsOutput = false
        }
        if new.output > input { bufferWidths.append(new.outputs) }
        steps.append(new)
    }

    private mutating func placeDerivatives() {
        var place = keepsOutputs ? 0 : -1
        for index in steps.indices.reversed() {
            steps[index].derivative = place
            if case .dense = steps[index].operation { place = place == 0 ? 1 : 0 }
            steps[index].inputDerivative = place
        }
    }
}
