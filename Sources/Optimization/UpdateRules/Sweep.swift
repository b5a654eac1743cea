import DescentLinearAlgebra

// One pass over parameters, gradient and up to four slots of a state: the loop of every rule, and the only place in
// which a rule meets a pointer. `sweep` and its closure are inlined into the rule's `update`, which is specialized
// for Float and Double; what is left is a loop over plain arrays, and the compiler makes vectors of it.
//
// The lengths are checked by `begin`, which every `update` calls first.

/// One pass over the parameters and the gradient: `body(&θ, g)`.
@inline(__always)
func sweep<Scalar: MatrixScalar>(
    _ parameters: inout MutableSpan<Scalar>, _ gradient: Span<Scalar>,
    _ body: (inout Scalar, Scalar) -> Void
) {
    let count = parameters.count
    parameters.withUnsafeMutableBufferPointer { θ in
        gradient.withUnsafeBufferPointer { g in
            for i in 0..<count { body(&θ[i], g[i]) }
        }
    }
}

/// One pass with the state's first slot: `body(&θ, g, &a)`.
@inline(__always)
func sweep<Scalar: MatrixScalar>(
    _ parameters: inout MutableSpan<Scalar>, _ gradient: Span<Scalar>, _ state: inout RuleState<Scalar>,
    _ body: (inout Scalar, Scalar, inout Scalar) -> Void
) {
    let count = parameters.count
    parameters.withUnsafeMutableBufferPointer { θ in
        gradient.withUnsafeBufferPointer { g in
            state.slots.withUnsafeMutableBufferPointer { slots in
                slots[0].withUnsafeMutableBufferPointer { a in
                    for i in 0..<count { body(&θ[i], g[i], &a[i]) }
                }
            }
        }
    }
}

/// One pass with the state's first two slots: `body(&θ, g, &a, &b)`.
@inline(__always)
func sweep<Scalar: MatrixScalar>(
    _ parameters: inout MutableSpan<Scalar>, _ gradient: Span<Scalar>, _ state: inout RuleState<Scalar>,
    _ body: (inout Scalar, Scalar, inout Scalar, inout Scalar) -> Void
) {
    let count = parameters.count
    parameters.withUnsafeMutableBufferPointer { θ in
        gradient.withUnsafeBufferPointer { g in
            state.slots.withUnsafeMutableBufferPointer { slots in
                slots[0].withUnsafeMutableBufferPointer { a in
                    slots[1].withUnsafeMutableBufferPointer { b in
                        for i in 0..<count { body(&θ[i], g[i], &a[i], &b[i]) }
                    }
                }
            }
        }
    }
}

/// One pass with the state's first three slots: `body(&θ, g, &a, &b, &c)`.
@inline(__always)
func sweep<Scalar: MatrixScalar>(
    _ parameters: inout MutableSpan<Scalar>, _ gradient: Span<Scalar>, _ state: inout RuleState<Scalar>,
    _ body: (inout Scalar, Scalar, inout Scalar, inout Scalar, inout Scalar) -> Void
) {
    let count = parameters.count
    parameters.withUnsafeMutableBufferPointer { θ in
        gradient.withUnsafeBufferPointer { g in
            state.slots.withUnsafeMutableBufferPointer { slots in
                slots[0].withUnsafeMutableBufferPointer { a in
                    slots[1].withUnsafeMutableBufferPointer { b in
                        slots[2].withUnsafeMutableBufferPointer { c in
                            for i in 0..<count { body(&θ[i], g[i], &a[i], &b[i], &c[i]) }
                        }
                    }
                }
            }
        }
    }
}
