import ArgumentParser
import Descent

/// What a training run leaves behind and tells.
struct TrainingRunOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Write a checkpoint after every epoch, to this folder, one for each run.", valueName: "folder"))
    var checkpoint: String?

    @Flag(help: "Go on from the newest checkpoint in the folder, if there is one.")
    var resume = false

    @Option(
        help: ArgumentHelp(
            "Write the trained model: npz, or by the ending of the name .safetensors, or .onnx for other programs.",
            valueName: "file"))
    var save: String?

    @Option(help: "What to print: a table, or a line of JSON an epoch and one for the result.")
    var format = Format.text

    @Option(
        help: ArgumentHelp(
            """
            Draw how the training went, as svg or png: loss and accuracy over the epochs, the objective over the \
            passes of a solver, or, of least squares, predictions and residuals.
            """, valueName: "file"))
    var plot: String?

    @Option(
        help: ArgumentHelp(
            """
            Draw the score against the number of training examples, as svg or png, by five-fold cross-validation: the \
            model is trained 25 times more.
            """, valueName: "file"))
    var learningCurve: String?

    /// What can be printed.
    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    func validate() throws {
        if resume && checkpoint == nil {
            throw ValidationError("--resume needs --checkpoint, the folder to go on from.")
        }
        for (option, path) in [
            ("checkpoint", checkpoint), ("save", save), ("plot", plot), ("learning-curve", learningCurve),
        ]
        where path == "" || path == "-" {
            throw ValidationError(
                "--\(option) needs the name of a \(option == "checkpoint" ? "folder" : "file").")
        }
        try Plotting.validate(plot)
        try Plotting.validate(learningCurve, option: "learning-curve")
    }

    /// When checkpoints are written, and where.
    var checkpoints: Checkpointing? {
        checkpoint.map { .folder($0, resuming: resume) }
    }
}
