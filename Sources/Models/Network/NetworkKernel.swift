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
    func forward(_ steps: Range<Int>, _ rows: Rows, _ scratch: NetworkScratch<Scalar>) {
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
                Scalar._gemm(
                    false, false, rows.count, step.outputs, step.inputs,
                    1, x, step.inputs, parameters + weights, step.outputs, bias >= 0 ? 1 : 0, y, step.outputs)
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
            let y = UnsafePointer(scratch.buffers[step.output] + rows.start * step.outputs)
            let derivative = scratch.derivative(step.derivative, row: rows.start)
            switch step.operation {
            case .dense(let weights, let bias):
                Scalar._gemm(
                    true, false, step.inputs, step.outputs, rows.count,
                    1, x, step.inputs, derivative, step.outputs,
                    adding ? 1 : 0, gradient + weights, step.outputs)
                if bias >= 0 {
                    sumColumns(
                        derivative, rows: rows.count, columns: step.outputs, into: gradient + bias,
                        adding: adding)
                }
                guard index > plan.firstTrained else { break }
                Scalar._gemm(
                    false, true, rows.count, step.inputs, step.outputs,
                    1, derivative, step.outputs, parameters + weights, step.outputs,
                    0, scratch.derivative(step.inputDerivative, row: rows.start), step.inputs)
            case .activation(let activation):
                ActivationKernel.differentiate(
                    activation, derivative, z: x, a: y, count: rows.count * step.outputs)
            case .dropout(let mask):
                mask.apply(
                    derivative, derivative, rows: rows.count, columns: step.outputs, position: rows.position,
                    key: dropoutKey)
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

/// The sum of each column of a row-major block.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func sumColumns<Scalar: MatrixScalar>(
    _ block: UnsafeMutablePointer<Scalar>, rows: Int, columns: Int, into sums: UnsafeMutablePointer<Scalar>,
    adding: Bool
) {
    if !adding { sums.update(repeating: 0, count: columns) }
    for row in 0..<rows {
        let values = block + row * columns
        for column in 0..<columns { sums[column] += values[column] }
    }
}
