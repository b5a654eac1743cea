import DescentLinearAlgebra
/// How batches are drawn from the examples.
public enum Sampling: Codable, Equatable, Sendable {
    /// A new random order every epoch.
    case reshuffle
    /// Each example of a batch drawn anew from all of them.
    case withReplacement
    /// In the order in which they lie.
    case sequential
}
struct BatchSampler: Codable, Sendable {
    let sampling: Sampling
    var order: [Int32]
    var position = 0
    let batchSize: Int
    var generator: RandomGenerator
    init(exampleCount: Int, batchSize: Int, sampling: Sampling, generator: RandomGenerator) {
        order = (0..<Int32(exampleCount)).map { $0 }
        self.batchSize = batchSize; self.sampling = sampling; self.generator = generator
    }
    mutating func next() -> Range<Int> {
        if position == 0, sampling == .reshuffle { generator.shuffle(&order) }
        let r = position..<min(position + batchSize, order.count)
        position = r.upperBound == order.count ? 0 : r.upperBound
        return r
    }
}
