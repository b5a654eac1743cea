import DescentLinearAlgebra
import DescentOptimization

// Passes in which batch norms look at all examples of the batch: layer by layer, each thread with rows of its own, all
// meeting at every batch norm.

extension NetworkObjective {
    /// f and its gradient over a selection, batch norms normalizing by it; moves the running statistics.
    func differentiateByBatch(
        at parameters: UnsafeMutablePointer<Scalar>, _ selection: Selection, _ passes: Passes,
        dropoutKey: UInt64, gradient: inout [Scalar]
    ) -> Double {
        precondition(selection.count > 0, "the mean over no examples was asked for")
        let sums = partials.take()
        let scratch = passes.batches.take()
        defer {
            passes.batches.giveBack(scratch)
            partials.giveBack(sums)
        }
        scratch.reserve(selection.count)
        sums.reserveGradients(selection.pieceCount - 1)
        let weight = examples.weight(of: selection)
        let loss = gradient.withUnsafeMutableBufferPointer { g in
            let pass = BatchPass(
                objective: self, selection: selection, scratch: scratch, sums: sums,
                kernel: Kernel(
                    plan: passes.plan, parameters: parameters, dropoutKey: dropoutKey, normalizesByBatch: true
                ), weight: weight, gradient: g.baseAddress!)
            let total = pass.forward(movingStatisticsIn: parameters)
            pass.backward()
            sums.addUp(selection.pieceCount, into: g.baseAddress!)
            finish(g.baseAddress!, at: parameters)
            return total.loss
        }
        return (weight > 0 ? loss / weight : 0) + penaltyValue(at: parameters)
    }
}

/// One training pass of a network with batch norms over one batch.
private struct BatchPass<Scalar: MatrixScalar>: @unchecked Sendable {
    let objective: NetworkObjective<Scalar>
    let selection: NetworkExamples<Scalar>.Selection
    let scratch: NetworkScratch<Scalar>
    let sums: PartialSums<Scalar>
    let kernel: NetworkKernel<Scalar>
    /// Σ wᵢ of the batch.
    let weight: Double
    let gradient: UnsafeMutablePointer<Scalar>

    private var plan: NetworkPlan { kernel.plan }

    /// Runs the network, moves the running statistics, and leaves the derivatives where the way back begins.
    func forward(movingStatisticsIn parameters: UnsafeMutablePointer<Scalar>)
        -> NetworkLossKernel<Scalar>.Sums
    {
        var start = 0
        for norm in plan.batchNorms {
            let (first, step) = (start, plan.steps[norm])
            guard case .batchNorm(let place) = step.operation else { preconditionFailure() }
            forEachPiece { piece, rows in
                if first == 0 {
                    objective.examples.load(selection, piece.range, into: scratch, at: rows.start)
                }
                kernel.forward(first..<norm, rows, scratch)
            }
            normalize(place, step, parameters)
            start = norm
        }
        let rest = start..<plan.steps.count
        let scale = NetworkObjective<Scalar>.scale(weight)
        forEachPiece { piece, rows in
            kernel.forward(rest, rows, scratch)
            sums.losses[piece.index] = objective.runLoss(plan, rows, scratch, scale: scale)
        }
        var total = NetworkLossKernel<Scalar>.Sums()
        for piece in 0..<selection.pieceCount { total += sums.losses[piece] }
        return total
    }

    /// Writes the gradient: that of the first piece at its place, those of the others into their partial sums.
    func backward() {
        forEachPiece { piece, _ in kernel.clearNorms(piece.gradient) }
        var end = plan.steps.count
        for norm in plan.batchNorms.reversed() {
            let (last, step) = (end, plan.steps[norm])
            guard case .batchNorm(let place) = step.operation else { preconditionFailure() }
            forEachPiece { piece, rows in
                kernel.backward(norm + 1..<last, rows, scratch, gradient: piece.gradient, adding: false)
            }
            differentiate(place, step)
            end = norm
        }
        let first = 0..<end
        forEachPiece { piece, rows in
            kernel.backward(first, rows, scratch, gradient: piece.gradient, adding: false)
        }
    }

    // MARK: Batch norms

