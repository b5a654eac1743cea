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

    @Option(
        help: ArgumentHelp(
            """
            Make the model an average of the points on the way: ema[:decay], a running one (decay 0.999); \
            mean[:epoch], of the points after every update from that epoch on; swa[:epoch], of those at the ends of \
            epochs (from three quarters of the epochs on).
            """, valueName: "average"),
        transform: AverageChoice.init(parsing:))
    var average: AverageChoice?

    /// Whether anything was said that has a meaning for step-by-step training only.
    var isUsed: Bool {
        optimizer != nil || learningRate != nil || momentum != nil || weightDecay != nil || clipNorm != nil
            || schedule != nil || warmup != nil || batchSize != nil || epochs != nil || earlyStopping != nil
            || average != nil
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
        if average != nil, rule.hasAverage {
            throw ValidationError(
                "--average: what \(rule.rawValue) gives is an average of its points already.")
        }
        if let start = average?.start(epochs: epochCount), start >= Double(epochCount) {
            throw ValidationError(
                "--average begins after epoch \(NumberFormat.shortest(start)), and there are \(epochCount) epochs."
            )
        }
        if weightDecay != nil, !rule.hasWeightDecay {
            throw ValidationError("--weight-decay: \(rule.rawValue) has none; --l2 penalizes the weights.")
        }
    }

    /// The rule without an average around it.
    private var plainRule: any UpdateRule {
        let rule = (optimizer ?? .adam).rule(
            learningRate: learningRate, momentum: momentum, weightDecay: weightDecay)
        guard let clipNorm else { return rule }
        func clipped(_ rule: some UpdateRule) -> any UpdateRule { rule.clipping(norm: clipNorm) }
        return clipped(rule)
    }

    /// The rule with everything that was said about it, for so many training examples.
    func rule(exampleCount: Int) -> any UpdateRule {
        guard let average else { return plainRule }
        let updates = (exampleCount + size(of: exampleCount) - 1) / size(of: exampleCount)
        let averaging = average.averaging(updatesPerEpoch: updates, epochs: epochCount)
        func averaged(_ rule: some UpdateRule) -> any UpdateRule { rule.averaging(averaging) }
        return averaged(plainRule)
    }

    /// The number of examples in an update.
    private func size(of exampleCount: Int) -> Int {
        (batchSize ?? .examples(min(64, exampleCount))).resolved(exampleCount: exampleCount)
    }

    /// What to know of an average that has hardly forgotten where it began; nothing where all is as one expects.
    ///
    /// - Parameter updates: How many there were.
    func warnings(updates: Int) -> [String] {
        guard case .exponential(let decay) = average, Double(updates) * (1 - decay) < 3 else { return [] }
        return [
            """
            --average ema:\(NumberFormat.shortest(decay)) is a mean over about \
            \(NumberFormat.count(Int((1 / (1 - decay)).rounded()))) updates, and there were \
            \(NumberFormat.count(updates)): the first points still count for much. Train for longer, or take a smaller \
            decay
            """
        ]
    }

    /// The rule, for people: `adam, learning rate 0.001, batches of 64`.
    func words(exampleCount: Int) -> String {
        var parts = [
            (optimizer ?? .adam).rawValue, "learning rate \(NumberFormat.shortest(plainRule.learningRate))",
            "batches of \(NumberFormat.count(size(of: exampleCount)))",
        ]
        if let average { parts.append(average.words(epochs: epochCount)) }
        return parts.joined(separator: ", ")
    }

    /// The schedule of the learning rate; `nil` where it stays as it is.
    var learningRates: Schedule? {
        let rate = plainRule.learningRate
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
