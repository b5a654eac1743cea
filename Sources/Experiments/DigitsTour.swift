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
        guard splits >= 2 else { throw ValidationError("--splits must be at least 2, not \(splits)") }
    }

    package func report(_ progress: ExperimentProgress) throws -> ExperimentReport {
        let digits = Digits.load()
        progress(0, "softmax regression on all digits")
        let fits = try Fits(digits, penalty: .inverseStrength(inverseStrength))
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
            tables: [fits.table, scores.table],
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
            claims: fits.claims
                + scores.claims(
                    isOriginal: validation == 0.25 && inverseStrength == 1 && splits >= 10),
            answer: fits.answer + scores.answer)
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

// MARK: - Fits on all digits

extension DigitsTour {
    /// Softmax regression on the pixels as they are, on standardized ones, and on histograms of them.
    private struct Fits {
        var table = ExperimentTable(
            "fits", caption: "Softmax regression on all digits",
            columns: ["features", "iterations", "passes", "gradient left", "training accuracy"])
        var standardized: SoftmaxClassifier<Double>
        private var converged: [(name: String, passes: Int, isConverged: Bool)] = []
        private let constant: [Int]
        private var accuracies: [Double] = []

        init(_ digits: Dataset, penalty: Penalty) throws {
            constant = Scaler(.standardize, fittedOn: digits).constantColumns
            standardized = try SoftmaxRegression(penalty: penalty, scaling: .standardize).fit(digits)
            let raw = try SoftmaxRegression(penalty: penalty, scaling: .none).fit(digits)
            let levels = try Self.levelCounts(digits)
            let counts = try SoftmaxRegression(penalty: penalty, scaling: .standardize).fit(levels)
            add("64 pixels as they are, 0 to 16", raw, digits)
            add("64 pixels, standardized", standardized, digits)
            add("how often each of the 17 levels occurs", counts, levels)
        }

        /// The histogram of each example, a bin a level: where on the picture the ink is no longer counts.
        private static func levelCounts(_ digits: Dataset) throws -> Dataset {
            var counts = Matrix<Double>(rows: digits.count, columns: 17)
            for row in 0..<digits.count {
                for value in digits.example(row) { counts[row, Int(value)] += 1 }
            }
            return try Dataset(features: counts, labels: digits.labels.map(Int.init))
        }

        private mutating func add(_ name: String, _ model: SoftmaxClassifier<Double>, _ data: Dataset) {
            guard let report = model.report else { return }
            accuracies.append(model.accuracy(on: data))
            converged.append((name, report.passes + report.hessianPasses, report.isConverged))
            table.append(
                .text(name), .count(report.iterations), .count(report.passes + report.hessianPasses),
                .number(report.relativeGradient, digits: 2), .number(accuracies.last ?? .nan))
        }

        var claims: [ExperimentReport.Claim] {
            [
                .init(
                    "constant pixels, counted from 0", stated: "0, 32, 39",
                    found: constant.map(String.init).joined(separator: ", "), holds: constant == [0, 32, 39]),
                .init(
                    "training accuracy, standardized", stated: "larger than 0.99",
                    found: NumberFormat.significant(accuracies[1], digits: 4), holds: accuracies[1] > 0.99),
                .init(
                    "on raw pixels a warning remains, however many iterations", stated: "yes",
                    found: converged[0].isConverged
                        ? "the minimum is reached in \(converged[0].passes) passes" : "not converged",
                    holds: !converged[0].isConverged),
            ]
        }

        var answer: [String] {
            [
                """
                Can a feature have no spread? Here \(constant.count) of 64 do: pixels at the edge that nobody's pen \
                reaches. They are set to 0, not divided by 0. Whether a spread is none is a question of the feature's own \
                size, not of an absolute threshold such as 1e-6, which would throw away a length in nanometres.
                """,
                """
                A histogram of the brightness alone, wherever on the picture it is, tells the digits apart with \
                a training accuracy of \(NumberFormat.significant(accuracies[2], digits: 2)): more than a guess's 0.1, and far \
                from the \(NumberFormat.significant(accuracies[1], digits: 3)) of the pixels in their places.
                """,
            ]
        }
    }
}

// MARK: - Splits

extension DigitsTour {
    /// The validation accuracy over random splits, the validation set scaled in several ways.
    private struct SplitScores {
        private static let ways = [
            "by the training set's μ and σ", "the same, clipped at ±5", "by its own μ and σ (wrong)",
        ]
        private var accuracies: [[Double]] = ways.map { _ in [] }
        private var farthest = ways.map { _ in 0.0 }
        private var constantCounts: [[Int]] = [[], []]

