import DescentOptimization

// How each failure is recognized in one run.

extension TrainingDoctor {
    func divergence(
        _ training: LossCurve, _ validation: LossCurve, _ history: History, _ error: TrainingError?
    ) -> Diagnosis.Finding? {
        func finding(_ evidence: TrainingEvidence) -> Diagnosis.Finding {
            Diagnosis.Finding(
                problem: .diverged, severity: .severe, evidence: [evidence],
                advice: [
                    "lower the learning rate, by a factor of 3 to 10",
                    "bring the features to one scale: Scaling.standardize",
                    "clip the norm of the gradient, or warm the learning rate up over the first epochs",
                ])
        }
        if case .diverged(let update, _, _, _) = error { return finding(.lossNotFinite(update: update)) }
        if !training.isFinite || !validation.isFinite {
            let record = history.records.first { record in
                [record.runningLoss, record.trainingLoss, record.validationLoss]
                    .contains { $0.map { !$0.isFinite } ?? false }
            }
            return finding(.lossNotFinite(update: record?.updates ?? 0))
        }
        guard training.points.count >= 2 else { return nil }
        let (lowest, last) = (training.lowest, training.last)
        if last > divergenceRatio * training.first, last > lowest.loss {
            return finding(.lossRose(from: lowest.loss, to: last, afterEpoch: lowest.epoch))
        }
        // What blew up and never was below its start again has diverged too, at whatever level it settles.
        if training.fall < progressLimit * training.first, last > (1 + progressLimit) * training.first,
            training.points.contains(where: { $0.loss > divergenceRatio * training.first })
        {
            return finding(.lossRose(from: lowest.loss, to: last, afterEpoch: lowest.epoch))
        }
        let lost = training.fall > 0 ? (last - lowest.loss) / training.fall : 0
        // A curve that never fell to speak of has little to lose; and one that comes back is jittery, not lost.
        guard training.points.count >= Self.fewestRecords, training.fall > progressLimit * training.first,
            lost > lostGainLimit, !comesBack(training.from(epoch: lowest.epoch), lowest.loss, last)
        else { return nil }
        return finding(
            .gainLost(best: lowest.loss, bestEpoch: lowest.epoch, last: last, share: lost))
    }

    /// Whether, after it was highest, the loss has been halfway down again.
    private func comesBack(_ curve: LossCurve, _ lowest: Double, _ last: Double) -> Bool {
        let halfway = (lowest + last) / 2
        guard let up = curve.points.firstIndex(where: { $0.loss > halfway }) else { return false }
        return curve.points[up...].contains { $0.loss < halfway }
    }

    func jitter(_ training: LossCurve, _ validation: LossCurve) -> Diagnosis.Finding? {
        var evidence: [TrainingEvidence] = []
        var worst = 0.0
        for (name, curve) in [(TrainingEvidence.Curve.training, training), (.validation, validation)]
        where isJittery(curve) {
            let (amplitude, turns) = curve.zigzag
            let share = amplitude / curve.fall
            evidence.append(
                .zigzag(
                    name, amplitude: amplitude * Double(curve.points.count - 2) / Double(turns), share: share,
                    reversals: turns, records: curve.points.count))
            worst = max(worst, share)
        }
        if evidence.isEmpty { return nil }
        return Diagnosis.Finding(
            problem: .jittery, severity: worst >= 5 * jitterLimit ? .severe : .warning, evidence: evidence,
            advice: [
                "lower the learning rate, or let a schedule lower it towards the end",
                "take larger batches: the noise of a gradient falls with the root of their size",
                "average the parameters of the last updates (Averaged)",
            ])
    }

    private func isJittery(_ curve: LossCurve) -> Bool {
        // What never fell has nothing to measure jitter by, and another problem.
        guard curve.points.count >= Self.fewestRecords, curve.fall > progressLimit * curve.first else {
            return false
        }
        let (amplitude, turns) = curve.zigzag
        // One turn is a bump; and the minimum of an overfitting validation loss is one.
        return turns >= 3 && amplitude >= jitterLimit * curve.fall
    }

