import CKernels
import DescentLinearAlgebra

// The rules whose loop is in C, where it exists for several instruction sets: those with square roots and quotients,
// whose time is the divider's, and those that baseline instructions hold up. What `update` leaves to the loop is a
// bundle of constants; that of the others is a closure in Swift (see `sweep`). Either way it is one pass.

/// A loop in C: constants, vectors, and the instruction set to use.
typealias StepKernel<Constants> =
    @Sendable (UnsafePointer<Constants>, UnsafePointer<descent_step>, descent_instructions) -> Void

/// One pass of a loop in C over parameters, gradient and slots, whose lengths `begin` has checked.
///
/// Long vectors are cut into pieces for the threads there are. The cut depends on the length alone, and no element
/// depends on another, so the bits are the same on any number of threads.
@inline(__always)
func run<Scalar: MatrixScalar, Constants: BitwiseCopyable>(
    _ kernel: @escaping StepKernel<Constants>, _ constants: Constants,
    _ parameters: inout MutableSpan<Scalar>, _ gradient: Span<Scalar>, _ state: inout RuleState<Scalar>
) {
    let count = parameters.count
    guard count > 0 else { return }
    parameters.withUnsafeMutableBufferPointer { θ in
        gradient.withUnsafeBufferPointer { g in
            state.slots.withUnsafeMutableBufferPointer { slots in
                withAddress(slots, 0) { a in
                    withAddress(slots, 1) { b in
                        withAddress(slots, 2) { c in
                            let step = descent_step(
                                count: count, is_double: Scalar.self == Double.self,
                                parameters: UnsafeMutableRawPointer(θ.baseAddress!),
                                gradient: UnsafeRawPointer(g.baseAddress!), slots: (a, b, c))
                            runPieces(kernel, constants, step)
                        }
                    }
                }
            }
        }
    }
}

/// Vectors from this length on are cut into pieces for threads.
///
/// Below it a step takes some ten microseconds, and waking a thread that sleeps takes longer.
private let threadedCount = 1 << 16

private func runPieces<Constants: BitwiseCopyable>(
    _ kernel: @escaping StepKernel<Constants>, _ constants: Constants, _ step: descent_step
) {
    guard step.count >= threadedCount else {
        withUnsafePointer(to: constants) { constants in
            withUnsafePointer(to: step) { kernel(constants, $0, descent_best_instructions()) }
        }
        return
    }
    let loop = StepLoops.take(kernel, constants, step)
    WorkerTeam.shared.forEach(loop.pieceCount, loop)
    StepLoops.giveBack(loop)
}

/// One step of a long vector, in pieces.
private final class StepLoop<Constants: BitwiseCopyable>: LoopBody, @unchecked Sendable {
    var kernel: StepKernel<Constants>
    var constants: Constants
    var step: descent_step

    init(_ kernel: @escaping StepKernel<Constants>, _ constants: Constants, _ step: descent_step) {
        self.kernel = kernel
        self.constants = constants
        self.step = step
    }

    var pieceCount: Int { min(step.count / (1 << 14), 64) }

    func run(piece: Int) {
        let part = step.piece(piece, of: pieceCount)
        withUnsafePointer(to: constants) { constants in
            withUnsafePointer(to: part) { kernel(constants, $0, descent_best_instructions()) }
        }
    }
}

/// The loops that were run and can be run again: a training step is to ask nothing of the heap.
private enum StepLoops {
    private static let free: Locked<[any LoopBody]> = Locked([])

    static func take<Constants: BitwiseCopyable>(
        _ kernel: @escaping StepKernel<Constants>, _ constants: Constants, _ step: descent_step
    ) -> StepLoop<Constants> {
        guard let loop = takeFree(of: Constants.self) else { return StepLoop(kernel, constants, step) }
        loop.kernel = kernel
        loop.constants = constants
        loop.step = step
        return loop
    }

    /// A program uses a rule or two, so that the first loop that is looked at is mostly the right one.
    private static func takeFree<Constants: BitwiseCopyable>(
        of type: Constants.Type
    ) -> StepLoop<Constants>? {
        free.withLock { loops in
            for index in loops.indices {
                if let loop = loops[index] as? StepLoop<Constants> {
                    loops.swapAt(index, loops.count - 1)
                    loops.removeLast()
                    return loop
                }
            }
            return nil
        }
    }

    static func giveBack(_ loop: any LoopBody) {
        free.withLock { $0.append(loop) }
    }
}

extension descent_step {
    /// One of equal parts of the vectors, each a multiple of 64 elements long, except for the last.
    fileprivate func piece(_ index: Int, of pieceCount: Int) -> descent_step {
        let length = (count + pieceCount - 1) / pieceCount + 63 & ~63
        let start = min(index * length, count)
        let offset = start * (is_double ? MemoryLayout<Double>.stride : MemoryLayout<Float>.stride)
        return descent_step(
            count: min(length, count - start), is_double: is_double, parameters: parameters + offset,
            gradient: gradient + offset,
            slots: (slots.0.map { $0 + offset }, slots.1.map { $0 + offset }, slots.2.map { $0 + offset }))
    }
}

/// Calls `body` with the address of a slot's first element, or with nil when there is no such slot.
@inline(__always)
private func withAddress<Scalar>(
    _ slots: UnsafeMutableBufferPointer<[Scalar]>, _ index: Int, _ body: (UnsafeMutableRawPointer?) -> Void
) {
    guard index < slots.count else { return body(nil) }
    (slots.baseAddress! + index).pointee.withUnsafeMutableBufferPointer {
        body(UnsafeMutableRawPointer($0.baseAddress))
    }
}
