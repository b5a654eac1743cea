import DescentLinearAlgebra
import Foundation

/// The paths of `rules.json`, which `make_rule_fixtures.py` writes, and the problems that they were taken on.
struct RuleFixture: Decodable {
    struct Path: Decodable {
        var rule: String
        var problem: String
        /// The parameters at the problem's kept steps.
        var points: [[Double]]
    }

    var problems: [String: RuleProblem]
    var paths: [Path]

    static let shared: RuleFixture = {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/rules.json")
        do {
            return try JSONDecoder().decode(RuleFixture.self, from: Data(contentsOf: file))
        } catch {
            fatalError("rules.json: \(error)")
        }
    }()
}

/// One of the three problems: a quadratic, softmax regression, or a small network; whichever members are there.
struct RuleProblem: Decodable {
    var start: [Double]
    /// The steps at which points were kept, from 1.
    var steps: [Int]
    var matrix: [Double]?
    var vector: [Double]?
    var features: [Double]?
    var labels: [Int]?

    /// The gradient at a point, zero in every fifth coordinate, another fifth each step.
    func gradient<Scalar: MatrixScalar>(at point: [Scalar], step: Int) -> [Scalar] {
        var gradient = gradient(at: point)
        for i in gradient.indices where (3 * i + step) % 5 == 0 { gradient[i] = 0 }
        return gradient
    }

    private func gradient<Scalar: MatrixScalar>(at p: [Scalar]) -> [Scalar] {
        if let matrix, let vector {
            return p.indices.map { i in
                p.indices.reduce(-Scalar(vector[i])) { $0 + Scalar(matrix[6 * i + $1]) * p[$1] }
            }
        }
        let x = features!.map { Scalar($0) }, labels = labels!
        var gradient = [Scalar](repeating: 0, count: p.count)
        let weight = 1 / Scalar(labels.count)
        if p.count == 12 {
            for (row, label) in labels.enumerated() {
                let input = Array(x[3 * row..<3 * row + 3])
                let d = crossEntropyGradient(affine(p, 0, 9, input, 3), label)
                addOuter(d, input, weight, &gradient, 0, 9)
            }
            for i in p.indices { gradient[i] += Scalar(0.01) * p[i] }
        } else {
            for (row, label) in labels.enumerated() {
                let input = Array(x[3 * row..<3 * row + 3])
                let hidden = affine(p, 0, 9, input, 3).map { Scalar.tanh($0) }
                let d = crossEntropyGradient(affine(p, 12, 18, hidden, 2), label)
                addOuter(d, hidden, weight, &gradient, 12, 18)
                let back = (0..<3).map { j in
                    (d[0] * p[12 + j] + d[1] * p[15 + j]) * (1 - hidden[j] * hidden[j])
                }
                addOuter(back, input, weight, &gradient, 0, 9)
            }
            for i in p.indices { gradient[i] += Scalar(0.02) * p[i] }
        }
        return gradient
    }

    /// W x + b, W by rows of three at `w` of the parameters, b at `b`.
    private func affine<Scalar: MatrixScalar>(
        _ p: [Scalar], _ w: Int, _ b: Int, _ x: [Scalar], _ outputs: Int
    ) -> [Scalar] {
        (0..<outputs).map { k in
            p[b + k] + p[w + 3 * k] * x[0] + p[w + 3 * k + 1] * x[1] + p[w + 3 * k + 2] * x[2]
        }
    }

    /// The softmax probabilities, less one at the label.
    private func crossEntropyGradient<Scalar: MatrixScalar>(_ z: [Scalar], _ label: Int) -> [Scalar] {
        let largest = z.max()!
        let e = z.map { Scalar.exp($0 - largest) }
        let sum = e.reduce(0, +)
        return e.indices.map { e[$0] / sum - ($0 == label ? 1 : 0) }
    }

    private func addOuter<Scalar: MatrixScalar>(
        _ d: [Scalar], _ x: [Scalar], _ weight: Scalar, _ gradient: inout [Scalar], _ w: Int, _ b: Int
    ) {
        for k in d.indices {
            for j in 0..<3 { gradient[w + 3 * k + j] += weight * d[k] * x[j] }
            gradient[b + k] += weight * d[k]
        }
    }
}
