import Descent

extension Benchmark {
    /// A step of each rule over as many parameters as a perceptron of 784, 128, 64 and 10 units has.
    static var updateRules: [Benchmark] {
        [
            step("SGD with momentum", SGD(learningRate: 1e-3, momentum: 0.9)),
            step("Adam", Adam(learningRate: 1e-3)),
        ]
    }

    private static func step(_ name: String, _ rule: some UpdateRule, count: Int = 109_386) -> Benchmark {
        Benchmark(name: "\(name), \(count) Float", amount: 1, unit: "steps") {
            var parameters = [Float](repeating: 0.5, count: count)
            let gradient = (0..<count).map { Float($0 % 17) - 8 }
            var state = rule.initialState(parameterCount: count, of: Float.self)
            return { rule.update(&parameters, gradient: gradient, state: &state) }
        }
    }
}
