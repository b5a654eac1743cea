import DescentLinearAlgebra

extension TrainingLoop: ResumableRun {
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
