import DescentDatasets
import DescentLinearAlgebra
import Foundation
import Testing

@testable import DescentOptimization

/// A loop on a problem of six parameters and twenty-three examples, five of them a batch.
func checkpointedLoop<Scalar: MatrixScalar, Rule: UpdateRule>(
    _ rule: Rule, as type: Scalar.Type, sampling: Sampling = .reshuffle, seed: UInt64 = 4,
    batchSize: BatchSize = 5, exampleCount: Int = 23, parameterCount: Int = 6
) -> TrainingLoop<MeanSquares<Scalar>, Rule> {
    var generator = RandomGenerator(seed: 21)
    let rows = (0..<exampleCount).map { _ in
        (0..<parameterCount).map { _ in Scalar(2 * generator.nextUnit() - 1) }
    }
    let targets = (0..<exampleCount).map { _ in Scalar(generator.nextUnit()) }
    return TrainingLoop(
        minimizing: MeanSquares(rows: rows, targets: targets), with: rule,
        from: (0..<parameterCount).map { Scalar($0) / 4 - 0.5 }, batchSize: batchSize, sampling: sampling,
        seed: seed)
}

/// Runs `body` with the path of a file in a folder that exists only meanwhile.
func withCheckpointPath<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "descent-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder.appending(path: "run.npz").path)
}

@Suite struct CheckpointTests {
    typealias Loop<Rule: UpdateRule> = TrainingLoop<MeanSquares<Double>, Rule>

    /// A loop that has come half through its second epoch, and its file.
    func saved(to path: String) throws -> Loop<Adam> {
        var loop = checkpointedLoop(Adam(learningRate: 0.05), as: Double.self)
        try loop.run(for: .updates(7))
        try loop.save(to: path)
        return loop
    }

