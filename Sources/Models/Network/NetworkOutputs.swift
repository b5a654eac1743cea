import DescentDatasets
import DescentLinearAlgebra

/// What a network gives for every example of a data set, examples × outputs; the network taken as it is used.
///
/// - Parameters:
///   - parameters: `layout.valueCount` numbers.
///   - scaler: Fitted on the training set.
func networkOutputs<Scalar: MatrixScalar>(
    _ layout: NetworkLayout, _ parameters: [Scalar], for dataset: Dataset, scaler: Scaler
) -> Matrix<Scalar> {
    precondition(
        layout.inputCount == dataset.featureCount,
        "a network of \(layout.inputCount) inputs for \(dataset.featureCount) features")
    precondition(
        parameters.count == layout.valueCount,
        "parameters of \(parameters.count) numbers for a network of \(layout.valueCount)")
    let plan = NetworkPlan(layout, dropping: false)
    let scratches = Pool {
        NetworkScratch<Scalar>(plan, rows: NetworkScratch<Scalar>.blockRows, targetWidth: 0)
    }
    let selection = NetworkExamples<Scalar>.Selection.all(dataset.count)
    var outputs = Matrix<Scalar>(rows: dataset.count, columns: layout.outputCount)
    outputs.withUnsafeMutableElements { destination in
        parameters.withUnsafeBufferPointer { θ in
            let shared = UnsafeTransfer(
                (NetworkKernel(plan: plan, parameters: θ.baseAddress!), destination.baseAddress!))
            WorkerTeam.shared.forEach(selection.pieceCount) { piece in
                let (kernel, destination) = shared.value
                let scratch = scratches.take()
                defer { scratches.giveBack(scratch) }
                NetworkScratch<Scalar>.forEachBlock(of: selection.piece(piece)) { block in
                    dataset.gather(
                        block, scaler: scaler, into: scratch.buffers[0], stride: dataset.featureCount)
                    kernel.forward(
                        0..<plan.steps.count,
                        NetworkKernel.Rows(start: 0, count: block.count, position: block.lowerBound), scratch)
                    (destination + block.lowerBound * layout.outputCount).update(
                        from: scratch.buffers[plan.outputBuffer], count: block.count * layout.outputCount)
                }
            }
        }
    }
    return outputs
}
