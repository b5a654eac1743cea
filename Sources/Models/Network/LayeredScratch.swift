import DescentLinearAlgebra

/// The buffers of a `LayeredPass`, allocated once and used again.
final class LayeredScratch<Scalar: MatrixScalar> {
    /// Inputs and results of the steps, labels, targets, weights.
    let rows: NetworkScratch<Scalar>

    /// ∂ℓ/∂z of each dense step, examples × outputs; nil for other steps.
    private(set) var derivatives: [UnsafeMutablePointer<Scalar>?]

    /// The first layer's sums over one part of the inputs each, examples × outputs.
    private(set) var partialSums: [UnsafeMutablePointer<Scalar>] = []

    /// Σ over examples of the first layer's derivatives, a row for each part of the inputs.
    let derivativeSums: UnsafeMutablePointer<Scalar>

    /// Marks of the inputs that are not the same in all examples.
    let differences: UnsafeMutablePointer<UInt8>

    /// Stretches of inputs that are not the same in all examples; those of a part begin where half of its inputs do.
    let stretches: UnsafeMutablePointer<SumStretch>

    /// How many stretches each part has; −1 where the part was not looked at, so that all inputs count.
    let stretchCounts: UnsafeMutablePointer<Int>

    private let plan: NetworkPlan
    private let parts: Int
    private var capacity = 0

    init(_ plan: NetworkPlan, parts: Int, targetWidth: Int) {
        self.plan = plan
        self.parts = parts
        rows = NetworkScratch(plan, rows: 0, targetWidth: targetWidth)
        derivatives = Array(repeating: nil, count: plan.steps.count)
        derivativeSums = .aligned(count: parts * plan.steps[0].outputs)
        differences = .allocate(capacity: plan.inputCount)
        stretches = .allocate(capacity: plan.inputCount / 2 + parts + 1)
        stretchCounts = .allocate(capacity: max(parts, 1))
    }

    /// Makes room for so many examples.
    func reserve(_ count: Int) {
        rows.reserve(count)
        guard count > capacity else { return }
        freeRows()
        capacity = count
        for (index, step) in plan.steps.enumerated() {
            if case .dense = step.operation { derivatives[index] = .aligned(count: count * step.outputs) }
        }
        partialSums = (0..<parts).map { _ in .aligned(count: count * plan.steps[0].outputs) }
    }

    private func freeRows() {
        for buffer in derivatives { buffer.map { UnsafeMutableRawPointer($0).deallocate() } }
        for buffer in partialSums { UnsafeMutableRawPointer(buffer).deallocate() }
    }

    deinit {
        freeRows()
        UnsafeMutableRawPointer(derivativeSums).deallocate()
        differences.deallocate()
        stretches.deallocate()
        stretchCounts.deallocate()
    }
}
