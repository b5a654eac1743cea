import Descent

/// The data and the model of a comparison, as objectives.
struct ComparisonProblem {
    /// What learning rates are chosen on: part of the training set, evaluated on the rest.
    let tuning: ComparisonTask<CrossEntropyObjective<Float>>
    /// What is measured: the whole training set, evaluated on itself and on the test set.
    let measuring: ComparisonTask<CrossEntropyObjective<Float>>
    /// The problem in words and numbers.
    let description: OptimizerComparisonResult.Problem

    init(command: CompareCommand, train: Dataset, test: Dataset) {
        let hidden = command.model == .mlp ? command.hidden : []
        let sizes = [train.featureCount] + hidden + [train.classCount]
        let layout = NetworkLayout(sizes: sizes)
        let penalty = command.penalty > 0 ? Penalty.l2(command.penalty) : .none
        let scaling = command.scaling.scaling
        typealias Objective = CrossEntropyObjective<Float>

        let parts = train.split(
            validation: command.validationFraction, stratified: true, seed: command.computation.seed)
        // The held-out part is no part of what the scaler knows.
        let tuningScaler = Scaler(scaling, fittedOn: parts.train)
        let held = Objective(layout, on: parts.validation, scaler: tuningScaler)
        let start: @Sendable (UInt64) -> [Float] = { layout.randomParameters(seed: $0) }
        tuning = ComparisonTask(
            Objective(layout, on: parts.train, scaler: tuningScaler, penalty: penalty),
            initialParameters: start
        ) { parameters in Evaluation(validationLoss: held.evaluate(at: parameters).loss) }

        let scaler = Scaler(scaling, fittedOn: train)
        let objective = Objective(layout, on: train, scaler: scaler, penalty: penalty)
        let tested = Objective(layout, on: test, scaler: scaler)
        measuring = ComparisonTask(objective, initialParameters: start) { parameters in
            let (loss, accuracy) = tested.evaluate(at: parameters)
            return Evaluation(
                trainingLoss: objective.value(at: parameters), validationLoss: loss,
                validationAccuracy: accuracy)
        }

        description = OptimizerComparisonResult.Problem(
            data: train.name, path: train.source, sha256: train.sha256,
            model: command.model == .softmax
                ? "softmax regression" : "MLP \(sizes.map(String.init).joined(separator: "-"))",
            parameterCount: layout.parameterCount, trainingExamples: train.count, testExamples: test.count,
            features: train.featureCount, classes: train.classCount, penalty: command.penalty,
            scaling: command.scaling.words(for: train))
    }
}