    /// Mean and variance of the columns over the batch, into the scratch and into the running statistics.
    private func normalize(
        _ place: BatchNormPlace, _ step: NetworkPlan.Step, _ parameters: UnsafeMutablePointer<Scalar>
    ) {
        let columns = step.outputs
        let mean = scratch.columnStatistics[place.index]
        let inverse = mean + columns
        let total = weight > 0 ? weight : 1
        sumColumns(of: step, mean: nil)
        for k in 0..<columns { mean[k] = Scalar(sums.columns[k] / total) }
        sumColumns(of: step, mean: mean)
        let momentum = place.momentum
        let n = Double(selection.count)
        for k in 0..<columns {
            let variance = sums.columns[k] / total
            inverse[k] = Scalar(1 / (variance + place.epsilon).squareRoot())
            // A batch of one says nothing about a variance.
            guard n > 1, weight > 0 else { continue }
            let runningMean = Double(parameters[place.mean + k])
            let runningVariance = Double(parameters[place.variance + k])
            parameters[place.mean + k] = Scalar((1 - momentum) * runningMean + momentum * Double(mean[k]))
            parameters[place.variance + k] = Scalar(
                (1 - momentum) * runningVariance + momentum * variance * (n / (n - 1)))
        }
    }

    /// Σ w x of each column of a step's input, or Σ w (x − mean)², into `sums.columns`.
    private func sumColumns(of step: NetworkPlan.Step, mean: UnsafePointer<Scalar>?) {
        let columns = step.outputs
        sums.reserveColumns(columns, pieces: selection.pieceCount)
        let mean = UnsafeTransfer(mean)
        forEachPiece { piece, rows in
            let target = sums.columns + piece.index * columns
            target.update(repeating: 0, count: columns)
            BatchNormKernel.addMoments(
                of: scratch.buffers[step.input] + rows.start * columns, rows: rows.count, columns: columns,
                weights: weights(rows), mean: mean.value, to: target)
        }
        sums.addUpColumns(columns, pieces: selection.pieceCount)
    }

    /// ∂ℓ/∂γ and ∂ℓ/∂β into the gradient, ∂ℓ/∂x in place of ∂ℓ/∂y.
    private func differentiate(_ place: BatchNormPlace, _ step: NetworkPlan.Step) {
        let columns = step.outputs
        let statistics = UnsafeTransfer(UnsafePointer(scratch.columnStatistics[place.index]))
        sums.reserveColumns(2 * columns, pieces: selection.pieceCount)
        forEachPiece { piece, rows in
            let target = sums.columns + piece.index * 2 * columns
            target.update(repeating: 0, count: 2 * columns)
            BatchNormKernel.addDerivatives(
                scratch.derivative(step.derivative, row: rows.start),
                x: scratch.buffers[step.input] + rows.start * columns, rows: rows.count, columns: columns,
                statistics: statistics.value, to: target)
        }
        sums.addUpColumns(2 * columns, pieces: selection.pieceCount)
        for k in 0..<columns {
            gradient[place.shift + k] = Scalar(sums.columns[k])
            gradient[place.scale + k] = Scalar(sums.columns[columns + k])
        }
        let total = weight > 0 ? weight : 1
        forEachPiece { _, rows in
            BatchNormKernel.differentiate(
                scratch.derivative(step.derivative, row: rows.start),
                x: scratch.buffers[step.input] + rows.start * columns, rows: rows.count, columns: columns,
                weights: weights(rows), total: total, scale: kernel.parameters + place.scale,
                statistics: statistics.value, sums: sums.columns)
        }
    }

    private func weights(_ rows: NetworkKernel<Scalar>.Rows) -> UnsafePointer<Scalar>? {
        objective.examples.hasWeights ? UnsafePointer(scratch.weights + rows.start) : nil
    }

    // MARK: Pieces

    private struct Piece {
        var index: Int
        var range: Range<Int>
        var gradient: UnsafeMutablePointer<Scalar>
    }

    private func forEachPiece(_ body: @Sendable (Piece, NetworkKernel<Scalar>.Rows) -> Void) {
        WorkerTeam.shared.forEach(selection.pieceCount) { index in
            let range = selection.piece(index)
            body(
                Piece(
                    index: index, range: range,
                    gradient: index == 0 ? gradient : sums.gradients[index - 1]),
                NetworkKernel.Rows(start: range.lowerBound, count: range.count, position: range.lowerBound))
        }
    }
}
