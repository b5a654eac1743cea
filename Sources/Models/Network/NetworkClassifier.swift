import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization

/// A network together with what its predictions need: parameters, the scaler of its training set, the classes' names.
///
/// What `MLP` and `SoftmaxClassifier` have in common.
package struct NetworkClassifier<Scalar: MatrixScalar>: Codable, Equatable, Sendable {
    package let layout: NetworkLayout
    package var parameters: [Scalar]
    package var scaler: Scaler?
    package var classNames: [String]

    /// Trains from the present parameters, which are those of the last good evaluation if training diverges.
    mutating func train<Rule: UpdateRule>(
        on training: Dataset, validating validation: Dataset?, with rule: Rule, batchSize: BatchSize,
        for budget: Budget, scaling: Scaling, penalty: Penalty, seed: UInt64,
        onRecord: (History.Record) -> Void
    ) throws(TrainingError) -> History {
        // What was trained before keeps the scaler that its weights were made for.
        let scaler = self.scaler ?? Scaler(scaling, fittedOn: training)
        self.scaler = scaler
        classNames = training.classNames
        let objective = CrossEntropyObjective<Scalar>(layout, on: training, scaler: scaler, penalty: penalty)
        let held = validation.map { CrossEntropyObjective<Scalar>(layout, on: $0, scaler: scaler) }
        var loop = TrainingLoop(
            minimizing: objective, with: rule, from: parameters, batchSize: batchSize, seed: seed)
        defer { parameters = loop.parameters }
        return try loop.run(
            for: budget,
            evaluate: { parameters in
                guard let held else { return Evaluation() }
                let (loss, accuracy) = held.evaluate(at: parameters)
                return Evaluation(validationLoss: loss, validationAccuracy: accuracy)
            },
            onRecord: onRecord)
    }

    /// The mean loss and the share of examples classified rightly.
    func evaluate(on dataset: Dataset) -> (loss: Double, accuracy: Double) {
        CrossEntropyObjective<Scalar>(layout, on: dataset, scaler: scaler(for: dataset)).evaluate(
            at: parameters)
    }

    /// The logits of every example, one row each.
    func logits(for dataset: Dataset) -> Matrix<Scalar> {
        let objective = CrossEntropyObjective<Scalar>(layout, on: dataset, scaler: scaler(for: dataset))
        return objective.logits(at: parameters)
    }

    /// The scaler of the training set; before any training, features are taken as they are.
    private func scaler(for dataset: Dataset) -> Scaler {
        scaler ?? Scaler.identity(featureCount: dataset.featureCount)
    }
}
