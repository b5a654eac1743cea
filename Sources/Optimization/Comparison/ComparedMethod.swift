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

    /// The methods known by name.
    public static let all = [gradientDescent, sgd, momentum, adam]
}
