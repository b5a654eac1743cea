/// Something that happened while a training loop ran.
public enum TrainingEvent: Equatable, Sendable {
    /// An update was made; told of as often as was asked for.
    case update(Update)

    /// An epoch is complete.
    case epoch(TrainingProgress)

    /// The parameters were evaluated; the record is in the history too.
    case evaluated(History.Record)

    /// The loss has stopped falling, and the learning rate was lowered; from now on the schedule's rate, or the rule's
    /// own, is multiplied by `multiplier` in all.
    case plateau(multiplier: Double, TrainingProgress)

    /// A checkpoint was written and is complete under its name.
    case checkpoint(path: String, TrainingProgress)

    /// The run goes on from that checkpoint.
    case resumed(path: String, TrainingProgress)

    /// A checkpoint to go on from is damaged; an older one is tried.
    case checkpointPassedOver(CheckpointError)

    /// The loss has not fallen for as long as early stopping has patience; `best` is the lowest, met after
    /// `bestUpdate` updates.
    case stoppedEarly(best: Double, bestUpdate: Int, TrainingProgress)

    /// Training diverged; `run` throws the same error next.
    case diverged(TrainingError)

    /// The task was cancelled, or the flag raised; the loop can go on from here.
    case cancelled(TrainingProgress)

    /// One update.
    public struct Update: Equatable, Sendable {
        /// What the run has behind it, this update included.
        public var progress: TrainingProgress

        /// The loss on the update's batch, before the step.
        public var loss: Double

        /// The Euclidean norm of the gradient on that batch, before anything was done to it.
        public var gradientNorm: Double

        /// The learning rate of the step.
        public var learningRate: Double

        /// An update.
        public init(progress: TrainingProgress, loss: Double, gradientNorm: Double, learningRate: Double) {
            self.progress = progress
            self.loss = loss
            self.gradientNorm = gradientNorm
            self.learningRate = learningRate
        }
    }
}
