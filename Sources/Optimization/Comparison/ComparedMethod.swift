/// A method that takes part in a comparison: a rule up to its learning rate, and the size of its batches.
public struct ComparedMethod: Sendable {
    /// The short name.
    public var name: String
    /// The rule with all its hyperparameters but the learning rate, for people.
    public var rule: String
    /// Examples in an update; `nil` for the comparison's batch size.
    public var batchSize: BatchSize?
    /// The rule with a learning rate.
    public var makeRule: @Sendable (_ learningRate: Double) -> any UpdateRule

    /// A method.
    public init(
        name: String, rule: String, batchSize: BatchSize? = nil,
        makeRule: @escaping @Sendable (_ learningRate: Double) -> any UpdateRule
    ) {
        self.name = name
        self.rule = rule
        self.batchSize = batchSize
        self.makeRule = makeRule
    }

    /// Gradient descent on the whole training set: one update an epoch.
    public static let gradientDescent = ComparedMethod(
        name: "gd", rule: "gradient descent, full batch", batchSize: .all
    ) { GradientDescent(learningRate: $0) }

    /// Stochastic gradient descent on mini-batches.
    public static let sgd = ComparedMethod(name: "sgd", rule: "SGD") { SGD(learningRate: $0) }

    /// Stochastic gradient descent with momentum 0.9.
    public static let momentum = ComparedMethod(name: "momentum", rule: "SGD, momentum 0.9") {
        SGD(learningRate: $0, momentum: 0.9)
    }

    /// Adam with the paper's decays.
    public static let adam = ComparedMethod(name: "adam", rule: "Adam, β₁ 0.9, β₂ 0.999, ε 1e-8") {
        Adam(learningRate: $0)
    }

    /// What is compared unless something else is asked for: the four that a course begins with.
    public static let standard = [gradientDescent, sgd, momentum, adam]

    /// All methods known by name, the standard ones first.
    public static let all =
        standard + [
            ComparedMethod(name: "nesterov", rule: "SGD, Nesterov momentum 0.9") {
                SGD(learningRate: $0, momentum: 0.9, nesterov: true)
            },
            ComparedMethod(name: "adagrad", rule: "Adagrad, ε 1e-10") { Adagrad(learningRate: $0) },
            ComparedMethod(name: "adadelta", rule: "Adadelta, ρ 0.9, ε 1e-6") { Adadelta(learningRate: $0) },
            ComparedMethod(name: "rmsprop", rule: "RMSprop, α 0.99, ε 1e-8") { RMSprop(learningRate: $0) },
            ComparedMethod(name: "adamw", rule: "AdamW, β₁ 0.9, β₂ 0.999, ε 1e-8, λ 0.01") {
                AdamW(learningRate: $0)
            },
            ComparedMethod(name: "amsgrad", rule: "AMSGrad, β₁ 0.9, β₂ 0.999, ε 1e-8") {
                Adam(learningRate: $0, amsgrad: true)
            },
            ComparedMethod(name: "adamax", rule: "AdaMax, β₁ 0.9, β₂ 0.999, ε 1e-8") {
                AdaMax(learningRate: $0)
            },
            ComparedMethod(name: "nadam", rule: "NAdam, β₁ 0.9, β₂ 0.999, ε 1e-8") {
                NAdam(learningRate: $0)
            },
            ComparedMethod(name: "radam", rule: "RAdam, β₁ 0.9, β₂ 0.999, ε 1e-8") {
                RAdam(learningRate: $0)
            },
            ComparedMethod(name: "lion", rule: "Lion, β₁ 0.9, β₂ 0.99") { Lion(learningRate: $0) },
        ]
}
