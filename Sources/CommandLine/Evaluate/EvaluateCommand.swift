import ArgumentParser
import Descent
import DescentDatasets

/// `descent evaluate`: how good a model is on examples of which the truth is known.
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Test a model that descent train wrote: scores, confusion matrix, worst mistakes.",
        discussion: """
            Of data in parts, x_test and y_test are taken. Of a file of columns, --target is the truth. The worst \
            mistakes are those to whose true class the model gave the least probability.

            Examples:
              descent evaluate mnist.model mnist --plot mistakes.png
              descent evaluate iris.model test.csv --target species --format json
            """)

    @Argument(help: "The model.", completion: .file())
    var model: String

    @Argument(help: "The examples, or - for standard input; or digits or mnist.", completion: .file())
    var data: String

    @Option(help: ArgumentHelp("The column of the truth, in a file of columns.", valueName: "column"))
    var target: String?

    @Option(help: ArgumentHelp("How many of the worst mistakes to show.", valueName: "count"))
    var mistakes: Int = 10

    @Option(help: "What to print.")
    var format = Format.text

    @Option(
        help: ArgumentHelp(
            "Draw the worst mistakes, as svg or png: of pictures, 25 of them.", valueName: "file"))
    var plot: String?

    @Option(help: "Threads to work on. (default: the number of processors)")
    var threads: Int?

    /// What can be printed.
    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    func validate() throws {
        if model == "-" { throw ValidationError("a model cannot be read from standard input.") }
        if mistakes < 0 { throw ValidationError("--mistakes must be 0 or more, not \(mistakes).") }
        if let threads, threads < 1 {
            throw ValidationError("--threads must be at least 1, not \(threads).")
        }
        try Plotting.validate(plot)
    }

    func run() throws {
        if let threads { Compute.threadCount = threads }
        try reportingMisuse {
            if plot != nil { _ = try Plotting.program() }
            let model = try StoredModel(path: model)
            let file = try ExampleFile(data)
            if file.hasParts, target != nil {
                throw Misuse("--target is for files of columns; \(file.name) has y_test.")
            }
            if !file.hasParts, target == nil {
                throw Misuse("--target is needed: the column of \(file.name) that is the truth.")
            }
            let examples = try file.examples(for: model, target: target)
            try model.check(examples)
            if let classifier = model.model.classifier {
                let dataset = try examples.labelled(classNames: classifier.classNames)
                try ClassifierEvaluation(model, on: dataset).tell(
                    format, mistakeCount: mistakes, plot: plot)
            } else {
                guard plot == nil else {
                    throw Misuse("--plot draws mistakes between classes; the model predicts a quantity.")
                }
                let dataset = try examples.measured(model.targetName ?? target ?? "y")
                try RegressionEvaluation(model, on: dataset).tell(format, mistakeCount: mistakes)
            }
        }
    }
}
