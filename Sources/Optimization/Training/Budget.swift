/// How long to train, with its unit in the name.
///
/// An epoch is one pass over the training set, an update is one step of the rule, a sample is one example whose
/// gradient was computed, a second is one of training time (evaluations excluded).
public enum Budget: Codable, Equatable, Sendable {
    /// So many passes over the training set.
    case epochs(Int)
    /// So many steps of the update rule.
    case updates(Int)
    /// At least so many gradient evaluations, of one example each.
    case samples(Int)
    /// At least so many seconds of training; how many updates fit depends on the machine.
    case seconds(Double)
}
