import ArgumentParser
import Descent
import DescentReports

/// The homework's network on MNIST, beside the losses that it printed.
package struct MNISTNetwork: Experiment {
    package static let name = "mnist-mlp"
    package static let summary =
        "the homework's network 784-128-64-10, beside its printed losses and its 3.22 minutes"

    @OptionGroup var data: MNISTData.Options

    @Option(parsing: .upToNextOption, help: "Units in the hidden layers.")
    var hidden = [128, 64]

    @Option(help: "The learning rate of Adam.")
    var learningRate = 0.001

    @Option(help: "The learning rate of plain SGD, which is run beside it; 0 for no such run.")
    var sgdLearningRate = 0.003

    @Option(help: "Images in a batch.")
    var batchSize = 64

    @Option(help: "How many epochs.")
    var epochs = 15

    @Option(help: "Runs with Adam, which differ in start and order.")
    var replicates = 1

    @Option(help: "The test image whose probabilities are shown, counted from 0.")
    var example = 4

    @Option(help: "Seed of the first run.")
    var seed: UInt64 = 0

    package init() {}

    package mutating func validate() throws {
        guard !hidden.isEmpty, hidden.allSatisfy({ $0 >= 1 }) else {
            throw ValidationError("--hidden must be whole numbers of at least 1")
        }
        guard learningRate > 0, learningRate.isFinite, sgdLearningRate >= 0, sgdLearningRate.isFinite else {
            throw ValidationError("--learning-rate must be positive, --sgd-learning-rate not negative")
        }
        guard batchSize >= 1, epochs >= 1, replicates >= 1 else {
            throw ValidationError("--batch-size, --epochs and --replicates must be at least 1")
        }
        guard (0..<1000).contains(example) else {
            throw ValidationError("--example must be below 1000, not \(example)")
        }
    }

    /// What the homework printed, epoch by epoch, and of another student's copy with plain SGD.
    static let printed: [[Double]] = [
        [
            0.38968, 0.18968, 0.14012, 0.11321, 0.09651, 0.08178, 0.07242, 0.06686, 0.06066, 0.05491, 0.05058,
            0.04810, 0.04394, 0.04051, 0.03854,
        ],
        [
            1.8691, 0.8337, 0.5230, 0.4296, 0.3854, 0.3589, 0.3405, 0.3266, 0.3146, 0.3045, 0.2960, 0.2876,
            0.2801, 0.2731, 0.2657,
        ],
    ]
    private static let printedAccuracy = [0.9717, 0.9271]
    private static let printedSeconds = [193.4, 110.6]

    /// A network and how it was trained.
    struct Run {
        var network: MLP<Float>
        var history: History
        var test: (loss: Double, accuracy: Double)
        /// The mean loss over the training set at the end, which the running losses are not.
        var trainingLoss: Double

        var running: [Double] { history.records.compactMap(\.runningLoss) }
        var seconds: Double { history.last?.seconds ?? 0 }
    }

    package func report(_ progress: ExperimentProgress) throws -> ExperimentReport {
        let data = try MNISTData(self.data)
        let total = Double(epochs * (replicates + (sgdLearningRate > 0 ? 1 : 0)))
        var done = 0.0
        func train<Rule: UpdateRule>(_ rule: Rule, _ what: String, seed: UInt64) throws -> Run {
            // Pixels to −1…1, as the homework has them; the start is PyTorch's default.
            var network = MLP<Float>(
                sizes: [data.train.featureCount] + hidden + [data.train.classCount], activation: .relu,
                scaling: .symmetricRange, seed: seed)
            let history = try network.train(
                on: data.train, with: rule, batchSize: .examples(batchSize), for: .epochs(epochs), seed: seed
            ) { record in
                guard record.updates > 0 else { return }
                done += 1
                progress(done / total, "\(what), epoch \(NumberFormat.shortest(record.epoch))")
            }
            return Run(
                network: network, history: history, test: network.evaluate(on: data.test),
                trainingLoss: network.evaluate(on: data.train).loss)
        }
        let runs = try (0..<replicates).map {
            try train(Adam(learningRate: learningRate), "Adam", seed: seed &+ UInt64($0))
        }
        let plain =
            sgdLearningRate > 0
            ? try train(SGD(learningRate: sgdLearningRate), "SGD", seed: seed) : nil
        let network = runs[0].network
        return ExperimentReport(
            title: "The homework's network on MNIST",
            question: """
                A multilayer perceptron \(network.layout.sizes.map(String.init).joined(separator: "-")) \
                (\(NumberFormat.count(network.layout.parameterCount)) parameters), \(epochs) epochs of Adam at rate \
                \(NumberFormat.shortest(learningRate)) with batches of \(batchSize): does it learn what the homework's \
                network learned, and in what time?
                """,
            formula: [
                layers,
                "W, b uniform in ±1/√(inputs);   pixels to −1…1;   loss: mean of −log p(label)",
            ],
            tables: [layerTable(network.layout), epochTable(runs, plain), endTable(runs, plain)],
            pictures: [
                losses(runs, plain, isWhole: data.isWhole), images(data.train), oneImage(data.train),
                probabilities(network, data.test),
                ExperimentPicture(
                    "misclassified", caption: "The surest mistakes on the test set",
                    PictureSheet(
                        title: "The surest mistakes on the test set", mistakesOf: network, on: data.test,
                        first: 10, palette: .ink)),
            ],
            claims: data.isWhole ? claims(runs, plain) : [],
            answer: answer(runs, plain, images: data.train.count, isWhole: data.isWhole)
        ).about(data)
    }

    /// h₁ = ReLU(x W₁ + b₁), and so on.
    private var layers: String {
        func index(_ number: Int) -> String {
            String("\(number)".unicodeScalars.map { Character(Unicode.Scalar($0.value + 0x2050)!) })
        }
        let inner = hidden.indices.map { layer in
            let before = layer == 0 ? "x" : "h" + index(layer)
            let here = index(layer + 1)
            return "h\(here) = ReLU(\(before) W\(here) + b\(here)),   "
        }
        let (last, outer) = (index(hidden.count), index(hidden.count + 1))
        return inner.joined() + "p = softmax(h\(last) W\(outer) + b\(outer))"
    }

    // MARK: Pictures

    private func losses(_ runs: [Run], _ plain: Run?, isWhole: Bool) -> ExperimentPicture {
        func points(_ losses: [Double]) -> [Curve.Point] {
            losses.enumerated().map { .init(x: Double($0) + 0.5, y: $1) }
        }
        var curves = runs.map { Curve(label: "Adam, here", color: 0, points: points($0.running)) }
        if let plain { curves.append(Curve(label: "SGD, here", color: 2, points: points(plain.running))) }
        if isWhole {
            curves.append(
                Curve(label: "Adam, printed", color: 1, form: .rings, points: points(Self.printed[0])))
            if plain != nil {
                curves.append(
                    Curve(
                        label: "SGD, printed", color: 3, form: .crosses, points: points(Self.printed[1])))
            }
        }
        return ExperimentPicture(
            "losses", caption: "Training loss against epochs, beside the losses that the homework printed",
            Figure(
                title: "The homework's network on MNIST",
                subtitle: "training loss: mean over the batches of each epoch",
                panels: [
                    Panel(
                        x: Axis("epoch"), y: Axis("training loss", scale: .logarithmic), curves: curves)
                ], width: 900, height: 560))
    }

    private func images(_ train: Dataset) -> ExperimentPicture {
        let rows = 1...min(60, train.count - 1)
        return ExperimentPicture(
            "grid", caption: "Sixty training images",
            PictureSheet(
                title: "Training images \(rows.lowerBound) to \(rows.upperBound)",
                tiles: [
                    .mosaic(of: rows.map { .init(of: train, example: $0) }, columns: 10, background: 0.15)
                ],
                tileSize: 720, palette: .ink))
    }

    private func oneImage(_ train: Dataset) -> ExperimentPicture {
        ExperimentPicture(
            "image", caption: "The first training image",
            PictureSheet(
                title: "Training image 0", subtitle: "label \(train.classNames[Int(train.labels[0])])",
                tiles: [.init(of: train, example: 0)], palette: .ink))
    }

    private func probabilities(_ network: MLP<Float>, _ test: Dataset) -> ExperimentPicture {
        let row = min(example, test.count - 1)
        let probabilities = network.probabilities(for: test.subset([Int32(row)])).row(0).map { Double($0) }
        let predicted = probabilities.indices.max { probabilities[$0] < probabilities[$1] }!
        return ExperimentPicture(
            "probabilities",
            caption: "A test image and the probabilities that the network gives to the classes",
            PictureSheet(
                title: "Test image \(row): predicted digit \(network.classNames[predicted])",
                subtitle: "label \(test.classNames[Int(test.labels[row])])",
                tiles: [.init(of: test, example: row)], palette: .ink,
                bars: ProbabilityBars(classNames: network.classNames, probabilities: probabilities).bars))
    }

    // MARK: Conclusions

    private var isOriginal: Bool {
        hidden == [128, 64] && learningRate == 0.001 && batchSize == 64 && epochs == 15
    }

    private func claims(_ runs: [Run], _ plain: Run?) -> [ExperimentReport.Claim] {
        guard isOriginal else { return [] }
        func mean(_ value: (Run) -> Double) -> Double { runs.map(value).reduce(0, +) / Double(runs.count) }
        func fixed(_ value: Double) -> String { NumberFormat.fixed(value, decimals: 4) }
        let (accuracy, loss) = (mean { $0.test.accuracy }, mean { $0.running.last ?? .nan })
        let seconds = mean(\.seconds)
        // Of a test set of ten thousand: two figures that are nearer to each other than this are the same.
        let interval = ConfidenceInterval.wilson(successes: Int((accuracy * 10_000).rounded()), of: 10_000)
        var claims: [ExperimentReport.Claim] = [
            .init(
                "test accuracy, Adam", stated: "0.9717",
                found:
                    "\(fixed(accuracy)); 95 % interval \(fixed(interval.lowerBound)) to \(fixed(interval.upperBound))",
                holds: interval.upperBound >= Self.printedAccuracy[0]),
            .init(
                "running training loss of the last epoch, Adam", stated: "0.0385", found: fixed(loss),
                holds: abs(loss - 0.0385) < 0.008),
            .init(
                "seconds of training, Adam", stated: "193 (3.22 minutes)",
                found: NumberFormat.significant(seconds, digits: 3), holds: seconds < Self.printedSeconds[0]),
        ]
        if let plain, sgdLearningRate == 0.003 {
            claims.append(
                .init(
                    "test accuracy, plain SGD at rate 0.003", stated: "0.9271",
                    found: fixed(plain.test.accuracy),
                    holds: abs(plain.test.accuracy - Self.printedAccuracy[1]) < 0.005))
        }
        return claims
    }

    private func answer(_ runs: [Run], _ plain: Run?, images: Int, isWhole: Bool) -> [String] {
        let run = runs[0]
        let batches = (images + batchSize - 1) / batchSize
        let lastBatch = images - (batches - 1) * batchSize
        func digits(_ value: Double) -> String { NumberFormat.significant(value, digits: 3) }
        var text: [String] = []
        if isWhole && isOriginal {
            let ratios = zip(run.running, Self.printed[0]).map { $0 / $1 }
            text.append(
                """
                The losses \(ratios.allSatisfy { abs($0 - 1) < 0.15 } ? "follow" : "do not follow") those that were printed: \
                each epoch's is \(digits(ratios.min() ?? .nan)) to \(digits(ratios.max() ?? .nan)) times as large. The training takes \(digits(run.seconds)) s here, \
                \(digits(Self.printedSeconds[0] / run.seconds)) times less than the homework's 3.22 minutes, which \
                were measured on another machine.
                """)
        }
        text.append(
            """
            A running loss is not the loss of any network: the weights move while it is gathered. At the end the \
            training loss is \(digits(run.trainingLoss)), the last epoch's running loss \
            \(digits(run.running.last ?? .nan)), and the test loss \(digits(run.test.loss)). The homework's \
            "validation set" is the test set, so what is chosen by it is no longer tested by it; nothing is chosen here. \
            An epoch is \(NumberFormat.count(batches)) batches, the last of \(lastBatch) images. The \
            homework's form has a field for a rate of 0.003, which its program ignores: the losses are those of 0.001.
            """)
        if let plain {
            text.append(
                """
                Plain SGD at rate \(NumberFormat.shortest(sgdLearningRate)) is at \
                \(digits(plain.running.last ?? .nan)) after as many epochs, with a test accuracy of \
                \(NumberFormat.fixed(plain.test.accuracy, decimals: 4)). That is a rate, not a method, that is compared with \
                Adam: what each can do at a rate of its own is what `sgd-versus-gd` and `power-loss` ask.
                """)
        }
        return text
    }
}
