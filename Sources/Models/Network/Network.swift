import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization

/// A network together with what its outputs mean: what the two kinds of multilayer perceptron have in common.
package struct Network<Scalar: MatrixScalar>: Equatable, Sendable {
    package let layout: NetworkLayout
    package let loss: NetworkLoss
    /// Parameters, then running statistics, as `layout` orders them.
    package var parameters: [Scalar]
    /// Fitted on the first training set.
    package var scaler: Scaler?
    /// Fitted on the first training set, where there are quantities to be scaled.
    package var targetScaler: Scaler?

    package init(
        layout: NetworkLayout, loss: NetworkLoss = .crossEntropy(), parameters: [Scalar],
        scaler: Scaler? = nil, targetScaler: Scaler? = nil
    ) {
        if let problem = loss.problem { preconditionFailure(problem) }
        precondition(
            parameters.count == layout.valueCount,
            "\(parameters.count) numbers for a network of \(layout.valueCount)")
        self.layout = layout
        self.loss = loss
        self.parameters = parameters
        self.scaler = scaler
        self.targetScaler = targetScaler
    }

    /// How a training is to go.
    package struct Training<Rule: UpdateRule> {
        package var rule: Rule
        package var batchSize: BatchSize
        package var budget: Budget
        package var scaling: Scaling
        package var targetScaling: Scaling = .none
        package var penalty: Penalty
        package var options: TrainingOptions
    }

    /// Trains from the present parameters, which are those of the last good evaluation if training diverges.
    mutating func train<Rule: UpdateRule>(
        on training: Dataset, validating validation: Dataset?, _ how: Training<Rule>,
        onEvent: (TrainingEvent) -> Void
    ) throws(TrainingError) -> History {
        prepare(for: training, scaling: how.scaling, targetScaling: how.targetScaling)
        let objective = objective(on: training, penalty: how.penalty, seed: how.options.seed)
        let held = validation.map { self.objective(on: $0) }
        var loop = TrainingLoop(
            minimizing: objective, with: how.rule, from: parameters, batchSize: how.batchSize,
            seed: how.options.seed)
        let batchSize = how.batchSize.resolved(exampleCount: training.count)
        /// What can be used of the parameters that training has come to.
        func usable(_ result: [Scalar]) -> [Scalar] {
            how.rule.averages ? objective.withStatistics(of: result, batchSize: batchSize) : result
        }
        defer { parameters = usable(loop.result) }
        var options = how.options
        if options.checkpoints != nil {
            options.identity.merge(identity(of: how, on: training, validating: validation)) { given, _ in
                given
            }
        }
        return try loop.run(
            until: how.budget, options: options,
            evaluate: { result in
                let parameters = usable(result)
                var evaluation = Evaluation()
                if options.evaluatesTrainingAccuracy, objective.dataset.isLabelled {
                    evaluation.trainingAccuracy = objective.evaluate(at: parameters).accuracy
                }
                guard let held else { return evaluation }
                let (loss, accuracy) = held.evaluate(at: parameters)
                evaluation.validationLoss = loss
                evaluation.validationAccuracy = held.dataset.isLabelled ? accuracy : nil
                return evaluation
            },
            onEvent: onEvent)
    }

    /// Fits the scalers, unless they were: what was trained before keeps those that its weights were made for.
    mutating func prepare(for training: Dataset, scaling: Scaling, targetScaling: Scaling) {
        if scaler == nil { scaler = Scaler(scaling, fittedOn: training) }
        if targetScaler == nil, targetScaling != .none, let targets = training.targets {
            // The targets of a data set have been found finite.
            targetScaler = Scaler(targetScaling, fittedOn: try! Dataset(features: targets))
        }
    }

    /// The objective of this network on a data set.
    func objective(
        on dataset: Dataset, penalty: Penalty = .none, seed: UInt64 = 0
    ) -> NetworkObjective<Scalar> {
        NetworkObjective(
            layout, on: dataset, scaler: scaler(for: dataset), targetScaler: targetScaler, loss: loss,
            penalty: penalty, seed: seed)
    }

    /// The mean loss and the share of examples classified rightly.
    func evaluate(on dataset: Dataset) -> (loss: Double, accuracy: Double) {
        objective(on: dataset).evaluate(at: parameters)
    }

    /// The outputs for every example, one row each.
    func outputs(for dataset: Dataset) -> Matrix<Scalar> {
        networkOutputs(layout, parameters, for: dataset, scaler: scaler(for: dataset))
    }

    /// The scaler of the training set; before any training, features are taken as they are.
    private func scaler(for dataset: Dataset) -> Scaler {
        scaler ?? Scaler.identity(featureCount: dataset.featureCount)
    }
}

extension Network: Codable {
    private enum CodingKeys: String, CodingKey {
        case layout, loss, parameters, scaler, targetScaler
    }

    /// Reads what was written; throws `DecodingError` where that makes no network.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let layout = try container.decode(NetworkLayout.self, forKey: .layout)
        let loss = try container.decode(NetworkLoss.self, forKey: .loss)
        let parameters = try container.decode([Scalar].self, forKey: .parameters)
        let scaler = try container.decodeIfPresent(Scaler.self, forKey: .scaler)
        let targetScaler = try container.decodeIfPresent(Scaler.self, forKey: .targetScaler)
        guard parameters.count == layout.valueCount, loss.problem == nil,
            scaler.map({ $0.featureCount == layout.inputCount }) ?? true,
            targetScaler.map({ $0.featureCount == layout.outputCount }) ?? true
        else {
            throw DecodingError.dataCorruptedError(
                forKey: .parameters, in: container,
                debugDescription:
                    "\(parameters.count) numbers do not make a network of \(layout.valueCount)")
        }
        self.init(
            layout: layout, loss: loss, parameters: parameters, scaler: scaler, targetScaler: targetScaler)
    }
}
