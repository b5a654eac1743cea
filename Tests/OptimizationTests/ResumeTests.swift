import DescentDatasets
import DescentLinearAlgebra
import Foundation
import Testing

@testable import DescentOptimization

/// Saving, restoring into a new loop and going on gives the bits of never having stopped.
@Suite struct ResumeTests {
    /// Every rule and wrapper, stopped within an epoch (five updates long) and at the end of one.
    @Test(arguments: ruleTable + otherRules, [7, 10])
    func everyRuleGoesOn(named: NamedRule, stop: Int) throws {
        func check<Rule: UpdateRule>(_ rule: Rule) throws {
            try goesOn(stop) { checkpointedLoop(rule, as: Double.self) }
            try goesOn(stop) { checkpointedLoop(rule, as: Float.self) }
        }
        try check(named.rule)
    }

    @Test(arguments: Sampling.allCases, [1, 5, 7, 10, 23])
    func everySamplingGoesOn(sampling: Sampling, stop: Int) throws {
        try goesOn(stop) { checkpointedLoop(SGD(learningRate: 0.1), as: Double.self, sampling: sampling) }
    }

    @Test func fullBatchesGoOn() throws {
        try goesOn(3) { checkpointedLoop(Adam(), as: Double.self, batchSize: .all) }
    }

    @Test(arguments: [3, 7, 10, 12])
    func schedulesAndWatchesGoOn(stop: Int) throws {
        func loop() -> TrainingLoop<MeanSquares<Double>, SGD> {
            var loop = checkpointedLoop(SGD(learningRate: 0.1, momentum: 0.9), as: Double.self)
            loop.learningRateSchedule = .cosine(from: 0.2, over: .epochs(6)).warmingUp(over: .updates(4))
            loop.batchSizeSchedule = .steps(from: 3, every: .epochs(1), factor: 2)
            loop.schedule(\.momentum, by: .growingMomentum(limit: 0.95, every: .updates(3)))
            loop.plateau = ReduceOnPlateau(factor: 0.5, patience: 0, threshold: 0.1)
            loop.earlyStopping = EarlyStopping(patience: 1, minimumImprovement: 0.05)
            return loop
        }
        let end = try goesOn(stop, loop)
        // They have had something to do, and it was saved.
        #expect(end.plateauState.multiplier < 1)
        #expect(end.earlyStoppingState.hasStopped)
    }

    /// Without a schedule the plateau lowers the rule's own rate, which is then not that of the start.
    @Test func aRateThatWasLoweredStaysLowered() throws {
        let end = try goesOn(12) {
            var loop = checkpointedLoop(SGD(learningRate: 0.5), as: Double.self)
            loop.plateau = ReduceOnPlateau(factor: 0.5, patience: 0, threshold: 0.3)
            return loop
        }
        #expect(end.rule.learningRate < 0.5)
    }

    /// The same in one loop as with a file between two; returns the loop at its end.
    @discardableResult
    func goesOn<Scalar: MatrixScalar, Rule: UpdateRule>(
        _ stop: Int, _ make: () -> TrainingLoop<MeanSquares<Scalar>, Rule>
    ) throws -> TrainingLoop<MeanSquares<Scalar>, Rule> {
        try withCheckpointPath { path in
            func run(_ loop: inout TrainingLoop<MeanSquares<Scalar>, Rule>, _ total: Budget) throws {
                let objective = loop.objective
                try loop.run(
                    until: total, evaluating: .updates(3),
                    evaluate: { Evaluation(trainingLoss: objective.value(at: $0)) })
            }
            var whole = make()
            try run(&whole, .updates(stop))
            let start = whole.parameters
            try run(&whole, .epochs(6))
            #expect(whole.parameters != start || whole.earlyStoppingState.hasStopped)

            var first = make()
            try run(&first, .updates(stop))
            try first.save(to: path)
            var second = make()
            try second.restore(from: path)
            #expect(second.progress == first.progress)
            #expect(second.history == first.history)
            #expect(second.rule == first.rule)
            try run(&second, .epochs(6))

            #expect(bits(second.parameters) == bits(whole.parameters))
            #expect(bits(second.state) == bits(whole.state))
            #expect(second.rule == whole.rule)
            #expect(second.progress == whole.progress)
            #expect(second.plateauState == whole.plateauState)
            #expect(second.earlyStoppingState == whole.earlyStoppingState)
            #expect(second.bestParameters == whole.bestParameters)
            #expect(untimed(second.history) == untimed(whole.history))
            #expect(second.history.last!.seconds >= first.history.last!.seconds)
            return whole
        }
    }

    func bits<Scalar: MatrixScalar>(_ values: [Scalar]) -> [UInt64] { values.map { Double($0).bitPattern } }

    func bits<Scalar: MatrixScalar>(_ state: RuleState<Scalar>) -> [[UInt64]] {
        [[UInt64(state.step)], state.scalars.map(\.bitPattern)] + state.slots.map { bits($0) }
            + state.inner.flatMap { bits($0) }
    }

    func untimed(_ history: History) -> [History.Record] {
        history.records.map { record in
            var record = record
            record.seconds = 0
            return record
        }
    }

    /// The same line of code, run again after the end and with a larger number.
    @Test func aTotalCanBeSaidAgain() throws {
        var loop = checkpointedLoop(Adam(), as: Double.self), once = loop
        try loop.run(until: .epochs(2))
        try loop.run(until: .epochs(2))
        #expect(loop.progress.epochs == 2)
        #expect(loop.history.records.count == 3)
        try loop.run(until: .samples(100))
        #expect(loop.progress.samples == 102)
        try loop.run(until: .updates(21))
        #expect(loop.progress.updates == 22)
        try once.run(until: .updates(22))
        #expect(loop.parameters == once.parameters)
    }

    /// A checkpoint of every epoch, and every epoch's goes on as the whole run did.
    @Test func everyEpochsCheckpointGoesOn() throws {
        try withCheckpointPath { path in
            let make = { checkpointedLoop(NAdam(learningRate: 0.05), as: Double.self) }
            var whole = make()
            var files: [Data] = []
            try whole.run(for: .epochs(5), checkpointing: .everyEpoch(to: path)) { _ in
                Evaluation()
            } onEvent: {
                if case .checkpoint = $0, let file = FileManager.default.contents(atPath: path) {
                    files.append(file)
                }
            }
            #expect(files.count == 5)
            for (index, file) in files.enumerated() {
                try file.write(to: URL(filePath: path))
                var loop = make()
                try loop.restore(from: path)
                #expect(loop.progress.epochs == Double(index + 1))
                try loop.run(until: .epochs(5))
                #expect(loop.parameters == whole.parameters)
                #expect(untimed(loop.history) == untimed(whole.history))
            }
        }
    }
}
