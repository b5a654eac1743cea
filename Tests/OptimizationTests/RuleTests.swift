import DescentLinearAlgebra
import DescentOptimization
import Foundation
import Testing

/// Every rule of the table against the paths that other implementations take, and against itself.
@Suite struct RuleTests {
    /// The learning rate falls to 0.3 of itself after this step.
    static let change = 100

    /// The points of a rule at the steps that the problem keeps.
    func points<Scalar: MatrixScalar, Rule: UpdateRule>(
        _ rule: Rule, on problem: RuleProblem, as type: Scalar.Type
    ) -> [[Scalar]] {
        var rule = rule
        var parameters = problem.start.map { Scalar($0) }
        var state = rule.initialState(parameterCount: parameters.count, of: Scalar.self)
        var kept: [[Scalar]] = []
        for step in 1...problem.steps.last! {
            if step == Self.change + 1 { rule.learningRate *= 0.3 }
            let gradient = problem.gradient(at: parameters, step: step)
            rule.update(&parameters, gradient: gradient, state: &state)
            if problem.steps.contains(step) { kept.append(parameters) }
        }
        return kept
    }

    /// The largest difference between points, relative to the largest coordinate.
    func distance<Scalar: MatrixScalar>(_ found: [Scalar], _ expected: [Double]) -> Double {
        let scale = expected.reduce(0) { max($0, abs($1)) }
        return zip(found, expected).reduce(0) { max($0, abs(Double($1.0) - $1.1)) } / scale
    }

    @Test(arguments: ruleTable)
    func followsTheReference(named: NamedRule) throws {
        for (name, problem) in RuleFixture.shared.problems {
            let path = try #require(
                RuleFixture.shared.paths.first { $0.rule == named.name && $0.problem == name },
                "no path of \(named.name) on \(name)")
            try #require(path.points.count == problem.steps.count)
            let double = points(named.rule, on: problem, as: Double.self)
            let single = points(named.rule, on: problem, as: Float.self)
            for (index, step) in problem.steps.enumerated() {
                let expected = path.points[index]
                #expect(distance(double[index], expected) <= 1e-12, "Double, \(name), step \(step)")
                if named.followsInFloat {
                    #expect(distance(single[index], expected) <= 1e-5, "Float, \(name), step \(step)")
                }
            }
        }
    }

    /// In single precision Prodigy takes a path of its own, to an estimate of the same size and to the same minimum.
    @Test func prodigyInFloatFindsTheDistanceToo() throws {
        let problem = try #require(RuleFixture.shared.problems["softmax"])
        func run<Scalar: MatrixScalar>(_ type: Scalar.Type) -> (distance: Double, parameters: [Double]) {
            var rule = Prodigy(), parameters = problem.start.map { Scalar($0) }
            var state: RuleState<Scalar> = rule.initialState(parameterCount: parameters.count)
            for step in 1...600 {
                if step == 300 { rule.learningRate = 0.1 }
                rule.update(
                    &parameters, gradient: problem.gradient(at: parameters, step: step), state: &state)
            }
            return (rule.distance(in: state), parameters.map(Double.init))
        }
        let (double, single) = (run(Double.self), run(Float.self))
        // From a millionth.
        #expect(double.distance > 0.05)
        #expect(abs(single.distance / double.distance - 1) < 0.2)
        #expect(distance(single.parameters, double.parameters) < 1e-2)
    }

    @Test func everyPathHasItsRule() {
        #expect(Set(RuleFixture.shared.paths.map(\.rule)) == Set(ruleTable.map(\.name)))
        #expect(Set(ruleTable.map(\.name)).count == ruleTable.count)
    }

    /// A state and a rule that were written and read go on as if nothing had happened, to the bit.
    @Test(arguments: ruleTable + otherRules)
    func goesOnAfterSaving(named: NamedRule) throws {
        try goesOn(named.rule, as: Double.self)
        try goesOn(named.rule, as: Float.self)
    }

    func goesOn<Scalar: MatrixScalar, Rule: UpdateRule>(_ rule: Rule, as type: Scalar.Type) throws {
        let problem = RuleFixture.shared.problems["network"]!
        var parameters = problem.start.map { Scalar($0) }
        var state = rule.initialState(parameterCount: parameters.count, of: Scalar.self)
        func run(
            _ rule: Rule, _ parameters: inout [Scalar], _ state: inout RuleState<Scalar>, _ steps: Range<Int>
        ) {
            for step in steps {
                rule.update(
                    &parameters, gradient: problem.gradient(at: parameters, step: step), state: &state)
            }
        }
        run(rule, &parameters, &state, 1..<18)

        let savedRule = try JSONEncoder().encode(rule)
        let savedState = try JSONEncoder().encode(state)
        var otherParameters = parameters
        let otherRule = try JSONDecoder().decode(Rule.self, from: savedRule)
        var otherState = try JSONDecoder().decode(RuleState<Scalar>.self, from: savedState)
        #expect(otherRule == rule)
        #expect(bits(otherState) == bits(state))
        #expect(state.step == 17)

        run(rule, &parameters, &state, 18..<40)
        run(otherRule, &otherParameters, &otherState, 18..<40)
        #expect(otherParameters == parameters)
        #expect(bits(otherState) == bits(state))
    }

    /// Everything in a state, numbers as the bits that they are made of.
    func bits<Scalar: MatrixScalar>(_ state: RuleState<Scalar>) -> [String] {
        let numbers = state.slots.flatMap { $0 }.map { Double($0).bitPattern }
        return [
            "\(state.step)", "\(numbers)", "\(state.scalars.map(\.bitPattern))", "\(state.generator as Any)",
        ]
            + state.inner.flatMap(bits)
    }

    /// Where the gradient has always been zero and nothing decays, nothing moves; and nothing becomes NaN.
    @Test(arguments: ruleTable + otherRules.filter { !$0.name.hasPrefix("noise") && $0.name != "everything" })
    func zeroGradientsAreHarmless(named: NamedRule) {
        var parameters = [1.0, -2, 0, 3, 0, 0]
        var state: RuleState<Double> = named.rule.initialState(parameterCount: 6)
        for _ in 0..<5 {
            named.rule.update(&parameters, gradient: [0, 0, 0, 0, 0, 0], state: &state)
        }
        #expect(parameters.allSatisfy { $0.isFinite })
        #expect(abs(parameters[0] - 1) < 0.3)
        #expect(parameters[2] == 0)
    }

    /// A gradient that is not a number shows in the parameters: it is never swallowed.
    @Test(arguments: ruleTable + otherRules)
    func notANumberIsNotSwallowed(named: NamedRule) {
        // Six parameters, so that the ranges of groups are within.
        var parameters = [1.0, -2, 0, 0, 0, 0]
        var state: RuleState<Double> = named.rule.initialState(parameterCount: 6)
        for _ in 0..<3 { named.rule.update(&parameters, gradient: [0.5, 1, 0, 0, 1, 1], state: &state) }
        // As often as an accumulating rule may need to take a step.
        for _ in 0..<4 { named.rule.update(&parameters, gradient: [.nan, 1, 0, 0, 1, 1], state: &state) }
        #expect(parameters[0].isNaN)
    }
}
