import DescentDatasets
import DescentLinearAlgebra

/// A rule's state with names in place of its vectors, which are arrays of their own.
struct RuleStateOutline: Codable {
    var step: Int
    /// The names of the arrays, in the order of the slots.
    var slots: [String]
    var scalars: [Double]
    var generator: RandomGenerator?
    var inner: [RuleStateOutline]

    /// Takes a state apart.
    ///
    /// - Parameters:
    ///   - state: The state.
    ///   - rule: Whose it is, for the names; `nil` where nobody knows.
    ///   - name: What the arrays' names begin with.
    ///   - arrays: Gets the vectors.
    init<Scalar>(
        _ state: RuleState<Scalar>, of rule: (any UpdateRule)?, named name: String,
        into arrays: inout [(name: String, array: NumericArray)]
    ) {
        step = state.step
        scalars = state.scalars
        generator = state.generator
        var names = rule?.slots ?? []
        if names.count != state.slots.count || Set(names).count != names.count {
            names = state.slots.indices.map { "slot\($0)" }
        }
        slots = names.map { "\(name).\($0)" }
        for (name, slot) in zip(slots, state.slots) { arrays.append((name, NumericArray(parameters: slot))) }
        let outer = rule as? any RuleWithInner
        inner = []
        for (index, part) in state.inner.enumerated() {
            inner.append(
                RuleStateOutline(
                    part, of: outer?.ruleInside, named: "\(name).inner\(index)", into: &arrays))
        }
    }

    /// Puts a state together again.
    ///
    /// - Parameters:
    ///   - fresh: A state of the same rule before its first step: how many of everything there are.
    ///   - vector: Reads the array of that name and length.
    func state<Scalar>(
        like fresh: RuleState<Scalar>, _ vector: (String, Int) throws(CheckpointError.Reason) -> [Scalar]
    ) throws(CheckpointError.Reason) -> RuleState<Scalar> {
        func require(_ found: Int, _ expected: Int, _ what: String) throws(CheckpointError.Reason) {
            if found != expected {
                throw .inconsistent("the rule's state has \(found) \(what), and the rule needs \(expected)")
            }
        }
        try require(slots.count, fresh.slots.count, "vectors")
        try require(scalars.count, fresh.scalars.count, "numbers")
        try require(generator == nil ? 0 : 1, fresh.generator == nil ? 0 : 1, "generators")
        try require(inner.count, fresh.inner.count, "states inside")
        if step < 0 { throw .inconsistent("the rule's state has made \(step) steps") }
        var state = fresh
        state.step = step
        state.scalars = scalars
        state.generator = generator
        for index in slots.indices { state.slots[index] = try vector(slots[index], fresh.slots[index].count) }
        for index in inner.indices {
            state.inner[index] = try inner[index].state(like: fresh.inner[index], vector)
        }
        return state
    }
}

extension CheckpointError.Reason: Error {}

/// A rule that keeps the states of one other rule in its own.
///
/// Only names come of it: inside of a rule that is not one of these the arrays are called `slot0`, `slot1`….
private protocol RuleWithInner {
    var ruleInside: any UpdateRule { get }
}

extension Preceded: RuleWithInner {
    fileprivate var ruleInside: any UpdateRule { rule }
}
extension Averaged: RuleWithInner {
    fileprivate var ruleInside: any UpdateRule { rule }
}
extension Accumulating: RuleWithInner {
    fileprivate var ruleInside: any UpdateRule { rule }
}
extension Lookahead: RuleWithInner {
    fileprivate var ruleInside: any UpdateRule { rule }
}
extension Grouped: RuleWithInner {
    fileprivate var ruleInside: any UpdateRule { rule }
}

extension NumericArray {
    /// Parameters, or a vector like them.
    init<Scalar: MatrixScalar>(parameters: [Scalar], shape: [Int]? = nil) {
        if let values = parameters as? [Float] {
            self.init(values, shape: shape)
        } else if let values = parameters as? [Double] {
            self.init(values, shape: shape)
        } else {
            preconditionFailure("parameters of type \(Scalar.self) have no place in a file")
        }
    }

    /// The bits of numbers of this type, row by row, or `nil` where the array is of another.
    func parameters<Scalar: MatrixScalar>(as type: Scalar.Type = Scalar.self) -> [Scalar]? {
        switch elementType {
        case .float32: return (try? values(as: Float.self)) as? [Scalar]
        case .float64: return (try? values(as: Double.self)) as? [Scalar]
        default: return nil
        }
    }
}
