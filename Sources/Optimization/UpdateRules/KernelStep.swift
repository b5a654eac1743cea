import CKernels
import DescentLinearAlgebra

// The rules whose loop is in C, where it exists for several instruction sets: those with square roots and quotients,
// whose time is the divider's, and those that baseline instructions hold up. What `update` leaves to the loop is a
// bundle of constants; that of the others is a closure in Swift (see `sweep`). Either way it is one pass.

/// A loop in C: constants, vectors, and the instruction set to use.
typealias StepKernel<Constants> = (
    UnsafePointer<Constants>, UnsafePointer<descent_step>, descent_instructions
) -> Void

/// One pass of a loop in C over parameters, gradient and slots, whose lengths `begin` has checked.
///
/// Long vectors are cut into pieces for the threads there are. Elements do not depend on each other, so the bits do not
/// depend on the cut.
@inline(__always)
func run<Scalar: MatrixScalar, Constants: BitwiseCopyable>(
    _ kernel: StepKernel<Constants>, _ constants: Constants,
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
                            var step = descent_step(
                                count: count, is_double: Scalar.self == Double.self,
                                parameters: UnsafeMutableRawPointer(θ.baseAddress!),
                                gradient: UnsafeRawPointer(g.baseAddress!), slots: (a, b, c))
                            withUnsafePointer(to: constants) { constants in
                                kernel(constants, &step, descent_best_instructions())
                            }
                        }
                    }
                }
            }
        }
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
