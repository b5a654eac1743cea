import DescentOptimization
import Testing

/// A rule with the name that its path has in `rules.json`.
struct NamedRule: CustomTestStringConvertible {
    var name: String
    var rule: any UpdateRule
    /// Whether single precision takes the same path; see `Prodigy`.
    var followsInFloat: Bool { name != "prodigy" }
    var testDescription: String { name }
    init(_ name: String, _ rule: any UpdateRule) {
        self.name = name
        self.rule = rule
    }
}

/// Every rule, with every option; the same list as in `make_rule_fixtures.py`.
let ruleTable: [NamedRule] = [
    NamedRule("sgd", SGD(learningRate: 0.1)),
    NamedRule("sgd decay", SGD(learningRate: 0.1, weightDecay: 0.05)),
    NamedRule("sgd maximize decay", SGD(learningRate: 0.001, weightDecay: 0.05, maximize: true)),
    NamedRule("sgd momentum", SGD(learningRate: 0.03, momentum: 0.9)),
    NamedRule(
        "sgd momentum dampening decay",
        SGD(learningRate: 0.05, momentum: 0.8, dampening: 0.3, weightDecay: 0.05)),
    NamedRule("sgd nesterov", SGD(learningRate: 0.03, momentum: 0.9, nesterov: true)),
    NamedRule(
        "sgd nesterov decay maximize",
        SGD(learningRate: 0.001, momentum: 0.5, nesterov: true, weightDecay: 0.05, maximize: true)),
    NamedRule("momentum", Momentum(learningRate: 0.03)),
    NamedRule("momentum decay", Momentum(learningRate: 0.03, momentum: 0.8, weightDecay: 0.05)),
    NamedRule("momentum nesterov", Momentum(learningRate: 0.03, nesterov: true)),
    NamedRule(
        "momentum nesterov decay",
        Momentum(learningRate: 0.03, momentum: 0.8, nesterov: true, weightDecay: 0.05)),
    NamedRule("adagrad", Adagrad(learningRate: 0.3)),
    NamedRule(
        "adagrad decays start epsilon",
        Adagrad(
            learningRate: 0.3, learningRateDecay: 0.01, weightDecay: 0.05, initialAccumulator: 0.2,
            epsilon: 1e-3)),
    NamedRule("adagrad optax", Adagrad.optax(learningRate: 0.3)),
    NamedRule("adadelta", Adadelta()),
    NamedRule(
        "adadelta options", Adadelta(learningRate: 2, decay: 0.8, epsilon: 1e-4, weightDecay: 0.05)),
    NamedRule("rmsprop", RMSprop()),
    NamedRule(
        "rmsprop decay epsilon", RMSprop(learningRate: 0.01, decay: 0.9, epsilon: 1e-2, weightDecay: 0.05)),
    NamedRule("rmsprop centered", RMSprop(learningRate: 0.01, epsilon: 1e-3, centered: true)),
    NamedRule("rmsprop momentum", RMSprop(learningRate: 0.002, momentum: 0.9)),
    NamedRule(
        "rmsprop centered momentum decay",
        RMSprop(learningRate: 0.002, epsilon: 1e-3, centered: true, momentum: 0.8, weightDecay: 0.05)),
    NamedRule("rmsprop optax", RMSprop.optax(learningRate: 0.003)),
    NamedRule("rmsprop optax centered", RMSprop.optax(learningRate: 0.01, epsilon: 1e-4, centered: true)),
    NamedRule(
        "rmsprop optax momentum", RMSprop.optax(learningRate: 0.002, epsilon: 1e-4, momentum: 0.9)),
    NamedRule(
        "rmsprop optax centered momentum",
        RMSprop.optax(learningRate: 0.002, epsilon: 1e-4, centered: true, momentum: 0.9)),
    NamedRule("adam", Adam(learningRate: 0.05)),
    NamedRule(
        "adam options", Adam(learningRate: 0.05, beta1: 0.8, beta2: 0.95, epsilon: 1e-3, weightDecay: 0.05)),
    NamedRule("adam amsgrad", Adam(learningRate: 0.05, beta2: 0.95, amsgrad: true)),
    NamedRule("adamw", AdamW(learningRate: 0.05)),
    NamedRule(
        "adamw options", AdamW(learningRate: 0.05, beta1: 0.8, beta2: 0.95, epsilon: 1e-3, weightDecay: 0.3)),
    NamedRule("adamw amsgrad", AdamW(learningRate: 0.05, beta2: 0.95, amsgrad: true)),
    NamedRule("adamax", AdaMax(learningRate: 0.05)),
    NamedRule(
        "adamax options",
        AdaMax(learningRate: 0.02, beta1: 0.8, beta2: 0.95, epsilon: 1e-3, weightDecay: 0.05)),
    NamedRule("adamax optax", AdaMax(learningRate: 0.05)),
    NamedRule("nadam", NAdam(learningRate: 0.05)),
    NamedRule(
        "nadam options",
        NAdam(
            learningRate: 0.05, beta1: 0.8, beta2: 0.95, epsilon: 1e-3, weightDecay: 0.05, momentumDecay: 0.1)
    ),
    NamedRule("nadam decoupled", NAdam(learningRate: 0.05, weightDecay: 0.05, decoupled: true)),
    NamedRule("nadam optax", NAdam(learningRate: 0.05, momentumDecay: nil)),
    NamedRule("radam", RAdam(learningRate: 0.05)),
    NamedRule(
        "radam options", RAdam(learningRate: 0.05, beta1: 0.8, beta2: 0.95, epsilon: 1e-3, weightDecay: 0.05)),
    NamedRule("radam decoupled", RAdam(learningRate: 0.05, weightDecay: 0.05, decoupled: true)),
    NamedRule("rprop", Rprop(learningRate: 0.05)),
    NamedRule(
        "rprop options", Rprop(learningRate: 0.01, shrink: 0.4, growth: 1.3, stepSizes: 1e-3...0.2)),
    NamedRule("clip norm adam", Adam(learningRate: 0.05).clipping(norm: 0.1)),
    NamedRule("clip value momentum", SGD(learningRate: 0.03, momentum: 0.9).clipping(value: 0.2)),
    NamedRule("coupled decay momentum", SGD(learningRate: 0.03, momentum: 0.9).decaying(coupled: 0.05)),
    NamedRule(
        "coupled decay behind clip", SGD(learningRate: 0.1).decaying(coupled: 0.3).clipping(value: 0.2)),
    NamedRule("decoupled decay momentum", SGD(learningRate: 0.03, momentum: 0.9).decaying(decoupled: 0.3)),
    NamedRule("maximize adam decay", Adam(learningRate: 0.005, weightDecay: 0.05).maximizing()),
    NamedRule("accumulate adam", Adam(learningRate: 0.05).accumulating(over: 4)),
    NamedRule(
        "groups adamw",
        AdamW(learningRate: 0.05, weightDecay: 0.3).varied(in: [4..<6]) {
            $0.learningRate *= 2
            $0.weightDecay = 0
        }),
    NamedRule(
        "groups momentum",
        SGD(learningRate: 0.03, momentum: 0.9).varied(in: [4..<6]) {
            $0.learningRate /= 3
            $0.momentum = 0.5
        }),
    NamedRule(
        "muon wide",
        Muon(
            matrices: [.init(offset: 0, rows: 2, columns: 3)], others: AdamW(learningRate: 0.002),
            learningRate: 0.002)),
    NamedRule(
        "muon tall",
        Muon(
            matrices: [.init(offset: 0, rows: 3, columns: 2)], others: AdamW(learningRate: 0.002),
            learningRate: 0.002, momentum: 0.9, nesterov: false, weightDecay: 0.5)),
    NamedRule("schedule-free sgd", ScheduleFreeSGD(learningRate: 0.1)),
    NamedRule("schedule-free sgd decay", ScheduleFreeSGD(learningRate: 0.1, beta: 0.7, weightDecay: 0.05)),
    NamedRule("schedule-free adamw", ScheduleFreeAdamW(learningRate: 0.02)),
    NamedRule(
        "schedule-free adamw options",
        ScheduleFreeAdamW(learningRate: 0.02, beta1: 0.8, beta2: 0.95, epsilon: 1e-3, weightDecay: 0.05)),
    NamedRule("lion", Lion(learningRate: 0.01)),
    NamedRule("lion options", Lion(learningRate: 0.01, beta1: 0.8, beta2: 0.9, weightDecay: 0.3)),
    NamedRule("lamb", LAMB(learningRate: 0.01)),
    NamedRule(
        "lamb options", LAMB(learningRate: 0.01, beta1: 0.8, beta2: 0.95, epsilon: 1e-3, weightDecay: 0.3)),
    NamedRule("lars", LARS(learningRate: 0.5)),
    NamedRule(
        "lars options",
        LARS(
            learningRate: 1, momentum: 0.5, nesterov: true, trust: 0.01, epsilon: 0.1, weightDecay: 0.1)),
    NamedRule("prodigy", Prodigy()),
    NamedRule(
        "prodigy options",
        Prodigy(
            learningRate: 0.2, beta1: 0.8, beta2: 0.99, beta3: 0.9, epsilon: 1e-3, weightDecay: 0.05,
            initialDistance: 1e-2, coefficient: 0.5, growthLimit: 1.02, biasCorrection: true,
            safeguardsWarmUp: true)),
    NamedRule(
        "shampoo wide",
        Shampoo(
            matrices: [.init(offset: 0, rows: 2, columns: 3)], others: AdamW(learningRate: 0.02),
            learningRate: 0.1)),
    NamedRule(
        "shampoo tall",
        Shampoo(
            matrices: [.init(offset: 0, rows: 3, columns: 2)], others: AdamW(learningRate: 0.02),
            learningRate: 0.1, momentum: 0.8, epsilon: 1e-2, weightDecay: 0.1, interval: 7)),
    NamedRule(
        "soap wide",
        SOAP(
            matrices: [.init(offset: 0, rows: 2, columns: 3)], others: AdamW(learningRate: 0.02),
            learningRate: 0.02)),
    NamedRule(
        "soap tall",
        SOAP(
            matrices: [.init(offset: 0, rows: 3, columns: 2)], others: AdamW(learningRate: 0.02),
            learningRate: 0.02, beta1: 0.9, beta2: 0.98, epsilon: 1e-3, weightDecay: 0.3, interval: 3)),
    NamedRule("lookahead adam", Adam(learningRate: 0.05).lookingAhead(every: 6, keeping: 0.5)),
]

/// Rules for which there is no path: what a test asks of every rule is asked of these too.
let otherRules: [NamedRule] = [
    NamedRule("gradient descent", GradientDescent(learningRate: 0.1)),
    NamedRule("noise", Adam().addingNoise(gaussian: 0.1, sign: 0.05, decay: 0.5, seed: 3)),
    NamedRule(
        "noise in groups", SGD(learningRate: 0.1).addingNoise(sign: 0.05).varied(in: [1..<2]) { _ in }),
    NamedRule("exponential average", Adam().averaging(.exponential(decay: 0.9))),
    NamedRule("weight average", SGD().averaging(.stochasticWeights(from: 5, every: 3))),
    NamedRule(
        "everything",
        NAdam().varied(in: [1..<2]) { $0.weightDecay = 0.1 }.accumulating(over: 3).clipping(norm: 1)
            .addingNoise(gaussian: 0.01).averaging(.polyakRuppert(from: 4))),
]