    @Test func theFileIsAnArchiveOfNamedVectors() throws {
        try withCheckpointPath { path in
            let loop = try saved(to: path)
            let archive = try NPZArchive(path: path)
            #expect(
                archive.names == ["metadata", "parameters", "state.firstMoment", "state.secondMoment"])
            #expect(try archive.array(named: "parameters").values(as: Double.self) == loop.parameters)
            #expect(try archive.array(named: "state.secondMoment").values() == loop.state.slots[1])
            let metadata = try archive.array(named: "metadata")
            #expect(metadata.elementType == .uint8)
            let json = try JSONSerialization.jsonObject(with: Data(metadata.values(as: UInt8.self)))
            let header = (json as? [String: Any])?["header"] as? [String: Any]
            #expect(header?["version"] as? Int == 1)
        }
    }

    @Test func vectorsInsideWrappersKeepTheirNames() throws {
        try withCheckpointPath { path in
            let rule = SGD(momentum: 0.9).varied(in: [1..<2]) { $0.momentum = 0.5 }
                .accumulating(over: 2).clipping(norm: 1)
            let loop = checkpointedLoop(rule, as: Float.self)
            try loop.save(to: path)
            let archive = try NPZArchive(path: path)
            #expect(
                archive.names == [
                    "metadata", "parameters", "state.inner0.gradientMean",
                    "state.inner0.inner0.inner0.velocity", "state.inner0.inner0.inner1.velocity",
                    "state.inner0.inner0.inner2.velocity",
                ])
            #expect(try archive.array(named: "parameters").elementType == .float32)
        }
    }

    @Test func oneStateGivesTheSameBytes() throws {
        try withCheckpointPath { path in
            let loop = try saved(to: path)
            let first = try Data(contentsOf: URL(filePath: path))
            try loop.save(to: path)
            #expect(try Data(contentsOf: URL(filePath: path)) == first)
        }
    }

    /// What is not finite, or is no plain number in JSON, comes back as it was.
    @Test func oddNumbersComeBack() throws {
        try withCheckpointPath { path in
            var loop = checkpointedLoop(Rprop(stepSizes: 0 ... .infinity), as: Double.self)
            try loop.run(
                for: .updates(3), evaluate: { _ in Evaluation(trainingLoss: .nan, validationLoss: 0.1 + 0.2) }
            )
            try loop.save(to: path)
            var other = checkpointedLoop(Rprop(stepSizes: 0 ... .infinity), as: Double.self)
            try other.restore(from: path)
            #expect(other.history.last?.trainingLoss?.isNaN == true)
            #expect(other.history.last?.validationLoss == 0.1 + 0.2)
            #expect(other.rule == loop.rule)
        }
    }

    // MARK: - Files of others

    /// What restoring into a loop finds to differ; the loop has to stay as it was.
    func differences<Scalar: MatrixScalar, Rule: UpdateRule>(
        _ path: String, _ loop: TrainingLoop<MeanSquares<Scalar>, Rule>
    ) -> [String] {
        var changed = loop
        let error = #expect(throws: CheckpointError.self) { try changed.restore(from: path) }
        #expect(changed.parameters == loop.parameters)
        #expect(changed.progress == loop.progress)
        #expect(error?.file == path)
        #expect(error?.description.contains(path) == true)
        guard case .differs(let list)? = error?.reason else {
            Issue.record("\(error as Any)")
            return []
        }
        for difference in list { #expect(error!.description.contains(difference.name)) }
        return list.map(\.name)
    }

    @Test func anotherRunIsRefusedByName() throws {
        try withCheckpointPath { path in
            _ = try saved(to: path)
            let rule = Adam(learningRate: 0.05)
            func names(_ change: (inout Loop<Adam>) -> Void) -> [String] {
                var loop = checkpointedLoop(rule, as: Double.self)
                change(&loop)
                return differences(path, loop)
            }
            #expect(
                differences(path, checkpointedLoop(rule, as: Double.self, parameterCount: 7)) == [
                    "parameterCount"
                ])
            #expect(
                differences(path, checkpointedLoop(rule, as: Double.self, exampleCount: 24)) == [
                    "exampleCount"
                ])
            #expect(differences(path, checkpointedLoop(rule, as: Float.self)) == ["scalarType"])
            #expect(differences(path, checkpointedLoop(rule, as: Double.self, seed: 5)) == ["seed"])
            #expect(differences(path, checkpointedLoop(rule, as: Double.self, batchSize: 6)) == ["batchSize"])
            #expect(
                differences(path, checkpointedLoop(rule, as: Double.self, sampling: .sequential)) == [
                    "sampling"
                ])
            #expect(
                differences(path, checkpointedLoop(AdamW(learningRate: 0.05), as: Double.self)) == [
                    "ruleType"
                ])
            #expect(
                differences(path, checkpointedLoop(rule.clipping(norm: 1), as: Double.self)) == ["ruleType"])
            #expect(
                differences(path, checkpointedLoop(Adam(learningRate: 0.06, amsgrad: true), as: Double.self))
                    == ["rule.amsgrad", "rule.learningRate"])
            #expect(!names { $0.learningRateSchedule = .constant(0.05) }.isEmpty)
            #expect(!names { $0.batchSizeSchedule = .constant(5) }.isEmpty)
            #expect(!names { $0.plateau = ReduceOnPlateau() }.isEmpty)
            #expect(!names { $0.earlyStopping = EarlyStopping() }.isEmpty)
            #expect(!names { $0.schedule(\.beta1, by: .constant(0.9)) }.isEmpty)
            // The same as the saved one after all.
            var same = checkpointedLoop(rule, as: Double.self)
            try same.restore(from: path)
        }
    }

    @Test func settingsOfTheLoopMayReplaceThoseOfTheFile() throws {
        try withCheckpointPath { path in
            let before = try saved(to: path)
            var loop = checkpointedLoop(Adam(learningRate: 0.01), as: Double.self)
            loop.learningRateSchedule = .constant(0.02)
            try loop.restore(from: path, settings: .ofThisLoop)
            #expect(loop.parameters == before.parameters)
            #expect(loop.state == before.state)
            #expect(loop.history == before.history)
            #expect(loop.rule.learningRate == 0.01)
            // Another number of vectors cannot be had from the file.
            var other = checkpointedLoop(Adam(learningRate: 0.01, amsgrad: true), as: Double.self)
            let error = #expect(throws: CheckpointError.self) {
                try other.restore(from: path, settings: .ofThisLoop)
            }
            #expect(error?.description.contains("2 vectors") == true)
        }
    }

    // MARK: - Files that are none

    func reason(_ path: String) -> CheckpointError.Reason? {
        var loop = checkpointedLoop(Adam(learningRate: 0.05), as: Double.self)
        let error = #expect(throws: CheckpointError.self) { try loop.restore(from: path) }
        #expect(error?.description.contains(path) == true)
        return error?.reason
    }

    @Test func otherFilesAreRefused() throws {
        try withCheckpointPath { path in
            guard case .file? = reason(path) else {
                Issue.record("a file that is not there")
                return
            }
            for text in ["", "no archive"] {
                try Data(text.utf8).write(to: URL(filePath: path))
                guard case .file? = reason(path) else {
                    Issue.record("\(text)")
                    return
                }
            }
            let parameters = NumericArray([1.0, 2, 3, 4, 5, 6])
            func metadata(_ json: String) throws -> CheckpointError.Reason? {
                try NPZArchive.write(
                    [("parameters", parameters), ("metadata", NumericArray(Array(json.utf8)))], to: path)
                return reason(path)
            }
            try NPZArchive.write([("parameters", parameters)], to: path)
            guard case .notACheckpoint? = reason(path) else {
                Issue.record("an archive without metadata")
                return
            }
            guard case .notACheckpoint? = try metadata("{}") else {
                Issue.record("metadata of something else")
                return
            }
            guard case .notACheckpoint? = try metadata(#"{"header":{"format":"other","version":1}}"#) else {
                Issue.record("another format")
                return
            }
            let next = #"{"header":{"format":"descent training checkpoint","version":2},"new":[]}"#
            #expect(try metadata(next) == .unsupportedVersion(2))
            let gap = next.replacing("2}", with: "1}")
            guard case .inconsistent? = try metadata(gap) else {
                Issue.record("metadata with a gap")
                return
            }
        }
    }

    /// Wherever a bit is wrong or the file ends: an error, or the bit says nothing.
    @Test func damageIsSeen() throws {
        try withCheckpointPath { path in
            let before = try saved(to: path)
            let whole = try Data(contentsOf: URL(filePath: path))
            var seen = 0
            let positions = Array(stride(from: 0, to: whole.count, by: 3))
            for position in positions {
                var damaged = whole
                damaged[position] ^= 1 << UInt8(position % 8)
                try damaged.write(to: URL(filePath: path))
                var loop = checkpointedLoop(Adam(learningRate: 0.05), as: Double.self)
                do throws(CheckpointError) {
                    try loop.restore(from: path)
                    // A byte that says nothing, such as a time.
                    #expect(loop.parameters == before.parameters)
                    #expect(loop.state == before.state)
                    #expect(loop.history == before.history)
                } catch {
                    seen += 1
                    #expect(error.file == path)
                    #expect(loop.progress.updates == 0)
                }
            }
            #expect(Double(seen) > 0.9 * Double(positions.count))
            for length in stride(from: 0, to: whole.count, by: 17) {
                try whole.prefix(length).write(to: URL(filePath: path))
                guard case .file? = reason(path) else {
                    Issue.record("cut after \(length) bytes")
                    return
                }
            }
        }
    }

    // MARK: - Writing

    @Test func aFailureLeavesTheLoopAndTheOldFile() throws {
        try withCheckpointPath { path in
            let before = try saved(to: path)
            let folder = URL(filePath: path).deletingLastPathComponent()
            let missing = folder.appending(path: "missing/run.npz").path
            var loop = before
            let error = #expect(throws: TrainingError.self) {
                try loop.run(for: .epochs(3), checkpointing: .everyEpoch(to: missing))
            }
            guard case .checkpointNotWritten(let reason)? = error else {
                Issue.record("\(error as Any)")
                return
            }
            #expect(reason.file == missing)
            // Where it was, which is at an epoch's end, and able to go on.
            #expect(loop.progress.updates == 10)
            try loop.save(to: path)
            var other = checkpointedLoop(Adam(learningRate: 0.05), as: Double.self)
            try other.restore(from: path)
            #expect(other.parameters == loop.parameters)
        }
    }

    /// What a killed writer leaves behind is not what is read.
    @Test func anUnfinishedFileIsNotTheCheckpoint() throws {
        try withCheckpointPath { path in
            let before = try saved(to: path)
            let whole = try Data(contentsOf: URL(filePath: path))
            try whole.prefix(100).write(to: URL(filePath: path + ".1-2.part"))
            var loop = checkpointedLoop(Adam(learningRate: 0.05), as: Double.self)
            try loop.restore(from: path)
            #expect(loop.parameters == before.parameters)
            try loop.run(for: .updates(1))
            try loop.save(to: path)
            #expect(try Data(contentsOf: URL(filePath: path)) != whole)
        }
    }

    /// Parameters that are no longer finite never take the place of a good file.
    @Test func divergenceKeepsTheGoodFile() throws {
        try withCheckpointPath { path in
            var loop = checkpointedLoop(SGD(learningRate: 1e30), as: Double.self)
            #expect(throws: TrainingError.self) {
                try loop.run(
                    for: .epochs(100), evaluating: .epochs(100), checkpointing: .every(updates: 1, to: path))
            }
            var other = checkpointedLoop(SGD(learningRate: 1e30), as: Double.self)
            try other.restore(from: path)
            #expect(other.progress.updates > 0)
            #expect(other.parameters.allSatisfy { $0.isFinite })
            #expect(other.parameters == loop.parameters)
        }
    }

    @Test(arguments: [
        (Checkpointing.everyEpoch(to: ""), [5, 10, 15, 20, 22]),
        (.every(epochs: 3, to: ""), [15, 22]),
        (.every(updates: 8, to: ""), [8, 16, 22]),
    ])
    func checkpointsAreWrittenWhenTheyAreDue(checkpointing: Checkpointing, updates: [Int]) throws {
        try withCheckpointPath { path in
            var checkpointing = checkpointing
            checkpointing.path = path
            var loop = checkpointedLoop(SGD(), as: Double.self)
            var written: [Int] = []
            try loop.run(for: .updates(22), checkpointing: checkpointing) { _ in
                Evaluation()
            } onEvent: {
                if case .checkpoint(_, let progress) = $0 { written.append(progress.updates) }
            }
            #expect(written == updates)
        }
    }
}
