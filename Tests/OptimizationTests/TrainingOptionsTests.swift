import DescentDatasets
import DescentLinearAlgebra
import Foundation
import Testing

@testable import DescentOptimization

/// One value for how a run goes: schedules, watches, checkpoints in a folder, cancellation.
@Suite struct TrainingOptionsTests {
    typealias Loop = TrainingLoop<MeanSquares<Double>, Adam>

    func loop(seed: UInt64 = 4) -> Loop {
        checkpointedLoop(Adam(learningRate: 0.05), as: Double.self, seed: seed)
    }

    /// A folder that does not exist yet, two levels down.
    func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
        try withCheckpointPath { try body($0 + ".runs/a") }
    }

    func names(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    static func number(_ updates: Int) -> String { "checkpoint-" + String(format: "%012d", updates) + ".npz" }

    /// The validation loss falls until the parameters have moved by a certain length, and rises then.
    func evaluate(_ parameters: [Double]) -> Evaluation {
        Evaluation(validationLoss: abs(parameters.norm - 0.9))
    }

    /// Everything but the seconds.
    func expectSame(_ a: Loop, _ b: Loop, sourceLocation: SourceLocation = #_sourceLocation) {
        func timeless(_ loop: Loop) -> [History.Record] {
            loop.history.records.map {
                var record = $0
                record.seconds = 0
                return record
            }
        }
        #expect(a.parameters == b.parameters, sourceLocation: sourceLocation)
        #expect(a.state == b.state, sourceLocation: sourceLocation)
        #expect(a.rule == b.rule, sourceLocation: sourceLocation)
        #expect(timeless(a) == timeless(b), sourceLocation: sourceLocation)
        #expect(a.plateauState == b.plateauState, sourceLocation: sourceLocation)
        #expect(a.earlyStoppingState == b.earlyStoppingState, sourceLocation: sourceLocation)
        #expect(a.bestParameters == b.bestParameters, sourceLocation: sourceLocation)
    }

    var full: TrainingOptions {
        TrainingOptions(
            schedule: .cosine(from: 0.1, over: .epochs(8)),
            batchSizeSchedule: .steps(from: 4, every: .epochs(2), factor: 1.5),
            plateau: ReduceOnPlateau(factor: 0.5, patience: 0, threshold: 0.3),
            earlyStopping: EarlyStopping(patience: 40), evaluations: .updates(3), seed: 9)
    }

    @Test func optionsAreWhatTheLoopCouldBeToldByHand() throws {
        var byHand = loop(seed: 9), byOptions = loop(seed: 4)
        byHand.learningRateSchedule = full.schedule
        byHand.batchSizeSchedule = full.batchSizeSchedule
        byHand.plateau = full.plateau
        byHand.earlyStopping = full.earlyStopping
        try byHand.run(for: .epochs(6), evaluating: .updates(3), evaluate: evaluate)
        try byOptions.run(for: .epochs(6), options: full, evaluate: evaluate)
        expectSame(byOptions, byHand)
        var other = loop()
        try other.run(for: .epochs(6), options: TrainingOptions(seed: 9), evaluate: evaluate)
        #expect(other.parameters != byHand.parameters)
    }

    @Test func saidAgainTheOptionsChangeNothing() throws {
        var whole = loop(), parts = loop()
        try whole.run(until: .updates(40), options: full, evaluate: evaluate)
        for total in [3, 9, 24, 39, 40] {
            try parts.run(until: .updates(total), options: full, evaluate: evaluate)
        }
        // Ends of runs are evaluated, so the parts end where an evaluation is due anyway.
        expectSame(parts, whole)
    }

    @Test func theFolderKeepsTheLastAndTheBest() throws {
        try withFolder { folder in
            var loop = loop(), events: [String] = [], best = (loss: Double.infinity, parameters: [Double]())
            var options = TrainingOptions(checkpoints: .folder(folder, keepingLast: 3), seed: 4)
            options.evaluations = .updates(2)
            try loop.run(for: .epochs(6), options: options) { parameters in
                let result = evaluate(parameters)
                if result.validationLoss! < best.loss { best = (result.validationLoss!, parameters) }
                return result
            } onEvent: {
                if case .checkpoint(let path, let progress) = $0 {
                    events.append(path)
                    #expect(path.hasSuffix("best.npz") || path.hasSuffix(Self.number(progress.updates)))
                }
            }
            #expect(
                names(in: folder) == ["best.npz", Self.number(20), Self.number(25), Self.number(30)])
            #expect(events.filter { !$0.hasSuffix("best.npz") }.count == 6)
            var restored = self.loop()
            try restored.restore(from: folder + "/best.npz")
            #expect(restored.parameters == best.parameters)
            #expect(restored.parameters != loop.parameters)
            #expect(evaluate(restored.parameters).validationLoss == best.loss)
            try restored.restore(from: folder + "/" + Self.number(30))
            #expect(restored.parameters == loop.parameters)
        }
    }

    @Test func withoutALossThereIsNoBest() throws {
        try withFolder { folder in
            var loop = loop()
            try loop.run(
                for: .epochs(2),
                options: TrainingOptions(checkpoints: .folder(folder, keepingLast: 1), seed: 4))
            #expect(names(in: folder) == [Self.number(10)])
            var other = self.loop()
            try other.run(
                for: .epochs(2),
                options: TrainingOptions(checkpoints: .folder(folder + "b", keepingBest: false), seed: 4),
                evaluate: evaluate)
            #expect(names(in: folder + "b") == [Self.number(5), Self.number(10)])
        }
    }

    /// Cancelled again and again, in the middle of epochs too: the bits of a run that was left alone.
    @Test func cancelledAndResumedIsUninterrupted() throws {
        try withFolder { folder in
            var whole = loop(), options = full
            try whole.run(until: .epochs(12), options: options, evaluate: evaluate)
            options.checkpoints = .folder(folder, every: .updates(7), resuming: true)
            options.updateInterval = 1
            var starts = 0
            while true {
                let flag = CancellationFlag()
                options.cancellation = flag
                starts += 1
                var loop = loop(), made = 0
                do throws(TrainingError) {
                    try loop.run(until: .epochs(12), options: options, evaluate: evaluate) { event in
                        guard case .update = event else { return }
                        made += 1
                        if made == 4 { flag.cancel() }
                    }
                    expectSame(loop, whole)
                    break
                } catch {
                    #expect(made == 4, "the batch in flight is finished, and no other begun")
                    let file = folder + "/" + Self.number(4 * starts)
                    #expect(error == TrainingError.cancelled(update: 4 * starts, checkpoint: file))
                    #expect(error.description.contains(folder))
                }
            }
            #expect(starts > 5)
        }
    }

    @Test func aFlagRaisedElsewhereEndsTheSequence() async throws {
        let flag = CancellationFlag()
        let run = loop().start(
            until: .updates(1 << 40),
            options: TrainingOptions(
                evaluations: .epochs(1 << 40), updateInterval: 1, seed: 4, cancellation: flag))
        let error = await #expect(throws: TrainingError.self) { for try await _ in run { flag.cancel() } }
        let loop = await run.loop
        #expect(error == .cancelled(update: loop.progress.updates, checkpoint: nil))
        var whole = self.loop(), rest = loop
        flag.reset()
        try rest.run(for: .updates(3))
        try whole.run(for: .updates(loop.progress.updates + 3))
        #expect(rest.parameters == whole.parameters)
    }

    @Test func aDamagedCheckpointIsPassedOver() throws {
        try withFolder { folder in
            var whole = loop()
            try whole.run(until: .epochs(6), evaluate: evaluate)
            let options = TrainingOptions(checkpoints: .folder(folder, resuming: true), seed: 4)
            var loop = loop()
            try loop.run(until: .epochs(4), options: options, evaluate: evaluate)
            let newest = folder + "/" + Self.number(20)
            let bytes = try Data(contentsOf: URL(filePath: newest))
            try bytes.prefix(bytes.count / 2).write(to: URL(filePath: newest))

            var resumed = self.loop(), events: [TrainingEvent] = []
            try resumed.run(until: .epochs(6), options: options, evaluate: evaluate) { events.append($0) }
            guard case .checkpointPassedOver(let error) = events[0],
                case .resumed(let path, let progress) = events[1]
            else {
                Issue.record("\(events[0]) \(events[1])")
                return
            }
            #expect(error.file == newest)
            #expect(path == folder + "/" + Self.number(15))
            #expect(progress.epochs == 3)
            expectSame(resumed, whole)

            // Nothing whole is left: to start anew would be a surprise.
            for name in names(in: folder) { try Data([1, 2]).write(to: URL(filePath: folder + "/" + name)) }
            var lost = self.loop()
            let thrown = #expect(throws: TrainingError.self) {
                try lost.run(until: .epochs(6), options: options)
            }
            guard case .checkpointNotRestored(let reason)? = thrown else {
                Issue.record("\(thrown as Any)")
                return
            }
            #expect(reason.file == folder + "/" + Self.number(30))
            #expect(lost.parameters == self.loop().parameters)
        }
    }

    @Test func checkpointsOfOthersAreSafe() throws {
        try withFolder { folder in
            let options = TrainingOptions(checkpoints: .folder(folder), seed: 4)
            var loop = loop()
            try loop.run(for: .epochs(3), options: options)
            let files = names(in: folder)
            // The same loop may go on, another one may not begin.
            try loop.run(for: .epochs(1), options: options)
            #expect(names(in: folder) == [Self.number(15), Self.number(20)])
            var other = self.loop()
            let occupied = #expect(throws: TrainingError.self) {
                try other.run(for: .epochs(1), options: options)
            }
            let reason = CheckpointError.Reason.occupied(newest: folder + "/" + Self.number(20))
            #expect(
                occupied == TrainingError.checkpointNotRestored(CheckpointError(file: folder, reason: reason))
            )
            #expect(occupied!.description.contains("Resume"))
            // Nor does one resume what is another run's, or remove what is newer than itself.
            var resuming = options
            resuming.seed = 5
            resuming.checkpoints = .folder(folder, keepingLast: 1, resuming: true)
            let differs = #expect(throws: TrainingError.self) {
                try other.run(for: .epochs(1), options: resuming)
            }
            guard case .checkpointNotRestored(let error)? = differs, case .differs(let list) = error.reason
            else {
                Issue.record("\(differs as Any)")
                return
            }
            #expect(list.map(\.name) == ["seed"])
            #expect(names(in: folder) == [Self.number(15), Self.number(20)])
            #expect(files.count == 2)
        }
    }

    @Test func removingLeavesOtherFilesAndNewerNumbers() throws {
        try withFolder { path in
            let folder = CheckpointFolder(path: path)
            try folder.create()
            try folder.create()
            let kept = ["best.npz", "checkpoint-12.npz", "checkpoint-000000000003.npz.7-8.part", "notes.txt"]
            for name in kept + [1, 5, 9, 11].map(Self.number) {
                try Data().write(to: URL(filePath: path + "/" + name))
            }
            #expect(try folder.numbers() == [11, 9, 5, 1])
            try folder.prune(keepingLast: 2, upTo: 9)
            #expect(names(in: path) == (kept + [5, 9, 11].map(Self.number)).sorted())
            #expect(try CheckpointFolder(path: path + "/none").numbers() == [])
        }
    }

    @Test func aFolderThatCannotBeIsAnError() throws {
        try withCheckpointPath { path in
            try Data().write(to: URL(filePath: path))
            var loop = loop()
            for folder in [path, path + "/below"] {
                let error = #expect(throws: TrainingError.self) {
                    try loop.run(
                        for: .epochs(1), options: TrainingOptions(checkpoints: .folder(folder), seed: 4))
                }
                #expect(error?.description.contains(folder) == true)
            }
            #expect(loop.progress.updates == 0)
        }
    }

    @Test func oneFileCanBeResumedFromToo() throws {
        try withCheckpointPath { path in
            var whole = loop()
            try whole.run(until: .epochs(5))
            for total in 1...5 {
                var part = loop()
                try part.run(until: .epochs(total), checkpointing: .everyEpoch(to: path, resuming: true))
                if total == 5 { expectSame(part, whole) }
            }
            try Data([0]).write(to: URL(filePath: path))
            var lost = loop()
            #expect(throws: TrainingError.self) {
                try lost.run(until: .epochs(5), checkpointing: .everyEpoch(to: path, resuming: true))
            }
            #expect(lost.progress.updates == 0)
        }
    }

    /// A resumed run stops where it would have stopped, and stays stopped.
    @Test func earlyStoppingGoesOnCounting() throws {
        try withFolder { folder in
            var options = TrainingOptions(earlyStopping: EarlyStopping(patience: 3), seed: 4)
            func rising(_ parameters: [Double]) -> Evaluation {
                Evaluation(validationLoss: abs(parameters.norm - loop().parameters.norm))
            }
            var whole = loop()
            try whole.run(until: .epochs(20), options: options, evaluate: rising)
            #expect(whole.progress.epochs < 20)
            options.checkpoints = .folder(folder, resuming: true)
            var stopped = 0
            for total in 1...20 {
                var part = loop()
                try part.run(until: .epochs(total), options: options, evaluate: rising) {
                    if case .stoppedEarly = $0 { stopped += 1 }
                }
                if total == 20 { expectSame(part, whole) }
            }
            #expect(stopped == 1)
        }
    }
}
