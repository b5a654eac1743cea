import Descent

/// Softmax regression on the digits as the course has it: standardized, a quarter held out, started in 0…1.
struct CourseProblem {
    typealias Loss = CrossEntropyObjective<Double>
    let train: Dataset
    let objective: Loss
    let held: Loss
    let layout: NetworkLayout
    let start: [Double]

    init(seed: UInt64, penalty: Penalty) {
        let (train, validation) = Digits.load().split(validation: 0.25, seed: seed)
        let scaler = Scaler(.standardize, fittedOn: train)
        layout = NetworkLayout(sizes: [train.featureCount, train.classCount])
        objective = Loss(layout, on: train, scaler: scaler, penalty: penalty)
        held = Loss(layout, on: validation, scaler: scaler)
        start = Self.start(layout, seed: seed)
        self.train = train
    }

    /// Uniform in 0…1, as the course draws them.
    static func start(_ layout: NetworkLayout, seed: UInt64) -> [Double] {
        var generator = RandomGenerator(seed: seed)
        return (0..<layout.parameterCount).map { _ in generator.nextUnit() }
    }

    func evaluate(_ parameters: [Double]) -> Evaluation {
        let (loss, accuracy) = held.evaluate(at: parameters)
        return Evaluation(
            trainingLoss: objective.value(at: parameters), validationLoss: loss,
            validationAccuracy: accuracy)
    }

    /// The loss of each batch of an epoch at the starting point.
    func batchLosses(batchSize: Int, seed: UInt64) -> [Double] {
        var generator = RandomGenerator(seed: seed, stream: 1)
        let order = generator.permutation(of: train.count)
        var gradient = start
        return stride(from: 0, to: order.count, by: batchSize).map { first in
            let batch = Array(order[first..<min(first + batchSize, order.count)])
            return objective.valueAndGradient(at: start, examples: batch.span, gradient: &gradient)
        }
    }
}
