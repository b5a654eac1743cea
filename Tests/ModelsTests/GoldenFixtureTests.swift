import Foundation
import Testing

/// That the fixtures are read as they were meant.
@Suite struct GoldenFixtureTests {
    @Test(arguments: ["softmax", "mlp-relu", "mlp-tanh"])
    func trajectoriesAreWhole(name: String) throws {
        let golden = GoldenTrajectories.load(name)
        let sizes = try #require(golden.sizes)
        let count = zip(sizes, sizes.dropFirst()).reduce(0) { $0 + ($1.0 + 1) * $1.1 }
        #expect(golden.initial.count == count)
        #expect(golden.features?.count == 23 && golden.labels?.count == 23)
        #expect(golden.batches?.prefix(4).map(\.count) == [7, 7, 7, 2])
        #expect(golden.batches?.count == 100)
        #expect(golden.trajectories.count == 20)
        for trajectory in golden.trajectories {
            #expect(trajectory.steps.map(\.step) == [1, 2, 3, 5, 10, 20, 50, 100])
            #expect(trajectory.steps.allSatisfy { $0.parameters.count == count })
        }
    }

    @Test func gradientsAreWhole() {
        #expect(GoldenGradients.problems.count == 9)
        for problem in GoldenGradients.problems {
            #expect(problem.features.count == problem.labels.count)
            for evaluation in problem.evaluations {
                #expect(evaluation.gradient.count == evaluation.parameters.count)
            }
        }
        #expect(GoldenLogSoftmax.rows.first?.logProbabilities == [-1000, 0])
    }
}
