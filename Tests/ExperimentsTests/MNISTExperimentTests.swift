import ArgumentParser
import DescentExperiments
import Testing

/// The experiments on MNIST, on a few images of the sample: what they must hold whatever the data.
@Suite struct MNISTExperimentTests {
    /// The file that the bundled sample is made from.
    private static let sample: String = {
        let here = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        return (here + ["Modules", "CBundledData", "mnist-sample.npz"]).joined(separator: "/")
    }()

    private func report(_ name: String, _ arguments: String...) throws -> ExperimentReport {
        let type = try #require(Experiments.named(name))
        return try type.parse(["--data", Self.sample] + arguments).report(ExperimentProgress())
    }

    private func numbers(_ table: ExperimentTable, _ column: String) throws -> [Double] {
        let index = try #require(table.columns.firstIndex(of: column))
        return table.rows.compactMap { row in
            switch row[index] {
            case .number(let value, _), .estimate(let value, _): value
            case .count(let count): Double(count)
            case .text, .none: nil
            }
        }
    }

    @Test func homeworkNetwork() throws {
        let report = try report(
            "mnist-mlp", "--examples", "400", "--hidden", "16", "--epochs", "3", "--batch-size", "20",
            "--learning-rate", "0.01", "--sgd-learning-rate", "0.1")
        // 784 × 16 + 16 and 16 × 10 + 10.
        #expect(try numbers(report.tables[0], "parameters").reduce(0, +) == 12_730)
        #expect(report.answer.joined().contains("20 batches, the last of 20 images"))
        let losses = try numbers(report.tables[1], "Adam, here")
        #expect(losses.count == 3 && losses[2] < losses[0])
        #expect(try numbers(report.tables[1], "Adam, printed") == [0.38968, 0.18968, 0.14012])
        #expect(try numbers(report.tables[2], "test accuracy").allSatisfy { $0 > 0.3 })
        // Figures that were stated for the whole of MNIST are not compared with those of 400 images, and that is said.
        #expect(report.claims.isEmpty)
        #expect(report.answer.last?.contains("400 training") == true)
        #expect(report.tables.allSatisfy { $0.caption.contains("400 training") })
        #expect(report.pictures.map(\.name) == ["losses", "grid", "image", "probabilities", "misclassified"])
    }

    @Test func linearAndNotLinear() throws {
        let report = try report(
            "mnist-better", "--examples", "300", "--sizes", "100", "--hidden", "16", "--epochs", "4")
        #expect(report.tables[0].rows.count == 4)
        let training = try numbers(report.tables[0], "training loss")
        // No optimizer comes below the minimum, of which the solved model is near.
        #expect(training[0] < training[1] && training[0] < training[2])
        let (low, high) = (try numbers(report.tables[0], "from"), try numbers(report.tables[0], "to"))
        for (index, accuracy) in try numbers(report.tables[0], "test accuracy").enumerated() {
            #expect(accuracy > 0.3 && low[index] < accuracy && accuracy < high[index])
        }
        let learned = try numbers(report.tables[1], "test accuracy")
        #expect(learned.count == 2 && learned[0] < learned[1])
        #expect(report.claims.isEmpty)
    }

    @Test func batchSizes() throws {
        let report = try report(
            "batch-size", "--examples", "300", "--hidden", "8", "--epochs", "6", "--replicates", "2",
            "--batch-sizes", "10", "50", "--base-batch-size", "25", "--large-batch-size", "100", "--factor",
            "2",
            "--warmup", "2")
        let sizes = report.tables[0]
        #expect(try numbers(sizes, "batch size") == [10, 50, 10, 50])
        let rates = zip(try numbers(sizes, "rate"), [0.1, 0.1, 0.04, 0.2])
        #expect(rates.allSatisfy { abs($0 - $1) < 1e-12 })
        // 30 updates an epoch with batches of 10, 6 with those of 50.
        #expect(try numbers(sizes, "updates") == [180, 36, 180, 36])
        let sharpness = try ["lowest", "sharpness (median)", "highest"].map { try numbers(sizes, $0) }
        for run in sharpness[0].indices {
            #expect(sharpness[0][run] <= sharpness[1][run] && sharpness[1][run] <= sharpness[2][run])
        }
        // At one rate, fewer steps come less far.
        let losses = try numbers(sizes, "training loss")
        #expect(losses[0] < losses[1])
        // 12 updates in each of 6 epochs; or 2 epochs each of 12, 6 and 3.
        #expect(try numbers(report.tables[1], "updates")[0...1] == [72, 42])
        #expect(report.claims.prefix(2).allSatisfy { $0.found.hasPrefix("intervals overlap at ") })
    }

    @Test(arguments: [
        ["mnist-mlp", "--hidden", "0"], ["mnist-mlp", "--example", "1000"],
        ["mnist-better", "--tolerance", "1"],
        ["mnist-better", "--examples", "3"], ["batch-size", "--factor", "1"],
        ["batch-size", "--batch-sizes", "0"],
        ["sgd-versus-gd", "--l2", "nan"], ["train-and-validation", "--splits", "1"],
        ["digits-tour", "--digit", "10"],
    ])
    func wrongFiguresAreRefused(arguments: [String]) throws {
        let type = try #require(Experiments.named(arguments[0]))
        #expect(throws: (any Error).self) { _ = try type.parse(Array(arguments.dropFirst())) }
    }
}
