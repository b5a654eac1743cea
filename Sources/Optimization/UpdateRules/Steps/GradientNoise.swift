import DescentLinearAlgebra
import RealModule

/// Noise on the gradient: g ← g + (σ z + s ζ) / (1 + t)^κ, with z standard normal and ζ = ±1, each coordinate its own.
///
/// t counts the steps before this one. The generator is in the state, so a run that was saved goes on with the same
/// numbers; each coordinate takes one number from it for z (if σ is not zero) and then one for ζ (if s is not zero).
///
/// Neelakantan et al., *Adding Gradient Noise Improves Learning for Very Deep Networks*, arXiv:1511.06807, 2015, has
/// the Gaussian part with σ² = η and 2κ = γ.
public struct GradientNoise: GradientStep {
    /// The standard deviation of the Gaussian part, σ.
    public var gaussian: Double

    /// The size of the part that is ± the same number, s.
    public var sign: Double

    /// How fast both fall, κ.
    public var decay: Double

    /// Determines the random numbers, and nothing else.
    public var seed: UInt64

    /// Gradient noise.
    ///
    /// - Parameters:
    ///   - gaussian: σ, not negative.
    ///   - sign: s, not negative.
    ///   - decay: κ, not negative.
    ///   - seed: Determines the random numbers.
    public init(gaussian: Double = 0, sign: Double = 0, decay: Double = 0, seed: UInt64 = 0) {
        requireNotNegative(gaussian, "standard deviation", of: Self.self)
        requireNotNegative(sign, "size", of: Self.self)
        requireNotNegative(decay, "decay", of: Self.self)
        self.gaussian = gaussian
        self.sign = sign
        self.decay = decay
        self.seed = seed
    }

    /// The stream of the seed that is set aside for noise.
    public var generator: RandomGenerator? { RandomGenerator(seed: seed, stream: RandomStream.noise) }

    /// See `GradientStep`.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    public func apply<Scalar: MatrixScalar>(
        to gradient: Span<Scalar>, output: inout MutableSpan<Scalar>, parameters: inout MutableSpan<Scalar>,
        learningRate: Double, state: inout RuleState<Scalar>
    ) -> Bool {
        guard gaussian > 0 || sign > 0 else { return false }
        guard var random = state.generator else {
            preconditionFailure("GradientNoise: the state has no generator; it was not made for this rule")
        }
        let fade = Double.pow(Double(state.step), -decay)
        let σ = Scalar(gaussian * fade), s = Scalar(sign * fade)
        let (hasGaussian, hasSign) = (gaussian > 0, sign > 0)
        sweep(&output, gradient) { noisy, g in
            var sum = g
            if hasGaussian { sum += σ * random.nextNormal(as: Scalar.self) }
            if hasSign { sum += random.next() >> 63 == 0 ? s : -s }
            noisy = sum
        }
        state.generator = random
        return true
    }
}

extension UpdateRule {
    /// This rule, with noise on its gradient; see `GradientNoise`.
    public func addingNoise(gaussian: Double = 0, sign: Double = 0, decay: Double = 0, seed: UInt64 = 0)
        -> Preceded<GradientNoise, Self>
    {
        Preceded(GradientNoise(gaussian: gaussian, sign: sign, decay: decay, seed: seed), before: self)
    }
}
