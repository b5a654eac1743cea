import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization

/// A classifying network and the names of its classes: what `MLP` and `SoftmaxClassifier` have in common.
package struct NetworkClassifier<Scalar: MatrixScalar>: Codable, Equatable, Sendable {
    package var network: Network<Scalar>
    package private(set) var classNames: [String]

    package init(network: Network<Scalar>, classNames: [String]) {
        precondition(
            classNames.count == max(network.layout.outputCount, 2),
            "\(classNames.count) classes for a network of \(network.layout.outputCount) outputs")
        self.network = network
        self.classNames = classNames
    }

    package init(layout: NetworkLayout, parameters: [Scalar], scaler: Scaler?, classNames: [String]) {
        self.init(
            network: Network(layout: layout, parameters: parameters, scaler: scaler), classNames: classNames)
    }

    package var layout: NetworkLayout { network.layout }
    package var parameters: [Scalar] { network.parameters }
    package var scaler: Scaler? { network.scaler }

    /// Trains from the present parameters.
    mutating func train<Rule: UpdateRule>(
        on training: Dataset, validating validation: Dataset?, _ how: Network<Scalar>.Training<Rule>,
        onEvent: (TrainingEvent) -> Void
    ) throws(TrainingError) -> History {
        takeClasses(of: training)
        if let validation { checkClasses(of: validation) }
        return try network.train(on: training, validating: validation, how, onEvent: onEvent)
    }

    /// Trains from the present parameters, with no more options than a seed.
    mutating func train<Rule: UpdateRule>(
        on training: Dataset, validating validation: Dataset?, with rule: Rule, batchSize: BatchSize,
        for budget: Budget, scaling: Scaling, penalty: Penalty, seed: UInt64,
        onRecord: (History.Record) -> Void
    ) throws(TrainingError) -> History {
        try train(
            on: training, validating: validation,
            Network.Training(
                rule: rule, batchSize: batchSize, budget: budget, scaling: scaling, penalty: penalty,
                options: TrainingOptions(seed: seed))
        ) { event in
            if case .evaluated(let record) = event { onRecord(record) }
        }
    }

    /// Takes the names of the classes at the first training; later they have to be the same.
    mutating func takeClasses(of training: Dataset) {
        checkClasses(of: training)
        if training.isLabelled { classNames = training.classNames }
    }

    /// The mean loss and the share of examples classified rightly.
    func evaluate(on dataset: Dataset) -> (loss: Double, accuracy: Double) {
        checkClasses(of: dataset)
        return network.evaluate(on: dataset)
    }

    /// The logits of every example, one row each.
    ///
    /// A network of one output z stands for two classes of logits 0 and z.
    func logits(for dataset: Dataset) -> Matrix<Scalar> {
        let outputs = network.outputs(for: dataset)
        guard layout.outputCount == 1 else { return outputs }
        return Matrix(rows: outputs.rows, columns: 2) { logits in
            for row in 0..<outputs.rows {
                logits[2 * row] = 0
                logits[2 * row + 1] = outputs[row, 0]
            }
        }
    }

    /// A class that is another one by the same number would count as right.
    private func checkClasses(of dataset: Dataset) {
        precondition(
            scaler == nil || !dataset.isLabelled || dataset.classNames == classNames,
            "a model of the classes \(classNames) and a data set of the classes \(dataset.classNames)")
    }
}
