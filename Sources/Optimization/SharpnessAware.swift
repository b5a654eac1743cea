import DescentLinearAlgebra

/// Sharpness-aware minimization: an objective whose gradient is taken where the loss nearby is highest.
///
/// Of the objective f and a batch, the gradient at θ is that of the same batch at θ + e, and e leads uphill by a fixed
/// radius ρ:
///
///     e = ρ g / ‖g‖,        adaptive: e = ρ θ² g / ‖θ g‖ (by coordinate),        with g = ∇f(θ)
///
/// So a flat minimum is preferred to a sharp one, by any update rule and in any training loop; the adaptive kind does not
/// depend on how parameters are scaled. The value is that of f at θ.
///
///     var loop = TrainingLoop(
///         minimizing: SharpnessAware(objective), with: SGD(learningRate: 0.1, momentum: 0.9), from: start,
///         batchSize: 64)
///
/// An update takes two gradients of its batch, twice the time; a history counts the batch's examples once. It is a
/// direction to step in and not the gradient of any function, so minimizers with line searches are not to be given one.
///
/// Foret, Kleiner, Mobahi and Neyshabur, *Sharpness-Aware Minimization for Efficiently Improving Generalization*, ICLR
/// 2021; Kwon, Kim, Park and Choi, *ASAM: Adaptive Sharpness-Aware Minimization for Scale-Invariant Learning of Deep
/// Neural Networks*, ICML 2021.
public struct SharpnessAware<Base: FiniteSumObjective>: FiniteSumObjective {
    /// The type of one parameter.
    public typealias Scalar = Base.Scalar

    /// What is minimized.
    public let base: Base

    /// How far uphill, ρ.
    public let radius: Double

    /// Whether coordinates count by their own size.
    public let isAdaptive: Bool

    /// An objective, seen from above.
    ///
    /// - Parameters:
    ///   - base: What is minimized.
    ///   - radius: ρ, not negative; the papers have 0.05, and 0.5 for the adaptive kind. 0 is `base` itself.
    ///   - isAdaptive: Whether coordinates count by their own size.
    public init(_ base: Base, radius: Double = 0.05, isAdaptive: Bool = false) {
        requireNotNegative(radius, "radius", of: SharpnessAware<Base>.self)
        self.base = base
        self.radius = radius
        self.isAdaptive = isAdaptive
    }

    /// The number of parameters.
    public var parameterCount: Int { base.parameterCount }

    /// The number of examples.
    public var exampleCount: Int { base.exampleCount }

    /// The value of the objective itself.
    public func value(at parameters: [Scalar]) -> Double { base.value(at: parameters) }

    /// The value, and the gradient uphill from here.
    public func valueAndGradient(at parameters: [Scalar], gradient: inout [Scalar]) -> Double {
        let value = base.valueAndGradient(at: parameters, gradient: &gradient)
        if let above = pointAbove(parameters, gradient) {
            _ = base.valueAndGradient(at: above, gradient: &gradient)
        }
        return value
    }

    /// The value over some of the examples, and their gradient uphill from here.
    public func valueAndGradient(
        at parameters: [Scalar], examples: Span<Int32>, gradient: inout [Scalar]
    ) -> Double {
        let value = base.valueAndGradient(at: parameters, examples: examples, gradient: &gradient)
        if let above = pointAbove(parameters, gradient) {
            _ = base.valueAndGradient(at: above, examples: examples, gradient: &gradient)
        }
        return value
    }

    /// θ + e; `nil` where there is no way uphill, or nowhere to go.
    private func pointAbove(_ parameters: [Scalar], _ gradient: [Scalar]) -> [Scalar]? {
        guard radius > 0 else { return nil }
        return climb(from: parameters, along: gradient, radius: radius, isAdaptive: isAdaptive)
    }
}

@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func climb<Scalar: MatrixScalar>(
    from θ: [Scalar], along g: [Scalar], radius: Double, isAdaptive: Bool
) -> [Scalar]? {
    var result = g
    if isAdaptive { for i in result.indices { result[i] *= θ[i] } }
    let norm = euclideanNorm(result.span)
    // A gradient that is not a number is handed on as it is.
    guard norm > 0, norm < .infinity else { return nil }
    let scale = Scalar(radius / norm)
    for i in result.indices { result[i] = θ[i] + scale * result[i] * (isAdaptive ? θ[i] : 1) }
    return result
}
