import ArgumentParser
import Descent

/// The update rules that the command knows by name.
enum OptimizerName: String, CaseIterable, Sendable {
    case sgd, nesterov, adam, adamw, amsgrad, nadam, radam, adamax, adagrad, adadelta, rmsprop, rprop
    case lion, lamb, lars
    case scheduleFreeSGD = "schedule-free-sgd"
    case scheduleFreeAdamW = "schedule-free-adamw"

    /// All names, for people.
    static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }

    /// The rule of a name.
    static func named(_ word: String) throws -> OptimizerName {
        if word == "momentum" {
            throw ValidationError("there is no optimizer 'momentum': say sgd with --momentum 0.9.")
        }
        let name = try WordList.choice(word, of: allCases.map(\.rawValue), as: "optimizer")
        return OptimizerName(rawValue: name)!
    }

    /// Whether `--momentum` has a meaning.
    var hasMomentum: Bool { [.sgd, .nesterov, .rmsprop, .lars].contains(self) }

    /// Whether the result is an average of points.
    var hasAverage: Bool { [.scheduleFreeSGD, .scheduleFreeAdamW].contains(self) }

    /// Whether `--weight-decay` has a meaning.
    var hasWeightDecay: Bool { self != .rprop }

    /// The rule; what is not given is its own default.
    func rule(learningRate: Double?, momentum: Double?, weightDecay: Double?) -> any UpdateRule {
        let decay = weightDecay ?? 0
        func set<Rule: UpdateRule>(
            _ rule: Rule, _ change: (inout Rule) -> Void = { _ in }
        ) -> any UpdateRule {
            var rule = rule
            if let learningRate { rule.learningRate = learningRate }
            change(&rule)
            return rule
        }
        switch self {
        // PyTorch's 1e-3 for it is slow for everything that one trains at a command line.
        case .sgd: return set(SGD(learningRate: 1e-2, momentum: momentum ?? 0, weightDecay: decay))
        case .nesterov:
            return set(
                SGD(learningRate: 1e-2, momentum: momentum ?? 0.9, nesterov: true, weightDecay: decay))
        case .adam: return set(Adam(weightDecay: decay))
        case .adamw: return set(AdamW()) { rule in if let weightDecay { rule.weightDecay = weightDecay } }
        case .amsgrad: return set(Adam(weightDecay: decay, amsgrad: true))
        case .nadam: return set(NAdam(weightDecay: decay))
        case .radam: return set(RAdam(weightDecay: decay))
        case .adamax: return set(AdaMax(weightDecay: decay))
        case .adagrad: return set(Adagrad(weightDecay: decay))
        case .adadelta: return set(Adadelta(weightDecay: decay))
        case .rmsprop: return set(RMSprop(momentum: momentum ?? 0, weightDecay: decay))
        case .rprop: return set(Rprop())
        case .lion: return set(Lion(weightDecay: decay))
        case .lamb: return set(LAMB()) { rule in if let weightDecay { rule.weightDecay = weightDecay } }
        case .lars: return set(LARS(momentum: momentum ?? 0.9, weightDecay: decay))
        case .scheduleFreeSGD: return set(ScheduleFreeSGD(weightDecay: decay))
        case .scheduleFreeAdamW: return set(ScheduleFreeAdamW(weightDecay: decay))
        }
    }
}
