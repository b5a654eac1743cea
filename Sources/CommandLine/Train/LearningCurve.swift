import ArgumentParser
import Descent
import DescentModels

extension TrainingRunOptions {
    /// The score against the number of training examples, if it is wanted.
    ///
    /// Sizes at which the model cannot be fitted, such as too few examples for a class to be among them, are left out
    /// and said on standard error.
    ///
    /// - Parameter fit: Fits the model to some of the training examples.
    /// - Throws: What `fit` throws at every size.
    func learningCurve(
        _ data: TrainingData, _ computation: ComputationOptions, fit: (Dataset) throws -> SavedModel
    ) throws -> ScoreCurve? {
        guard learningCurve != nil else { return nil }
        let folds: [Fold]
        do {
            folds = try (data.train.isLabelled ? Folding.stratified(5) : .kFold(5)).folds(
                of: data.train, seed: computation.seed)
        } catch {
            throw Refusal("--learning-curve: \(error)")
        }
        let progress = TerminalProgress(isQuiet: computation.quiet)
        defer { progress.finish() }
        var points: [ScoreCurve.Point] = []
        var failure: (any Error)?
        let fractions = [0.1, 0.25, 0.5, 0.75, 1]
        var count = 0
        for fraction in fractions {
            do {
                let curve = try DescentModels.learningCurve(
                    data.train, folds, fractions: [fraction],
                    fit: { training in
                        count += 1
                        progress.show("learning curve \(progress.bar(Double(count) / 25)) \(count) of 25")
                        return try fit(training)
                    }, score: { model, part in model.score(on: part) })
                points += curve.points
            } catch {
                if case .cancelled = error as? TrainingError { throw ExitCode(Interruption.exitCode) }
                failure = error
                progress.say(
                    "The learning curve has no point at \(NumberFormat.shortest(100 * fraction)) %: \(error)")
            }
        }
        if points.isEmpty, let failure { throw failure }
        return ScoreCurve(name: "examples", points: points)
    }
}

extension SavedModel {
    /// Accuracy, or of a model of quantities R².
    fileprivate func score(on dataset: Dataset) -> Double {
        guard classifier == nil else { return evaluate(on: dataset).accuracy }
        let targets = dataset.targets!
        let metrics = try? RegressionMetrics(
            targets: (0..<targets.rows).map { targets[$0, 0] }, predictions: quantities(for: dataset))
        return metrics?.rSquared ?? .nan
    }
}
