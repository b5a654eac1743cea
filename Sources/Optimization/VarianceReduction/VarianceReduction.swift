import DescentDatasets
import DescentLinearAlgebra

/// What SVRG and SAGA have in common: how they run, and how they are saved.
protocol VarianceReduction: ResumableRun, Sendable {
    associatedtype Objective: FiniteSumObjective
    associatedtype Rule: UpdateRule
    typealias Scalar = Objective.Scalar

    /// The name, for files.
    static var method: String { get }

    var objective: Objective { get }
    var rule: Rule { get set }
    var parameters: [Scalar] { get set }
    var state: RuleState<Scalar> { get set }

    /// What the run was made with.
    var origin: VarianceReductionSettings<Rule> { get }
    var position: VarianceReductionPosition { get set }

    /// The loss met on the last batch, and the norm of the last corrected gradient.
    var last: (loss: Double, gradientNorm: Double) { get }

    /// Takes one step.
    mutating func step()

    /// The vectors that the corrections are made of; none before the first step.
    var memory: [(name: String, array: NumericArray)] { get }

    /// Takes back what `memory` gave; without a file, what there is before the first step.
    mutating func takeMemory(from file: CheckpointFile?) throws(CheckpointError.Reason)
}

/// What a variance-reduced run was made with, and what a checkpoint is compared with.
struct VarianceReductionSettings<Rule: UpdateRule>: Codable, Equatable, Sendable {
    var rule: Rule
    var batchSize: Int
    /// SVRG's.
    var updatesPerSnapshot: Int?
    var seed: UInt64
}

/// How far a variance-reduced run has come.
struct VarianceReductionPosition: Codable, Equatable, Sendable {
    var updates = 0
    var samples = 0
    var generator: RandomGenerator
}

extension VarianceReduction {
    /// What the run has behind it; an epoch is as many gradients as there are examples.
    var currentProgress: TrainingProgress {
        TrainingProgress(
            updates: position.updates, epochs: Double(position.samples) / Double(objective.exampleCount),
            samples: position.samples)
    }

    /// Takes steps until there are so many in all.
    mutating func takeSteps(
        until total: Int, _ checkpoints: Checkpointing?, _ cancellation: CancellationFlag?,
        _ onEvent: (TrainingEvent) -> Void
    ) throws(TrainingError) {
        try withFlushToZero { () throws(TrainingError) in
            try OpenBLAS.withOneThread { () throws(TrainingError) in
                if let checkpoints { try begin(checkpoints, onEvent) }
                try loop(until: total, checkpoints, cancellation, onEvent)
            }
        }
    }

    private mutating func loop(
        until total: Int, _ checkpoints: Checkpointing?, _ cancellation: CancellationFlag?,
        _ onEvent: (TrainingEvent) -> Void
    ) throws(TrainingError) {
        var good = self
        while position.updates < total {
            if let cancellation, cancellation.isCancelled {
                try requireFinite(good, onEvent)
                let path = try checkpoints.map { checkpoints throws(TrainingError) in
                    try write(checkpoints, onEvent)
                }
                onEvent(.cancelled(progress))
                throw .cancelled(update: position.updates, checkpoint: path)
            }
            let samples = position.samples
            step()
            guard let checkpoints,
                checkpoints.isDue(
                    position.updates, samples: samples..<position.samples, of: objective.exampleCount)
                    || position.updates == total
            else { continue }
            try requireFinite(good, onEvent)
            _ = try write(checkpoints, onEvent)
            good = self
        }
        try requireFinite(good, onEvent)
    }

    private mutating func requireFinite(
        _ good: Self, _ onEvent: (TrainingEvent) -> Void
    ) throws(TrainingError) {
        if areFinite(parameters) { return }
        let error = TrainingError.diverged(
            update: position.updates, loss: last.loss, gradientNorm: last.gradientNorm,
            lastGoodUpdate: good.position.updates)
        self = good
        onEvent(.diverged(error))
        throw error
    }

    func saveAll(to path: String) throws(CheckpointError) {
        var arrays = [(name: ArrayName.parameters, array: NumericArray(parameters: parameters))] + memory
        let outline = RuleStateOutline(state, of: rule, named: ArrayName.state, into: &arrays)
        let metadata = VarianceReductionMetadata(
            owner: CheckpointOwner(of: self), settings: origin, rule: rule, state: outline,
            position: position)
        arrays.insert((ArrayName.metadata, NumericArray(CheckpointCoding.encode(metadata))), at: 0)
        do {
            try NPZArchive.write(arrays, to: path)
        } catch {
            throw CheckpointError(file: path, reason: .file(error))
        }
    }

    mutating func restoreAll(from path: String, _ choice: RestoredSettings) throws(CheckpointError) {
        do throws(CheckpointError.Reason) {
            let file = try CheckpointFile(path: path)
            let identity: CheckpointIdentity = try file.metadata()
            try CheckpointFile.require(identity.owner, equals: CheckpointOwner(of: self))
            let saved: VarianceReductionMetadata<Rule> = try file.metadata()
            var (inFile, inLoop) = (saved.settings, origin)
            // Only the rule may be another one: the rest is what the saved vectors mean.
            if choice == .ofThisLoop { (inFile.rule, inLoop.rule) = (rule, rule) }
            try CheckpointFile.require(inFile, equals: inLoop)
            guard saved.position.updates >= 0, saved.position.samples >= saved.position.updates else {
                throw .inconsistent("its counters are not those of any run")
            }
            // First everything is read, then everything is changed.
            var restored = self
            restored.rule = choice == .mustAgree ? saved.rule : rule
            restored.parameters = try file.vector(ArrayName.parameters, count: objective.parameterCount)
            restored.state = try saved.state.state(
                like: restored.rule.initialState(parameterCount: objective.parameterCount)
            ) { name, count throws(CheckpointError.Reason) in try file.vector(name, count: count) }
            restored.position = saved.position
            try restored.takeMemory(from: saved.position.updates > 0 ? file : nil)
            self = restored
        } catch {
            throw CheckpointError(file: path, reason: error)
        }
    }
}

extension Checkpointing {
    /// Whether to write now, after an update that took the samples from one number to another.
    func isDue(_ updates: Int, samples: Range<Int>, of exampleCount: Int) -> Bool {
        switch interval {
        case .epochs(let count):
            samples.lowerBound / (count * exampleCount) < samples.upperBound / (count * exampleCount)
        case .updates(let count): updates % count == 0
        }
    }
}

/// g ← g + f − h: the corrected gradient of SVRG, from those at two points and the full one.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func correct<Scalar: MatrixScalar>(_ g: inout [Scalar], by f: [Scalar], minus h: [Scalar]) {
    precondition(g.count == f.count && f.count == h.count, "gradients of \(g.count), \(f.count), \(h.count)")
    for i in g.indices { g[i] += f[i] - h[i] }
}

/// c ← K w (g − α) + m and m ← m + w (g − α): the corrected gradient of SAGA, and the new mean of its table.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
func correct<Scalar: MatrixScalar>(
    _ c: inout [Scalar], from g: [Scalar], entry α: [Scalar], mean m: inout [Scalar], weight: Scalar,
    factor: Scalar
) {
    precondition(
        g.count == c.count && α.count == c.count && m.count == c.count,
        "gradients of \(g.count), \(α.count), \(m.count) and \(c.count)")
    for i in c.indices {
        let change = g[i] - α[i]
        c[i] = factor * change + m[i]
        m[i] += weight * change
    }
}