    func unfinished(_ training: LossCurve, _ validation: LossCurve) -> Diagnosis.Finding? {
        // If the validation loss no longer falls, going on would not help, whatever the training loss does.
        let judged = validation.points.count >= Self.fewestRecords
        let (name, curve): (TrainingEvidence.Curve, LossCurve) =
            judged ? (.validation, validation) : (.training, training)
        guard curve.points.count >= Self.fewestRecords else { return nil }
        let (from, to) = (curve.first, curve.last)
        let trainingFalls = training.points.count >= 2 && training.fall > progressLimit * training.first
        if curve.fall < progressLimit * from.magnitude, from > 0, !(judged && trainingFalls),
            // Near 0 there is nothing left to fall.
            from > 1e-3
        {
            // Up and down without progress is too large a step, straight on is too small a one.
            let turnsOften = 3 * curve.zigzag.turns >= curve.points.count
            return Diagnosis.Finding(
                problem: .stoppedBeforeConvergence, severity: .severe,
                evidence: [.hardlyFell(name, from: from, to: to)],
                advice: [
                    (turnsOften ? "lower" : "raise")
                        + " the learning rate; LearningRateRangeTest finds where the loss falls fastest",
                    "bring the features to one scale: Scaling.standardize",
                    "if no rate helps, try other initial parameters or another activation: units may be dead",
                ])
        }
        let tail = curve.tail
        let share = curve.fall > 0 ? min(1, tail.fall / curve.fall) : 0
        // What noise moves from record to record is no trend.
        guard share >= convergenceLimit, tail.fall > 3 * curve.zigzag.amplitude, !isJittery(curve) else {
            return nil
        }
        return Diagnosis.Finding(
            problem: .stoppedBeforeConvergence, severity: share >= 3 * convergenceLimit ? .severe : .warning,
            evidence: [
                .stillFalling(
                    name, from: tail.from.loss, to: tail.from.loss - tail.fall, sinceEpoch: tail.from.epoch,
                    share: share)
            ],
            advice: [
                "train longer: twice the epochs, or EarlyStopping with a generous limit",
                "raise the learning rate, if the curve is smooth",
                "take an optimizer with momentum, such as Adam",
            ])
    }

    func overfitting(_ training: LossCurve, _ validation: LossCurve) -> Diagnosis.Finding? {
        guard validation.points.count >= Self.fewestRecords, training.points.count >= 2 else { return nil }
        // A minimum that only one record has, between two that are higher, is luck, and rising from it no sign.
        let ((level, lowest), last) = (validation.lowestLevel, validation.last)
        let after = training.from(epoch: lowest.epoch)
        let rise = level > 0 ? (last - level) / level : 0
        let isVisible =
            last - level >= overfittingShare * validation.fall
            && last - level > 3 * validation.zigzag.amplitude
        var evidence: [TrainingEvidence] = []
        if rise >= overfittingRise, isVisible, after.points.count >= 2, after.last < after.first {
            evidence.append(
                .validationRose(
                    best: lowest.loss, bestEpoch: lowest.epoch, last: last, trainingFrom: after.first,
                    trainingTo: after.last))
        }
        // What an untrained model loses, less what the trained one loses on the training set, was learned.
        let learned = validation.first - training.last
        let gap = learned > 0 ? (last - training.last) / learned : 0
        if gap >= gapLimit, training.fall > progressLimit * training.first {
            evidence.append(.gap(training: training.last, validation: last, share: gap))
        }
        if evidence.isEmpty { return nil }
        return Diagnosis.Finding(
            problem: .overfitting,
            severity: rise >= 5 * overfittingRise || gap >= gapLimit ? .severe : .warning,
            evidence: evidence,
            advice: [
                "stop at the lowest validation loss and keep those parameters: EarlyStopping(patience: 5)",
                "penalize large weights (.l2), or let units drop out",
                "get more training examples, or take a smaller network",
            ])
    }
}
