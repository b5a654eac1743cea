import Foundation
import Testing

/// That the fixtures are read as they were meant.
@Suite struct GoldenFixtureTests {
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
