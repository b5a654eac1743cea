import ArgumentParser
import Descent
import RealModule

/// Synthetic linear data: y = A·1 + noise, A uniform in −1…1.
struct LinearData: Sendable {
    /// The figures of the data.
    struct Options: ParsableArguments {
        @Option(help: "How many examples.")
        var count = 1000

        @Option(help: "How many coefficients; each is 1.")
        var width = 10

        @Option(help: "Standard deviation of the noise.")
        var noise = 0.1

        @Option(help: "Seed of data, start and order.")
        var seed: UInt64 = 0

        mutating func validate() throws {
            guard count > width, width >= 1 else {
                throw ValidationError("--count must be above --width, and that at least 1")
            }
            guard noise >= 0, noise.isFinite else {
                throw ValidationError("--noise must not be negative, and is \(noise)")
            }
        }
    }

    /// Examples: a row of features and a target each.
    struct Examples: Sendable {
        var features: Matrix<Double>
        var targets: [Double]
    }

    /// What is learned from.
    let train: Examples
    /// Fifty examples more.
    let test: Examples
    /// Where descent starts, uniform in 0…0.1.
    let start: [Double]
    /// The number of coefficients.
    let width: Int

    init(_ options: Options) {
        var generator = RandomGenerator(seed: options.seed)
        func examples(_ count: Int) -> Examples {
            let elements = (0..<count * options.width).map { _ in 2 * generator.nextUnit() - 1 }
            let features = Matrix(rows: count, columns: options.width, elements: elements)
            let targets = (0..<count).map { row in
                (0..<options.width).reduce(0) { $0 + features[row, $1] } + options.noise
                    * generator.nextNormal()
            }
            return Examples(features: features, targets: targets)
        }
        train = examples(options.count)
        test = examples(50)
        start = (0..<options.width).map { _ in 0.1 * generator.nextUnit() }
        width = options.width
    }
}

/// The mean of |aᵀθ − y|^γ over examples.
///
/// The derivative γ |e|^(γ−1) sign(e) a is taken as 0 at e = 0, where for γ ≤ 1 there is none.
struct PowerLoss: FiniteSumObjective {
    let examples: LinearData.Examples
    let exponent: Double

    init(_ examples: LinearData.Examples, exponent: Double) {
        self.examples = examples
        self.exponent = exponent
    }

    var parameterCount: Int { examples.features.columns }
    var exampleCount: Int { examples.features.rows }

    func value(at parameters: [Double]) -> Double {
        (0..<exampleCount).reduce(0) { $0 + .pow(abs(error(of: $1, at: parameters)), exponent) }
            / Double(exampleCount)
    }

    func valueAndGradient(at parameters: [Double], gradient: inout [Double]) -> Double {
        let all = Array(0..<Int32(exampleCount))
        return valueAndGradient(at: parameters, examples: all.span, gradient: &gradient)
    }

    func valueAndGradient(
        at parameters: [Double], examples indices: Span<Int32>, gradient: inout [Double]
    ) -> Double {
        for i in gradient.indices { gradient[i] = 0 }
        var sum = 0.0
        for place in indices.indices {
            let row = Int(indices[place])
            let error = error(of: row, at: parameters)
            guard error != 0 else { continue }
            sum += .pow(abs(error), exponent)
            let slope = exponent * Double.pow(abs(error), exponent - 1) * (error > 0 ? 1 : -1)
            for i in gradient.indices { gradient[i] += slope * examples.features[row, i] }
        }
        let scale = 1 / Double(indices.count)
        for i in gradient.indices { gradient[i] *= scale }
        return sum * scale
    }

    private func error(of row: Int, at parameters: [Double]) -> Double {
        var error = -examples.targets[row]
        for i in parameters.indices { error += examples.features[row, i] * parameters[i] }
        return error
    }
}
