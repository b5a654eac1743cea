import DescentLinearAlgebra

/// The configurations that a search chooses among: one to start from, and ranges for some of its properties.
///
/// ```swift
/// struct Settings: Sendable { var lambda = 0.0; var learningRate = 1e-3 }
///
/// var space = SearchSpace(Settings())
/// space.vary("λ", \.lambda, .logUniform(1e-6...1))
/// space.vary("rate", \.learningRate, .choice(1e-3, 1e-2))
/// ```
/// Any type with properties to set will do: one's own, or a model's such as `SoftmaxRegression`.
public struct SearchSpace<Configuration: Sendable>: Sendable {
    /// One property that varies.
    struct Dimension: Sendable {
        var name: String
        /// The number of values, where they can be counted.
        var count: Int?
        /// Sets the value of that index, and says it.
        var set: @Sendable (inout Configuration, Int) -> String
        /// Sets a random value, and says it.
        var draw: @Sendable (inout Configuration, inout RandomGenerator) -> String
    }

    /// What properties have that do not vary.
    public var base: Configuration
    private(set) var dimensions: [Dimension] = []

    /// A space of one configuration, to which `vary` adds.
    public init(_ base: Configuration) { self.base = base }

    /// The names of what varies.
    public var names: [String] { dimensions.map(\.name) }

    /// Lets a property vary.
    ///
    /// - Parameters:
    ///   - name: What tables call it; each name once.
    ///   - property: Where the value goes.
    ///   - range: The values it may take.
    public mutating func vary<Value>(
        _ name: String, _ property: WritableKeyPath<Configuration, Value> & Sendable,
        _ range: ParameterRange<Value>
    ) {
        precondition(!names.contains(name), "\"\(name)\" varies already")
        dimensions.append(
            Dimension(
                name: name, count: range.choices?.count,
                set: { configuration, index in
                    let value = range.choices![index]
                    configuration[keyPath: property] = value
                    return searchText(value)
                },
                draw: { configuration, generator in
                    let value = range.draw(&generator)
                    configuration[keyPath: property] = value
                    return searchText(value)
                }))
    }

    /// Every combination of values, the last property changing fastest.
    ///
    /// - Precondition: every range is a list of values; a range without gaps has no end.
    public var grid: [SearchCandidate<Configuration>] {
        let counts = dimensions.map { dimension in
            guard let count = dimension.count else {
                preconditionFailure(
                    "\"\(dimension.name)\" varies without gaps: a grid needs .choice, .linear or .logarithmic"
                )
            }
            return count
        }
        return (0..<counts.reduce(1, *)).map { number in
            var candidate = SearchCandidate(configuration: base, values: [])
            var (rest, block) = (number, counts.reduce(1, *))
            for (dimension, count) in zip(dimensions, counts) {
                block /= count
                candidate.values.append(dimension.set(&candidate.configuration, rest / block))
                rest %= block
            }
            return candidate
        }
    }

    /// So many configurations at random; the first ones are the same however many are drawn.
    public func sample(_ count: Int, seed: UInt64 = 0) -> [SearchCandidate<Configuration>] {
        precondition(count >= 1, "\(count) trials: at least one is needed")
        var generator = RandomGenerator(seed: seed, stream: RandomStream.search)
        return (0..<count).map { _ in
            var candidate = SearchCandidate(configuration: base, values: [])
            for dimension in dimensions {
                candidate.values.append(dimension.draw(&candidate.configuration, &generator))
            }
            return candidate
        }
    }
}

/// A configuration, and the values in which it differs from others.
public struct SearchCandidate<Configuration: Sendable>: Sendable {
    /// What is to be tried.
    public internal(set) var configuration: Configuration
    /// The values of what varies, as text, in the order of the space's names.
    public internal(set) var values: [String]
}

/// A value in a table: numbers with few digits.
private func searchText<Value>(_ value: Value) -> String {
    switch value {
    case let number as Double: significant(number, 4)
    case let number as Float: significant(Double(number), 4)
    default: "\(value)"
    }
}
