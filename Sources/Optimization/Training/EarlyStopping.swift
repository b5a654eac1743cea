/// Ends training when the loss of the evaluations has stopped falling.
///
/// It looks at the validation loss if there is one, else at the training loss; evaluations that know neither are passed
/// over. A loss counts as better if it is below best − `minimumImprovement`; the first one that is not while
/// `patience` others before it were not either ends the run. The loss at the start takes part.
///
/// Prechelt, *Early Stopping – But When?*, in *Neural Networks: Tricks of the Trade*, 1998, whose criterion UP it
/// resembles.
public struct EarlyStopping: Codable, Equatable, Sendable {
    /// How many losses in a row that are no better are let pass.
    public var patience: Int

    /// How much lower than the best a loss has to be to count as better.
    public var minimumImprovement: Double

    /// Whether the parameters with the best loss are put back at the end; the rule's memory stays as it is.
    public var restoresBest: Bool

    /// Early stopping.
    ///
    /// - Parameters:
    ///   - patience: Not negative; 0 stops at the first loss that is no better.
    ///   - minimumImprovement: Not negative.
    ///   - restoresBest: Whether to end at the best parameters rather than at the last.
    public init(patience: Int = 5, minimumImprovement: Double = 0, restoresBest: Bool = true) {
        precondition(patience >= 0, "EarlyStopping: a patience of \(patience) is negative")
        requireNotNegative(minimumImprovement, "improvement", of: Self.self)
        self.patience = patience
        self.minimumImprovement = minimumImprovement
        self.restoresBest = restoresBest
    }

    /// What has been seen.
    public struct State: Codable, Equatable, Sendable {
        /// The best loss so far.
        public var best: Double?
        /// The number of updates at which it was met.
        public var bestUpdate = 0
        /// How many losses since have been no better.
        public var worse = 0
        /// Whether training has ended.
        public var hasStopped = false

        /// Nothing seen yet.
        public init() {}
    }

    /// Takes in a loss and says whether it is the best so far; a loss that is NaN is not.
    @discardableResult
    public func observe(_ loss: Double, atUpdate update: Int, _ state: inout State) -> Bool {
        let isBest = state.best.map { loss < $0 - minimumImprovement } ?? !loss.isNaN
        if isBest {
            state.best = loss
            state.bestUpdate = update
            state.worse = 0
        } else {
            state.worse += 1
            state.hasStopped = state.worse > patience
        }
        return isBest
    }
}
