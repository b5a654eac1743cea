// What the initializers of rules ask of their hyperparameters. NaN fails each of them.

func requireNotNegative<Rule>(_ value: Double, _ name: String, of rule: Rule.Type) {
    precondition(value >= 0, "\(rule): a \(name) of \(value) is negative or NaN")
}

func requireFraction<Rule>(_ value: Double, _ name: String, of rule: Rule.Type) {
    precondition((0..<1).contains(value), "\(rule): \(name) is \(value), outside 0..<1")
}
