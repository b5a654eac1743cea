import DescentLinearAlgebra

/// The loss of a network over one batch and its gradient, the threads sharing each layer as a `LayerSchedule` says.
///
/// The object is used again for batch after batch, and asks nothing of the heap when the batch is no larger than those
/// before.
final class LayeredPass<Scalar: MatrixScalar>: LoopBody, @unchecked Sendable {
    typealias Selection = NetworkExamples<Scalar>.Selection
    typealias Kernel = NetworkKernel<Scalar>
    typealias Sums = NetworkLossKernel<Scalar>.Sums

    let schedule: LayerSchedule
    private let plan: NetworkPlan
    private let examples: NetworkExamples<Scalar>
    private let loss: NetworkLoss
    private let scratch: LayeredScratch<Scalar>
    private let losses: UnsafeMutablePointer<Sums>

    // What the pieces of a stage work on.
    private var stage = LayerSchedule.Stage.load
    private var kernel: Kernel
    private var selection = Selection.all(0)
    private var gradient: UnsafeMutablePointer<Scalar>
    private var scale: Scalar = 0

    init(
        _ schedule: LayerSchedule, _ plan: NetworkPlan, _ examples: NetworkExamples<Scalar>,
        _ loss: NetworkLoss,
        targetWidth: Int
    ) {
        self.schedule = schedule
        self.plan = plan
        self.examples = examples
        self.loss = loss
        scratch = LayeredScratch(plan, parts: schedule.entryParts, targetWidth: targetWidth)
        losses = .allocate(capacity: LayerSchedule.rowParts(.max))
        losses.initialize(repeating: Sums(), count: LayerSchedule.rowParts(.max))
        // Not looked at before a pass sets them.
        gradient = scratch.derivativeSums
        kernel = Kernel(plan: plan, parameters: UnsafePointer(gradient))
    }

    deinit { losses.deallocate() }

    /// Σ wᵢ ℓᵢ over some examples, its gradient times `scale` going to `gradient`.
    func run(
        _ kernel: Kernel, _ selection: Selection, gradient: UnsafeMutablePointer<Scalar>, scale: Scalar
    ) -> Sums {
        scratch.reserve(selection.count)
        self.kernel = kernel
        self.selection = selection
        self.gradient = gradient
        self.scale = scale
        for stage in schedule.stages {
            self.stage = stage
            WorkerTeam.shared.forEach(pieceCount(of: stage), self)
        }
        var total = Sums()
        for part in 0..<LayerSchedule.rowParts(selection.count) { total += losses[part] }
        return total
    }

    private func pieceCount(of stage: LayerSchedule.Stage) -> Int {
        switch stage {
        case .entry: return schedule.entryParts
        case .load, .forward, .turn, .backward: return LayerSchedule.rowParts(selection.count)
        case .dense(let step): return tileCount(columns: plan.steps[step].outputs)
        case .denseBack(let step): return tileCount(columns: plan.steps[step].inputs)
        case .weights: return schedule.tiles.count
        }
    }

    func run(piece: Int) {
        switch stage {
        case .load:
            let rows = rows(piece)
            examples.loadFeatures(
                selection, rows.range, scratch.rows.buffers[0] + rows.start * plan.inputCount)
        case .entry: enter(piece)
        case .dense(let step): multiply(step, piece)
        case .forward(let steps): forward(steps, rows(piece))
        case .turn(let steps): turn(steps, rows(piece), piece)
        case .denseBack(let step): multiplyBack(step, piece)
        case .backward(let steps): backward(steps, rows(piece))
        case .weights: differentiate(schedule.tiles[piece])
        }
    }

    private func rows(_ piece: Int) -> Kernel.Rows {
        let count = selection.count
        let range = LayerSchedule.part(piece, of: LayerSchedule.rowParts(count), count)
        return Kernel.Rows(start: range.lowerBound, count: range.count, position: range.lowerBound)
    }

    // MARK: By examples

    private func forward(_ steps: Range<Int>, _ rows: Kernel.Rows) {
        if schedule.entryParts > 0, steps.lowerBound == 1 { addPartialSums(rows) }
        kernel.forward(steps, rows, scratch.rows)
    }

