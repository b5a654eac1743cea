import DescentLinearAlgebra
import DescentOptimization
import Testing

/// What the steps in front of rules and the rules around rules promise beyond their paths in `rules.json`.
@Suite struct WrapperTests {
    @Test func clippingLeavesShortGradientsAlone() {
        let rule = GradientDescent(learningRate: 1).clipping(norm: 5)
        var state = rule.initialState(parameterCount: 2, of: Double.self)
        var parameters = [0.0, 0]
        rule.update(&parameters, gradient: [3, -4], state: &state)
        #expect(parameters == [-3, 4])
        parameters = [0, 0]
        rule.update(&parameters, gradient: [30, -40], state: &state)
        #expect(abs(parameters[0] + 3) < 1e-15 && abs(parameters[1] - 4) < 1e-15)
    }

    /// The norm of huge and of tiny gradients, whose squares overflow and vanish.
    @Test(arguments: [1e200, 1e-200, 1e300])
    func clippingSurvivesExtremes(size: Double) {
        let rule = GradientDescent(learningRate: 1).clipping(norm: 5e-3 * size)
        var state = rule.initialState(parameterCount: 11, of: Double.self)
        var parameters = [Double](repeating: 0, count: 11)
        var gradient = parameters
        gradient[0] = 3 * size
        gradient[10] = 4 * size
        rule.update(&parameters, gradient: gradient, state: &state)
        #expect(abs(parameters[0] / (-3e-3 * size) - 1) < 1e-14)
        #expect(abs(parameters[10] / (-4e-3 * size) - 1) < 1e-14)
    }

    @Test func whatIsAddedLastSeesTheGradientFirst() {
        var state = RuleState<Double>(slotCount: 0, parameterCount: 0)
        func step(_ rule: some UpdateRule) -> Double {
            state = rule.initialState(parameterCount: 1)
            var parameters = [1.0]
            rule.update(&parameters, gradient: [10], state: &state)
            return 1 - parameters[0]
        }
        // Clipped to 2, then 3θ is added; or 3θ is added, then all of it is clipped.
        #expect(step(GradientDescent(learningRate: 1).decaying(coupled: 3).clipping(value: 2)) == 5)
        #expect(step(GradientDescent(learningRate: 1).clipping(value: 2).decaying(coupled: 3)) == 2)
    }

    @Test func decoupledDecayInFrontOfAdamIsAdamW() {
        let (one, other) = (
            Adam(learningRate: 0.1).decaying(decoupled: 0.3), AdamW(learningRate: 0.1, weightDecay: 0.3)
        )
        var (a, b) = ([1.0, -2], [1.0, -2])
        var (s, t) = (
            one.initialState(parameterCount: 2, of: Double.self),
            other.initialState(parameterCount: 2, of: Double.self)
        )
        for step in 1...50 {
            let gradient = [a[0] + 1 / Double(step), 3 * a[1]]
            one.update(&a, gradient: gradient, state: &s)
            other.update(&b, gradient: gradient, state: &t)
            #expect(abs(a[0] - b[0]) < 1e-14 && abs(a[1] - b[1]) < 1e-14)
        }
    }

    /// Noise is what the generator gives: recomputed here from the documented stream, number by number.
    @Test func noiseIsThatOfTheDocumentedStream() {
        let rule = GradientDescent(learningRate: 1).addingNoise(gaussian: 0.5, sign: 0.25, decay: 1, seed: 9)
        var state = rule.initialState(parameterCount: 3, of: Double.self)
        var generator = RandomGenerator(seed: 9, stream: 3)
        var parameters = [0.0, 0, 0]
        for step in 1...4 {
            let before = parameters
            rule.update(&parameters, gradient: [1, 2, 3], state: &state)
            for i in 0..<3 {
                let normal = generator.nextNormal()
                let sign = generator.next() >> 63 == 0 ? 1.0 : -1
                let expected = before[i] - (Double(i + 1) + (0.5 * normal + 0.25 * sign) / Double(step))
                #expect(abs(parameters[i] - expected) < 1e-14)
            }
        }
    }

