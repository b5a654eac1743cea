import DescentDatasets
import DescentLinearAlgebra
import Foundation
import Testing

@testable import DescentOptimization

/// SVRG and SAGA, saved and gone on with, give the bits of never having stopped.
@Suite struct VarianceReductionResumeTests {
    func svrg<Scalar: MatrixScalar>(
        _ type: Scalar.Type = Double.self, rule: Adam = Adam(learningRate: 0.03), batchSize: Int = 3,
        every: Int = 9, seed: UInt64 = 5
    ) -> SVRG<MeanSquares<Scalar>, Adam> {
        SVRG(
            minimizing: MeanSquares.small, with: rule, from: [0.5, 0, -1], batchSize: batchSize,
            updatesPerSnapshot: every, seed: seed)
    }

    func saga<Scalar: MatrixScalar>(
        _ type: Scalar.Type = Double.self, rule: Adam = Adam(learningRate: 0.03), batchSize: Int = 4,
        seed: UInt64 = 5
    ) -> SAGA<MeanSquares<Scalar>, Adam> {
        SAGA(
            minimizing: MeanSquares.small, with: rule, from: [0.5, 0, -1], batchSize: batchSize, seed: seed)
    }

    /// The same in one run as with a file between two, the second of which was somewhere else.
    func goesOn<Run: VarianceReduction>(_ make: @autoclosure () -> Run, stop: Int) throws {
        try withCheckpointPath { path in
            var whole = make(), first = make(), second = make()
            try whole.takeSteps(until: 40, nil, nil) { _ in }
            try first.takeSteps(until: stop, nil, nil) { _ in }
            try first.save(to: path)
            try second.takeSteps(until: 13, nil, nil) { _ in }
            try second.restore(from: path, settings: .mustAgree)
            #expect(second.parameters == first.parameters)
            #expect(second.progress == first.progress)
            try second.takeSteps(until: 40, nil, nil) { _ in }
            #expect(second.parameters == whole.parameters)
            #expect(second.state == whole.state)
            #expect(second.position == whole.position)
            guard stop < 40 else { return }
            #expect(second.last.loss == whole.last.loss)
            #expect(second.last.gradientNorm == whole.last.gradientNorm)
        }
    }

    /// Before the first step, just after a snapshot, within its time, and at the end of it.
    @Test(arguments: [0, 1, 5, 9, 10, 27, 40])
    func theyGoOn(stop: Int) throws {
        try goesOn(svrg(Double.self), stop: stop)
        try goesOn(svrg(Float.self), stop: stop)
        try goesOn(saga(Double.self), stop: stop)
        try goesOn(saga(Float.self), stop: stop)
    }

