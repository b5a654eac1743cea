import Descent
import DescentDatasets

/// A model that was solved for rather than trained in epochs.
struct Solved {
    let model: SavedModel
    var history = History()
    /// How the search for the minimum went, where there was one.
    var solver: SolverReport?
    /// What to show of the fit.
    var report: String?
    var warnings: [String] = []

    /// What a picture of the fit shows, where there was no search to be drawn: truth and prediction of each example.
    var predictions: (truth: [Double], predicted: [Double])?

    /// A longer summary of coefficients would hide what comes after it.
    static let mostCoefficients = 60

    /// What an error or a warning says in Swift, in options of the command.
    static func inOptions(_ text: String) -> String {
        text.split(separator: ".l2(1e-3)", omittingEmptySubsequences: false).joined(separator: "--l2 1e-3")
    }

    /// A text without the ends of lines behind it.
    static func trimmed(_ text: String) -> String {
        var text = text[...]
        while text.last == "\n" { text.removeLast() }
        return String(text)
    }
}

extension TrainingRunOptions {
    /// Solves for a model, and tells, saves and draws it.
    ///
    /// - Parameter fit: Fits the model, telling of each iteration.
    func solve(
        _ data: TrainingData, title: String, _ computation: ComputationOptions,
        _ fit: (Dataset, (History.Record) -> Void) throws -> Solved
    ) throws {
        try check()
        let progress = TerminalProgress(isQuiet: computation.quiet)
        if format == .text && !computation.quiet {
            var output = TextOutput()
            for line in data.lines + [title] { output.write(line + "\n") }
            output.flush()
        }
        let start = ContinuousClock().now
        var iterations = 0
        let solved = try explaining {
            try fit(data.train) { record in
                iterations += 1
                let loss = record.trainingLoss ?? record.runningLoss
                progress.show(
                    "iteration \(iterations)"
                        + (loss.map { "  loss \(NumberFormat.fixed($0, decimals: 5))" } ?? ""))
            }
        }
        progress.finish()
        var outcome = TrainingOutcome(data: data, model: solved.model, history: solved.history)
        outcome.seconds = (ContinuousClock().now - start) / .seconds(1)
        outcome.report = solved.report
        outcome.predictions = solved.predictions
        let name = "\(data.train.name), \(title)"
        outcome.warnings = solved.warnings + (solved.solver?.warnings.map { Solved.inOptions("\($0)") } ?? [])
        try keep(outcome, title: name)
        outcome.curve = try learningCurve(data, computation) { training in
            try explaining { try fit(training, { _ in }) }.model
        }
        try finish(outcome, title: name, isQuiet: computation.quiet)
    }

    /// Says in options of the command what an error says in Swift.
    private func explaining(_ fit: () throws -> Solved) throws -> Solved {
        do {
            return try fit()
        } catch let error as LogisticError {
            guard case .separable(let separation) = error else { throw error }
            throw Refusal(Solved.inOptions("\(separation)"))
        }
    }
}

extension Solved {
    /// A fit by a solver, its coefficients and all where they are few.
    init(_ model: SavedModel, _ history: History, _ solver: SolverReport?) {
        self.init(model: model, history: history, solver: solver, report: Self.report(of: model))
    }

    /// What there is to show of a regression; `nil` for networks.
    ///
    /// Its coefficients and how it was fitted; of very many coefficients only the latter.
    static func report(of model: SavedModel) -> String? {
        let isShort = model.coefficientCount < mostCoefficients
        switch model {
        case .linear(let model): return isShort ? table(model).joined(separator: "\n") : nil
        case .logistic(let model): return isShort ? inOptions(trimmed(model.summary)) : "\(model.report)"
        case .softmax(let model):
            return isShort ? inOptions(trimmed(model.summary)) : model.report.map { "\($0)" }
        default: return nil
        }
    }

    /// Intercept and coefficients, a line each.
    static func table(_ model: LinearModel) -> [String] {
        var table = TextTable(columns: [.init("", alignment: .left), .init("estimate")])
        table.append(["(Intercept)", NumberFormat.significant(model.intercept, digits: 7)])
        for (name, value) in zip(model.featureNames, model.coefficients) {
            table.append([
                DataFileError.printable(name),
                value == 0 ? "0" : NumberFormat.significant(value, digits: 7),
            ])
        }
        return table.lines()
    }
}
