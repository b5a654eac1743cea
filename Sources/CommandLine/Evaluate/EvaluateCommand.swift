import ArgumentParser
import Descent
import DescentDatasets

/// `descent evaluate`: how good a model is on examples of which the truth is known.
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Test a model that descent train wrote: scores, confusion matrix, worst mistakes.",
        discussion: """
            Of data in parts, x_test and y_test are taken. Of a file of columns, --target is the truth, the column of \
            that name that the model was trained on if it is not said. The worst \
            mistakes are those to whose true class the model gave the least probability. ROC and precision-recall \
            curves are of the second class where there are two, and otherwise of each class against the others.

            Examples:
              descent evaluate mnist.model mnist --plot mistakes.png
              descent evaluate tumours.model test.csv --target malignant --roc roc.png
              descent evaluate iris.model test.csv --target species --format json
            """)

    @Argument(help: "The model.", completion: .file())
    var model: String

    @Argument(help: "The examples, or - for standard input; or digits or mnist.", completion: .file())
    var data: String

    @Option(
        help: ArgumentHelp(
            "The column of the truth, in a file of columns. (default: the model's)", valueName: "column"))
    var target: String?

    @OptionGroup var missing: MissingValuesOption

    @Option(help: ArgumentHelp("How many of the worst mistakes to show.", valueName: "count"))
    var mistakes: Int = 10

    @Option(help: "What to print.")
    var format = Format.text

    @Option(
        help: ArgumentHelp(
            """
            Draw, as svg or png: of pictures the 25 worst mistakes, of other classes ROC and precision-recall curves, \
            of quantities predictions and residuals.
            """, valueName: "file"))
    var plot: String?

    @Option(help: ArgumentHelp("Draw ROC curves, as svg or png.", valueName: "file"))
    var roc: String?

    @Option(help: ArgumentHelp("Draw precision-recall curves, as svg or png.", valueName: "file"))
    var precisionRecall: String?

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
        for (option, path) in pictures {
            if path == "" || path == "-" { throw ValidationError("--\(option) needs the name of a file.") }
            try Plotting.validate(path, option: option)
        }
    }

    private var pictures: [(option: String, path: String)] {
        [("plot", plot), ("roc", roc), ("precision-recall", precisionRecall)].compactMap { option, path in
            path.map { (option, $0) }
        }
    }

    func run() throws {
        if let threads { Compute.threadCount = threads }
        try reportingMisuse {
            if !pictures.isEmpty { _ = try Plotting.program() }
            for (_, path) in pictures { try OutputFolder.checkFolder(of: path) }
            let model = try ModelFile(contentsOf: model)
            let file = try ExampleFile(data)
            if file.hasParts, self.target != nil {
                throw Misuse("--target is for files of columns; \(file.name) has y_test.")
            }
            let target = self.target ?? file.target(of: model)
            if !file.hasParts, target == nil {
                throw Misuse(
                    "--target is needed: the column of \(file.name) that is the truth"
                        + (model.notes.targetName.map { "; there is no \"\(DataFileError.printable($0))\"." }
                            ?? "."))
            }
            let examples = try file.examples(for: model, target: target, missing: missing.missing)
            if file.hasParts, examples.targets == nil {
                throw Refusal("\(file.name): has no y_test, without which nothing can be evaluated")
            }
            try model.check(examples)
            if let classifier = model.model.classifier {
                let dataset = try examples.labelled(classNames: classifier.classNames)
                let evaluation = try ClassifierEvaluation(model, on: dataset, rows: examples.rows)
                try evaluation.draw(plot: plot, roc: roc, precisionRecall: precisionRecall)
                evaluation.tell(format, mistakeCount: mistakes)
            } else {
                if let (option, _) = pictures.first(where: { $0.option != "plot" }) {
                    throw Misuse("--\(option) is for classes, and the model predicts a quantity.")
                }
                let dataset = try examples.measured(model.notes.targetName ?? target ?? "y")
                let evaluation = try RegressionEvaluation(model, on: dataset, rows: examples.rows)
                if let plot { try evaluation.draw(to: plot) }
                evaluation.tell(format, mistakeCount: mistakes)
            }
            examples.noteDropped()
        }
    }
}
