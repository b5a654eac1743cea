import DescentDatasets
import DescentLinearAlgebra
import Foundation
import Testing

@testable import DescentOptimization

/// Schedules against PyTorch's schedulers and against their closed forms.
@Suite struct ScheduleTests {
    struct Case: CustomTestStringConvertible {
        var name: String
        var schedule: Schedule
        var testDescription: String { name }
        init(_ name: String, _ schedule: Schedule) {
            self.name = name
            self.schedule = schedule
        }
    }

    static let fixture: [String: [Double]] = {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "Fixtures/schedules.json")
        do {
            return try JSONDecoder().decode([String: [Double]].self, from: Data(contentsOf: file))
        } catch {
            fatalError("schedules.json: \(error)")
        }
    }()

    /// One schedule for each of PyTorch's, in epochs.
    ///
    /// Made anew each time: the leak detector cannot see through the tagged pointers of an indirect enum in a global.
    static var cases: [Case] {
        [
            Case("steps", .steps(from: 0.1, every: .epochs(7), factor: 0.3)),
            Case("exponential", .exponential(from: 0.1, every: .epochs(1), factor: 0.9)),
            Case("exponential", .steps(from: 0.1, every: .epochs(1), factor: 0.9)),
            Case(
                "multistep",
                .multistep(from: 0.1, at: [.epochs(3), .epochs(10), .epochs(11), .epochs(30)], factor: 0.5)),
            Case("polynomial", .polynomial(from: 0.1, over: .epochs(25), power: 2.5)),
            Case("linear", .linear(from: 0.1, to: 0.02, over: .epochs(25))),
            Case("cosine", .cosine(from: 0.1, to: 0.01, over: .epochs(39))),
            Case("restarts", .cosineRestarts(from: 0.1, to: 0.01, every: .epochs(7))),
            Case("growing restarts", .cosineRestarts(from: 0.1, to: 0.01, every: .epochs(5), growth: 2)),
            Case("one cycle", .oneCycle(peak: 0.4, over: .epochs(100))),
            Case("one cycle, momentum", .oneCycle(peak: 0.85, over: .epochs(100), from: 0.95, to: 0.95)),
            Case(
                "warm-up",
                .polynomial(from: 0.1, over: .epochs(20), power: 1.5).warmingUp(over: .epochs(5), from: 0.1)),
            Case(
                "warm-up over",
                .steps(from: 0.1, every: .epochs(5), factor: 0.5)
                    .warmingUp(over: .epochs(8), from: 0.1, delaying: false)),
        ]
    }

    @Test(arguments: cases)
    func followsPyTorch(example: Case) throws {
        let expected = try #require(Self.fixture[example.name])
        for (epoch, rate) in expected.enumerated() {
            let progress = TrainingProgress(updates: 9 * epoch, epochs: Double(epoch), samples: 90 * epoch)
            #expect(abs(example.schedule.value(at: progress) - rate) < 1e-15, "epoch \(epoch)")
        }
    }

    /// The same schedule in other units is the same function of the other unit alone.
    @Test func unitsAreTakenAtTheirWord() {
        func make(_ length: TrainingLength) -> [Schedule] {
            [
                .steps(from: 2, every: length, factor: 0.5),
                .exponential(from: 2, every: length, factor: 0.5),
                .multistep(from: 2, at: [length], factor: 0.5), .inverseTime(from: 2, per: length),
                .polynomial(from: 2, over: length, power: 2), .cosine(from: 2, over: length),
                .cosineRestarts(from: 2, every: length, growth: 2), .oneCycle(peak: 2, over: length),
                .growingMomentum(limit: 0.99, every: length), .constant(2).warmingUp(over: length),
            ]
        }
        for step in 0..<50 {
            let updates = TrainingProgress(updates: step, epochs: -1, samples: -1)
            let epochs = TrainingProgress(updates: -1, epochs: Double(step) / 4, samples: -1)
            let samples = TrainingProgress(updates: -1, epochs: -1, samples: 5 * step)
            for (u, (e, s)) in zip(make(.updates(20)), zip(make(.epochs(5)), make(.samples(100)))) {
                #expect(u.value(at: updates) == e.value(at: epochs))
                #expect(u.value(at: updates) == s.value(at: samples))
            }
        }
    }

    @Test func closedForms() {
        func value(_ schedule: Schedule, _ epochs: Double) -> Double {
            schedule.value(at: TrainingProgress(updates: Int(10 * epochs), epochs: epochs, samples: 0))
        }
        #expect(value(.constant(0.3), 17) == 0.3)
        #expect(value(.inverseTime(from: 0.3, per: .epochs(4)), 4) == 0.15)
        #expect(value(.inverseTime(from: 0.3, per: .epochs(4)), 12) == 0.075)
        #expect(value(.inverseTime(from: 0.3, per: .epochs(4), power: 0.5), 12) == 0.15)
        #expect(abs(value(.exponential(from: 1, every: .epochs(2), factor: 0.25), 1) - 0.5) < 1e-15)
        #expect(value(.growingMomentum(limit: 0.9, every: .epochs(1)), 0.5) == 0.5)
        #expect(value(.growingMomentum(limit: 0.9, every: .epochs(1)), 1) == 0.75)
        #expect(value(.growingMomentum(limit: 0.9, every: .epochs(1)), 100) == 0.9)
        #expect(value(.steps(from: 32, every: .epochs(1), factor: 2).clamped(to: 1...100), 1) == 64)
        #expect(value(.steps(from: 32, every: .epochs(1), factor: 2).clamped(to: 1...100), 2) == 100)
        #expect(value(.constant(3).scaled(by: 2), 0) == 6)
        // Past the end a schedule stays where it ended.
        #expect(value(.cosine(from: 1, to: 0.25, over: .epochs(2)), 7) == 0.25)
        #expect(value(.linear(from: 1, to: 0.25, over: .epochs(2)), 7) == 0.25)
        #expect(value(.oneCycle(peak: 1, over: .epochs(2), from: 0.5, to: 0.125), 7) == 0.125)
    }

    @Test func linearScalingEndsInProportion() {
        let schedule = Schedule.linearScaling(
            baseRate: 0.1, baseBatchSize: 256, batchSize: 1024, warmUp: .epochs(4))
        func value(_ epochs: Double) -> Double {
            schedule.value(at: TrainingProgress(updates: 0, epochs: epochs, samples: 0))
        }
        #expect(abs(value(0) - 0.1) < 1e-15)
        #expect(abs(value(2) - 0.25) < 1e-15)
        #expect(abs(value(4) - 0.4) < 1e-15)
        #expect(abs(value(90) - 0.4) < 1e-15)
    }

    /// A warm-up in updates in front of a schedule in epochs: ten updates an epoch, so it is half an epoch long.
    @Test func aDelayCrossesUnitsInProportion() {
        let schedule = Schedule.linear(from: 1, over: .epochs(2)).warmingUp(over: .updates(5))
        for update in 0..<40 {
            let epochs = Double(update) / 10
            let expected = update < 5 ? epochs / 0.5 : max(0, 1 - (epochs - 0.5) / 2)
            let found = schedule.value(at: TrainingProgress(updates: update, epochs: epochs, samples: 0))
            #expect(abs(found - expected) < 1e-15)
        }
    }

    @Test(arguments: cases)
    func survivesSaving(example: Case) throws {
        let saved = try JSONEncoder().encode(example.schedule)
        #expect(try JSONDecoder().decode(Schedule.self, from: saved) == example.schedule)
    }

    @Test(arguments: [
        ("plateau", ReduceOnPlateau(factor: 0.5, patience: 2)),
        ("plateau, cooldown", ReduceOnPlateau(factor: 0.3, patience: 1, threshold: 0.01, cooldown: 3)),
        ("plateau, minimum", ReduceOnPlateau(factor: 0.1, patience: 0, smallestMultiplier: 0.02)),
    ])
    func plateauFollowsPyTorch(name: String, plateau: ReduceOnPlateau) throws {
        let (losses, expected) = try (#require(Self.fixture["losses"]), #require(Self.fixture[name]))
        var state = ReduceOnPlateau.State()
        for (loss, rate) in zip(losses, expected) {
            plateau.observe(loss, &state)
            #expect(abs(state.multiplier - rate) < 1e-15)
            // Saved and read again at every step.
            state = try JSONDecoder().decode(ReduceOnPlateau.State.self, from: JSONEncoder().encode(state))
        }
        #expect(Set(expected).count > 2)
    }

    @Test func notANumberIsNoBetter() {
        let plateau = ReduceOnPlateau(factor: 0.5, patience: 0)
        var state = ReduceOnPlateau.State()
        for loss in [.nan, 1, .nan] { plateau.observe(loss, &state) }
        #expect(state.best == 1)
        #expect(state.multiplier == 0.25)
    }
}