    /// The first layer's sums, in the order of the inputs, and its biases.
    private func addPartialSums(_ rows: Kernel.Rows) {
        guard case .dense(_, let bias) = plan.steps[0].operation else { preconditionFailure() }
        let width = plan.steps[0].outputs
        addUp(
            scratch.partialSums, from: rows.start * width, rows: rows.count, columns: width,
            bias: bias < 0 ? nil : kernel.parameters + bias,
            into: scratch.rows.buffers[plan.steps[0].output] + rows.start * width)
    }

    private func turn(_ steps: Range<Int>, _ rows: Kernel.Rows, _ part: Int) {
        forward(steps, rows)
        examples.loadAnswers(selection, rows.range, into: scratch.rows, at: rows.start)
        let width = plan.outputCount
        let outputs = scratch.rows.buffers[plan.outputBuffer] + rows.start * width
        let derivative = derivative(behind: plan.steps.count, rows)
        derivative.update(from: outputs, count: rows.count * width)
        losses[part] = NetworkLossKernel(loss: loss).run(
            NetworkLossKernel.Rows(
                outputs: derivative, count: rows.count, width: width,
                labels: examples.hasLabels ? UnsafePointer(scratch.rows.labels + rows.start) : nil,
                targets: scratch.rows.targets + (loss.goesByLabel ? 0 : rows.start * width),
                weights: examples.hasWeights ? UnsafePointer(scratch.rows.weights + rows.start) : nil,
                scale: scale))
        backward(steps, rows)
    }

    /// Where the derivative with respect to what goes into a step lies: at that of the dense layer before it.
    private func derivative(behind step: Int, _ rows: Kernel.Rows) -> UnsafeMutablePointer<Scalar> {
        var index = step - 1
        while true {
            if let buffer = scratch.derivatives[index] {
                return buffer + rows.start * plan.steps[index].outputs
            }
            index -= 1
        }
    }

    private func backward(_ steps: Range<Int>, _ rows: Kernel.Rows) {
        for index in steps.reversed() {
            guard index > plan.firstTrained else { return }
            let step = plan.steps[index]
            switch step.operation {
            case .dense(let weights, _):
                TiledProduct.multiply(
                    rows: rows.count, columns: step.inputs, depth: step.outputs,
                    .init(scratch.derivatives[index]! + rows.start * step.outputs, stride: step.outputs),
                    .init(transposing: kernel.parameters + weights, stride: step.outputs),
                    into: derivative(behind: index, rows), stride: step.inputs)
            default:
                kernel.differentiate(step, derivative(behind: index, rows), rows, scratch.rows)
            }
        }
    }

    // MARK: By inputs

    /// Gathers a part of the inputs and multiplies it with its rows of the first layer's weights.
    ///
    /// An input that is the same in all examples, as the margin of a picture is, adds the same to each of them: its
    /// row of weights is taken once instead of once for each example.
    private func enter(_ part: Int) {
        let step = plan.steps[0]
        guard case .dense(let weights, _) = step.operation else { preconditionFailure() }
        let inputs = LayerSchedule.part(part, of: schedule.entryParts, step.inputs)
        let x = scratch.rows.buffers[0] + inputs.lowerBound
        examples.loadFeatures(selection, columns: inputs, x, stride: step.inputs)
        let w = kernel.parameters + weights + inputs.lowerBound * step.outputs
        let target = scratch.partialSums[part]
        let stretches = findStretches(part, inputs)
        var isAdding = false
        if let stretches {
            isAdding = addConstants(
                outside: stretches, inputs.count, UnsafePointer(x), w, columns: step.outputs, into: target)
            for row in 1..<(isAdding ? selection.count : 1) {
                (target + row * step.outputs).update(from: target, count: step.outputs)
            }
        }
        TiledProduct.multiply(
            rows: selection.count, columns: step.outputs, depth: inputs.count,
            .init(x, stride: step.inputs), .init(w, stride: step.outputs), adding: isAdding,
            into: target, stride: step.outputs, stretches: stretches)
    }

