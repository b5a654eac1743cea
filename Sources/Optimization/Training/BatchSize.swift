/// The number of examples whose mean gradient makes one update.
public enum BatchSize: Codable, Equatable, Sendable, ExpressibleByIntegerLiteral {
    /// So many examples; the last batch of an epoch may be shorter.
    case examples(Int)
    /// The whole training set: gradient descent proper.
    case all

    /// A mini-batch of so many examples.
    public init(integerLiteral value: Int) { self = .examples(value) }

    /// The size of a full batch out of so many examples.
    package func resolved(exampleCount: Int) -> Int {
        switch self {
        case .all: return exampleCount
        case .examples(let size):
            precondition(size >= 1, "a batch of \(size) examples: at least one is needed")
            return min(size, exampleCount)
        }
    }
}