    @Test func noiseHasItsMoments() {
        func noise(_ rule: some UpdateRule, _ count: Int) -> [Double] {
            var state: RuleState<Double> = rule.initialState(parameterCount: count)
            var parameters = [Double](repeating: 0, count: count)
            rule.update(&parameters, gradient: parameters, state: &state)
            return parameters
        }
        let descent = GradientDescent(learningRate: 1)
        let normal = noise(descent.addingNoise(gaussian: 2), 20_000)
        #expect(abs(normal.reduce(0, +) / 20_000) < 0.07)
        #expect(abs(normal.reduce(0) { $0 + $1 * $1 } / 20_000 - 4) < 0.2)
        let signs = noise(descent.addingNoise(sign: 2), 20_000)
        #expect(Set(signs) == [2, -2])
        #expect(abs(signs.reduce(0, +) / 20_000) < 0.07)
        #expect(noise(descent.addingNoise(sign: 2, seed: 1), 100) != Array(signs.prefix(100)))
        #expect(noise(descent.addingNoise(), 100).allSatisfy { $0 == 0 })
    }

    @Test func groupsDrawDifferentNoise() {
        let rule = GradientDescent(learningRate: 1).addingNoise(gaussian: 1).varied(in: [0..<4]) { _ in }
        var state = rule.initialState(parameterCount: 8, of: Double.self)
        var parameters = [Double](repeating: 0, count: 8)
        rule.update(&parameters, gradient: parameters, state: &state)
        #expect(Set(parameters).count == 8)
    }

