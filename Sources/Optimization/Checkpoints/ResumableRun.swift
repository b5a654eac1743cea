import DescentDatasets
import DescentLinearAlgebra
import Glibc

/// A run that can be written to a file and gone on with.
protocol ResumableRun {
    /// What it has behind it.
    var progress: TrainingProgress { get }

    /// Writes the run to a file.
    func save(to path: String) throws(CheckpointError)

    /// Puts the run where a saved one was.
    mutating func restore(from path: String, settings: RestoredSettings) throws(CheckpointError)
}

extension ResumableRun {
    /// Gets ready to write checkpoints: makes the folder, and goes on from the newest one where that is wanted.
    mutating func begin(
        _ checkpoints: Checkpointing, _ onEvent: (TrainingEvent) -> Void
    ) throws(TrainingError) {
        guard case .folder = checkpoints.destination else {
            if progress.updates == 0, checkpoints.resumes, access(checkpoints.path, F_OK) == 0 {
                do throws(CheckpointError) {
                    try restore(from: checkpoints.path, settings: .mustAgree)
                } catch {
                    throw .checkpointNotRestored(error)
                }
                onEvent(.resumed(path: checkpoints.path, progress))
            }
            return
        }
        let folder = CheckpointFolder(path: checkpoints.path)
        if progress.updates == 0 {
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
                try restore(from: path, settings: .mustAgree)
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
                path = folder.file(updates: progress.updates)
                try save(to: path)
                try folder.prune(keepingLast: count, upTo: progress.updates)
            } else {
                try save(to: path)
            }
        } catch {
            throw .checkpointNotWritten(error)
        }
        onEvent(.checkpoint(path: path, progress))
        return path
    }
}

extension CheckpointError {
    /// Whether the file is useless by itself, and not only for this loop or this version.
    fileprivate var isDamage: Bool {
        switch reason {
        case .notACheckpoint, .inconsistent: return true
        case .differs, .unsupportedVersion, .occupied: return false
        case .file(let error): return error.isDamage
        }
    }
}
