import Descent

extension Benchmark {
    /// Fits with their standard errors, from small problems to large ones, and one that takes QR and twice the precision.
    static var leastSquares: [Benchmark] {
        [
            fit(rows: 1_000, features: 10),
            fit(rows: 1_000, features: 50),
            fit(rows: 10_000, features: 50),
            fit(rows: 100_000, features: 50),
            fit(rows: 1_000_000, features: 50),
            fit(rows: 100_000, features: 100),
            fit(rows: 20_000, features: 1_000),
            fit(rows: 100_000, features: 50, nearness: 1e-4),
        ]
    }

    /// - Parameter nearness: How far the second feature is from the first.
    private static func fit(rows: Int, features: Int, nearness: Double = 1) -> Benchmark {
        let kind = nearness < 1 ? ", nearly dependent" : ""
        // A triangle of products of columns, the constant and the target among them.
        let width = Double(features + 2)
        return Benchmark(
            name: "least squares, \(rows) × \(features)\(kind)", amount: 1e-9 * Double(rows) * width * width,
            unit: "GF"
        ) {
            var generator = RandomGenerator(seed: 0)
            var target: [Double] = []
            var x = Matrix<Double>(rows: rows, columns: features)
            x.withUnsafeMutableElements { x in
                for row in 0..<rows {
                    let first = row * features
                    for column in 0..<features { x[first + column] = generator.nextNormal() }
                    x[first + 1] = x[first] + nearness * x[first + 1]
                    target.append(x[first] - 2 * x[first + features - 1] + generator.nextNormal())
                }
            }
            let predictors = x
            let observed = target
            return { _ = try LeastSquares().fit(predictors, observed) }
        }
    }
}
