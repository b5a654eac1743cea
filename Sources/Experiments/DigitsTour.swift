import ArgumentParser
import Descent
import DescentReports

/// The digits from first look to last mistake: pictures, features, softmax regression, its weights, and what it gets
/// wrong; and how a validation set is to be scaled.
package struct DigitsTour: Experiment {
    package static let name = "digits-tour"
    package static let summary =
        "pictures, features, weights and mistakes on digits; a validation set scaled rightly and wrongly"

    @Option(help: "The digit to show a grid of.")
    var digit = 7

    @Option(help: "How many of it.")
    var count = 16

    @Option(help: "The example whose features are shown, counted from 0.")
    var example = 17

    @Option(name: .customLong("c"), help: "scikit-learn's C, the inverse strength of the L2 penalty.")
    var inverseStrength = 1.0

    @Option(help: "The share of the examples held out for validation.")
    var validation = 0.25

    @Option(help: "How many random splits the validation accuracy is a mean of.")
    var splits = 20

    @Option(parsing: .upToNextOption, help: "After how many iterations L-BFGS is stopped, in turn.")
    var iterations = [10, 100, 1000]

    @Option(help: "How many images of the bundled MNIST sample to fit, for the mistakes that are shown.")
    var mnistExamples = 5000

    @Option(help: "Seed of what is shown and of the first split.")
    var seed: UInt64 = 0

    package init() {}

    package mutating func validate() throws {
        guard (0...9).contains(digit) else { throw ValidationError("--digit must be 0 to 9, not \(digit)") }
        guard (1...100).contains(count) else {
            throw ValidationError("--count must be 1 to 100, not \(count)")
        }
        guard (0..<1797).contains(example) else {
            throw ValidationError("--example must be below 1797, not \(example)")
        }
        guard inverseStrength > 0, inverseStrength.isFinite else {
            throw ValidationError("--c must be positive, not \(inverseStrength)")
        }
        guard validation > 0.01, validation < 0.9 else {
            throw ValidationError("--validation must lie between 0.01 and 0.9, not be \(validation)")
        }
        guard mnistExamples >= 100 else {
            throw ValidationError("--mnist-examples must be at least 100, not \(mnistExamples)")
        }
        guard !iterations.isEmpty, iterations.allSatisfy({ $0 >= 1 }) else {
            throw ValidationError("--iterations must be whole numbers of at least 1")
        }
        guard splits >= 2 else { throw ValidationError("--splits must be at least 2, not \(splits)") }
    }

    package func report(_ progress: ExperimentProgress) throws -> ExperimentReport {
        let digits = Digits.load()
        progress(0, "softmax regression on all digits")
        let fits = try Fits(digits, penalty: .inverseStrength(inverseStrength))
        let stops = try Stops(digits, penalty: .inverseStrength(inverseStrength), iterations)
        progress(0.1, "MNIST sample")
        let (sample, sampleTest) = try MNIST.bundledSample()
        let onSample = try SoftmaxRegression(penalty: .l2(0.01), tolerance: 1e-3)
            .fit(sample.prefix(mnistExamples))
        let scores = try SplitScores(digits, self) { progress(0.3 + 0.7 * $0, "splits") }
        let split = digits.split(validation: validation, seed: seed)
        let model = try SoftmaxRegression(penalty: .inverseStrength(inverseStrength), scaling: .standardize)
            .fit(split.train)
        return ExperimentReport(
            title: "A tour of the digits",
            question: """
                What do the UCI digits look like, what does softmax regression make of them, and how must a validation \
                set be scaled?
                """,
            formula: [
                "p = softmax(xW + b),   min Σᵢ −log p(yᵢ) + ‖W‖² / 2C,   C = \(NumberFormat.shortest(inverseStrength))",
                "z = (x − μ) / σ,   μ and σ of the training set, for every set",
                "bins: the larger of log₂ n + 1 (Sturges) and range · ∛n / 2 IQR (Freedman and Diaconis)",
            ],
            tables: [fits.table, stops.table, scores.table],
            pictures: looks(digits) + [
                features(digits), weights(fits.standardized, digits),
                mistakes(
                    "misclassified", model, split.validation,
                    caption: "Five validation digits that were taken for another, in raw pixels"),
                normalized(sample),
                mistakes(
                    "mnist-misclassified", onSample, sampleTest,
                    caption: "Five test images of the MNIST sample that were taken for another"),
            ],
            claims: fits.claims + stops.claims
                + scores.claims(
                    isOriginal: validation == 0.25 && inverseStrength == 1 && splits >= 10),
            answer: fits.answer + stops.answer + scores.answer)
    }

    // MARK: Pictures

    private func looks(_ digits: Dataset) -> [ExperimentPicture] {
        var generator = RandomGenerator(seed: seed)
        let some = generator.permutation(of: digits.count).prefix(5)
        let alike = digits.examples(ofClass: "\(digit)").prefix(count)
        let side = Int(Double(count).squareRoot().rounded(.up))
        return [
            ExperimentPicture(
                "digits", caption: "Five digits drawn at random, with their labels",
                PictureSheet(
                    title: "Five digits", subtitle: "8 × 8 pixels, 0 to 16",
                    tiles: some.map { row in
                        .init(
                            of: digits, example: Int(row),
                            caption: ["label: \(digits.classNames[Int(digits.labels[Int(row)])])"])
                    })),
            ExperimentPicture(
                "alike", caption: "The first \(count) examples of the digit \(digit)",
                PictureSheet(
                    title: "The digit \(digit), \(count) times",
                    tiles: alike.map { .init(of: digits, example: Int($0)) }, columns: side,
                    tileSize: 84)),
        ]
    }

    private func features(_ digits: Dataset) -> ExperimentPicture {
        let values = digits.example(example)
        let histogram = Histogram(of: values)
        return ExperimentPicture(
            "features",
            caption:
                "The features of digit \(example) as bars, and their histogram with \(histogram.counts.count) bins",
            Figure(
                title: "Digit \(example), a \(digits.classNames[Int(digits.labels[example])])",
                subtitle:
                    "left: its 64 pixels; right: how often each brightness occurs, in bins found by rule",
                columns: 2,
                panels: [
                    Panel(
                        x: Axis("pixel", step: 8), y: Axis("brightness", range: 0...16, step: 4),
                        curves: [Curve(barsOf: values)]),
                    Panel(x: Axis("brightness"), y: Axis("pixels"), curves: [Curve(histogram, color: 2)]),
                ], width: 960, height: 400))
    }

    private func weights(_ model: SoftmaxClassifier<Double>, _ digits: Dataset) -> ExperimentPicture {
        // In units of the features' standard deviations, which is how much each pixel matters.
        let spreads = Scaler(.standardize, fittedOn: digits).factor
        let weights = model.weights
        let scaled = model.classNames.indices.map { k in
            spreads.indices.map { spreads[$0] > 0 ? weights[$0, k] / spreads[$0] : 0 }
        }
        let largest = scaled.joined().map(abs).max() ?? 1
        return ExperimentPicture(
            "weights",
            caption: "The weights of each class as a picture: red speaks for the digit, blue against it",
            PictureSheet(
                title: "Weights of softmax regression",
                subtitle: "a picture a class; red speaks for it, blue against it",
                tiles: zip(model.classNames, scaled).map { name, values in
                    .init(width: 8, height: 8, values: values, caption: [name], range: -largest...largest)
                }, columns: 5, palette: .diverging))
    }

    private func mistakes(
        _ name: String, _ model: SoftmaxClassifier<Double>, _ data: Dataset, caption: String
    ) -> ExperimentPicture {
        ExperimentPicture(
            name, caption: caption,
            PictureSheet(title: caption, mistakesOf: model, on: data, first: 5))
    }

    private func normalized(_ sample: Dataset) -> ExperimentPicture {
        let scaled = sample.scaled(by: Scaler(.standardize, fittedOn: sample))
        var generator = RandomGenerator(seed: seed, stream: 1)
        let rows = generator.permutation(of: sample.count).prefix(5).map(Int.init)
        return ExperimentPicture(
            "mnist", caption: "Five MNIST images as they are, and with every pixel standardized",
            PictureSheet(
                title: "MNIST before and after standardization",
                subtitle:
                    "above: bytes, 0 to 255; below: standard deviations from each pixel's mean, −2 to 2",
                tiles: rows.map {
                    .init(of: sample, example: $0, caption: ["label: \(sample.labels[$0])"])
                } + rows.map { .init(of: scaled, example: $0, range: -2...2) }, columns: 5))
    }
}
