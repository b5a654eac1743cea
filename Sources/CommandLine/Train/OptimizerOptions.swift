import ArgumentParser
import Descent

/// How a model's parameters are improved step by step.
struct OptimizerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The update rule, out of \(OptimizerName.list).", valueName: "name"),
        transform: { try OptimizerName.named($0) })
    var optimizer: OptimizerName?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The step size. (default: the rule's own)", valueName: "rate"))
    var learningRate: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Momentum of sgd, nesterov, rmsprop and lars.", valueName: "share"))
    var momentum: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            """
            Decay of all parameters by the rule itself: decoupled for adamw, lion and lamb, added to the gradient \
            for others.
            """, valueName: "strength"))
    var weightDecay: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The largest norm of a gradient; longer ones are cut.", valueName: "norm"))
    var clipNorm: Double?

    @Option(
        help: ArgumentHelp(
            """
            How the learning rate changes: constant, cosine[:end], linear[:end], step:epochs[:factor], \
            multistep:epoch,epoch,…[:factor], exponential:factor (by the epoch), inverse-time:epochs, \
            restarts:epochs[:growth], one-cycle, plateau[:patience[:factor]]. (default: constant)
            """, valueName: "schedule"),
        transform: ScheduleChoice.init(parsing:))
    var schedule: ScheduleChoice?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Epochs in which the learning rate rises from zero.", valueName: "epochs"))
    var warmup: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Examples in an update, or all. (default: 64)", valueName: "count"),
        transform: Self.batchSize)
    var batchSize: BatchSize?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Passes over the training set. (default: 15)", valueName: "count"))
    var epochs: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            """
            Stop when more epochs in a row than this have not improved the validation loss, and keep the best \
            parameters.
            """, valueName: "epochs"))
    var earlyStopping: Int?

    /// Whether anything was said that has a meaning for step-by-step training only.
    var isUsed: Bool {
        optimizer != nil || learningRate != nil || momentum != nil || weightDecay != nil || clipNorm != nil
            || schedule != nil || warmup != nil || batchSize != nil || epochs != nil || earlyStopping != nil
    }

    /// Passes over the training set.
    var epochCount: Int { epochs ?? 15 }

    func validate() throws {
        func require(_ condition: Bool, _ message: String) throws {
            if !condition { throw ValidationError(message) }
        }
        func requirePositive(_ value: Double?, _ name: String) throws {
            guard let value else { return }
            try require(value > 0 && value.isFinite, "--\(name) must be positive, not \(value).")
        }
        try require(epochCount >= 1, "--epochs must be at least 1, not \(epochCount).")
        try requirePositive(learningRate, "learning-rate")
        try requirePositive(clipNorm, "clip-norm")
        try requirePositive(warmup, "warmup")
        if let momentum {
            try require(
                momentum >= 0 && momentum < 1, "--momentum must be from 0 to below 1, not \(momentum).")
        }
        if let weightDecay {
            try require(
                weightDecay >= 0 && weightDecay.isFinite,
                "--weight-decay must be 0 or more, not \(weightDecay).")
        }
        if let earlyStopping {
            try require(
                earlyStopping >= 1, "--early-stopping must be at least 1 epoch, not \(earlyStopping).")
        }
        if warmup != nil, case .plateau = schedule {
            throw ValidationError("--warmup needs a schedule by the epoch, and plateau goes by the loss.")
        }
        let rule = optimizer ?? .adam
        if momentum != nil, !rule.hasMomentum {
            throw ValidationError(
                "--momentum is for sgd, nesterov, rmsprop and lars; \(rule.rawValue) has none to set.")
        }
        if weightDecay != nil, !rule.hasWeightDecay {
            throw ValidationError("--weight-decay: \(rule.rawValue) has none; --l2 penalizes the weights.")
        }
    }

    /// The rule with everything that was said about it.
    var rule: any UpdateRule {
        let rule = (optimizer ?? .adam).rule(
            learningRate: learningRate, momentum: momentum, weightDecay: weightDecay)
        guard let clipNorm else { return rule }
        func clipped(_ rule: some UpdateRule) -> any UpdateRule { rule.clipping(norm: clipNorm) }
        return clipped(rule)
    }

    /// The schedule of the learning rate; `nil` where it stays as it is.
    var learningRates: Schedule? {
        let rate = rule.learningRate
        let schedule = schedule?.schedule(from: rate, over: Double(epochCount))
        guard let warmup else { return schedule }
        return (schedule ?? .constant(rate)).warmingUp(over: .epochs(warmup), delaying: false)
    }

    private static func batchSize(_ text: String) throws -> BatchSize {
        if text == "all" { return .all }
        guard let count = Int(text), count >= 1 else {
            throw ValidationError("'\(text)' is neither a number of examples from 1 nor all.")
        }
        return .examples(count)
    }
}
