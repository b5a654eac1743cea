import Descent
import DescentReports

extension DigitsTour {
    /// Softmax regression on the pixels as they are, on standardized ones, and on histograms of them.
    struct Fits {
        var table = ExperimentTable(
            "fits", caption: "Softmax regression on all digits, to the minimum",
            columns: ["features", "iterations", "passes", "gradient left", "training accuracy"])
        var standardized: SoftmaxClassifier<Double>
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
