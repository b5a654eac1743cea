import DescentLinearAlgebra
import DescentOptimization

/// f(θ) = (1/n) Σ ½ (aᵢᵀθ − bᵢ)², written as plainly as can be.
struct MeanSquares<Scalar: MatrixScalar>: FiniteSumObjective {
    var rows: [[Scalar]]
    var targets: [Scalar]

    var parameterCount: Int { rows[0].count }
    var exampleCount: Int { rows.count }

    func value(at parameters: [Scalar]) -> Double {
        var gradient = [Scalar](repeating: 0, count: parameterCount)
        return valueAndGradient(at: parameters, gradient: &gradient)
    }

    func valueAndGradient(at parameters: [Scalar], gradient: inout [Scalar]) -> Double {
        let all = Array(0..<Int32(rows.count))
        return valueAndGradient(at: parameters, examples: all.span, gradient: &gradient)
    }

    func valueAndGradient(
        at parameters: [Scalar], examples: Span<Int32>, gradient: inout [Scalar]
    ) -> Double {
        for j in gradient.indices { gradient[j] = 0 }
        var value = 0.0
        for position in examples.indices {
            let i = Int(examples[position])
            var residual = -targets[i]
            for j in parameters.indices { residual += rows[i][j] * parameters[j] }
            value += Double(residual * residual) / 2
            for j in parameters.indices { gradient[j] += residual * rows[i][j] / Scalar(examples.count) }
        }
        return value / Double(examples.count)
    }

    /// Twenty-three examples of three features, the noise-free answer (1, −2, 0.5).
    static var small: MeanSquares {
        var generator = RandomGenerator(seed: 11)
        let rows = (0..<23).map { _ in (0..<3).map { _ in Scalar(2 * generator.nextUnit() - 1) } }
        return MeanSquares(rows: rows, targets: rows.map { $0[0] - 2 * $0[1] + $0[2] / 2 })
    }
}
