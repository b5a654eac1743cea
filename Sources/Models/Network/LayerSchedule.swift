/// How threads share the work on one batch: stage after stage, each cut into pieces, all threads meeting in between.
///
/// Cutting a small batch by examples would give each thread the whole of the weights to read and a gradient of its own
/// to be added to the others'. Here the first layer, the widest in most networks, is cut by its inputs instead: a thread
/// gathers, multiplies and differentiates with rows of the weights that no one else touches. Narrow layers are cut by
/// examples, wide ones by tiles of their result; the gradients of all weights are cut by tiles too.
///
/// The cuts follow from the shapes alone, so that the bits do not depend on the number of threads.
struct LayerSchedule: Sendable {
    enum Stage: Sendable {
        /// The features of all examples, by examples.
        case load
        /// The first layer's sums, by inputs: each piece leaves partial sums.
        case entry
        /// A dense layer on the way forward, by tiles.
        case dense(step: Int)
        /// Steps on the way forward, by examples.
        case forward(Range<Int>)
        /// Steps forward, the loss, and the same steps back, by examples.
        case turn(Range<Int>)
        /// The derivative with respect to the input of a dense layer, by tiles.
        case denseBack(step: Int)
        /// Steps on the way back, by examples.
        case backward(Range<Int>)
        /// The gradient of weights and biases, by tiles.
        case weights
    }

    /// A tile of a layer's weights.
    struct WeightTile: Sendable {
        var step: Int
        var inputs: Range<Int>
        var outputs: Range<Int>
        /// Which part of the inputs this is, where the layer is cut by inputs.
        var part: Int?
    }

    /// In order.
    private(set) var stages: [Stage] = []
    private(set) var tiles: [WeightTile] = []

    /// The parts that the inputs of the first layer are cut into; 0 where it is not cut by inputs.
    let entryParts: Int

    /// From so many weights on a layer is cut by tiles.
    private static let wideWeights = 1 << 16

    /// The widest first layer that is cut by inputs, and the fewest inputs.
    private static let (widestEntry, fewestInputs) = (256, 256)

    /// The schedule of a plan whose steps do not add up over examples: nil where some do, or nothing can be learnt.
    ///
    /// - Parameter cutsInputs: Whether the first layer may be cut by inputs, which pays for small batches.
    init?(_ plan: NetworkPlan, cutsInputs: Bool) {
        for step in plan.steps {
            switch step.operation {
            case .dense, .activation, .dropout: continue
            case .batchNorm, .layerNorm: return nil
            }
        }
        guard plan.steps.indices.contains(plan.firstTrained),
            case .dense = plan.steps[plan.firstTrained].operation
        else { return nil }
        let first = plan.steps[0]
        var isCutByInputs = false
        if cutsInputs, plan.firstTrained == 0, first.inputs >= Self.fewestInputs,
            first.outputs <= Self.widestEntry
        {
            isCutByInputs = true
        }
        entryParts = isCutByInputs ? 4 : 0
        addStages(plan)
        addTiles(plan)
    }

    private mutating func addStages(_ plan: NetworkPlan) {
        let steps = plan.steps
        var wide: [Int] = []
        for (index, step) in steps.enumerated() {
            guard case .dense = step.operation, index > 0 || entryParts == 0 else { continue }
            if step.inputs * step.outputs >= Self.wideWeights { wide.append(index) }
        }
        var start = 0
        if entryParts > 0 {
            stages.append(.entry)
            start = 1
        } else {
            stages.append(.load)
        }
        // Way forward: runs of narrow steps between wide layers, of which the last one turns.
        var runs: [Range<Int>] = []
        for index in wide {
            // Also without a step between: whoever comes first adds up the first layer's partial sums.
            if start < index || (entryParts > 0 && index == 1) { stages.append(.forward(start..<index)) }
            runs.append(start..<index)
            stages.append(.dense(step: index))
            start = index + 1
        }
        stages.append(.turn(start..<steps.count))
        // Way back. The run before a wide layer comes after that layer's derivative.
        for (index, run) in zip(wide, runs).reversed() {
            guard index > plan.firstTrained else { break }
            stages.append(.denseBack(step: index))
            if !run.isEmpty { stages.append(.backward(run)) }
        }
        stages.append(.weights)
    }

    private mutating func addTiles(_ plan: NetworkPlan) {
        for (index, step) in plan.steps.enumerated() {
            guard case .dense = step.operation else { continue }
            if index == 0, entryParts > 0 {
                for part in 0..<entryParts {
                    tiles.append(
                        WeightTile(
                            step: 0, inputs: Self.part(part, of: entryParts, step.inputs),
                            outputs: 0..<step.outputs, part: part))
                }
                continue
            }
            let columnParts = (step.outputs + 255) / 256
            let width = (step.outputs + columnParts - 1) / columnParts
            let rowParts = max(1, min(4, step.inputs * width / (1 << 15)))
            for column in 0..<columnParts {
                for row in 0..<rowParts {
                    tiles.append(
                        WeightTile(
                            step: index, inputs: Self.part(row, of: rowParts, step.inputs),
                            outputs: Self.part(column, of: columnParts, step.outputs)))
                }
            }
        }
    }

    /// One of nearly equal parts of 0..<count.
    static func part(_ index: Int, of parts: Int, _ count: Int) -> Range<Int> {
        count * index / parts..<count * (index + 1) / parts
    }

    /// The parts that examples are cut into, where steps are taken by examples.
    static func rowParts(_ examples: Int) -> Int { max(1, min(16, examples / 16)) }

    /// The rows and columns of parts that the result of a wide layer is cut into.
    static func tileParts(rows: Int, columns: Int) -> (rows: Int, columns: Int) {
        let columnParts = max(1, (columns + 127) / 128)
        return (max(1, min(8 / columnParts, rows / 32)), columnParts)
    }
}
