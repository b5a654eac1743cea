import DescentDatasets
import DescentLinearAlgebra
import Glibc

extension TrainingLoop {
    /// Gets ready to write checkpoints: makes the folder, and goes on from the newest one where that is wanted.
    mutating func begin(
        _ checkpoints: Checkpointing, _ onEvent: (TrainingEvent) -> Void
    ) throws(TrainingError) {
        guard case .folder = checkpoints.destination else {
            if counters.updates == 0, checkpoints.resumes, access(checkpoints.path, F_OK) == 0 {
                do throws(CheckpointError) {
                    try restore(from: checkpoints.path)
                } catch {
                    throw .checkpointNotRestored(error)
                }
                onEvent(.resumed(path: checkpoints.path, progress))
            }
            return
        }
        let folder = CheckpointFolder(path: checkpoints.path)
        if counters.updates == 0 {
            do throws(CheckpointError) {
                if checkpoints.resumes {
                    try resume(from: folder, onEvent)
                } else if let newest = try folder.numbers().first {
                    throw CheckpointError(
                        file: folder.path, reason: .occupied(newest: folder.file(updates: newest)))
                }
            } catch {
                throw .checkpointNotRestored(error)
            }
        }
        do throws(CheckpointError) {
            try folder.create()
        } catch {
            throw .checkpointNotWritten(error)
        }
    }

    /// Goes on from the newest checkpoint that is whole, if there is any checkpoint.
    ///
    /// Where there are some and none is whole, starting anew would be a surprise: that is an error.
    private mutating func resume(
        from folder: CheckpointFolder, _ onEvent: (TrainingEvent) -> Void
    ) throws(CheckpointError) {
        var first: CheckpointError?
        for number in try folder.numbers() {
            let path = folder.file(updates: number)
            do throws(CheckpointError) {
                try restore(from: path)
                onEvent(.resumed(path: path, progress))
                return
            } catch {
                guard error.isDamage else { throw error }
                onEvent(.checkpointPassedOver(error))
                first = first ?? error
            }
        }
        if let first { throw first }
    }

    /// Writes the checkpoint that is due, and removes those that are too many.
    ///
    /// - Returns: Its path.
    func write(_ checkpoints: Checkpointing, _ onEvent: (TrainingEvent) -> Void)
        throws(TrainingError) -> String
    {
        var path = checkpoints.path
        do throws(CheckpointError) {
            if case .folder(let count, _) = checkpoints.destination {
                let folder = CheckpointFolder(path: checkpoints.path)
                path = folder.file(updates: counters.updates)
                try save(to: path)
                try folder.prune(keepingLast: count, upTo: counters.updates)
            } else {
                try save(to: path)
            }
        } catch {
            throw .checkpointNotWritten(error)
        }
        onEvent(.checkpoint(path: path, progress))
        return path
    }

    /// Writes the best checkpoint if the last evaluation is the best so far.
    func writeBest(_ checkpoints: Checkpointing, _ onEvent: (TrainingEvent) -> Void) throws(TrainingError) {
        guard case .folder(_, keepingBest: true) = checkpoints.destination, lastRecordIsBest else { return }
        let path = CheckpointFolder(path: checkpoints.path).best
        do throws(CheckpointError) {
            try save(to: path)
        } catch {
            throw .checkpointNotWritten(error)
        }
        onEvent(.checkpoint(path: path, progress))
    }

    private var lastRecordIsBest: Bool {
        func loss(_ record: History.Record) -> Double? { record.validationLoss ?? record.trainingLoss }
        guard let last = history.last, last.updates > 0, let lowest = loss(last), !lowest.isNaN else {
            return false
        }
        return history.records.dropLast().allSatisfy { record in
            guard record.updates > 0, let other = loss(record), !other.isNaN else { return true }
            return lowest < other
        }
    }
}

extension CheckpointError {
    /// Whether the file is useless by itself, and not only for this loop or this version.
    fileprivate var isDamage: Bool {
        switch reason {
        case .notACheckpoint, .inconsistent: return true
        case .differs, .unsupportedVersion, .occupied: return false
        case .file(let error):
            switch error.reason {
            // Trying again, with more rights or more memory, may do.
            case .unreadable, .unwritable, .outOfMemory: return false
            default: return true
            }
        }
    }
}
