import DescentLinearAlgebra

/// Coupled decay, an L2 penalty: g ← g + λθ, which then passes through all that the rule does to a gradient.
///
/// The rules that have a `weightDecay` do the same in one pass; this is for the others, and for putting the decay in
/// front of another step.
public struct CoupledDecay: GradientStep {
    /// The strength, λ.
    public var strength: Double

    /// A penalty ½λ‖θ‖².
    ///
    /// - Parameter strength: λ, not negative.
    public init(strength: Double) {
        requireNotNegative(strength, "strength", of: Self.self)
        self.strength = strength
    }

    /// See `GradientStep`.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    public func apply<Scalar: MatrixScalar>(
        to gradient: Span<Scalar>, output: inout MutableSpan<Scalar>, parameters: inout MutableSpan<Scalar>,
        learningRate: Double, state: inout RuleState<Scalar>
    ) -> Bool {
        let λ = Scalar(strength)
        parameters.withUnsafeMutableBufferPointer { θ in
            output.withUnsafeMutableBufferPointer { sum in
                gradient.withUnsafeBufferPointer { g in
                    for i in 0..<g.count { sum[i] = g[i] + λ * θ[i] }
                }
            }
        }
        return true
    }
}

/// Decoupled decay: θ ← (1 − ηλ) θ before the rule's step, which does not see it.
///
/// Loshchilov and Hutter, *Decoupled Weight Decay Regularization*, ICLR 2019. In front of Adam it makes AdamW.
public struct DecoupledDecay: GradientStep {
    /// The strength, λ.
    public var strength: Double

    /// A decay of the share ηλ a step.
    ///
    /// - Parameter strength: λ, not negative.
    public init(strength: Double) {
        requireNotNegative(strength, "strength", of: Self.self)
        self.strength = strength
    }

    /// See `GradientStep`.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    public func apply<Scalar: MatrixScalar>(
        to gradient: Span<Scalar>, output: inout MutableSpan<Scalar>, parameters: inout MutableSpan<Scalar>,
        learningRate: Double, state: inout RuleState<Scalar>
    ) -> Bool {
        let keep = Scalar(1 - learningRate * strength)
        sweep(&parameters, gradient) { θ, _ in θ *= keep }
        return false
    }
}

/// The gradient turned round, so that the rule climbs.
public struct Negation: GradientStep {
    /// A change of sign.
    public init() {}

    /// See `GradientStep`.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    public func apply<Scalar: MatrixScalar>(
        to gradient: Span<Scalar>, output: inout MutableSpan<Scalar>, parameters: inout MutableSpan<Scalar>,
        learningRate: Double, state: inout RuleState<Scalar>
    ) -> Bool {
        sweep(&output, gradient) { negated, g in negated = -g }
        return true
    }
}

extension UpdateRule {
    /// This rule with an L2 penalty ½λ‖θ‖² in its gradient.
    public func decaying(coupled strength: Double) -> Preceded<CoupledDecay, Self> {
        Preceded(CoupledDecay(strength: strength), before: self)
    }

    /// This rule, after the parameters were shrunk by the share ηλ.
    public func decaying(decoupled strength: Double) -> Preceded<DecoupledDecay, Self> {
        Preceded(DecoupledDecay(strength: strength), before: self)
    }

    /// This rule, climbing in place of descending; decay still shrinks the parameters.
    public func maximizing() -> Preceded<Negation, Self> {
        Preceded(Negation(), before: self)
    }
}
