import ArgumentParser
import Descent
import DescentReports

/// MNIST for an experiment: the whole of it where it can be found, and the bundled sample where it cannot.
struct MNISTData: Sendable {
    /// Where the data are.
    struct Options: ParsableArguments {
        @Option(
            help: ArgumentHelp(
                """
                An npz file with x_train, y_train, x_test and y_test. (default: the whole of MNIST if it was \
                downloaded with 'make mnist' or is in $DESCENT_DATA, otherwise the bundled sample)
                """, valueName: "file"))
        var data: String?

        @Option(
            help: ArgumentHelp("How many training images, the first ones. (default: all)", valueName: "count")
        )
        var examples: Int?

        mutating func validate() throws {
            if let examples, examples < 10 {
                throw ValidationError("--examples must be at least 10, not \(examples)")
            }
        }
    }

    /// What is learned from.
    let train: Dataset
    /// What is tested on.
    let test: Dataset
    /// Whether this is the whole of MNIST, so that figures stated for it can be compared.
    let isWhole: Bool

    private let isAsMeant: Bool

    /// - Parameter most: How many training images there may be unless the options say otherwise.
    init(_ options: Options, most: Int = .max) throws {
        let (all, test) = try MNIST.load(options.data)
        train = all.prefix(options.examples ?? most)
        self.test = test
        let isMNIST = train.name == "MNIST" && all.count == 60_000 && test.count == 10_000
        isWhole = isMNIST && train.count == all.count
        isAsMeant = isMNIST && train.count == min(all.count, most)
    }

    /// The data in words, for captions.
    var description: String {
        "\(train.name), \(NumberFormat.count(train.count)) training and \(NumberFormat.count(test.count)) test images"
    }

    /// What has to be said where the data are not what an experiment is meant for: a sentence, or nothing.
    var caveat: String {
        guard !isAsMeant else { return "" }
        return train.source == "bundled sample"
            ? """
            This run saw the bundled sample, \(NumberFormat.count(train.count)) training and \
            \(NumberFormat.count(test.count)) test images, because the whole of MNIST was not found \
            (`make mnist` downloads it): figures stated for all of it do not apply.
            """
            : "This run saw \(description): figures stated for all of MNIST do not apply."
    }
}

extension ExperimentReport {
    /// Says what is to be known of the data, if anything, in every table's caption and at the end of the answer.
    func about(_ data: MNISTData) -> ExperimentReport {
        guard !data.caveat.isEmpty else { return self }
        var report = self
        for index in report.tables.indices { report.tables[index].caption += " (\(data.description))" }
        report.answer.append(data.caveat)
        return report
    }
}
