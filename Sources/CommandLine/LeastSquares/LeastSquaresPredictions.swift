import Descent
import DescentDatasets

/// What a model says about the rows of a file.
struct LeastSquaresPredictions {
    /// The rows of the file, from 0; those with missing values may have been left out.
    let rows: [Int]
    /// The probability of the intervals; `nil` where the model makes none.
    let confidence: Double?
    /// The predictions for each target.
    let targets: [Target]

    struct Target {
        let name: String
        let values: [Double]
        /// `nil` when the model has no degrees of freedom for an error.
        let intervals: [LeastSquaresPrediction]?
    }

    /// What predicts a target from features.
    struct Predictor {
        let name: String
        let predict: (Matrix<Double>) -> (values: [Double], intervals: [LeastSquaresPrediction]?)
    }

    /// What a fitted model says.
    ///
    /// - Parameter confidence: The probability of the intervals; that of the model when nil.
    /// - Throws: `DataFileError` when the file lacks a column of the model, or holds something unsuitable.
    init(
        _ model: LeastSquaresModel, of file: ColumnFile, missing: MissingValues, confidence: Double?
    ) throws(DataFileError) {
        let probability =
            confidence ?? model.fits.first?.confidence ?? model.variants.first?.model.confidence ?? 0.95
        var predictors = model.fits.map { fit in
            Predictor(name: fit.targetName) { features in
                if let intervals = fit.predictions(features, confidence: probability) {
                    return (intervals.map(\.value), intervals)
                }
                return (fit.predict(features), nil)
            }
        }
        predictors += model.variants.map { fit in
            Predictor(name: fit.target) { features in
                if let intervals = fit.model.predictions(features, confidence: probability) {
                    return (intervals.map(\.value), intervals)
                }
                return (fit.model.predict(features), nil)
            }
        }
        try self.init(model.coding, predictors, of: file, missing: missing, confidence: probability)
    }

    /// - Throws: `DataFileError` when the file lacks a column of the model, or holds something unsuitable.
    init(
        _ coding: FeatureCoding, _ predictors: [Predictor], of file: ColumnFile, missing: MissingValues,
        confidence: Double?
    ) throws(DataFileError) {
        var places: [Int] = []
        var absent: [String] = []
        for term in coding.terms {
            if let place = file.columnNames.firstIndex(of: term.column) {
                places.append(place)
            } else {
                absent.append(term.column)
            }
        }
        if !absent.isEmpty {
            let names = absent.map { "\"\(DataFileError.printable($0))\"" }.joined(separator: ", ")
            throw DataFileError(
                file: file.name,
                reason: .malformed(
                    "lacks \(absent.count == 1 ? "the column" : "the columns") \(names) of the model; it has "
                        + ColumnList.described(file.columnNames)))
        }
        let columns = try file.columns(places)
        if let other = columns.indices.first(where: { columns[$0].count != columns[0].count }) {
            throw file.error(
                places[other],
                "has \(columns[other].count) rows where \"\(columns[0].name)\" has \(columns[0].count)")
        }
        if missing == .mean { try coding.requireMeans(for: columns, places: places, of: file) }
        if places.isEmpty {
            // An intercept alone: every row has the same prediction.
            rows = Array(0..<(file.lengths.first ?? 0))
        } else {
            rows = try missing.rows(columns, places: places, filled: columns.count, of: file)
        }
        let features = try coding.matrix(columns, rows: rows, of: file, places: places)
        self.confidence = confidence
        targets = predictors.map { predictor in
            let (values, intervals) = predictor.predict(features)
            return Target(name: predictor.name, values: values, intervals: intervals)
        }
    }

    private static let heading = [
        "row", "target", "prediction", "standardError", "confidenceLower", "confidenceUpper",
        "predictionLower", "predictionUpper",
    ]

    /// The numbers of a row after row and target; nil where there is none.
    private static func numbers(_ target: Target, _ index: Int) -> [Double?] {
        guard let interval = target.intervals?[index] else {
            return [target.values[index], nil, nil, nil, nil, nil]
        }
        let bounds = [interval.confidenceInterval, interval.predictionInterval]
            .flatMap { [$0.lowerBound, $0.upperBound] }
        return ([interval.value, interval.standardError] + bounds).map { $0.isFinite ? $0 : nil }
    }

    /// A row for each row and target; numbers that do not exist are left empty.
    var csv: String {
        var table = CommaSeparated(Self.heading)
        for (index, row) in rows.enumerated() {
            for target in targets {
                table.append(
                    ["\(row + 1)", target.name]
                        + Self.numbers(target, index).map { $0.map(NumberFormat.shortest) })
            }
        }
        return table.text
    }

    /// The same as an array of objects.
    var json: JSONText {
        .array(
            rows.indices.flatMap { index in
                targets.map { target in
                    .object(
                        [("row", .integer(rows[index] + 1)), ("target", .string(target.name))]
                            + zip(Self.heading.dropFirst(2), Self.numbers(target, index))
                            .map { ($0, .optional($1)) })
                }
            })
    }

    /// A table for people.
    func lines(rule: Character) -> [String] {
        let percent = NumberFormat.significant((confidence ?? 0) * 100, digits: 4)
        let share = NumberFormat.trimmingZeros(percent) + " %"
        var lines: [String] = []
        for target in targets {
            var columns: [TextTable.Column] = [.init("row"), .init(DataFileError.printable(target.name))]
            if target.intervals != nil {
                columns += [
                    .init("Std. Error"), .init("mean", "lower \(share)"), .init("", "upper \(share)"),
                    .init("new value", "lower \(share)"), .init("", "upper \(share)"),
                ]
            }
            var table = TextTable(columns: columns)
            for (index, row) in rows.enumerated() {
                table.append(
                    ["\(row + 1)"] + Self.numbers(target, index).map { $0.map { significant($0, 7) } ?? "NA" }
                )
            }
            if !lines.isEmpty { lines.append("") }
            lines += table.lines(rule: rule)
        }
        return lines
    }
}
