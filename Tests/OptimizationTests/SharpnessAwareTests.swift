import DescentLinearAlgebra
import DescentOptimization
import Foundation
import Testing

@Suite struct SharpnessAwareTests {
    struct Fixture: Decodable {
        struct Path: Decodable {
            var problem: String
            var adaptive: Bool
            var points: [[Double]]
        }
        var steps: [Int]
        var paths: [Path]
    }

    /// The gradient of a problem of `rules.json`, with the zeros of its first step.
    struct Field<Scalar: MatrixScalar>: FiniteSumObjective {
        var problem: RuleProblem
        var parameterCount: Int { problem.start.count }
        var exampleCount: Int { 1 }
        func value(at parameters: [Scalar]) -> Double { 0 }
        func valueAndGradient(at parameters: [Scalar], gradient: inout [Scalar]) -> Double {
            gradient = problem.gradient(at: parameters, step: 1)
            return 0
        }
        func valueAndGradient(
            at parameters: [Scalar], examples: Span<Int32>, gradient: inout [Scalar]
        ) -> Double {
            valueAndGradient(at: parameters, gradient: &gradient)
        }
    }

    @Test func theyFollowThePapers() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "Fixtures/sharpness.json")
        let fixture = try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: file))
        #expect(fixture.paths.count == 6)
        for path in fixture.paths {
            let problem = try #require(RuleFixture.shared.problems[path.problem])
            func compare<Scalar: MatrixScalar, Rule: UpdateRule>(
                _ rule: Rule, _ type: Scalar.Type, within tolerance: Double
            ) throws {
                let objective = SharpnessAware(
                    Field<Scalar>(problem: problem), radius: path.adaptive ? 0.5 : 0.05,
                    isAdaptive: path.adaptive)
                var loop = TrainingLoop(
                    minimizing: objective, with: rule, from: problem.start.map { Scalar($0) }, batchSize: .all
                )
                for (step, expected) in zip(fixture.steps, path.points) {
                    try loop.run(until: .updates(step))
                    // At the minimum the way uphill is that of rounding errors.
                    if Scalar.self == Float.self, step > 101 { break }
                    let scale = expected.reduce(0) { max($0, abs($1)) }
                    let distance = zip(loop.parameters, expected).reduce(0) {
                        max($0, abs(Double($1.0) - $1.1))
                    }
                    #expect(distance <= tolerance * scale, "\(path.problem), step \(step), \(type)")
                }
            }
            if path.adaptive {
                try compare(Adam(learningRate: 0.02), Double.self, within: 1e-12)
                try compare(Adam(learningRate: 0.02), Float.self, within: 1e-5)
            } else {
                try compare(SGD(learningRate: 0.03, momentum: 0.9), Double.self, within: 1e-12)
                try compare(SGD(learningRate: 0.03, momentum: 0.9), Float.self, within: 1e-5)
            }
        }
    }

    /// Both gradients are those of the batch that was asked for.
    @Test(arguments: [false, true])
    func aBatchIsTheSameTwice(isAdaptive: Bool) {
        let base = MeanSquares<Double>.small, at = [0.3, -0.2, 0.9]
        let batch: [Int32] = [4, 4, 17]
        var g = [0.0, 0, 0], expected = g, found = g
        let value = base.valueAndGradient(at: at, examples: batch.span, gradient: &g)
        let weights = at.map { isAdaptive ? $0 : 1 }
        let norm = zip(weights, g).map { $0 * $1 }.norm
        let above = at.indices.map { at[$0] + 0.1 * weights[$0] * weights[$0] * g[$0] / norm }
        _ = base.valueAndGradient(at: above, examples: batch.span, gradient: &expected)
        let objective = SharpnessAware(base, radius: 0.1, isAdaptive: isAdaptive)
        #expect(objective.valueAndGradient(at: at, examples: batch.span, gradient: &found) == value)
        for (a, b) in zip(found, expected) { #expect(abs(a - b) < 1e-14) }
        #expect(found != g)
    }

    @Test func withoutRadiusItIsTheObjectiveItself() {
        let base = MeanSquares<Double>.small, at = [0.3, -0.2, 0.9]
        let objective = SharpnessAware(base, radius: 0)
        #expect(objective.gradient(at: at) == base.gradient(at: at))
        #expect(objective.value(at: at) == base.value(at: at))
        #expect(objective.exampleCount == 23)
    }

    @Test func aGradientOfZeroOrNaNIsHandedOn() {
        let base = MeanSquares<Double>(rows: [[1, 0], [0, 1]], targets: [0, 0])
        #expect(SharpnessAware(base).gradient(at: [0, 0]) == [0, 0])
        #expect(SharpnessAware(base).gradient(at: [.nan, 1])[0].isNaN)
        // Adaptive: what is 0 stays where it is.
        let above = SharpnessAware(base, radius: 0.5, isAdaptive: true).gradient(at: [0, 2])
        #expect(above == [0, 1.5])
    }

    @Test func aRunCanBeResumed() throws {
        try withCheckpointPath { path in
            func loop() -> TrainingLoop<SharpnessAware<MeanSquares<Double>>, Adam> {
                TrainingLoop(
                    minimizing: SharpnessAware(.small), with: Adam(learningRate: 0.05), from: [0, 0, 0],
                    batchSize: 5, seed: 2)
            }
            var whole = loop(), first = loop(), second = loop()
            try whole.run(for: .updates(20))
            try first.run(for: .updates(7))
            try first.save(to: path)
            try second.restore(from: path)
            try second.run(until: .updates(20))
            #expect(second.parameters == whole.parameters)
        }
    }
}