        init(_ digits: Dataset, _ tour: DigitsTour, _ progress: (Double) -> Void) throws {
            for index in 0..<tour.splits {
                progress(Double(index) / Double(tour.splits))
                let (train, held) = digits.split(
                    validation: tour.validation, seed: tour.seed &+ UInt64(index))
                let scaler = Scaler(.standardize, fittedOn: train)
                let own = Scaler(.standardize, fittedOn: held)
                let clipping = Scaler(.clipped(.standardize, limit: 5), fittedOn: train)
                constantCounts[0].append(scaler.constantColumns.count)
                constantCounts[1].append(own.constantColumns.count)
                // Fitted on features that are scaled already, so that the wrong scaling can be shown at all: a model
                // that scales its features itself does it rightly.
                let regression = SoftmaxRegression(
                    penalty: .inverseStrength(tour.inverseStrength), scaling: .none)
                let model = try regression.fit(train.scaled(by: scaler))
                let clipped = try regression.fit(train.scaled(by: clipping))
                for (way, (model, scaler)) in [(model, scaler), (clipped, clipping), (model, own)]
                    .enumerated()
                {
                    let scaled = held.scaled(by: scaler)
                    accuracies[way].append(model.accuracy(on: scaled))
                    let values: Matrix<Double> = scaled.matrix()
                    farthest[way] = max(farthest[way], values.elements.map(abs).max() ?? 0)
                }
            }
        }

        private func estimate(_ way: Int) -> MeanEstimate { MeanEstimate(accuracies[way])! }

        private var difference: MeanEstimate {
            MeanEstimate(zip(accuracies[0], accuracies[2]).map { $0 - $1 })!
        }

        var table: ExperimentTable {
            var table = ExperimentTable(
                "splits",
                caption:
                    "Validation accuracy over \(accuracies[0].count) random splits, by how the validation set is scaled",
                columns: [
                    "validation set scaled", "accuracy", "standard deviation", "farthest from the mean, in σ",
                ])
            for way in Self.ways.indices {
                let estimate = estimate(way)
                table.append(
                    .text(Self.ways[way]), .estimate(estimate.mean, margin: estimate.halfWidth ?? .nan),
                    .number(estimate.standardDeviation ?? .nan, digits: 2),
                    .number(farthest[way], digits: 3))
            }
            return table
        }

        func claims(isOriginal: Bool) -> [ExperimentReport.Claim] {
            guard isOriginal else { return [] }
            return zip([0, 2], [0.968, 0.9666]).map { way, stated in
                let estimate = estimate(way)
                return .init(
                    "validation accuracy, scaled \(Self.ways[way])", stated: "\(stated) ± 0.006",
                    found:
                        "\(NumberFormat.fixed(estimate.mean, decimals: 4)) ± \(NumberFormat.fixed(estimate.standardDeviation ?? .nan, decimals: 4))",
                    holds: abs(estimate.mean - stated) < 0.006)
            }
        }

        var answer: [String] {
            let difference = difference
            let margin = NumberFormat.estimate(
                mean: difference.mean, halfWidth: difference.halfWidth, sign: true)
            let verdict =
                difference.excludesZero
                ? "The difference, \(margin) split by split, is small but not chance"
                : "The difference, \(margin) split by split, cannot be told from 0"
            func range(_ counts: [Int]) -> String { "\(counts.min() ?? 0) to \(counts.max() ?? 0)" }
            return [
                """
                A validation set stands for data that come one by one later, and a single example has no mean and no \
                spread: it has to be scaled by what was learned from the training set. \(verdict) (splits of the same \
                digits share examples, so that interval is rather too narrow). It is wrong all the same: \
                \(range(constantCounts[0])) pixels are constant in a training set and \
                \(range(constantCounts[1])) in a validation set, not the same ones, and a small or one-sided validation \
                set would be scaled into something else.
                """,
                """
                The right way has a trap of its own: a pixel that is lit in one training image of a thousand has a tiny \
                σ, and a validation image in which it is bright stands \
                \(NumberFormat.significant(farthest[0], digits: 3)) σ from the mean. Clipping bounds that, at an \
                accuracy of \(NumberFormat.fixed(estimate(1).mean, decimals: 4)).
                """,
            ]
        }
    }
}
