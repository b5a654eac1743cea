import DescentLinearAlgebra
import DescentOptimization

// Passes over examples that do not know of each other: small batches layer by layer, the threads sharing each layer, and
// others block by block, each thread in a scratch of its own.

extension NetworkObjective {
    typealias Selection = NetworkExamples<Scalar>.Selection
    typealias Kernel = NetworkKernel<Scalar>
    typealias Sums = NetworkLossKernel<Scalar>.Sums

    /// f and its gradient over a selection.
    func differentiate(
        at parameters: UnsafePointer<Scalar>, _ selection: Selection, _ passes: Passes,
        dropoutKey: UInt64 = 0, gradient: inout [Scalar]
    ) -> Double {
        precondition(selection.count > 0, "the mean over no examples was asked for")
        let weight = examples.weight(of: selection)
        let kernel = Kernel(plan: passes.plan, parameters: parameters, dropoutKey: dropoutKey)
        if let pool = passes.layered(selection.count) {
            let pass = pool.take()
            defer { pool.giveBack(pass) }
            let total = gradient.withUnsafeMutableBufferPointer { g in
                let total = pass.run(
                    kernel, selection, gradient: g.baseAddress!, scale: Self.scale(weight))
                finish(g.baseAddress!, at: parameters)
                return total
            }
            return (weight > 0 ? total.loss / weight : 0) + penaltyValue(at: parameters)
        }
        let sums = partials.take()
        defer { partials.giveBack(sums) }
        let loss = gradient.withUnsafeMutableBufferPointer { g in
            let total = run(
                kernel, selection, passes, sums, gradient: g.baseAddress!, scale: Self.scale(weight))
            sums.addUp(selection.pieceCount, into: g.baseAddress!)
            finish(g.baseAddress!, at: parameters)
            return total.loss
        }
        return (weight > 0 ? loss / weight : 0) + penaltyValue(at: parameters)
    }

    /// 1/W; 0 where no example counts, and so nothing is learnt.
    static func scale(_ weight: Double) -> Scalar { weight > 0 ? 1 / Scalar(weight) : 0 }

    /// Adds the penalty's gradient; running statistics have none.
    func finish(_ gradient: UnsafeMutablePointer<Scalar>, at parameters: UnsafePointer<Scalar>) {
        addPenalty(at: parameters, to: gradient)
        (gradient + layout.parameterCount).update(
            repeating: 0, count: layout.valueCount - layout.parameterCount)
    }

    /// Runs every piece, on the threads there are.
    ///
    /// Where a gradient is asked for, the first piece writes there and each later piece into its partial sum.
    func run(
        _ kernel: Kernel, _ selection: Selection, _ passes: Passes, _ sums: PartialSums<Scalar>,
        gradient: UnsafeMutablePointer<Scalar>? = nil, scale: Scalar = 0
    ) -> Sums {
        let pieces = selection.pieceCount
        if gradient != nil { sums.reserveGradients(pieces - 1) }
        let shared = UnsafeTransfer((kernel, sums, gradient))
        WorkerTeam.shared.forEach(pieces) { piece in
            let (kernel, sums, gradient) = shared.value
            let scratch = passes.blocks.take()
            defer { passes.blocks.giveBack(scratch) }
            sums.losses[piece] = runPiece(
                selection.piece(piece), of: selection, kernel, scratch,
                gradient: piece == 0 ? gradient : gradient.map { _ in sums.gradients[piece - 1] },
                scale: scale)
        }
        var total = Sums()
        for piece in 0..<pieces { total += sums.losses[piece] }
        return total
    }

    private func runPiece(
        _ range: Range<Int>, of selection: Selection, _ kernel: Kernel, _ scratch: NetworkScratch<Scalar>,
        gradient: UnsafeMutablePointer<Scalar>?, scale: Scalar
    ) -> Sums {
        var total = Sums()
        let steps = 0..<kernel.plan.steps.count
        if let gradient { kernel.clearNorms(gradient) }
        NetworkScratch<Scalar>.forEachBlock(of: range) { block in
            let rows = Kernel.Rows(start: 0, count: block.count, position: block.lowerBound)
            examples.load(selection, block, into: scratch, at: 0)
            kernel.forward(steps, rows, scratch)
            total += runLoss(kernel.plan, rows, scratch, scale: gradient == nil ? nil : scale)
            if let gradient {
                kernel.backward(
                    steps, rows, scratch, gradient: gradient, adding: block.lowerBound > range.lowerBound)
            }
        }
        return total
    }

    /// The loss of rows of a scratch; with a scale, its derivative goes where the way back begins.
    func runLoss(
        _ plan: NetworkPlan, _ rows: Kernel.Rows, _ scratch: NetworkScratch<Scalar>, scale: Scalar?
    ) -> Sums {
        let width = plan.outputCount
        var outputs = scratch.buffers[plan.outputBuffer] + rows.start * width
        if scale != nil, plan.keepsOutputs {
            let derivative = scratch.derivative(0, row: rows.start)
            derivative.update(from: outputs, count: rows.count * width)
            outputs = derivative
        }
        return NetworkLossKernel(loss: loss).run(
            NetworkLossKernel.Rows(
                outputs: outputs, count: rows.count, width: width,
                labels: examples.hasLabels ? UnsafePointer(scratch.labels + rows.start) : nil,
                targets: scratch.targets + (loss.goesByLabel ? 0 : rows.start * width),
                weights: examples.hasWeights ? UnsafePointer(scratch.weights + rows.start) : nil,
                scale: scale))
    }
}