/// Schedules in a training loop.
@Suite struct ScheduledTrainingTests {
    func loop(_ rule: SGD = SGD(learningRate: 0.1)) -> TrainingLoop<MeanSquares<Double>, SGD> {
        // 23 examples in batches of 5: five updates an epoch.
        TrainingLoop(minimizing: .small, with: rule, from: [0, 0, 0], batchSize: 5)
    }

    @Test func theRateOfEachUpdateIsThatOfTheSchedule() throws {
        let schedule = Schedule.exponential(from: 0.3, every: .updates(4), factor: 0.5)
        var scheduled = loop(), byHand = loop()
        scheduled.learningRateSchedule = schedule
        for update in 0..<12 {
            byHand.rule.learningRate = schedule.value(at: byHand.progress)
            #expect(byHand.progress.updates == update)
            try byHand.run(for: .updates(1))
        }
        try scheduled.run(for: .updates(12))
        #expect(scheduled.parameters == byHand.parameters)
        #expect(scheduled.parameters != loop().parameters)
    }

    @Test func progressCountsInAllUnits() throws {
        var loop = loop()
        try loop.run(for: .updates(7))
        #expect(loop.progress == TrainingProgress(updates: 7, epochs: 1 + 10.0 / 23, samples: 33))
    }

    @Test func anyHyperparameterCanBeScheduled() throws {
        var scheduled = loop(SGD(learningRate: 0.1, momentum: 0.5))
        scheduled.schedule(\.momentum, by: .growingMomentum(limit: 0.8, every: .updates(1)))
        try scheduled.run(for: .updates(2))
        #expect(scheduled.rule.momentum == 0.75)
        try scheduled.run(for: .updates(1))
        #expect(scheduled.rule.momentum == 0.8)
    }

