import ArgumentParser
import Descent
import DescentDatasets

extension LeastSquaresCommand {
    func run() throws {
        var output: LeastSquaresOutput
        if let model {
            let fitted = try LeastSquaresModel(path: model)
            output = LeastSquaresOutput(fitted)
            if let path = predict ?? file { output.predictions = try predictions(fitted, path) }
        } else {
            if plot != nil { _ = try Plotting.program() }
            if let variant {
                output = try fit(variant)
            } else {
                output = try streamsFile ? fitStreaming() ?? fit() : fit()
            }
            if let predict { output.predictions = try predictions(LeastSquaresModel(output), predict) }
        }
        output.extras = LeastSquaresOutput.Extras(inflation: vif, influence: influence, press: press)
        if self.output == nil && !Terminal.output.isUnicode && Terminal.output.isInteractive {
            output.rule = "-"
        }
        if let path = predictions, let values = output.predictions {
            try AtomicFile.write(values.csv, to: path)
            output.predictions = nil
        }
        // Predictions from a model were all that was wanted, and they are written.
        if model == nil || predictions == nil || self.output != nil { try show(output) }
        if strict && output.hasWarnings {
            StandardError.write("Error: there are warnings, and --strict was given.\n")
            throw ExitCode.failure
        }
    }

    private func show(_ result: LeastSquaresOutput) throws {
        let text =
            switch format {
            // A model that is known already needs no report when it is there to predict.
            case .text where model != nil && result.predictions != nil:
                result.predictions!.lines(rule: result.rule).map { $0 + "\n" }.joined()
            case .text: result.text
            case .json: result.json
            case .csv: result.predictions?.csv ?? result.csv
            }
        try put(text)
        // Text and JSON have them inside.
        if format == .csv || model != nil && format == .text {
            for warning in result.warnings {
                StandardError.write("Warning: \(DataFileError.printable(warning.target)): \(warning.text).\n")
            }
        }
    }

    /// Puts the report where it is wanted.
    private func put(_ text: String) throws(DataFileError) {
        if let output { return try AtomicFile.write(text, to: output) }
        var standard = TextOutput()
        standard.write(text)
        standard.flush()
    }

    private func predictions(
        _ model: LeastSquaresModel, _ path: String
    ) throws(DataFileError) -> LeastSquaresPredictions {
        try LeastSquaresPredictions(
            model, of: ColumnFile(path: path), missing: missing ?? .refuse, confidence: confidence)
    }

    // MARK: Fitting

    /// Why a file's data has no answer.
    struct Refusal: Error, CustomStringConvertible {
        let description: String
    }

    private func fit() throws -> LeastSquaresOutput {
        let data = try prepare()
        let fits: [LeastSquaresFit]
        do throws(LeastSquaresError) {
            fits = try configuration(data.coding).fit(
                data.features, targets: Matrix(data.observed).transposed(), weights: data.weights,
                names: data.coding.featureNames, targetNames: data.targetNames)
        } catch {
            throw Refusal(description: "\(DataFileError.printable(data.file.name)): \(error)")
        }
        var result = LeastSquaresOutput(coding: data.coding, fits: fits)
        result.weights = data.weightName
        result.dropped = data.dropped
        result.filled = data.filled
        if residuals != nil || influence || press || plot != nil {
            result.rows = zip(fits, data.observed).compactMap { fit, observed in
                fit.diagnostics().map {
                    LeastSquaresRows(
                        target: fit.targetName, diagnostics: $0, rows: data.rows, observed: observed)
                }
            }
            result.residuals = result.rows.map(\.diagnostics.residuals)
        } else if format == .text {
            result.residuals = zip(fits, data.observed).map { fit, observed in
                zip(observed, fit.predict(data.features)).map { $0 - $1 }
            }
        }
        try write(result)
        return result
    }

    /// The problem that the file and the options pose.
    func prepare() throws -> RegressionData {
        let file = try ColumnFile(path: file ?? "-")
        let choice = try choose(file)
        let columns = try file.columns(choice.all)
        let policy = missing ?? .refuse
        let count = choice.features.count
        let rows = try policy.rows(columns, places: choice.all, filled: count, of: file)
        if rows.isEmpty {
            let what = columns[0].count == 0 ? "has no rows" : "has no row without a missing value"
            throw DataFileError(file: file.name, reason: .malformed(what))
        }
        let featureColumns = Array(columns[..<count])
        let coding: FeatureCoding
        do {
            coding = try FeatureCoding(
                featureColumns, places: choice.features, of: file, rows: rows,
                categorical: choice.categorical, references: choice.references, hasIntercept: !noIntercept,
                fillsMissing: policy == .mean)
        } catch let error as FeatureCoding.UnknownLevel {
            throw misuse("--reference: \(error)")
        }
        let observed = try choice.targets.indices.map { index in
            let values = try FeatureCoding.numbers(
                columns[count + index], of: file, at: choice.targets[index])
            return rows.map { values[$0] }
        }
        return RegressionData(
            file: file, rows: rows, coding: coding,
            features: try coding.matrix(featureColumns, rows: rows, of: file, places: choice.features),
            targetNames: choice.targets.map { file.columnNames[$0] }, observed: observed,
            weightName: choice.weights.map { file.columnNames[$0] },
            weights: try choice.weights.map { place in
                try Self.weights(columns[columns.count - 1], rows: rows, of: file, at: place)
            },
            dropped: columns[0].count - rows.count,
            filled: policy != .mean
                ? 0
                : featureColumns.reduce(0) { sum, column in
                    sum + rows.count { column.numbers?[$0].isNaN ?? false }
                })
    }

