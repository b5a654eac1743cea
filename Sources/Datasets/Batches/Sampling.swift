/// How the examples of a batch are chosen.
public enum Sampling: String, Codable, CaseIterable, Sendable {
    /// Every epoch takes each example once, in a new random order; the last batch of an epoch may be shorter.
    case reshuffle

    /// Every example of every batch is drawn from all examples alike, so that one may come twice.
    ///
    /// An epoch is as many draws as there are examples; its last batch may be shorter here too.
    case withReplacement

    /// Every epoch takes each example once, in the order of the data set.
    case sequential
}