    /// The stretches of a part's inputs that are not the same in all examples; nil if all of them count.
    private func findStretches(_ part: Int, _ inputs: Range<Int>) -> UnsafeBufferPointer<SumStretch>? {
        let marks = scratch.differences + inputs.lowerBound
        guard inputs.count <= 4096, examples.findDifferences(selection, columns: inputs, into: marks) else {
            scratch.stretchCounts[part] = -1
            return nil
        }
        let stretches = scratch.stretches + inputs.lowerBound / 2 + part
        var count = 0
        var end = -4
        for k in 0..<inputs.count where marks[k] != 0 {
            if k - end < 4 {
                // What little is constant between two stretches is not worth a break.
                stretches[count - 1].count = k + 1 - stretches[count - 1].start
            } else {
                stretches[count] = SumStretch(start: k, count: 1)
                count += 1
            }
            end = k
        }
        scratch.stretchCounts[part] = count
        return UnsafeBufferPointer(start: stretches, count: count)
    }

    private func stretches(_ part: Int, _ inputs: Range<Int>) -> UnsafeBufferPointer<SumStretch>? {
        let count = scratch.stretchCounts[part]
        guard count >= 0 else { return nil }
        return UnsafeBufferPointer(start: scratch.stretches + inputs.lowerBound / 2 + part, count: count)
    }

    // MARK: By tiles

    private func tileCount(columns: Int) -> Int {
        let parts = LayerSchedule.tileParts(rows: selection.count, columns: columns)
        return parts.rows * parts.columns
    }

    private func tile(_ piece: Int, columns: Int) -> (rows: Range<Int>, columns: Range<Int>) {
        let parts = LayerSchedule.tileParts(rows: selection.count, columns: columns)
        return (
            LayerSchedule.part(piece % parts.rows, of: parts.rows, selection.count),
            LayerSchedule.part(piece / parts.rows, of: parts.columns, columns)
        )
    }

    private func multiply(_ index: Int, _ piece: Int) {
        let step = plan.steps[index]
        guard case .dense(let weights, let bias) = step.operation else { preconditionFailure() }
        let tile = tile(piece, columns: step.outputs)
        let x = scratch.rows.buffers[step.input] + tile.rows.lowerBound * step.inputs
        let y =
            scratch.rows.buffers[step.output] + tile.rows.lowerBound * step.outputs + tile.columns.lowerBound
        if bias >= 0 {
            let biases = kernel.parameters + bias + tile.columns.lowerBound
            for row in 0..<tile.rows.count {
                (y + row * step.outputs).update(from: biases, count: tile.columns.count)
            }
        }
        TiledProduct.multiply(
            rows: tile.rows.count, columns: tile.columns.count, depth: step.inputs,
            .init(x, stride: step.inputs),
            .init(kernel.parameters + weights + tile.columns.lowerBound, stride: step.outputs),
            adding: bias >= 0, into: y, stride: step.outputs)
    }

    private func multiplyBack(_ index: Int, _ piece: Int) {
        let step = plan.steps[index]
        guard case .dense(let weights, _) = step.operation else { preconditionFailure() }
        let tile = tile(piece, columns: step.inputs)
        let rows = Kernel.Rows(
            start: tile.rows.lowerBound, count: tile.rows.count, position: tile.rows.lowerBound)
        TiledProduct.multiply(
            rows: rows.count, columns: tile.columns.count, depth: step.outputs,
            .init(scratch.derivatives[index]! + rows.start * step.outputs, stride: step.outputs),
            .init(
                transposing: kernel.parameters + weights + tile.columns.lowerBound * step.outputs,
                stride: step.outputs),
            into: derivative(behind: index, rows) + tile.columns.lowerBound, stride: step.inputs)
    }

