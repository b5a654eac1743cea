import DescentDatasets
import DescentLinearAlgebra
import Testing

@testable import DescentOptimization

@Suite struct TrainingLoopTests {
    typealias Loop<Rule: UpdateRule> = TrainingLoop<MeanSquares<Double>, Rule>

    func loop(
        _ batchSize: BatchSize = 5, seed: UInt64 = 0, sampling: Sampling = .reshuffle, rate: Double = 0.3
    ) -> Loop<SGD> {
        Loop(
            minimizing: .small, with: SGD(learningRate: rate), from: [0, 0, 0], batchSize: batchSize,
            sampling: sampling, seed: seed)
    }

    @Test(arguments: [BatchSize.examples(5), .examples(1), .examples(23), .examples(100), .all])
    func findsTheMinimum(batchSize: BatchSize) throws {
        var loop = loop(batchSize)
        try loop.run(for: .epochs(400))
        for (found, true_) in zip(loop.parameters, [1, -2, 0.5]) { #expect(abs(found - true_) < 1e-6) }
    }

    @Test func countsInTheUnitsOfTheBudget() throws {
        // 23 examples in batches of 5: five updates an epoch, the last on three examples.
        var loop = loop()
        try loop.run(for: .epochs(2))
        #expect(loop.history.records.map(\.epoch) == [0, 1, 2])
        #expect(loop.history.records.map(\.updates) == [0, 5, 10])
        #expect(loop.history.records.map(\.samples) == [0, 23, 46])
        try loop.run(for: .updates(3))
        #expect(loop.history.last?.updates == 13)
        #expect(loop.history.last?.samples == 61)
        #expect(loop.history.last?.epoch == 2 + 15.0 / 23)
        try loop.run(for: .samples(6))
        #expect(loop.history.last?.updates == 15)
        #expect(loop.history.last?.samples == 69)
        #expect(loop.history.last?.epoch == 3)
        let before = loop.history.last!.seconds
        try loop.run(for: .seconds(0.001))
        #expect(loop.history.last!.seconds - before >= 0.001)
    }

    @Test func evaluatesWhenTheScheduleSays() throws {
        func updates(_ schedule: EvaluationSchedule) throws -> [Int] {
            var loop = loop()
            return try loop.run(for: .epochs(4), evaluating: schedule).records.map(\.updates)
        }
        #expect(try updates(.epochs(1)) == [0, 5, 10, 15, 20])
        #expect(try updates(.epochs(3)) == [0, 15, 20])
        #expect(try updates(.updates(7)) == [0, 7, 14, 20])
        #expect(try updates(.dense) == [0, 1, 2, 3, 4, 5, 10, 15, 20])
    }

    @Test func recordsWhatTheEvaluationFinds() throws {
        var loop = loop()
        let objective = loop.objective
        var seen: [History.Record] = []
        let history = try loop.run(
            for: .epochs(3),
            evaluate: { Evaluation(trainingLoss: objective.value(at: $0), validationAccuracy: 0.5) },
            onRecord: { seen.append($0) })
        #expect(history.records == seen)
        #expect(history.records[0].trainingLoss == objective.value(at: [0, 0, 0]))
        #expect(history.last?.trainingLoss == objective.value(at: loop.parameters))
        #expect(history.last?.validationAccuracy == 0.5)
        #expect(history.last?.validationLoss == nil)
        #expect(history.records[0].runningLoss == nil)
    }

    /// The running loss weighs examples, not batches: with a rate of zero it is the loss itself, short batch or not.
    @Test func runningLossWeighsExamplesAlike() throws {
        var loop = loop(rate: 0)
        let loss = loop.objective.value(at: [0, 0, 0])
        let history = try loop.run(for: .epochs(2))
        for record in history.records.dropFirst() { #expect(abs(record.runningLoss! - loss) < 1e-14) }
    }

    @Test func oneSeedGivesTheSameBits() throws {
        func result(_ seed: UInt64) throws -> [Double] {
            var loop = loop(seed: seed)
            try loop.run(for: .epochs(3))
            return loop.parameters
        }
        #expect(try result(4) == result(4))
        #expect(try result(4) != result(5))
    }

    @Test func runsInPartsAreOneRun() throws {
        var whole = loop(), parts = loop()
        try whole.run(for: .updates(17))
        for _ in 0..<17 { try parts.run(for: .updates(1)) }
        #expect(whole.parameters == parts.parameters)
        #expect(whole.state == parts.state)
    }

    /// With every example twice, full-batch descent makes the same steps.
    @Test func doublingEveryExampleChangesNothing() throws {
        let once = MeanSquares<Double>.small
        let twice = MeanSquares(rows: once.rows + once.rows, targets: once.targets + once.targets)
        var first = TrainingLoop(
            minimizing: once, with: Adam(learningRate: 0.1), from: [0, 0, 0], batchSize: .all)
        var second = TrainingLoop(
            minimizing: twice, with: Adam(learningRate: 0.1), from: [0, 0, 0], batchSize: .all)
        try first.run(for: .updates(50))
        try second.run(for: .updates(50))
        for (a, b) in zip(first.parameters, second.parameters) { #expect(abs(a - b) < 1e-12) }
    }

    @Test func divergenceIsAnErrorThatKeepsTheLastGoodPoint() throws {
        var loop = loop(.all, rate: 1e6)
        var kept: [[Double]] = []
        let error = #expect(throws: TrainingError.self) {
            try loop.run(
                for: .epochs(1000),
                evaluate: {
                    kept.append($0); return Evaluation()
                })
        }
        guard case .diverged(let update, let loss, _, let lastGood)? = error else {
            Issue.record("no error was thrown")
            return
        }
        #expect(update > 1 && update < 100)
        #expect(!loss.isFinite || update == lastGood + 1)
        #expect(lastGood == loop.history.last?.updates)
        #expect(loop.parameters == kept.last)
        #expect(loop.parameters.allSatisfy { $0.isFinite })
        #expect(error!.description.contains("update \(update)"))
    }

    /// The overflow may come with the last step, of which no further loss tells.
    @Test func anOverflowInTheLastStepIsSeen() throws {
        var loop = Loop(
            minimizing: .small, with: SGD(learningRate: .greatestFiniteMagnitude), from: [9, 9, 9],
            batchSize: .all)
        #expect(throws: TrainingError.self) { try loop.run(for: .updates(1)) }
        #expect(loop.parameters == [9, 9, 9])
    }

    @Test func denormalsAreFlushedInsideAndLeftAloneOutside() throws {
        let tiny = Double.leastNormalMagnitude
        var inside = -1.0
        var loop = loop()
        try loop.run(
            for: .updates(1),
            evaluate: { _ in
                inside = tiny / blackHole(2); return Evaluation()
            })
        #expect(inside == 0)
        #expect(tiny / blackHole(2) > 0)
    }
}

@inline(never) func blackHole(_ x: Double) -> Double { x }
