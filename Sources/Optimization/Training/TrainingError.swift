/// Why a training run could not go on.
public enum TrainingError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The loss or the parameters were no longer finite.
    ///
    /// - Parameters:
    ///   - update: The update after which it was seen, counted from 1.
    ///   - loss: The loss met there.
    ///   - gradientNorm: The Euclidean norm of the gradient there.
    ///   - lastGoodUpdate: The number of updates behind the parameters that were kept.
    case diverged(update: Int, loss: Double, gradientNorm: Double, lastGoodUpdate: Int)

    /// A checkpoint that was due could not be written; the loop stays where it is and can be saved elsewhere.
    case checkpointNotWritten(CheckpointError)

    /// The checkpoints to go on from are another run's, or damaged, or in the way; nothing was done.
    case checkpointNotRestored(CheckpointError)

    /// The flag was raised; the loop is where it stopped and can go on from there.
    ///
    /// - Parameters:
    ///   - update: The number of updates made.
    ///   - checkpoint: The file that the loop was written to; `nil` for a run without checkpoints.
    case cancelled(update: Int, checkpoint: String?)

    /// What happened, and what may help.
    public var description: String {
        switch self {
        case .diverged(let update, let loss, let gradientNorm, let lastGoodUpdate):
            return """
                training diverged: at update \(update) the loss was \(text(loss)) and the norm of the gradient \
                \(text(gradientNorm)). The parameters after update \(lastGoodUpdate) were kept. A smaller learning rate, or \
                features on one scale, usually helps.
                """
        case .checkpointNotWritten(let error):
            return "training stopped because a checkpoint could not be written: \(error)"
        case .checkpointNotRestored(let error):
            return "training did not start because its checkpoints cannot be used: \(error)"
        case .cancelled(let update, let checkpoint):
            return "training was cancelled after update \(update)"
                + (checkpoint.map { "; it can go on from \($0)" } ?? ", and no checkpoint was asked for")
        }
    }

    /// A NaN has no sign worth telling.
    private func text(_ value: Double) -> String { value.isNaN ? "nan" : "\(value)" }
}
