import DescentOptimization
import FoundationEssentials

extension OptimizerComparisonResult {
    /// Everything, at full precision, with the means beside the runs.
    ///
    /// The result's own fields and `summary`, `pairedDifferences`: ``init(json:)`` reads the former and computes the
    /// latter anew. Numbers that JSON does not know are the strings `"NaN"`, `"Infinity"` and `"-Infinity"`.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
        return String(decoding: try encoder.encode(Document(result: self)), as: UTF8.self) + "\n"
    }

    /// A result from what ``json()`` wrote.
    ///
    /// - Throws: `DecodingError` when the text is something else or of a later format version.
    public init(json: String) throws {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
        self = try decoder.decode(OptimizerComparisonResult.self, from: Data(json.utf8))
        guard formatVersion <= Self.currentFormatVersion else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: [],
                    debugDescription: "format version \(formatVersion); this program knows up to "
                        + "\(Self.currentFormatVersion)"))
        }
    }

    private struct Document: Encodable {
        var result: OptimizerComparisonResult

        private enum CodingKeys: CodingKey { case summary, pairedDifferences }

        func encode(to encoder: any Encoder) throws {
            try result.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(result.summaries, forKey: .summary)
            try container.encode(
                Metric.allCases.flatMap { result.pairedDifferences(by: $0) }, forKey: .pairedDifferences)
        }
    }

    // MARK: Comma-separated values

    /// One row for each evaluation point of each run.
    public var curvesCSV: String {
        var table = CommaSeparated([
            "method", "learning_rate", "replicate", "seed", "outcome", "epoch", "updates",
            "gradient_evaluations",
            "seconds", "training_loss", "test_loss", "test_accuracy",
        ])
        for method in methods {
            for (index, run) in method.replicates.enumerated() {
                for record in run.history.records {
                    table.append([
                        method.name, Self.number(method.learningRate), "\(index + 1)", "\(run.seed)",
                        Self.word(run.outcome), Self.number(record.epoch), "\(record.updates)",
                        "\(record.samples)",
                        Self.number(record.seconds), Self.number(record.trainingLoss),
                        Self.number(record.validationLoss), Self.number(record.validationAccuracy),
                    ])
                }
            }
        }
        return table.text
    }

    /// One row for each method: mean, standard deviation and half the 95 % interval of each metric.
    public var summaryCSV: String {
        let names = [
            "training_loss", "test_loss", "test_accuracy", "epochs_to_common_loss", "updates_to_common_loss",
            "seconds_to_common_loss",
        ]
        var table = CommaSeparated(
            [
                "method", "rule", "batch_size", "learning_rate", "runs", "diverged", "common_loss",
                "reached_common_loss",
            ]
                + names.flatMap { [$0 + "_mean", $0 + "_sd", $0 + "_ci95"] })
        for (method, summary) in zip(methods, summaries) {
            table.append(
                [
                    method.name, method.rule, "\(method.batchSize)", Self.number(method.learningRate),
                    "\(summary.runs)", "\(summary.diverged)", Self.number(commonLoss?.value),
                    "\(summary.reachedCommonLoss)",
                ]
                    + Metric.allCases.flatMap { metric -> [String?] in
                        let estimate = summary.estimates[metric]
                        return [
                            Self.number(estimate?.mean), Self.number(estimate?.standardDeviation),
                            Self.number(estimate?.halfWidth),
                        ]
                    })
        }
        return table.text
    }

    /// One row for each learning rate that was tried.
    public var gridCSV: String {
        var table = CommaSeparated(["method", "learning_rate", "outcome", "validation_loss", "chosen"])
        for method in methods {
            for point in method.grid {
                table.append([
                    method.name, Self.number(point.learningRate), Self.word(point.outcome),
                    Self.number(point.validationLoss), point.learningRate == method.learningRate ? "1" : "0",
                ])
            }
        }
        return table.text
    }

    private static func number(_ value: Double?) -> String? { value.map(NumberFormat.shortest) }

    private static func word(_ outcome: Outcome) -> String {
        switch outcome {
        case .completed: "completed"
        case .diverged(let update): "diverged at update \(update)"
        }
    }
}
