import Descent

extension Benchmark {
    /// Loss and gradient over a whole training set, of softmax regression and of a perceptron.
    static func passes(over dataset: Dataset) -> [Benchmark] {
        let (features, classes) = (dataset.featureCount, dataset.classCount)
        return [
            pass("softmax", over: dataset, NetworkLayout(sizes: [features, classes])),
            pass("128-64 network", over: dataset, NetworkLayout(sizes: [features, 128, 64, classes])),
        ]
    }

    private static func pass(_ name: String, over dataset: Dataset, _ layout: NetworkLayout) -> Benchmark {
        // A product forward, and two of its size backward, except for the features' gradient, which nobody needs.
        let weights = layout.layers.map { Double($0.weights.count) }
        let products = 3 * weights.reduce(0, +) - weights[0]
        return Benchmark(
            name: "\(name), \(dataset.count) examples, Float",
            amount: 2e-9 * products * Double(dataset.count),
            unit: "GF"
        ) {
            let objective = CrossEntropyObjective<Float>(
                layout, on: dataset, scaler: Scaler(.automatic, fittedOn: dataset))
            let parameters: [Float] = layout.randomParameters(seed: 0)
            var gradient = parameters
            return { _ = objective.valueAndGradient(at: parameters, gradient: &gradient) }
        }
    }
}
