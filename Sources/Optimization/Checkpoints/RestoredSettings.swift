/// Whose settings hold after a checkpoint was restored: hyperparameters of the rule, schedules, plateau, early stopping.
public enum RestoredSettings: Sendable {
    /// The loop's and the checkpoint's have to be the same; anything else is an error that names what differs.
    case mustAgree

    /// The loop's, whatever the checkpoint was made with.
    ///
    /// The watches for a plateau and for early stopping begin anew.
    case ofThisLoop
}
