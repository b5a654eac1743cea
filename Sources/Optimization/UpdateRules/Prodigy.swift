import DescentLinearAlgebra
import RealModule

/// Prodigy: AdamW that finds its own learning rate, by estimating how far away the solution is.
///
/// d is a lower bound of the distance from the starting point θ₀ to the solution, grown from d₀ as gradients come in.
/// At step t, with r and s the weighted sums of g·(θ₀ − θ) and of g:
///
///     r ← β₃ r + (d/d₀) dη g·(θ₀ − θ),     s ← β₃ s + (d/d₀) dη g
///     m ← β₁ m + (1 − β₁) d g,             v ← β₂ v + (1 − β₂) d² g²
///     d ← the largest of c r / ‖s‖₁ so far
///     θ ← (1 − dηλ) θ − dη m / (√v + dε)
///
/// with the d from before the step in the last line's rate. η stays at 1, or is a schedule that starts there: a cosine
/// to 0 is what the authors use. Where steps are noisy or a warm-up comes first, `biasCorrection` and
/// `safeguardsWarmUp` are theirs too.
///
/// The estimate is one number for all parameters, so unlike other rules it is not one pass over memory but two. It does
/// not go with parameter groups, each of which would find a d of its own.
///
/// With a d₀ of 1e-6 the first estimates come from differences θ₀ − θ that single precision hardly resolves. In Float
/// the rule finds a d of the same size, and not by the same path.
///
/// Mishchenko and Defazio, *Prodigy: An Expeditiously Adaptive Parameter-Free Learner*, ICML 2024, algorithm 4, with the
/// options of the authors' program.
public struct Prodigy: UpdateRule {
    /// What the estimated rate is multiplied by, η.
    public var learningRate: Double

    /// The decay of the running average of the gradient, β₁.
    public var beta1: Double

    /// The decay of the running average of the squared gradient, β₂.
    public var beta2: Double

    /// The decay of r and s, β₃; √β₂ if `nil`.
    public var beta3: Double?

    /// What keeps the denominator away from zero, ε.
    public var epsilon: Double

    /// The decoupled decay λ.
    public var weightDecay: Double

    /// The first estimate, d₀; too small is better than too large.
    public var initialDistance: Double

    /// What estimates are multiplied by, c.
    public var coefficient: Double

    /// The most by which d may grow in one step, as a factor; no limit if `nil`.
    public var growthLimit: Double?

    /// Whether the rate is corrected for the averages' start at zero, as in Adam.
    public var biasCorrection: Bool

    /// Whether s leaves η out, so that a warm-up of η does not make d too large.
    public var safeguardsWarmUp: Bool

    /// The vectors that the rule remembers.
    public var slots: [String] { Self.slotNames }

    private static let slotNames = ["firstMoment", "secondMoment", "gradientSum", "start"]

    /// Prodigy, with the authors' defaults.
    ///
    /// - Parameters:
    ///   - learningRate: η, 1 but for schedules; not negative.
    ///   - beta1: β₁, in 0..<1.
    ///   - beta2: β₂, in 0..<1.
    ///   - beta3: β₃, in 0..<1; √β₂ if `nil`.
    ///   - epsilon: ε, not negative.
    ///   - weightDecay: λ, not negative.
    ///   - initialDistance: d₀, positive.
    ///   - coefficient: c, positive.
    ///   - growthLimit: At least 1; no limit if `nil`.
    ///   - biasCorrection: Correct for the averages' start.
    ///   - safeguardsWarmUp: Leave η out of s.
    public init(
        learningRate: Double = 1, beta1: Double = 0.9, beta2: Double = 0.999, beta3: Double? = nil,
        epsilon: Double = 1e-8, weightDecay: Double = 0, initialDistance: Double = 1e-6,
        coefficient: Double = 1, growthLimit: Double? = nil, biasCorrection: Bool = false,
        safeguardsWarmUp: Bool = false
    ) {
        requireNotNegative(learningRate, "learning rate", of: Self.self)
        requireFraction(beta1, "β₁", of: Self.self)
        requireFraction(beta2, "β₂", of: Self.self)
        if let beta3 { requireFraction(beta3, "β₃", of: Self.self) }
        requireNotNegative(epsilon, "ε", of: Self.self)
        requireNotNegative(weightDecay, "weight decay", of: Self.self)
        precondition(initialDistance > 0, "Prodigy: a first distance of \(initialDistance) is not positive")
        precondition(coefficient > 0, "Prodigy: a coefficient of \(coefficient) is not positive")
        if let growthLimit {
            precondition(growthLimit >= 1, "Prodigy: a growth of at most \(growthLimit) is below 1")
        }
        self.learningRate = learningRate
        self.beta1 = beta1
        self.beta2 = beta2
        self.beta3 = beta3
        self.epsilon = epsilon
        self.weightDecay = weightDecay
        self.initialDistance = initialDistance
        self.coefficient = coefficient
        self.growthLimit = growthLimit
        self.biasCorrection = biasCorrection
        self.safeguardsWarmUp = safeguardsWarmUp
    }