    /// The files beside the report.
    func write(_ result: LeastSquaresOutput) throws {
        if let residuals { try AtomicFile.write(LeastSquaresRows.csv(result.rows), to: residuals) }
        if let save { try LeastSquaresModel(result).save(to: save) }
        if let plot { try Plotting.draw(result, to: plot) }
    }

    private func configuration(_ coding: FeatureCoding) -> LeastSquares {
        LeastSquares(
            method: method ?? .auto, fitsIntercept: !noIntercept, degree: degree ?? 1,
            linearFeatures: coding.indicatorFeatures, dependentColumns: minimumNorm ? .minimumNorm : .drop,
            tolerance: rcond,
            covariance: robust ?? .classical, confidence: confidence ?? 0.95)
    }

    static func weights(
        _ column: Table.Column, rows: [Int], of file: ColumnFile, at place: Int
    ) throws(DataFileError) -> [Double] {
        let values = try FeatureCoding.numbers(column, of: file, at: place)
        if let row = rows.first(where: { values[$0] < 0 }) {
            throw file.error(
                row: row, column: place, "is \(NumberFormat.shortest(values[row])); weights must be 0 or more"
            )
        }
        return rows.map { values[$0] }
    }

    // MARK: Columns

    /// Which columns of the file play which part.
    struct Choice {
        var features: [Int]
        var targets: [Int]
        var weights: Int?
        var categorical: Set<String>
        var references: [String: String]
        /// Features, targets, weights.
        var all: [Int] { features + targets + (weights.map { [$0] } ?? []) }
    }

    func choose(_ file: ColumnFile) throws -> Choice {
        func places(_ list: String, _ option: String) throws -> [Int] {
            do throws(ColumnList.UnknownName) {
                return try ColumnList.places(of: list, in: file)
            } catch {
                throw misuse("--\(option): \(error)")
            }
        }
        func name(_ place: Int) -> String { DataFileError.printable(file.columnNames[place]) }

        let targets = try places(self.targets ?? "", "target")
        if let twice = targets.first(where: { place in targets.count { $0 == place } > 1 }) {
            throw misuse("--target names \(name(twice)) twice.")
        }
        var weight: Int?
        if let weights {
            let named = try places(weights, "weights")
            guard named.count == 1 else { throw misuse("--weights takes one column, not \(named.count).") }
            weight = named[0]
            if targets.contains(named[0]) {
                throw misuse("\(name(named[0])) cannot be both target and weights.")
            }
        }
        let length = file.lengths[targets[0]]
        let others = file.columnNames.indices.filter { !targets.contains($0) && $0 != weight }
        var chosen = others.filter { file.lengths[$0] == length }
        if let features {
            let named = Set(try places(features, "features"))
            if let target = targets.first(where: named.contains) {
                throw misuse("\(name(target)) cannot be both target and feature.")
            }
            chosen = named.sorted()
        } else if others.count > chosen.count {
            let unused = others.filter { file.lengths[$0] != length }.map { file.columnNames[$0] }
            StandardError.write(
                "Note: no features, having another number of rows than \(name(targets[0])):"
                    + " \(ColumnList.described(unused)).\n")
        }
        for place in targets + chosen + (weight.map { [$0] } ?? []) where file.lengths[place] != length {
            throw file.error(
                place, "has \(file.lengths[place]) rows where \"\(name(targets[0]))\" has \(length)")
        }
        if chosen.isEmpty && noIntercept {
            throw misuse("without features and intercept there is nothing to fit.")
        }

        var categories: Set<String> = []
        var references: [String: String] = [:]
        if let categorical {
            categories = Set(try places(categorical, "categorical").map { file.columnNames[$0] })
        }
        for item in reference {
            let sign = item.firstIndex(of: "=") ?? item.startIndex
            let place = try places(String(item[..<sign]), "reference")
            guard let column = place.first else { continue }
            references[file.columnNames[column]] = String(item[item.index(after: sign)...])
        }
        let feature = Set(chosen.map { file.columnNames[$0] })
        if let stray = categories.union(references.keys).sorted().first(where: { !feature.contains($0) }) {
            throw misuse("\(DataFileError.printable(stray)) is to be categorical, but is no feature.")
        }
        return Choice(
            features: chosen, targets: targets, weights: weight, categorical: categories,
            references: references)
    }

    /// The end of the command for options that are wrong in view of the data.
    func misuse(_ message: String) -> ExitCode {
        StandardError.write("Error: \(message)\n")
        return ExitCode.validationFailure
    }
}
