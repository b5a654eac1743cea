import DescentLinearAlgebra
import RealModule

/// The forward and backward passes of a fully connected network over one block of examples.
///
/// Backward, with D = ∂ℓ/∂Z of a layer and X its input: ∂ℓ/∂W = Xᵀ D, ∂ℓ/∂b = 1ᵀ D, and for the layer before
/// D′ = (D Wᵀ) ∘ φ′.
struct NetworkKernel<Scalar: MatrixScalar> {
    let layout: NetworkLayout
    let parameters: UnsafePointer<Scalar>

    /// Computes the logits of the block that lies in `scratch.activations[0]`; they end in its last activations.
    func forward(rows: Int, _ scratch: NetworkScratch<Scalar>) {
        for (index, layer) in layout.layers.enumerated() {
            let input = scratch.activations[index]
            let output = scratch.activations[index + 1]
            let bias = parameters + layer.bias.lowerBound
            for row in 0..<rows {
                (output + row * layer.outputs).update(from: bias, count: layer.outputs)
            }
            Scalar._gemm(
                false, false, rows, layer.outputs, layer.inputs,
                1, input, layer.inputs, parameters + layer.weights.lowerBound, layer.outputs,
                1, output, layer.outputs)
            if index + 1 < layout.layers.count {
                layout.activation.apply(to: .init(start: output, count: rows * layer.outputs))
            }
        }
    }

    /// Adds the gradient of the block to `gradient`, or overwrites it.
    ///
    /// The derivative with respect to the logits lies in `scratch.activations.last`.
    func backward(
        rows: Int, _ scratch: NetworkScratch<Scalar>, gradient: UnsafeMutablePointer<Scalar>, adding: Bool
    ) {
        var derivative = scratch.activations[layout.layers.count]
        var (next, other) = scratch.derivatives
        for (index, layer) in layout.layers.enumerated().reversed() {
            let input = scratch.activations[index]
            Scalar._gemm(
                true, false, layer.inputs, layer.outputs, rows,
                1, input, layer.inputs, derivative, layer.outputs,
                adding ? 1 : 0, gradient + layer.weights.lowerBound, layer.outputs)
            sumColumns(
                derivative, rows: rows, columns: layer.outputs, into: gradient + layer.bias.lowerBound,
                adding: adding)
            guard index > 0 else { break }
            Scalar._gemm(
                false, true, rows, layer.inputs, layer.outputs,
                1, derivative, layer.outputs, parameters + layer.weights.lowerBound, layer.outputs,
                0, next, layer.inputs)
            layout.activation.multiplyByDerivative(
                .init(start: next, count: rows * layer.inputs),
                activations: .init(start: input, count: rows * layer.inputs))
            derivative = next
            swap(&next, &other)
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
