import Descent
import DescentReports

extension DigitsTour {
    /// The validation accuracy over random splits, the validation set scaled in several ways.
    struct SplitScores {
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
