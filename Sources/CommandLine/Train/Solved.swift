import Descent

/// A model that was solved for rather than trained in epochs.
struct Solved {
    let model: SavedModel
    var history = History()
    /// How the search for the minimum went, where there was one.
    var solver: SolverReport?
    /// What to show of the fit.
    var report: String?
    var warnings: [String] = []

    /// A longer summary of coefficients would hide what comes after it.
    static let mostCoefficients = 60

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
        _ data: TrainingData, title: String, isQuiet: Bool,
        _ fit: ((History.Record) -> Void) throws -> Solved
    ) throws {
        try check()
        let progress = TerminalProgress(isQuiet: isQuiet)
        if format == .text && !isQuiet {
            var output = TextOutput()
            output.write("\(data.description)\n\(title)\n")
            output.flush()
        }
        let start = ContinuousClock().now
        var iterations = 0
        let solved = try explaining {
            try fit { record in
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
        outcome.warnings = solved.warnings + (solved.solver?.warnings.map(\.description) ?? [])
        try finish(outcome, title: "\(data.train.name), \(title)")
    }

    /// Says in options of the command what an error says in Swift.
    private func explaining(_ fit: () throws -> Solved) throws -> Solved {
        do {
            return try fit()
        } catch let error as LogisticError {
            guard case .separable(let separation) = error else { throw error }
            let text = "\(separation)".split(separator: ".l2(1e-3)", omittingEmptySubsequences: false)
            throw Refusal(text.joined(separator: "--l2 1e-3"))
        }
    }
}
