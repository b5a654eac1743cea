/// One way of dividing the examples into those to train on and those to score on.
public struct Fold: Codable, Equatable, Sendable {
    /// The examples to train on, in random order.
    public let training: [Int32]
    /// The examples to score on; none of them is among the others.
    public let validation: [Int32]

    /// A fold of one's own, such as one that respects time.
    public init(training: [Int32], validation: [Int32]) {
        precondition(
            !training.isEmpty && !validation.isEmpty,
            "a fold of \(training.count) training and \(validation.count) validation examples")
        self.training = training
        self.validation = validation
    }
}
