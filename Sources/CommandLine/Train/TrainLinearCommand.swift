import ArgumentParser
import Descent

/// `descent train linear`: linear regression.
struct TrainLinearCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "linear",
        abstract: "Train linear regression: least squares, ridge, lasso or elastic net.",
        discussion: """
            Without a penalty by least squares, with a statistician's table; descent lstsq tells more and does more of \
            that. With --l1 or --l2 by coordinate descent on

              Σ (y − ŷ)² / 2n + l1 ‖β‖₁ + l2/2 ‖β‖²

            which scikit-learn's ElasticNet makes small too; --l1 auto chooses the penalty by ten-fold \
            cross-validation. --scaling standardize puts it on the coefficients of standardized features, as glmnet \
            does; automatic and none take features as they are. With --optimizer the same is approached in epochs, the \
            penalty being on the coefficients of the features as --scaling leaves them, standardized unless it says \
            otherwise.

            Examples:
              descent train linear houses.csv --target price --test 0.2
              descent train linear houses.csv --target price --l1 auto --scaling standardize --save houses.model
              descent train linear houses.csv --target price --optimizer sgd --learning-rate 0.01 --epochs 50
            """)

    @OptionGroup(title: "Data") var data: TrainingDataOptions

    @Option(
        name: .customLong("l1"), parsing: .unconditional,
        help: ArgumentHelp(
            "λ in the penalty λ ‖β‖₁, which sets coefficients to zero, or auto.", valueName: "lambda|auto"),
        transform: Self.lasso)
    var l1: Lasso?

    @Option(
        name: .customLong("l2"), parsing: .unconditional,
        help: ArgumentHelp("λ in the penalty λ/2 ‖β‖².", valueName: "lambda"))
    var l2 = 0.0

    @OptionGroup(title: "Optimizer") var optimizer: OptimizerOptions

    @OptionGroup(title: "Run") var options: TrainingRunOptions

    @OptionGroup var computation: ComputationOptions

    /// The penalty on magnitudes.
    enum Lasso: Equatable {
        case value(Double)
        case automatic
    }

    func validate() throws {
        if !(l2 >= 0 && l2.isFinite) { throw ValidationError("--l2 must be 0 or more, not \(l2).") }
        if optimizer.optimizer == nil {
            try options.requireNoEpochs(optimizer, for: "linear regression")
        } else if l1 == .automatic {
            throw ValidationError("--l1 auto solves for many penalties: leave --optimizer out.")
        }
        if l1 == .automatic && l2 > 0 { throw ValidationError("--l1 auto chooses a lasso, without --l2.") }
        if data.scaling == .range || data.scaling == .symmetricRange, optimizer.optimizer == nil {
            throw ValidationError("--scaling range is for --optimizer; a penalty takes standardize or none.")
        }
    }

    func run() throws {
        computation.apply()
        try reportingMisuse {
            let data = try data.regression(seed: computation.seed)
            if optimizer.optimizer != nil {
                try train(data)
            } else {
                try options.solve(data, title: "Linear regression", computation) { training, _ in
                    try fit(training, of: data)
                }
            }
        }
    }

    /// Approaches the minimum by epochs.
    private func train(_ data: TrainingData) throws {
        let network = MLPRegressor<Float>(
            inputs: data.train.featureCount, layers: [.dense(1, initializer: .zeros)],
            scaling: self.data.scaling.scaling)
        try EpochTraining(
            data: data, title: "Linear regression", parameterCount: network.layout.parameterCount,
            optimizer: optimizer, options: options, computation: computation,
            warnings: lasso > 0 ? [PenaltyOptions.noZeros] : []
        ).regress(network, penalty: penalty(on: data.train)) { network in
            LinearModel(network, featureNames: data.featureNames).map { .linear($0) } ?? .regressor(network)
        }
    }

    /// The λ of ‖β‖₁; 0 where it is to be chosen.
    private var lasso: Double { if case .value(let value) = l1 { value } else { 0 } }

    /// The penalty as the network has to be told.
    ///
    /// It minimizes the mean of (z − w·x)² for targets z = (y − m)/s, the command half the mean of (y − ŷ)² with
    /// β = s w: divided by s²/2, λ₁ ‖β‖₁ is 2 λ₁/s ‖w‖₁ and λ₂/2 ‖β‖² is λ₂ ‖w‖².
    private func penalty(on training: Dataset) throws -> Penalty {
        // Factor 1/s, or 0 for a target that is constant, and which no coefficient explains.
        let factor = Scaler(.standardize, fittedOn: try Dataset(features: training.targets!)).factor[0]
        return Penalty(l1: 2 * lasso * factor, l2: 2 * l2)
    }

    private func fit(_ training: Dataset, of data: TrainingData) throws(LeastSquaresError) -> Solved {
        let features = training.matrix(as: Double.self)
        let targets = training.targets!
        let target = (0..<targets.rows).map { targets[$0, 0] }
        let standardizes = self.data.scaling == .standardize
        var solved: Solved
        switch (l1, l2) {
        case (.automatic, _):
            let choice = try ElasticNetCrossValidation(
                features, target, weights: training.weights, names: data.featureNames,
                folds: .random(seed: computation.seed),
                standardizes: standardizes)
            solved = Solved(choice.best, how: "chosen by cross-validation")
        case (nil, 0), (.value(0), 0):
            let model = try LinearRegression().fit(
                features, target, weights: training.weights, names: data.featureNames,
                targetName: data.targetName ?? "y")
            solved = Solved(
                model: .linear(model), report: model.leastSquares.map { Solved.trimmed($0.summary) },
                warnings: model.leastSquares?.warnings.map(\.description) ?? [])
        case (_, let l2):
            let fit = try ElasticNet(
                lambda: lasso + l2, l1Ratio: lasso / (lasso + l2), standardizes: standardizes
            ).fit(features, target, weights: training.weights, names: data.featureNames)
            solved = Solved(fit, how: "as given")
        }
        if options.plot != nil { solved.predictions = (target, solved.model.quantities(for: training)) }
        return solved
    }

    private static func lasso(_ text: String) throws -> Lasso {
        if text == "auto" { return .automatic }
        guard let value = Double(text), value >= 0, value.isFinite else {
            throw ValidationError("'\(text)' is neither auto nor a number from 0.")
        }
        return .value(value)
    }
}

extension Solved {
    /// A fit with a penalty, its coefficients as a table.
    init(_ fit: ElasticNetFit, how: String) {
        let nonZero = "\(fit.nonZeroCount) of \(fit.model.coefficients.count) coefficients are not zero"
        self.init(
            model: .linear(fit.model),
            report: (Self.table(fit.model) + [
                "",
                "Penalty \(NumberFormat.significant(fit.lambda, digits: 5)), \(how), "
                    + "share of L1 \(NumberFormat.shortest(fit.l1Ratio)); \(nonZero)",
            ]).joined(separator: "\n"),
            warnings: fit.isConverged
                ? [] : ["coordinate descent stopped before the minimum, after \(fit.sweeps) sweeps"])
    }
}
