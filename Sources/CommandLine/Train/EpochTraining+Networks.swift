import Descent

extension EpochTraining {
    /// Trains a network that tells classes apart.
    ///
    /// - Parameter saved: The model that is told of and saved.
    func classify(
        _ model: MLP<Float>, penalty: Penalty, classWeights: ClassWeights,
        as saved: (MLP<Float>, _ training: Dataset, History) throws -> SavedModel
    ) throws {
        func train<Rule: UpdateRule>(
            _ rule: Rule, _ task: Task
        ) throws -> Trained {
            var model = model
            let history = try model.train(
                on: task.training, validating: task.validation, with: rule, batchSize: task.batchSize,
                for: task.budget, penalty: penalty, classWeights: classWeights, options: task.options,
                onEvent: task.onEvent)
            return Trained(model: try saved(model, task.training, history), history: history)
        }
        try run { rule, task in try train(rule, task) }
    }

    /// Trains a network that predicts quantities.
    ///
    /// - Parameter saved: The model that is told of and saved.
    func regress(
        _ model: MLPRegressor<Float>, penalty: Penalty, as saved: (MLPRegressor<Float>) -> SavedModel
    ) throws {
        func train<Rule: UpdateRule>(
            _ rule: Rule, _ task: Task
        ) throws -> Trained {
            var model = model
            let history = try model.train(
                on: task.training, validating: task.validation, with: rule, batchSize: task.batchSize,
                for: task.budget, penalty: penalty, options: task.options, onEvent: task.onEvent)
            return Trained(model: saved(model), history: history)
        }
        try run { rule, task in try train(rule, task) }
    }
}
