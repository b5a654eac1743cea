import DescentLinearAlgebra
import RealModule

/// The forward and backward passes of a network over rows of a scratch.
///
/// Backward, with D = ∂ℓ/∂Z of a dense layer and X its input: ∂ℓ/∂W = Xᵀ D, ∂ℓ/∂b = 1ᵀ D, and for the layer before
/// D′ = D Wᵀ.
struct NetworkKernel<Scalar: MatrixScalar> {
    let plan: NetworkPlan
    let parameters: UnsafePointer<Scalar>
    /// What dropout's masks of this pass follow from.
    var dropoutKey: UInt64 = 0
    /// Whether batch norms take the statistics that lie in the scratch; otherwise they take the running ones.
    var normalizesByBatch = false

    /// Rows of a scratch.
    struct Rows {
        /// The first one's place in the scratch.
        var start: Int
        var count: Int
        /// The first one's place among the examples of the pass.
        var position: Int
    }

    /// Takes rows through some of the steps.
    func forward(
        _ steps: Range<Int>, _ rows: Rows, _ scratch: NetworkScratch<Scalar>
    ) {
        for index in steps {
            let step = plan.steps[index]
            let x = UnsafePointer(scratch.buffers[step.input] + rows.start * step.inputs)
            let y = scratch.buffers[step.output] + rows.start * step.outputs
            switch step.operation {
            case .dense(let weights, let bias):
                if bias >= 0 {
                    for row in 0..<rows.count {
                        (y + row * step.outputs).update(from: parameters + bias, count: step.outputs)
                    }
                }
                TiledProduct.multiply(
                    rows: rows.count, columns: step.outputs, depth: step.inputs,
                    .init(x, stride: step.inputs),
                    .init(parameters + weights, stride: step.outputs), adding: bias >= 0, into: y,
                    stride: step.outputs)
            case .activation(let activation):
                ActivationKernel.apply(activation, x, y, count: rows.count * step.outputs)
            case .dropout(let mask):
                mask.apply(
                    x, y, rows: rows.count, columns: step.outputs, position: rows.position, key: dropoutKey)
            case .batchNorm(let place):
                let statistics = scratch.columnStatistics[place.index]
                if !normalizesByBatch { takeRunningStatistics(place, step.outputs, statistics) }
                BatchNormKernel.apply(
                    x, y, rows: rows.count, columns: step.outputs, scale: parameters + place.scale,
                    shift: parameters + place.shift, statistics: statistics)
            case .layerNorm(let place):
                LayerNormKernel.apply(
                    x, y, rows: rows.count, columns: step.outputs, scale: parameters + place.scale,
                    shift: parameters + place.shift, epsilon: place.epsilon,
                    statistics: scratch.rowStatistics[place.index] + 2 * rows.start)
            }
        }
    }

    /// Takes the derivative of rows back through some of the steps, adding to the gradient or, of weights and biases,
    /// overwriting it.
    ///
    /// What norms add to has to be there already. Of batch norms that normalize by the batch, which are not a matter of
    /// some of the rows, nothing is done here.
    func backward(
        _ steps: Range<Int>, _ rows: Rows, _ scratch: NetworkScratch<Scalar>,
        gradient: UnsafeMutablePointer<Scalar>, adding: Bool
    ) {
        for index in steps.reversed() {
            guard index >= plan.firstTrained else { break }
            let step = plan.steps[index]
            let x = UnsafePointer(scratch.buffers[step.input] + rows.start * step.inputs)
            let derivative = scratch.derivative(step.derivative, row: rows.start)
            switch step.operation {
            case .dense(let weights, let bias):
                let d = UnsafePointer(derivative)
                TiledProduct.multiply(
                    rows: step.inputs, columns: step.outputs, depth: rows.count,
                    .init(transposing: x, stride: step.inputs), .init(d, stride: step.outputs),
                    adding: adding, into: gradient + weights, stride: step.outputs)
                if bias >= 0 {
                    sumColumns(
                        d, rows: rows.count, columns: step.outputs, stride: step.outputs,
                        into: gradient + bias, adding: adding)
                }
                guard index > plan.firstTrained else { break }
                TiledProduct.multiply(
                    rows: rows.count, columns: step.inputs, depth: step.outputs,
                    .init(d, stride: step.outputs),
                    .init(transposing: parameters + weights, stride: step.outputs),
                    into: scratch.derivative(step.inputDerivative, row: rows.start), stride: step.inputs)
            case .activation, .dropout: differentiate(step, derivative, rows, scratch)
            case .batchNorm(let place):
                if normalizesByBatch { continue }
                BatchNormKernel.differentiateFixed(
                    derivative, x: x, rows: rows.count, columns: step.outputs,
                    scale: parameters + place.scale,
                    statistics: scratch.columnStatistics[place.index], scaleGradient: gradient + place.scale,
                    shiftGradient: gradient + place.shift)
            case .layerNorm(let place):
                LayerNormKernel.differentiate(
                    derivative, x: x, rows: rows.count, columns: step.outputs,
                    scale: parameters + place.scale,
                    statistics: scratch.rowStatistics[place.index] + 2 * rows.start,
                    scaleGradient: gradient + place.scale, shiftGradient: gradient + place.shift)
            }
        }
    }

    /// Takes the derivative of rows back through an activation or a dropout, in place.
    func differentiate(
        _ step: NetworkPlan.Step, _ derivative: UnsafeMutablePointer<Scalar>, _ rows: Rows,
        _ scratch: NetworkScratch<Scalar>
    ) {
        switch step.operation {
        case .activation(let activation):
            ActivationKernel.differentiate(
                activation, derivative,
                z: UnsafePointer(scratch.buffers[step.input] + rows.start * step.inputs),
                a: UnsafePointer(scratch.buffers[step.output] + rows.start * step.outputs),
                count: rows.count * step.outputs)
        case .dropout(let mask):
            mask.apply(
                derivative, derivative, rows: rows.count, columns: step.outputs, position: rows.position,
                key: dropoutKey)
        case .dense, .batchNorm, .layerNorm: preconditionFailure("a step that has parameters")
        }
    }

    /// Zeros the parts of a gradient that norms add to.
    func clearNorms(_ gradient: UnsafeMutablePointer<Scalar>) {
        for step in plan.steps {
            switch step.operation {
            case .batchNorm(let place):
                (gradient + place.scale).update(repeating: 0, count: step.outputs)
                (gradient + place.shift).update(repeating: 0, count: step.outputs)
            case .layerNorm(let place):
                (gradient + place.scale).update(repeating: 0, count: step.outputs)
                (gradient + place.shift).update(repeating: 0, count: step.outputs)
            case .dense, .activation, .dropout: break
            }
        }
    }

    private func takeRunningStatistics(
        _ place: BatchNormPlace, _ columns: Int, _ statistics: UnsafeMutablePointer<Scalar>
    ) {
        statistics.update(from: parameters + place.mean, count: columns)
        for k in 0..<columns {
            statistics[columns + k] =
                1 / (parameters[place.variance + k] + Scalar(place.epsilon)).squareRoot()
        }
    }
}
