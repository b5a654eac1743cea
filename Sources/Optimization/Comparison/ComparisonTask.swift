/// What a comparison minimizes: an objective, where to start, and what to look at on the way.
public struct ComparisonTask<Objective: FiniteSumObjective>: Sendable {
    /// What is minimized.
    public var objective: Objective
    /// The starting point of a run, a function of the run's seed alone.
    public var initialParameters: @Sendable (_ seed: UInt64) -> [Objective.Scalar]
    /// What to find out at an evaluation point.
    public var evaluate: @Sendable (_ parameters: [Objective.Scalar]) -> Evaluation

    /// A task.
    ///
    /// - Parameters:
    ///   - objective: What is minimized.
    ///   - initialParameters: The starting point, a function of the run's seed alone.
    ///   - evaluate: What to find out at an evaluation point. Where learning rates are chosen, `validationLoss` decides,
    ///     or `trainingLoss` where there is none. In measured runs `trainingLoss` is needed, and the validation figures
    ///     are those of a test set. Without this function the objective's value is the training loss.
    public init(
        _ objective: Objective, initialParameters: @escaping @Sendable (_ seed: UInt64) -> [Objective.Scalar],
        evaluate: (@Sendable (_ parameters: [Objective.Scalar]) -> Evaluation)? = nil
    ) {
        self.objective = objective
        self.initialParameters = initialParameters
        self.evaluate = evaluate ?? { Evaluation(trainingLoss: objective.value(at: $0)) }
    }
}
