import DescentDatasets
import DescentLinearAlgebra
import Testing

@testable import DescentOptimization

@Suite struct EventsTests {
    typealias Loop = TrainingLoop<MeanSquares<Double>, SGD>

    func loop(rate: Double = 0.1) -> Loop { checkpointedLoop(SGD(learningRate: rate), as: Double.self) }

    /// The event in short.
    func name(_ event: TrainingEvent) -> String {
        switch event {
        case .update(let update): "update \(update.progress.updates)"
        case .epoch(let progress): "epoch \(Int(progress.epochs))"
        case .evaluated(let record): "evaluated \(record.updates)"
        case .plateau(let multiplier, _): "plateau \(multiplier)"
        case .checkpoint(_, let progress): "checkpoint \(progress.updates)"
        case .stoppedEarly(_, let update, _): "stopped, best \(update)"
        case .resumed(_, let progress): "resumed \(progress.updates)"
        case .checkpointPassedOver: "passed over"
        case .diverged: "diverged"
        case .cancelled: "cancelled"
        }
    }

    @Test func everythingIsToldInOrder() throws {
        try withCheckpointPath { path in
            var loop = loop(), events: [TrainingEvent] = [], records: [History.Record] = []
            loop.plateau = ReduceOnPlateau(factor: 0.5, patience: 0, threshold: 0.99)
            try loop.run(
                for: .updates(12), evaluating: .epochs(2), checkpointing: .everyEpoch(to: path),
                reportingUpdatesEvery: 4, onRecord: { records.append($0) }, onEvent: { events.append($0) })
            #expect(
                events.map(name) == [
                    "evaluated 0", "update 4", "epoch 1", "checkpoint 5", "update 8", "epoch 2",
                    "evaluated 10", "checkpoint 10", "update 12", "evaluated 12", "plateau 0.5",
                    "checkpoint 12",
                ])
            #expect(records == loop.history.records)
            #expect(events.last == .checkpoint(path: path, loop.progress))
        }
    }

    @Test func anUpdateTellsOfItsBatchAndItsStep() throws {
        var loop = checkpointedLoop(SGD(), as: Double.self, batchSize: .all)
        loop.learningRateSchedule = .steps(from: 0.4, every: .updates(1), factor: 0.5)
        let start = loop.parameters, objective = loop.objective
        var updates: [TrainingEvent.Update] = []
        try loop.run(
            for: .updates(2), reportingUpdatesEvery: 1,
            onEvent: { if case .update(let update) = $0 { updates.append(update) } })
        let gradient = objective.gradient(at: start)
        #expect(updates.map(\.learningRate) == [0.4, 0.2])
        #expect(updates[0].loss == objective.value(at: start))
        #expect(abs(updates[0].gradientNorm - gradient.norm) < 1e-14)
        #expect(updates[0].progress == TrainingProgress(updates: 1, epochs: 1, samples: 23))
    }

    @Test func listeningChangesNothing() throws {
        var quiet = loop(), heard = loop()
        try quiet.run(for: .epochs(3))
        try heard.run(for: .epochs(3), reportingUpdatesEvery: 1, onEvent: { _ in })
        #expect(quiet.parameters == heard.parameters)
    }

    @Test func divergenceIsAnEventAndAnError() throws {
        var loop = loop(rate: 1e200), last: TrainingEvent?
        let error = #expect(throws: TrainingError.self) {
            try loop.run(for: .epochs(9), onEvent: { last = $0 })
        }
        #expect(last == .diverged(error!))
    }

    // MARK: - The sequence

    @Test func theSequenceIsWhatTheClosureHears() async throws {
        var loop = loop(), heard: [String] = [], read: [String] = []
        let run = loop.start(for: .epochs(3), reportingUpdatesEvery: 2)
        try loop.run(for: .epochs(3), reportingUpdatesEvery: 2, onEvent: { heard.append(name($0)) })
        for try await event in run { read.append(name(event)) }
        #expect(read == heard)
        let end = await run.loop
        #expect(end.parameters == loop.parameters)
        #expect(end.progress == loop.progress)
    }

    @Test func theSequenceThrowsWhatEndedTheRun() async throws {
        let run = loop(rate: 1e200).start(for: .epochs(9))
        var last: TrainingEvent?
        let error = await #expect(throws: TrainingError.self) {
            for try await event in run { last = event }
        }
        #expect(last == .diverged(error!))
        #expect(await run.loop.parameters.allSatisfy { $0.isFinite })
    }

    @Test func aCancelledRunStopsAndCanGoOn() async throws {
        let run = loop().start(for: .updates(1 << 40), evaluating: .epochs(1 << 40), reportingUpdatesEvery: 3)
        var last: TrainingEvent?
        for try await event in run {
            last = event
            if case .update(let update) = event, update.progress.updates == 12 { run.cancel() }
        }
        var stopped = await run.loop, whole = loop()
        #expect(last == .cancelled(stopped.progress))
        #expect(stopped.progress.updates >= 12)
        let total = stopped.progress.updates + 10
        try stopped.run(until: .updates(total))
        try whole.run(until: .updates(total))
        #expect(stopped.parameters == whole.parameters)
        #expect(stopped.history.last?.runningLoss == whole.history.last?.runningLoss)
    }

    @Test func cancellingTheReaderCancelsTheRun() async throws {
        let run = loop().start(for: .updates(1 << 40), evaluating: .epochs(1 << 40), reportingUpdatesEvery: 1)
        let reader = Task { for try await _ in run {} }
        try await Task.sleep(for: .milliseconds(1))
        reader.cancel()
        _ = await reader.result
        // Would not return otherwise.
        #expect(await run.loop.progress.updates < 1 << 40)
    }

    /// More runs than there are shared threads, and yet every one of them can be cancelled.
    @Test func manyRunsLeaveTheSharedThreadsFree() async throws {
        let runs = (0..<16).map { _ in loop().start(for: .updates(1 << 40), evaluating: .epochs(1 << 40)) }
        for run in runs { run.cancel() }
        for run in runs { #expect(await run.loop.progress.updates < 1 << 40) }
    }

    @Test func lettingGoOfARunCancelsIt() async throws {
        /// Held by the training alone.
        final class Witness: Sendable {}
        weak var witness: Witness?
        func begin() {
            let held = Witness()
            witness = held
            _ = loop().start(for: .updates(1 << 40), evaluating: .epochs(1 << 40)) { _ in
                withExtendedLifetime(held) { Evaluation() }
            }
        }
        begin()
        for _ in 0..<10_000 where witness != nil { try await Task.sleep(for: .milliseconds(1)) }
        #expect(witness == nil)
    }

    @Test func waitingForTheLoopIsEnough() async throws {
        var whole = loop()
        try whole.run(for: .epochs(4))
        let loop = await loop().start(until: .epochs(4)).loop
        #expect(loop.parameters == whole.parameters)
    }

    // MARK: - Early stopping

    /// Losses as they are given, one an epoch.
    func losses(_ losses: [Double], _ stopping: EarlyStopping) throws -> (loop: Loop, visited: [[Double]]) {
        var loop = loop(), visited: [[Double]] = []
        loop.earlyStopping = stopping
        try loop.run(
            for: .epochs(losses.count - 1),
            evaluate: {
                visited.append($0)
                return Evaluation(
                    trainingLoss: -Double(visited.count), validationLoss: losses[visited.count - 1])
            })
        return (loop, visited)
    }

    @Test func stopsWhenPatienceIsOverAndPutsTheBestBack() throws {
        let (loop, visited) = try losses([5, 4, 3, 3.5, 3, .nan, 1, 0], EarlyStopping(patience: 2))
        // 3.5, 3 and NaN are no better than 3.
        #expect(loop.progress.epochs == 5)
        #expect(loop.parameters == visited[2])
        #expect(loop.bestParameters == visited[2])
        #expect(loop.earlyStoppingState.best == 3)
        #expect(loop.earlyStoppingState.bestUpdate == 10)
    }

    @Test func theBestIsNotPutBackWhereThatIsNotWanted() throws {
        let (loop, visited) = try losses([5, 4, 4.5, 1], EarlyStopping(patience: 0, restoresBest: false))
        #expect(loop.progress.epochs == 2)
        #expect(loop.parameters == visited[2])
        #expect(loop.bestParameters == visited[1])
    }

    @Test func smallImprovementsAreNone() throws {
        let (loop, _) = try losses(
            [5, 4.95, 4.85, 4.8, 1], EarlyStopping(patience: 1, minimumImprovement: 0.1))
        // 4.85 is lower than 5 by enough; 4.8 is not lower than that by enough.
        #expect(loop.earlyStoppingState.best == 1)
        #expect(!loop.earlyStoppingState.hasStopped)
        let (stopped, _) = try losses(
            [5, 4.95, 4.92, 1], EarlyStopping(patience: 1, minimumImprovement: 0.1))
        #expect(stopped.progress.epochs == 2)
    }

    @Test func aLoopThatWasStoppedStaysStoppedUntilTheWatchIsSetAnew() throws {
        var (loop, _) = try losses([5, 6, 1], EarlyStopping(patience: 0))
        let parameters = loop.parameters
        try loop.run(for: .epochs(3))
        #expect(loop.parameters == parameters)
        loop.earlyStopping = nil
        try loop.run(for: .epochs(3))
        #expect(loop.parameters != parameters)
    }
}