    @Test func batchesGrow() throws {
        var loop = loop()
        loop.batchSizeSchedule = .steps(from: 5, every: .epochs(1), factor: 2)
        try loop.run(for: .epochs(4))
        // Batches of 5, 10, 20, then of all 23 and not of 40.
        #expect(loop.history.records.map(\.updates) == [0, 5, 8, 10, 11])
        #expect(loop.history.records.map(\.samples) == [0, 23, 46, 69, 92])
    }

    @Test(arguments: [Sampling.withReplacement, .sequential])
    func batchesGrowHoweverTheyAreDrawn(sampling: Sampling) throws {
        var loop = TrainingLoop<MeanSquares<Double>, SGD>(
            minimizing: .small, with: SGD(learningRate: 0.1), from: [0, 0, 0], batchSize: 5,
            sampling: sampling)
        loop.batchSizeSchedule = .steps(from: 5, every: .epochs(1), factor: 2)
        try loop.run(for: .epochs(4))
        #expect(loop.history.records.map(\.samples) == [0, 23, 46, 69, 92])
    }

    @Test func aPlateauLowersTheRate() throws {
        for schedule in [nil, Schedule.constant(0.1)] {
            var loop = loop()
            loop.learningRateSchedule = schedule
            loop.plateau = ReduceOnPlateau(factor: 0.5, patience: 1)
            try loop.run(for: .epochs(5), evaluate: { _ in Evaluation(validationLoss: 1) })
            // Losses 1 (start), 1, 1 → half, 1, 1 → a quarter, 1; the rate in the rule is that of the last update.
            #expect(loop.plateauState.multiplier == 0.25)
            #expect(abs(loop.rule.learningRate - 0.025) < 1e-17)
        }
    }

    @Test func rangeTestFindsWhereItDiverges() throws {
        let loop = TrainingLoop<MeanSquares<Double>, SGD>(
            minimizing: .small, with: SGD(), from: [0, 0, 0], batchSize: .all)
        let result = loop.learningRateRangeTest(in: 1e-4...1e4, updates: 60)
        #expect(result.diverged)
        #expect(result.learningRates.count == result.losses.count)
        #expect(result.learningRates.count == result.smoothedLosses.count)
        #expect(abs(result.learningRates[0] - 1e-4) < 1e-18)
        // The largest eigenvalue of this problem's Hessian is below 1, so 2 is about where steps begin to overshoot.
        let steepest = try #require(result.steepest)
        #expect(steepest > 1e-3 && steepest < 20)
        #expect(result.learningRates.last! > 2)
        #expect(loop.history.records.isEmpty)
        let tame = loop.learningRateRangeTest(in: 1e-4...1e-2, updates: 10)
        #expect(!tame.diverged)
        #expect(tame.learningRates.count == 10)
        #expect(abs(tame.learningRates[9] / 1e-2 - 1) < 1e-12)
    }
}