    @Test func groupsKeepTheirProportion() {
        var rule = SGD(learningRate: 0.1).varied(in: [0..<1, 3..<4]) { $0.learningRate = 0.5 }
        rule = rule.varied(in: [2..<3]) { $0.learningRate = 0 }
        for rate in [0.1, 0, 0.2] {
            rule.learningRate = rate
            var state = rule.initialState(parameterCount: 5, of: Double.self)
            var parameters = [Double](repeating: 0, count: 5)
            rule.update(&parameters, gradient: [1, 1, 1, 1, 1], state: &state)
            let expected = [5 * rate, rate, 0, 5 * rate, rate]
            for (found, wanted) in zip(parameters, expected) { #expect(abs(found + wanted) < 1e-15) }
        }
        #expect(rule.groups.count == 2)
    }

    @Test func accumulatingMovesOnceInItsCount() {
        let rule = GradientDescent(learningRate: 1).accumulating(over: 3)
        var state = rule.initialState(parameterCount: 1, of: Double.self)
        var parameters = [0.0]
        var seen: [Double] = []
        for gradient in [1.0, 2, 6, 9, 9, 9] {
            rule.update(&parameters, gradient: [gradient], state: &state)
            seen.append(parameters[0])
        }
        #expect(seen == [0, 0, -3, -3, -3, -12])
        #expect(state.step == 6)
        #expect(state.inner[0].step == 2)
    }

    /// Against the definitions, from the list of all points.
    @Test(arguments: [
        Averaging.polyakRuppert(), .polyakRuppert(from: 4), .stochasticWeights(from: 3, every: 5),
        .exponential(decay: 0.7),
    ])
    func averages(averaging: Averaging) {
        let rule = SGD(learningRate: 0.1, momentum: 0.5).averaging(averaging)
        var state = rule.initialState(parameterCount: 2, of: Double.self)
        var parameters = [3.0, -1]
        var points: [[Double]] = []
        #expect(rule.averagedParameters(in: state) == nil)
        for step in 1...20 {
            rule.update(&parameters, gradient: [parameters[0], 2 * parameters[1]], state: &state)
            points.append(parameters)
            let expected: [Double]?
            switch averaging {
            case .mean(let from, let every):
                let chosen = (1...step).filter { $0 >= from && ($0 - from) % every == 0 }.map {
                    points[$0 - 1]
                }
                expected =
                    chosen.isEmpty
                    ? nil : (0..<2).map { i in chosen.reduce(0) { $0 + $1[i] } / Double(chosen.count) }
            case .exponential(let decay):
                expected = (0..<2).map { i in
                    points.dropFirst().reduce(points[0][i]) { decay * $0 + (1 - decay) * $1[i] }
                }
            }
            let found = rule.averagedParameters(in: state)
            #expect((found == nil) == (expected == nil))
            for (a, b) in zip(found ?? [], expected ?? []) { #expect(abs(a - b) < 1e-14) }
        }
        // The path is that of the rule inside.
        let plain = SGD(learningRate: 0.1, momentum: 0.5)
        var other = plain.initialState(parameterCount: 2, of: Double.self)
        var point = [3.0, -1]
        for _ in 1...20 { plain.update(&point, gradient: [point[0], 2 * point[1]], state: &other) }
        #expect(point == parameters)
    }

    @Test func workspaceIsNoPartOfTheState() {
        let rule = GradientDescent(learningRate: 1).clipping(norm: 1)
        var used = rule.initialState(parameterCount: 2, of: Float.self)
        var parameters: [Float] = [0, 0]
        rule.update(&parameters, gradient: [3, 4], state: &used)
        var fresh = rule.initialState(parameterCount: 2, of: Float.self)
        #expect(used != fresh)
        fresh.step = 1
        fresh.inner[0].step = 1
        #expect(used == fresh)
    }

    /// The numbers of docs/optimizers.md: a constant gradient, and a rate that falls after the fifth of ten steps.
    @Test func ratesInsideAndOutsideTheVelocityDiffer() {
        func distance<Rule: UpdateRule>(_ rule: Rule) -> Double {
            var rule = rule
            var state: RuleState<Double> = rule.initialState(parameterCount: 1)
            var parameters = [0.0]
            for step in 1...10 {
                rule.learningRate = step <= 5 ? 0.1 : 0.01
                rule.update(&parameters, gradient: [1], state: &state)
            }
            return -parameters[0]
        }
        #expect(abs(distance(SGD(momentum: 0.9)) - 1.597) < 5e-4)
        #expect(abs(distance(Momentum(momentum: 0.9)) - 2.955) < 5e-4)
    }

    @Test func scheduleFreeResultIsTheMeanOfItsSteppingPoints() {
        let rule = ScheduleFreeSGD(learningRate: 0.1, beta: 0.7)
        var state = rule.initialState(parameterCount: 1, of: Double.self)
        var parameters = [2.0]
        #expect(rule.averagedParameters(parameters, in: state) == [2])
        var sum = 0.0
        for step in 1...30 {
            rule.update(&parameters, gradient: parameters, state: &state)
            sum += state.slots[0][0]
            let mean = rule.averagedParameters(parameters, in: state)[0]
            #expect(abs(mean - sum / Double(step)) < 1e-13)
        }
    }
}

/// Misuse stops the program with a message that names the shapes.
@Suite struct RuleMisuseTests {
    @Test func lengthsThatDiffer() async {
        await #expect(processExitsWith: .failure) {
            let rule = Adam()
            var state = rule.initialState(parameterCount: 2, of: Double.self)
            var parameters = [1.0, 2]
            rule.update(&parameters, gradient: [1], state: &state)
        }
    }

    @Test func stateOfAnotherRule() async {
        await #expect(processExitsWith: .failure) {
            var state = SGD().initialState(parameterCount: 2, of: Double.self)
            var parameters = [1.0, 2]
            Adam().update(&parameters, gradient: [1, 1], state: &state)
        }
    }

    @Test func rangesThatOverlap() async {
        await #expect(processExitsWith: .failure) {
            _ = Adam().varied(in: [0..<3, 2..<4]) { _ in }
        }
    }

    @Test func hyperparametersOutOfRange() async {
        await #expect(processExitsWith: .failure) { _ = NAdam(beta1: 1) }
        await #expect(processExitsWith: .failure) { _ = Adagrad(learningRate: .nan) }
        await #expect(processExitsWith: .failure) {
            _ = Schedule.cosine(from: 1, over: .epochs(0))
        }
    }
}
