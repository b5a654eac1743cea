import DescentOptimization

/// Recognizes from a training's history what went wrong, and says what to change.
///
/// ```swift
/// let history = try network.train(on: train, validating: validation, with: Adam(), for: .epochs(15))
/// print(TrainingDoctor().examine(history))
/// ```
/// It knows five failures: training that diverged, a loss that is too jittery, an end before convergence, overfitting, and
/// results that differ from run to run. It looks at the training loss (`trainingLoss` where it was evaluated, else
/// `runningLoss`) and the validation loss, each in relation to the curve's own fall, so that neither the unit of the loss nor
/// the length of the run matters.
///
/// The thresholds are rules of thumb, each with its reason; they are properties, to be changed where a task has its own.
public struct TrainingDoctor: Codable, Equatable, Sendable {
    /// A training loss that ends above this many times its first value has diverged.
    ///
    /// 1.5: a run that starts at an optimum, such as a warm start, ends within its noise of where it began.
    public var divergenceRatio = 1.5

    /// A training loss that lost this share of its fall again has diverged.
    ///
    /// 0.5: less is a bad moment, from which training may recover.
    public var lostGainLimit = 0.5

    /// A loss that turns back by this share of its whole fall, on average over the records, is too jittery.
    ///
    /// 0.03: on a chart of the whole curve, that is a line 3 % of the height thick, where trends of a few records can no
    /// longer be seen. Small batches alone stay well below, since a record averages the batches of an epoch.
    public var jitterLimit = 0.03

    /// A loss that makes this share of its whole fall in the last fifth of the run has not converged.
    ///
    /// 0.05: an exponential decay has then gone through less than three time constants, and has 5 % of its fall or more
    /// before it; a straight line makes 20 %.
    public var convergenceLimit = 0.05

    /// A loss that fell by less than this share of its first value has hardly begun.
    ///
    /// 0.02: the loss of a classifier that answers with the classes' shares alone differs from that of random parameters by
    /// more than that.
    public var progressLimit = 0.02

    /// A validation loss that rises by this share of its lowest value, while the training loss falls on, shows overfitting.
    ///
    /// 0.1: with some hundred validation examples the loss of equally good parameters differs by a few per cent.
    public var overfittingRise = 0.1

    /// A rise of the validation loss below this share of its whole fall is no overfitting to speak of.
    ///
    /// 0.02: where the lowest loss is tiny, a rise by half of it still is: the accuracy does not suffer.
    public var overfittingShare = 0.02

    /// A validation loss that stays above the training loss by this share of what was learned shows overfitting.
    ///
    /// 0.5: half of the fall of the training loss is memory and does not carry over.
    public var gapLimit = 0.5

    /// Runs whose final validation accuracies have this standard deviation differ too much.
    ///
    /// 0.02: 400 validation examples alone give a standard deviation of 0.01 at an accuracy of 0.96.
    public var accuracySpreadLimit = 0.02

    /// Runs whose final losses differ by this share of the typical fall differ too much.
    ///
    /// 0.1: several times what a converged loss moves from one seed to the next.
    public var lossSpreadLimit = 0.1

    /// A doctor with the usual thresholds.
    public init() {}

    /// Examines one run.
    ///
    /// - Parameters:
    ///   - history: What happened; a record each epoch is best.
    ///   - error: The error that ended the run, if one did.
    ///   - restoredBest: Whether early stopping has put the best parameters back at the end, so that what the validation
    ///     loss did after its minimum has no consequences.
    public func examine(
        _ history: History, endedBy error: TrainingError? = nil, restoredBest: Bool = false
    ) -> Diagnosis {
        var limitations: [String] = []
        let training = LossCurve.training(of: history)
        let validation = LossCurve.validation(of: history)
        if let finding = divergence(training, validation, history, error) {
            // What diverged has neither converged nor overfitted.
            return Diagnosis(findings: [finding], limitations: [])
        }
        if max(training.points.count, validation.points.count) < Self.fewestRecords {
            limitations.append(
                "jitter and convergence: \(Self.fewestRecords) records with a loss are needed")
        }
        if validation.points.count < Self.fewestRecords {
            limitations.append("overfitting: it shows only in the loss on a validation set, record by record")
        }
        let findings = [
            jitter(training, validation),
            unfinished(training, validation),
            restoredBest ? nil : overfitting(training, validation),
        ].compactMap { $0 }
        return Diagnosis(findings: findings, limitations: limitations)
    }

    /// Examines several runs of the same thing, each by itself and all beside each other.
    ///
    /// - Parameters:
    ///   - histories: One a run, at least one.
    ///   - sameSeed: Whether the runs had one seed, so that they should be the same to the last bit.
    ///   - restoredBest: As for one run.
    public func examine(
        _ histories: [History], sameSeed: Bool = false, restoredBest: Bool = false
    ) -> Diagnosis {
        precondition(!histories.isEmpty, "a diagnosis needs at least one history")
        let single = histories.map { examine($0, restoredBest: restoredBest) }
        var findings = TrainingProblem.allCases.compactMap { problem -> Diagnosis.Finding? in
            let found = single.compactMap { $0[problem] }
            guard var worst = found.max(by: { $0.severity < $1.severity }) else { return nil }
            if histories.count > 1 {
                worst.evidence.append(.someRuns(count: found.count, of: histories.count))
            }
            return worst
        }
        var limitations = single[0].limitations
        if histories.count > 1 {
            if let finding = sameSeed ? difference(histories) : spread(histories, single) {
                findings.append(finding)
            }
        } else {
            limitations.append("whether other runs give other results: one run does not tell")
        }
        return Diagnosis(findings: findings, limitations: limitations)
    }

    /// Below this many records, curves have no shape to speak of.
    static let fewestRecords = 4
}
