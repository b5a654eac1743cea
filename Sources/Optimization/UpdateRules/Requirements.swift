// What the initializers of rules ask of their hyperparameters. NaN fails each of them.

func requireNotNegative<Rule>(_ value: Double, _ name: String, of rule: Rule.Type) {
    precondition(value >= 0, "\(rule): a \(name) of \(value) is negative or NaN")
}

func requireFraction<Rule>(_ value: Double, _ name: String, of rule: Rule.Type) {
    precondition((0..<1).contains(value), "\(rule): \(name) is \(value), outside 0..<1")
}

/// What Adam and its kin have in common.
func requireAdam<Rule>(
    _ learningRate: Double, _ beta1: Double, _ beta2: Double, _ epsilon: Double, _ weightDecay: Double,
    of rule: Rule.Type
) {
    requireNotNegative(learningRate, "learning rate", of: rule)
    requireFraction(beta1, "β₁", of: rule)
    requireFraction(beta2, "β₂", of: rule)
    requireNotNegative(epsilon, "ε", of: rule)
    requireNotNegative(weightDecay, "weight decay", of: rule)
}
