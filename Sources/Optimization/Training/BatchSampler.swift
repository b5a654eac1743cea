import DescentLinearAlgebra
public enum Sampling: Codable, Equatable, Sendable { case reshuffle, withReplacement, sequential }
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
