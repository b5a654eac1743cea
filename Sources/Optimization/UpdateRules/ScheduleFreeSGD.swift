import DescentLinearAlgebra

/// Schedule-free SGD: as good as SGD with a falling rate, without having to know when training ends.
///
/// Three points: z takes the steps, x is a weighted mean of the z, and the gradient is taken between them, at y. The
/// parameters are y while training; `averagedParameters(_:in:)` gives x, which is the result.
///
///     z ← z − η (g(y) + λ y),      c = η²max / Σ η²max
///     x ← (1 − c) x + c z,         y = (1 − β) z + β x
///
/// ηmax is the largest rate so far, so that a warm-up weighs little. Do not put a falling schedule on top.
///
/// Defazio, Yang, Mehta, Mishchenko, Khaled and Cutkosky, *The Road Less Scheduled*, NeurIPS 2024.
public struct ScheduleFreeSGD: UpdateRule {
    /// The step size, η.
    public var learningRate: Double

    /// How far y is on the way from z to x, β.
    public var beta: Double

    /// The decay λ, taken at y.
    public var weightDecay: Double

    /// The vectors that the rule remembers.
    public var slots: [String] { Self.slotNames }

    private static let slotNames = ["steppingPoint"]

    /// Schedule-free SGD.
    ///
    /// - Parameters:
    ///   - learningRate: η, not negative.
    ///   - beta: β, above 0 and below 1.
    ///   - weightDecay: λ, not negative.
    public init(learningRate: Double = 1, beta: Double = 0.9, weightDecay: Double = 0) {
        requireNotNegative(learningRate, "learning rate", of: Self.self)
        precondition(beta > 0 && beta < 1, "ScheduleFreeSGD: β is \(beta), not within 0 and 1")
        requireNotNegative(weightDecay, "weight decay", of: Self.self)
        self.learningRate = learningRate
        self.beta = beta
        self.weightDecay = weightDecay
    }

    /// The memory of a rule that has not taken a step; its scalars are the largest rate and the sum of weights.
    public func initialState<Scalar: MatrixScalar>(parameterCount: Int) -> RuleState<Scalar> {
        RuleState(slotCount: 1, parameterCount: parameterCount, scalars: [0, 0])
    }

    /// Takes one step; see `UpdateRule`.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    public func update<Scalar: MatrixScalar>(
        _ parameters: inout MutableSpan<Scalar>, gradient: Span<Scalar>, state: inout RuleState<Scalar>
    ) {
        begin(parameters, gradient, &state)
        let isFirst = state.step == 1
        let share = scheduleFreeShare(learningRate, &state)
        // x is not kept: y moves by the share c towards z, then along the step.
        let c = Scalar(share), η = Scalar(learningRate), λ = Scalar(weightDecay)
        let along = Scalar(learningRate * (beta * (1 - share) - 1))
        sweep(&parameters, gradient, &state) { y, g, z in
            let slope = g + λ * y
            let old = isFirst ? y : z
            y += c * (old - y) + along * slope
            z = old - η * slope
        }
    }

    /// The mean of the points so far, x: what to evaluate and to keep.
    public func averagedParameters<Scalar: MatrixScalar>(
        _ parameters: [Scalar], in state: RuleState<Scalar>
    ) -> [Scalar] {
        scheduleFreeMean(parameters, state, beta: beta)
    }

    /// x, the mean of the points so far.
    public func result<Scalar: MatrixScalar>(_ parameters: [Scalar], in state: RuleState<Scalar>) -> [Scalar]
    {
        averagedParameters(parameters, in: state)
    }

    /// Yes: x is the result, and not y.
    public var averages: Bool { true }
}

/// The weight of a new point in the mean, c; counts the weight into the state.
func scheduleFreeShare<Scalar: MatrixScalar>(_ learningRate: Double, _ state: inout RuleState<Scalar>)
    -> Double
{
    state.scalars[0] = max(state.scalars[0], learningRate)
    let weight = state.scalars[0] * state.scalars[0]
    state.scalars[1] += weight
    return state.scalars[1] > 0 ? weight / state.scalars[1] : 0
}

/// x = (y − (1 − β) z) / β.
func scheduleFreeMean<Scalar: MatrixScalar>(_ parameters: [Scalar], _ state: RuleState<Scalar>, beta: Double)
    -> [Scalar]
{
    guard state.step > 0 else { return parameters }
    let (toward, inverse) = (Scalar(1 - beta), Scalar(1 / beta))
    return zip(parameters, state.slots[0]).map { ($0 - toward * $1) * inverse }
}
