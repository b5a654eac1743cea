import ArgumentParser
import Descent

/// `descent compare`: optimizers on one problem, each with its best learning rate.
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Compare optimizers on images of digits, each with the learning rate that suits it best.",
        discussion: """
            Each method's learning rate is chosen by its loss on a validation split of the training data, over a grid \
            of half decades that is the same for all and is widened while the best rate lies on its edge. Then every \
            method is run several times from the same seeds: the same initial parameters and the same shuffles. \
            Everything but the seconds is a function of the seed, on any number of threads.

            The folder of --output receives results.json (everything), summary.csv, curves.csv, learning-rates.csv, \
            and the pictures comparison.svg and .png, learning-rates.svg and .png with the gnuplot scripts and data \
            that they are drawn from.

            Examples:
              descent compare
              descent compare --data digits --scaling standardize --epochs 50
              descent compare --optimizers sgd,adam --model mlp --hidden 128,64
              descent compare --learning-rates sgd=0.1,adam=1e-3 --output results/given
              descent compare --data fashion.npz --format json --quiet > fashion.json
            """)

    @Option(
        help: ArgumentHelp(
            "The methods, out of \(ComparedMethod.names). (default: gd, sgd, momentum, adam)",
            valueName: "names"),
        transform: Self.methods)
    var optimizers = ComparedMethod.standard

    @Option(
        help: ArgumentHelp(
            """
            An npz file with x_train, y_train, x_test and y_test, or one of the names digits and mnist. Without it, \
            and for mnist, the first of $DESCENT_DATA/mnist.npz, mnist.npz in the user's cache folder, and the \
            bundled sample.
            """, valueName: "path"))
    var data: String?

    @Option(help: "The model: softmax regression or a multilayer perceptron.")
    var model = Model.softmax

    @Option(
        help: ArgumentHelp(
            "The widths of the perceptron's hidden layers. (default: 128,64)", valueName: "widths"),
        transform: WordList.widths)
    var hidden = [128, 64]

    @Option(
        help:
            "How features are scaled; automatic takes pixels to 0…1 and standardizes others."
    )
    var scaling = FeatureScaling.automatic

    @Option(help: ArgumentHelp("λ in the penalty λ/2 ‖w‖² on the weights.", valueName: "lambda"))
    var penalty = 0.0

    @Option(help: "Passes over the training set in each run.")
    var epochs = 30

    @Option(help: "Examples in an update, full-batch gradient descent excepted.")
    var batchSize = 64

    @Option(help: "Measured runs of each method.")
    var replicates = 5

    @OptionGroup var computation: ComputationOptions

    @Option(
        help: ArgumentHelp(
            "Rates that are given and not chosen, as in sgd=0.1,adam=1e-3.", valueName: "rates"),
        transform: Self.rates)
    var learningRates: [String: Double] = [:]

    @Option(help: "The share of the training data on which learning rates are chosen.")
    var validationFraction = 0.2

    @Option(help: "The training loss to race to; by default one that every completed run reaches.")
    var targetLoss: Double?

    @Option(help: ArgumentHelp("The folder for tables and pictures.", valueName: "folder"))
    var output = "results"

    @Option(help: "What to print.")
    var format = Format.text

    @Flag(help: "Write data and scripts of the pictures, but do not run gnuplot.")
    var noPlot = false

    /// The models that can be compared on.
    enum Model: String, ExpressibleByArgument, CaseIterable { case softmax, mlp }

    /// What can be printed.
    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    func validate() throws {
        func require(_ condition: Bool, _ message: String) throws {
            if !condition { throw ValidationError(message) }
        }
        try require(epochs >= 1, "--epochs must be at least 1, not \(epochs).")
        try require(batchSize >= 1, "--batch-size must be at least 1, not \(batchSize).")
        try require(replicates >= 1, "--replicates must be at least 1, not \(replicates).")
        try require(
            validationFraction > 0 && validationFraction < 1,
            "--validation-fraction must lie between 0 and 1, not be \(validationFraction).")
        try require(penalty >= 0 && penalty.isFinite, "--penalty must be 0 or more, not \(penalty).")
        try require(targetLoss?.isFinite ?? true, "--target-loss must be a number, not \(targetLoss ?? 0).")
        try require(!output.isEmpty, "--output needs the name of a folder.")
        for name in learningRates.keys.sorted() where !optimizers.contains(where: { $0.name == name }) {
            throw ValidationError(
                "--learning-rates gives a rate for \(name), which --optimizers does not name.")
        }
    }
}

// MARK: - Lists

extension ComparedMethod {
    /// The names of all methods, for people.
    static var names: String { all.map(\.name).joined(separator: ", ") }
}

extension CompareCommand {
    /// `gd,adam` as methods.
    static func methods(_ list: String) throws -> [ComparedMethod] {
        var methods: [ComparedMethod] = []
        for name in WordList.words(list) {
            methods.append(try method(named: name))
            if methods.count(where: { $0.name == name }) > 1 {
                throw ValidationError("\(name) is named twice.")
            }
        }
        if methods.isEmpty { throw ValidationError("no method is named. Known: \(ComparedMethod.names).") }
        return methods
    }

    /// `sgd=0.1,adam=1e-3` as rates by name.
    static func rates(_ list: String) throws -> [String: Double] {
        var rates: [String: Double] = [:]
        for word in WordList.words(list) {
            let sides = word.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
            guard sides.count == 2, let rate = Double(sides[1]), rate > 0, rate.isFinite else {
                throw ValidationError("'\(word)' is not a name and a positive rate, as in adam=1e-3.")
            }
            let name = try method(named: sides[0]).name
            if rates.updateValue(rate, forKey: name) != nil {
                throw ValidationError("\(name) has two rates.")
            }
        }
        if rates.isEmpty { throw ValidationError("no rate is given, as in adam=1e-3.") }
        return rates
    }

    private static func method(named name: String) throws -> ComparedMethod {
        let name = try WordList.choice(name, of: ComparedMethod.all.map(\.name), as: "method")
        return ComparedMethod.all.first { $0.name == name }!
    }
}
