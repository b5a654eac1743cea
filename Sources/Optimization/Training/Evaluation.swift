/// What an evaluation of the parameters found; what it did not look at stays `nil`.
public struct Evaluation: Codable, Equatable, Sendable {
    /// The objective over the whole training set, penalty included.
    public var trainingLoss: Double?

    /// The mean loss on the validation set, penalty not included.
    public var validationLoss: Double?

    /// The share of the validation set that is classified rightly, 0…1.
    public var validationAccuracy: Double?

    /// The share of the training set that is classified rightly, 0…1.
    public var trainingAccuracy: Double?

    /// An evaluation.
    public init(
        trainingLoss: Double? = nil, validationLoss: Double? = nil, validationAccuracy: Double? = nil,
        trainingAccuracy: Double? = nil
    ) {
        self.trainingAccuracy = trainingAccuracy
        self.trainingLoss = trainingLoss
        self.validationLoss = validationLoss
        self.validationAccuracy = validationAccuracy
    }
}

/// When a training loop stops to evaluate.
public enum EvaluationSchedule: Codable, Equatable, Sendable {
    /// After every so many epochs.
    case epochs(Int)

    /// After every so many updates.
    case updates(Int)

    /// After 1, 2, 3, 4, 6, 8, 12, 16 … updates within the first epoch, then after every epoch: the start of a curve, where most of
    /// the progress is, in detail and at little cost.
    case dense

    /// Whether to evaluate now.
    ///
    /// - Parameters:
    ///   - updates: Updates so far, at least one.
    ///   - epochs: Epochs completed.
    ///   - atEpochEnd: Whether the update just made was the last of an epoch.
    func isDue(updates: Int, epochs: Int, atEpochEnd: Bool) -> Bool {
        switch self {
        case .epochs(let interval): return atEpochEnd && epochs % max(interval, 1) == 0
        case .updates(let interval): return updates % max(interval, 1) == 0
        case .dense:
            // A power of two, or three times one: what is left without factors of two is 1 or 3.
            return atEpochEnd || (epochs == 0 && updates >> updates.trailingZeroBitCount <= 3)
        }
    }
}