    /// The memory of a rule that has not taken a step; its numbers are d, the largest estimate, r, and the steps made
    /// with a gradient that was not zero.
    public func initialState<Scalar: MatrixScalar>(parameterCount: Int) -> RuleState<Scalar> {
        RuleState(
            slotCount: slots.count, parameterCount: parameterCount,
            scalars: [initialDistance, initialDistance, 0, 0])
    }

    /// The estimate of the distance to the solution, d: the rate that the rule steps with at η = 1.
    public func distance<Scalar: MatrixScalar>(in state: RuleState<Scalar>) -> Double { state.scalars[0] }

    /// Takes one step; see `UpdateRule`.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    public func update<Scalar: MatrixScalar>(
        _ parameters: inout MutableSpan<Scalar>, gradient: Span<Scalar>, state: inout RuleState<Scalar>
    ) {
        begin(parameters, gradient, &state)
        precondition(state.scalars.count == 4, "Prodigy: a state of \(state.scalars.count) numbers, not 4")
        let count = parameters.count
        let isFirst = state.step == 1
        let d = state.scalars[0], made = state.scalars[3] + 1
        let correction =
            biasCorrection
            ? (1 - Double.pow(beta2, made)).squareRoot() / (1 - Double.pow(beta1, made)) : 1
        let rate = d * learningRate * correction
        let share = d / initialDistance
        let β3 = beta3 ?? beta2.squareRoot()
        let keep1 = Scalar(beta1), take1 = Scalar(d * (1 - beta1))
        let keep2 = Scalar(beta2), take2 = Scalar(d * d * (1 - beta2))
        let keep3 = Scalar(β3), take3 = Scalar(share * (safeguardsWarmUp ? d : rate))
        // Sums of many terms: in Double, whatever the parameters are.
        var along = 0.0, size = 0.0
        parameters.withUnsafeMutableBufferPointer { θ in
            gradient.withUnsafeBufferPointer { g in
                state.slots.withUnsafeMutableBufferPointer { slots in
                    slots[0].withUnsafeMutableBufferPointer { m in
                        slots[1].withUnsafeMutableBufferPointer { v in
                            slots[2].withUnsafeMutableBufferPointer { s in
                                slots[3].withUnsafeMutableBufferPointer { start in
                                    if isFirst { for i in 0..<count { start[i] = θ[i] } }
                                    for i in 0..<count {
                                        m[i] = keep1 * m[i] + take1 * g[i]
                                        v[i] = keep2 * v[i] + take2 * g[i] * g[i]
                                        s[i] = keep3 * s[i] + take3 * g[i]
                                        along += Double(g[i]) * Double(start[i] - θ[i])
                                        size += Double(s[i].magnitude)
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        let r = β3 * state.scalars[2] + share * rate * along
        state.scalars[2] = r
        // Nothing but zeros so far: there is nothing to go by.
        if size == 0 { return }
        let found = coefficient * r / size
        var distance = d
        if d == initialDistance { distance = max(distance, found) }
        let largest = max(state.scalars[1], found)
        distance = min(largest, distance * (growthLimit ?? .infinity))
        state.scalars[0] = distance
        state.scalars[1] = largest
        state.scalars[3] = made
        let η = Scalar(rate), keep = Scalar(1 - rate * weightDecay), ε = Scalar(distance * epsilon)
        sweep(&parameters, gradient, &state) { θ, _, m, v in θ = keep * θ - η * m / (v.squareRoot() + ε) }
    }
}
