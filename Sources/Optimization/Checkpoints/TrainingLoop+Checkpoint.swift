import DescentDatasets
import DescentLinearAlgebra

extension TrainingLoop {
    /// Writes the loop to a file, from which it goes on as if nothing had happened.
    ///
    /// The file is an npz archive that NumPy opens: `parameters`, the vectors of the rule's state by their names (such as
    /// `state.firstMoment`), `bestParameters` with early stopping, and `metadata`, JSON in bytes. It takes its name only
    /// when it is complete, in place of a file that had it.
    ///
    /// - Parameter path: Where to write.
    /// - Throws: `CheckpointError` when the file cannot be written; one of that name is then as it was.
    public func save(to path: String) throws(CheckpointError) {
        var arrays = [(name: ArrayName.parameters, array: NumericArray(parameters: parameters))]
        if let bestParameters {
            arrays.append((ArrayName.bestParameters, NumericArray(parameters: bestParameters)))
        }
        let outline = RuleStateOutline(state, of: rule, named: ArrayName.state, into: &arrays)
        let metadata = CheckpointMetadata(
            owner: CheckpointOwner(of: self), identity: identity.isEmpty ? nil : identity,
            examples: CheckpointSampling(of: self),
            settings: CheckpointSettings(of: self), rule: rule, state: outline, sampler: sampler,
            counters: counters, plateauState: plateauState, earlyStoppingState: earlyStoppingState,
            history: history)
        arrays.insert((ArrayName.metadata, NumericArray(CheckpointCoding.encode(metadata))), at: 0)
        do {
            try NPZArchive.write(arrays, to: path)
        } catch {
            throw CheckpointError(file: path, reason: .file(error))
        }
    }

    /// Puts the loop where a saved one was: what follows has the bits that it would have had without the interruption.
    ///
    /// The loop has to be made as the saved one was: with an objective of as many parameters and examples, the same
    /// rule, batch size, sampling, seed and schedules. (The data themselves are not in the file, nor is what `evaluate`
    /// does; their being the same is the caller's part.) The starting point does not matter.
    ///
    ///     var loop = TrainingLoop(minimizing: objective, with: Adam(), from: start, batchSize: 64)
    ///     if resumes { try loop.restore(from: "run.npz") }
    ///     try loop.run(until: .epochs(15), checkpointing: .everyEpoch(to: "run.npz"))
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - settings: Whether settings may differ from those that the file was made with.
    /// - Throws: `CheckpointError` when the file cannot be read, is damaged or of another version, or belongs to another
    ///   run; it names the file and what differs. The loop is then as it was.
    public mutating func restore(from path: String, settings: RestoredSettings = .mustAgree)
        throws(CheckpointError)
    {
        do throws(CheckpointError.Reason) {
            try restore(CheckpointFile(path: path), settings)
        } catch {
            throw CheckpointError(file: path, reason: error)
        }
    }

    private mutating func restore(
        _ file: CheckpointFile, _ choice: RestoredSettings
    ) throws(CheckpointError.Reason) {
        let saved: CheckpointMetadata<Rule> = try ownMetadata(of: file, choice)
        guard saved.sampler.exampleCount == objective.exampleCount,
            saved.sampler.sampling == origin.sampling, saved.counters.updates >= 0,
            (0..<objective.exampleCount).contains(saved.counters.samplesOfEpoch)
        else { throw .inconsistent("its counters are not those of any run") }

        // First everything is read, then everything is changed.
        let current = choice == .mustAgree ? saved.rule : rule
        let parameters: [Scalar] = try file.vector(ArrayName.parameters, count: objective.parameterCount)
        let state: RuleState<Scalar> = try saved.state.state(
            like: current.initialState(parameterCount: objective.trainedParameterCount)
        ) { name, count throws(CheckpointError.Reason) in try file.vector(name, count: count) }
        var best: [Scalar]?
        if choice == .mustAgree, saved.earlyStoppingState.best != nil, earlyStopping != nil {
            best = try file.vector(ArrayName.bestParameters, count: objective.parameterCount)
        }

        self.rule = current
        self.parameters = parameters
        self.state = state
        sampler = saved.sampler
        counters = saved.counters
        history = saved.history
        plateauState = choice == .mustAgree ? saved.plateauState : ReduceOnPlateau.State()
        earlyStoppingState = choice == .mustAgree ? saved.earlyStoppingState : EarlyStopping.State()
        bestParameters = best
    }

    /// The metadata of a file, if it is this loop's.
    ///
    /// - Throws: Everything that differs, so that nobody has to find it out piece by piece.
    private func ownMetadata(
        of file: CheckpointFile, _ choice: RestoredSettings
    ) throws(CheckpointError.Reason) -> CheckpointMetadata<Rule> {
        let found: CheckpointIdentity = try file.metadata()
        let owner = CheckpointOwner(of: self)
        var differences = CheckpointFile.differences(found.owner, owner)
        if choice == .mustAgree, let theirs = found.identity, !identity.isEmpty {
            differences += CheckpointFile.differences(theirs, identity)
        }
        // A rule of another type has other settings, which cannot be read as this one's.
        guard found.owner.ruleType == owner.ruleType else {
            // Nor need what made it have examples in the way of a loop.
            if let sampling: CheckpointExamples = try? file.metadata() {
                differences += CheckpointFile.differences(sampling.examples, CheckpointSampling(of: self))
            }
            throw .differs(differences)
        }
        let saved: CheckpointMetadata<Rule> = try file.metadata()
        differences += CheckpointFile.differences(saved.examples, CheckpointSampling(of: self))
        if choice == .mustAgree {
            differences += CheckpointFile.differences(saved.settings, CheckpointSettings(of: self))
        }
        if !differences.isEmpty { throw .differs(differences) }
        return saved
    }
}