    @Test func theFilesHaveNamedArrays() throws {
        try withCheckpointPath { path in
            var svrg = svrg(), saga = saga(Float.self)
            try svrg.run(updates: 2)
            try svrg.save(to: path)
            #expect(
                try NPZArchive(path: path).names == [
                    "metadata", "parameters", "snapshot", "fullGradient", "state.firstMoment",
                    "state.secondMoment",
                ])
            try saga.run(updates: 2)
            try saga.save(to: path)
            let table = try NPZArchive(path: path).array(named: "table")
            #expect(table.shape == [6, 3])
            #expect(table.elementType == .float32)
        }
    }

    @Test func filesOfOthersAreRefused() throws {
        try withCheckpointPath { path in
            var saved = svrg()
            try saved.run(updates: 4)
            try saved.save(to: path)
            func differences<Run: VarianceReduction>(_ run: Run) -> [String] {
                var changed = run
                let error = #expect(throws: CheckpointError.self) {
                    try changed.restore(from: path, settings: .mustAgree)
                }
                #expect(changed.parameters == run.parameters)
                guard case .differs(let list)? = error?.reason else { return ["\(error as Any)"] }
                return list.map(\.name)
            }
            #expect(differences(svrg(seed: 6)) == ["seed"])
            #expect(differences(svrg(every: 8)) == ["updatesPerSnapshot"])
            #expect(differences(svrg(batchSize: 2)) == ["batchSize"])
            #expect(differences(svrg(rule: Adam(learningRate: 0.1))) == ["rule.learningRate"])
            #expect(differences(svrg(Float.self)) == ["scalarType"])
            #expect(differences(saga()) == ["ruleType"])
            var loop = TrainingLoop(
                minimizing: MeanSquares<Double>.small, with: Adam(), from: [0, 0, 0], batchSize: 3)
            let error = #expect(throws: CheckpointError.self) { try loop.restore(from: path) }
            #expect(error?.description.contains("ruleType is SVRG with Adam in the file and Adam") == true)

            var other = svrg(rule: Adam(learningRate: 0.1))
            try other.restore(from: path, settings: .ofThisLoop)
            #expect(other.parameters == saved.parameters)
            #expect(other.rule.learningRate == 0.1)
            var seeded = svrg(seed: 6)
            #expect(throws: CheckpointError.self) { try seeded.restore(from: path, settings: .ofThisLoop) }

            let bytes = try Data(contentsOf: URL(filePath: path))
            for count in stride(from: 0, to: bytes.count, by: 97) {
                try bytes.prefix(count).write(to: URL(filePath: path))
                var run = svrg()
                #expect(throws: CheckpointError.self) { try run.restore(from: path) }
                #expect(run.updates == 0)
            }
        }
    }

    @Test func aFolderOfCheckpointsAndAFlag() throws {
        try withCheckpointPath { path in
            var whole = saga()
            try whole.run(updates: 50)
            let folder = Checkpointing.folder(
                path + ".runs", every: .updates(10), keepingLast: 2, resuming: true)
            let flag = CancellationFlag()
            var run = saga(), paths: [String] = []
            let error = #expect(throws: TrainingError.self) {
                try run.run(until: 50, checkpointing: folder, cancellation: flag) {
                    guard case .checkpoint(let path, let progress) = $0 else { return }
                    paths.append(path)
                    if progress.updates == 30 { flag.cancel() }
                }
            }
            #expect(error == .cancelled(update: 30, checkpoint: paths.last!))
            #expect(paths.count == 4)
            var resumed = saga()
            try resumed.run(until: 50, checkpointing: folder)
            #expect(resumed.parameters == whole.parameters)
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: path + ".runs").sorted() == [
                    "checkpoint-000000000040.npz", "checkpoint-000000000050.npz",
                ])
        }
    }

    /// An epoch is as many gradients as there are examples, whatever an update costs.
    @Test func epochsAreCountedInGradients() throws {
        try withCheckpointPath { path in
            var samples: [Int] = []
            var run = svrg()
            try run.run(until: 12, checkpointing: .everyEpoch(to: path)) {
                if case .checkpoint(_, let progress) = $0 { samples.append(progress.samples) }
            }
            // Twenty-three gradients for a snapshot, six an update, snapshots after 0 and 9 updates.
            #expect(samples == [29, 47, 71, 77 + 29, 118])
        }
    }

    // MARK: - Killed

    static var path: String? { ResumeAfterKillTests.path }

    static func scattered(_ name: String) -> any VarianceReduction {
        let start = [Double](repeating: 0, count: Scattered().parameterCount)
        let rule = Adam(learningRate: 0.01)
        if name == "SVRG" {
            return SVRG(minimizing: Scattered(), with: rule, from: start, updatesPerSnapshot: 7, seed: 1)
        }
        return SAGA(minimizing: Scattered(), with: rule, from: start, seed: 1)
    }

    /// Runs without end, in the process that is to be killed, and in no other; the file's name says which method.
    @Test(.enabled(if: path != nil)) func runUntilKilled() throws {
        let path = Self.path!
        var run = Self.scattered(String(path.suffix(4)))
        try run.takeSteps(until: .max, .every(updates: 5, to: path, resuming: true), nil) { event in
            guard case .checkpoint(_, let progress) = event else { return }
            try? Data("\(progress.updates)\n".utf8).write(to: URL(filePath: path + ".journal"))
        }
    }

    @Test(.enabled(if: path == nil), arguments: ["SVRG", "SAGA"])
    func atMostTheUpdatesSinceTheCheckpointAreLost(method: String) throws {
        try withCheckpointPath { path in
            let path = path + "." + method
            var uninterrupted = Self.scattered(method)
            for round in 0..<4 {
                let before = ResumeAfterKillTests.journal(path)
                let child = try ResumeAfterKillTests.startChild(
                    path, test: "VarianceReductionResumeTests/runUntilKilled")
                while ResumeAfterKillTests.journal(path) < before + 15 {
                    try #require(
                        waitpid(child, nil, WNOHANG) == 0, "the process that was to run ended by itself")
                    usleep(2000)
                }
                usleep(UInt32(1500 * round))
                kill(child, SIGKILL)
                waitpid(child, nil, 0)
                let reported = ResumeAfterKillTests.journal(path)

                func compare<Run: VarianceReduction>(_ uninterrupted: inout Run) throws {
                    var run = Self.scattered(method) as! Run
                    try run.restore(from: path, settings: .mustAgree)
                    let updates = run.position.updates
                    #expect(updates % 5 == 0)
                    #expect(updates == reported || updates == reported + 5)
                    try uninterrupted.takeSteps(until: updates, nil, nil) { _ in }
                    #expect(run.parameters == uninterrupted.parameters)
                    // The corrections too are those of a run that was left alone.
                    var next = uninterrupted
                    try next.takeSteps(until: updates + 9, nil, nil) { _ in }
                    try run.takeSteps(until: updates + 9, nil, nil) { _ in }
                    #expect(run.parameters == next.parameters)
                    #expect(run.state == next.state)
                }
                try compare(&uninterrupted)
            }
        }
    }
}
