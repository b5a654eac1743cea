import DescentLinearAlgebra
import DescentOptimization

extension NetworkObjective {
    /// The parameters, with the running statistics that batch norms would have of them: the means over one pass in order
    /// of the statistics of the batches, dropout dropping.
    ///
    /// An average of the points of a path is on no path, and nothing has run at it.
    /// `torch.optim.swa_utils.update_bn` does the same.
    ///
    /// - Parameter batchSize: The number of examples of a batch; batches of one, which have no variance, are left out.
    func withStatistics(of parameters: [Scalar], batchSize: Int) -> [Scalar] {
        let range = layout.statisticsRange
        guard !range.isEmpty else { return parameters }
        var point = parameters
        var gradient = [Scalar](repeating: 0, count: parameterCount)
        var sums = [Double](repeating: 0, count: range.count)
        var batches = 0
        let order = Array(0..<Int32(exampleCount))
        withFlushToZero {
            OpenBLAS.withOneThread {
                for lower in stride(from: 0, to: exampleCount, by: batchSize) {
                    let batch = order[lower..<min(lower + batchSize, exampleCount)]
                    guard batch.count > 1 else { continue }
                    // From 0, an update leaves momentum times the statistics of the batch.
                    for index in range { point[index] = 0 }
                    _ = trainingValueAndGradient(
                        at: &point, examples: batch.span, update: batches, gradient: &gradient)
                    for index in range { sums[index - range.lowerBound] += Double(point[index]) }
                    batches += 1
                }
            }
        }
        guard batches > 0 else { return parameters }
        for layer in layout.layers {
            guard case .batchNorm(let momentum, _) = layer.layer.kind else { continue }
            for index in [layer.runningMean, layer.runningVariance].joined() {
                point[index] = Scalar(sums[index - range.lowerBound] / (momentum * Double(batches)))
            }
        }
        return point
    }
}
