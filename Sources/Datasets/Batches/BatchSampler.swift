import DescentLinearAlgebra

/// Chooses the examples of one batch after another; the state of it can be saved and goes on bit for bit.
///
/// ```swift
/// let batch = sampler.next()              // a range of positions in `sampler.order`
/// let indices = sampler.order[batch]      // the examples
/// ```
/// Nothing is allocated for a batch.
package struct BatchSampler: Sendable {
    /// The number of examples to choose from.
    package let exampleCount: Int
    /// The number of examples of a batch, but for a short last one; to be changed between epochs only.
    package var batchSize: Int {
        didSet {
            precondition(
                batchSize >= 1 && batchSize <= exampleCount,
                "batches of \(batchSize) of \(exampleCount) examples")
            if sampling == .withReplacement, order.count < batchSize {
                order += [Int32](repeating: 0, count: batchSize - order.count)
            }
        }
    }
    /// How examples are chosen.
    package let sampling: Sampling
    /// The examples that the ranges of `next()` point into.
    package private(set) var order: [Int32]

    /// How many examples of the present epoch have been given out.
    private var position = 0
    /// The generator after what has been drawn.
    private var generator: RandomGenerator
    /// The generator before the present epoch's order was drawn.
    private var epochGenerator: RandomGenerator

    /// A sampler at the start of its first epoch.
    ///
    /// - Parameters:
    ///   - exampleCount: At least one.
    ///   - batchSize: From one to `exampleCount`.
    ///   - sampling: How examples are chosen.
    ///   - generator: Where random numbers come from; no other use should share it.
    package init(exampleCount: Int, batchSize: Int, sampling: Sampling, generator: RandomGenerator) {
        precondition(
            exampleCount >= 1 && exampleCount <= Int(Int32.max), "batches of \(exampleCount) examples in all")
        precondition(
            batchSize >= 1 && batchSize <= exampleCount, "batches of \(batchSize) of \(exampleCount) examples"
        )
        self.exampleCount = exampleCount
        self.batchSize = batchSize
        self.sampling = sampling
        self.generator = generator
        epochGenerator = generator
        order = [Int32](0..<Int32(sampling == .withReplacement ? batchSize : exampleCount))
        if sampling == .reshuffle { self.generator.shuffle(&order) }
    }

    /// Whether the batch given out last was the last of its epoch.
    package var isAtEpochEnd: Bool { position == exampleCount }

    /// Chooses the next batch: positions in `order`, which stay valid until the next call.
    package mutating func next() -> Range<Int> {
        if position == exampleCount {
            position = 0
            if sampling == .reshuffle { reshuffle() }
        }
        let start = position
        position = min(start + batchSize, exampleCount)
        guard sampling == .withReplacement else { return start..<position }
        let count = position - start
        for index in 0..<count { order[index] = Int32(generator.nextInteger(below: exampleCount)) }
        return 0..<count
    }

    /// A new order, from the order of the data set, so that it depends on the generator alone.
    private mutating func reshuffle() {
        epochGenerator = generator
        for index in order.indices { order[index] = Int32(index) }
        generator.shuffle(&order)
    }
}

extension BatchSampler: Codable {
    private enum CodingKeys: String, CodingKey {
        case exampleCount, batchSize, sampling, position, generator
    }

    /// Writes the state: the generator and the position rather than the order, which follows from them.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(exampleCount, forKey: .exampleCount)
        try container.encode(batchSize, forKey: .batchSize)
        try container.encode(sampling, forKey: .sampling)
        try container.encode(position, forKey: .position)
        try container.encode(sampling == .reshuffle ? epochGenerator : generator, forKey: .generator)
    }

    /// Reads what `encode(to:)` wrote.
    ///
    /// Throws `DecodingError` for numbers that no sampler has.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let exampleCount = try container.decode(Int.self, forKey: .exampleCount)
        let batchSize = try container.decode(Int.self, forKey: .batchSize)
        let position = try container.decode(Int.self, forKey: .position)
        guard (1...Int(Int32.max)).contains(exampleCount), (1...exampleCount).contains(batchSize),
            position == exampleCount
                || (position >= 0 && position < exampleCount && position % batchSize == 0)
        else {
            throw DecodingError.dataCorruptedError(
                forKey: .position, in: container,
                debugDescription:
                    "position \(position) in \(exampleCount) examples by batches of \(batchSize)")
        }
        self.init(
            exampleCount: exampleCount, batchSize: batchSize,
            sampling: try container.decode(Sampling.self, forKey: .sampling),
            generator: try container.decode(RandomGenerator.self, forKey: .generator))
        self.position = position
    }
}
