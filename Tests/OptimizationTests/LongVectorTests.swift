import DescentLinearAlgebra
import DescentOptimization
import Testing

/// Long vectors are cut up for threads: nothing of that may be seen.
@Suite struct LongVectorTests {
    static let rules: [NamedRule] = [
        NamedRule("momentum", SGD(learningRate: 0.01, momentum: 0.9)),
        NamedRule("rmsprop", RMSprop(centered: true, momentum: 0.9)),
        NamedRule("amsgrad", Adam(amsgrad: true)),
    ]

    @Test(arguments: rules, [65_535, 65_536, 65_537, 131_072, 200_003])
    func theCutIsNotSeen(named: NamedRule, count: Int) {
        check(named.rule, count, as: Float.self)
        check(named.rule, count, as: Double.self)
    }

    func check<Scalar: MatrixScalar, Rule: UpdateRule>(_ rule: Rule, _ count: Int, as type: Scalar.Type) {
        let start = (0..<count).map { Scalar($0 % 101) / 50 - 1 }
        let gradient = (0..<count).map { Scalar($0 % 89) / 40 - 1 }
        var whole = start
        var state = rule.initialState(parameterCount: count, of: Scalar.self)
        for _ in 0..<2 { rule.update(&whole, gradient: gradient, state: &state) }

        var joined: [Scalar] = []
        var slots = [[Scalar]](repeating: [], count: state.slots.count)
        for begin in stride(from: 0, to: count, by: 30_000) {
            let range = begin..<min(begin + 30_000, count)
            var part = Array(start[range])
            var partState = rule.initialState(parameterCount: range.count, of: Scalar.self)
            for _ in 0..<2 { rule.update(&part, gradient: Array(gradient[range]), state: &partState) }
            joined += part
            for index in slots.indices { slots[index] += partState.slots[index] }
        }
        #expect(whole == joined)
        #expect(state.slots == slots)
    }

    @Test func aLongStepDoesTheSameOnAnyNumberOfThreads() {
        let threads = Compute.threadCount
        defer { Compute.threadCount = threads }
        let gradient = (0..<300_000).map { Float($0 % 89) / 40 - 1 }
        let results = [1, 2, 5].map { threadCount in
            Compute.threadCount = threadCount
            var parameters = gradient
            var state = Adam().initialState(parameterCount: gradient.count, of: Float.self)
            for _ in 0..<3 { Adam().update(&parameters, gradient: gradient, state: &state) }
            return parameters
        }
        #expect(results[0] == results[1])
        #expect(results[0] == results[2])
    }
}
