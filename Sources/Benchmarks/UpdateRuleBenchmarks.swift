import Descent

extension Benchmark {
    static var updateRules: [Benchmark] {
        [100_000, 10_000_000].flatMap { n in
            [
                step("GD", GradientDescent(learningRate: 1e-3), count: n),
                step("SGD", SGD(learningRate: 1e-3), count: n),
                step("SGD momentum", SGD(learningRate: 1e-3, momentum: 0.9), count: n),
                step("Momentum", Momentum(learningRate: 1e-3, momentum: 0.9), count: n),
                step("Adagrad", Adagrad(), count: n),
                step("Adam", Adam(learningRate: 1e-3), count: n),
                step("AMSGrad", Adam(learningRate: 1e-3, amsgrad: true), count: n),
                step("AdamW", AdamW(learningRate: 1e-3), count: n),
                step("RMSprop", RMSprop(), count: n),
                step("RMSprop centered momentum", RMSprop(centered: true, momentum: 0.9), count: n),
                step("Adadelta", Adadelta(), count: n),
                step("AdaMax", AdaMax(), count: n),
                step("NAdam", NAdam(), count: n),
                step("RAdam", RAdam(), count: n),
                step("Rprop", Rprop(), count: n),
                step("Lion", Lion(), count: n),
                step("LAMB", LAMB(), count: n),
                step("LARS", LARS(), count: n),
                step("ScheduleFreeSGD", ScheduleFreeSGD(), count: n),
                step("ScheduleFreeAdamW", ScheduleFreeAdamW(), count: n),
            ]
        }
    }

    private static func step(_ name: String, _ rule: some UpdateRule, count: Int = 109_386) -> Benchmark {
        Benchmark(name: "\(name), \(count) Float", amount: Double(count), unit: "parameters") {
            var parameters = [Float](repeating: 0.5, count: count)
            let gradient = (0..<count).map { Float($0 % 17) - 8 }
            var state = rule.initialState(parameterCount: count, of: Float.self)
            return { rule.update(&parameters, gradient: gradient, state: &state) }
        }
    }
}