    /// ∂ℓ/∂W = Xᵀ D in a tile of the weights; with the first inputs, ∂ℓ/∂b = 1ᵀ D too.
    private func differentiate(_ tile: LayerSchedule.WeightTile) {
        let step = plan.steps[tile.step]
        guard case .dense(let weights, let bias) = step.operation else { preconditionFailure() }
        let count = selection.count
        let x = scratch.rows.buffers[step.input] + tile.inputs.lowerBound
        let d = UnsafePointer(scratch.derivatives[tile.step]! + tile.outputs.lowerBound)
        let target =
            gradient + weights + tile.inputs.lowerBound * step.outputs + tile.outputs.lowerBound
        if bias >= 0, tile.inputs.lowerBound == 0 {
            sumColumns(
                d, rows: count, columns: tile.outputs.count, stride: step.outputs,
                into: gradient + bias + tile.outputs.lowerBound)
        }
        func multiply(_ inputs: Int, from start: Int) {
            TiledProduct.multiply(
                rows: inputs, columns: tile.outputs.count, depth: count,
                .init(transposing: x + start, stride: step.inputs),
                .init(d, stride: step.outputs), into: target + start * step.outputs, stride: step.outputs)
        }
        guard let part = tile.part, let stretches = stretches(part, tile.inputs) else {
            return multiply(tile.inputs.count, from: 0)
        }
        // Of an input that is c in all examples, the gradient is c times that of the biases.
        let sums = scratch.derivativeSums + part * step.outputs
        sumColumns(d, rows: count, columns: step.outputs, stride: step.outputs, into: sums)
        var end = 0
        for stretch in stretches {
            fillConstants(
                end..<stretch.start, UnsafePointer(x), sums, columns: step.outputs, into: target)
            multiply(stretch.count, from: stretch.start)
            end = stretch.start + stretch.count
        }
        fillConstants(end..<tile.inputs.count, UnsafePointer(x), sums, columns: step.outputs, into: target)
    }
}

extension NetworkKernel.Rows {
    /// Their places among the examples of the pass.
    fileprivate var range: Range<Int> { position..<position + count }
}

/// y ← Σ parts + bias, over some rows.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func addUp<Scalar: MatrixScalar>(
    _ parts: [UnsafeMutablePointer<Scalar>], from start: Int, rows: Int, columns: Int,
    bias: UnsafePointer<Scalar>?, into y: UnsafeMutablePointer<Scalar>
) {
    for row in 0..<rows {
        let target = y + row * columns
        let offset = start + row * columns
        let (a, b) = (parts[0] + offset, parts[1] + offset)
        let (c, d) = (parts[2] + offset, parts[3] + offset)
        if let bias {
            for k in 0..<columns { target[k] = (a[k] + b[k]) + (c[k] + d[k]) + bias[k] }
        } else {
            for k in 0..<columns { target[k] = (a[k] + b[k]) + (c[k] + d[k]) }
        }
    }
}

/// Σ c w over the inputs outside the stretches, c being the input's value, as the first row of y; false if all are 0.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func addConstants<Scalar: MatrixScalar>(
    outside stretches: UnsafeBufferPointer<SumStretch>, _ count: Int, _ x: UnsafePointer<Scalar>,
    _ w: UnsafePointer<Scalar>, columns: Int, into y: UnsafeMutablePointer<Scalar>
) -> Bool {
    var found = false
    func add(_ range: Range<Int>) {
        for k in range where x[k] != 0 {
            if !found {
                y.update(repeating: 0, count: columns)
                found = true
            }
            let (factor, weights) = (x[k], w + k * columns)
            for j in 0..<columns { y[j] += factor * weights[j] }
        }
    }
    var end = 0
    for stretch in stretches {
        add(end..<stretch.start)
        end = stretch.start + stretch.count
    }
    add(end..<count)
    return found
}

/// Rows of a gradient for inputs that are the same in all examples.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func fillConstants<Scalar: MatrixScalar>(
    _ range: Range<Int>, _ x: UnsafePointer<Scalar>, _ sums: UnsafeMutablePointer<Scalar>, columns: Int,
    into gradient: UnsafeMutablePointer<Scalar>
) {
    for k in range {
        let (factor, target) = (x[k], gradient + k * columns)
        if factor == 0 {
            target.update(repeating: 0, count: columns)
        } else {
            for j in 0..<columns { target[j] = factor * sums[j] }
        }
    }
}

/// The sum of each column of rows that are `stride` apart.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func sumColumns<Scalar: MatrixScalar>(
    _ block: UnsafePointer<Scalar>, rows: Int, columns: Int, stride: Int,
    into sums: UnsafeMutablePointer<Scalar>, adding: Bool = false
) {
    if !adding { sums.update(repeating: 0, count: columns) }
    for row in 0..<rows {
        let values = block + row * stride
        for column in 0..<columns { sums[column] += values[column] }
    }
}
