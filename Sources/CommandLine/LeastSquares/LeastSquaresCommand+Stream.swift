import Descent
import DescentDatasets
import Glibc

extension LeastSquaresCommand {
    /// From this size on a file is read in blocks without being asked to.
    private static let smallestStream = 256 << 20

    /// Whether to read the file in blocks.
    var streamsFile: Bool {
        if let stream { return stream }
        guard let file, optionThatNeedsRows == nil else { return false }
        var status = stat()
        return file != "-" && stat(file, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
            && Int(status.st_size) >= Self.smallestStream
    }

    /// The fit of rows that are seen once; `nil` when nobody asked for that and the file is not made for it.
    func fitStreaming() throws -> LeastSquaresOutput? {
        let path = file ?? "-"
        var blocks = try CSVBlocks(path: path)
        var next: CSVBlocks.Block?
        do throws(DataFileError) {
            next = try blocks.next()
        } catch {
            // The message of whoever reads it whole is the better one.
            if stream == nil { return nil }
            throw error
        }
        // The first block is there even if it has no rows.
        let start = ColumnFile(next!)
        let choice = try choose(start)
        let coding = FeatureCoding(
            terms: choice.features.map {
                .init(column: start.columnNames[$0], levels: nil, reference: nil, mean: nil)
            })
        if let (column, place) = try zip(start.columns(choice.features), choice.features)
            .first(where: { $0.0.numbers == nil })
        {
            if stream == nil { return nil }
            let row = FeatureCoding.firstText(column) ?? 0
            throw start.error(
                row: row, column: place,
                "is \"\(DataFileError.printable(column.text?[row] ?? ""))\", and --stream takes numbers only;"
                    + " leave the column out with --features")
        }
        var sums = choice.targets.map { place in
            LeastSquaresAccumulator(
                names: coding.featureNames, targetName: start.columnNames[place], fitsIntercept: !noIntercept,
                degree: degree ?? 1, collectsRobustCovariance: robust != nil)
        }
        let progress = TerminalProgress(isQuiet: false)
        defer { progress.finish() }
        var (rowCount, dropped) = (0, 0)
        while let block = next.take() {
            dropped += try add(ColumnFile(block), choice, coding, to: &sums)
            rowCount += block.table.rowCount
            progress.show("\(NumberFormat.count(rowCount)) rows, \(blocks.byteCount >> 20) MiB read")
            next = try blocks.next()
        }
        if rowCount == dropped {
            throw DataFileError(
                file: blocks.name,
                reason: .malformed(rowCount == 0 ? "has no rows" : "has no row without a missing value"))
        }
        var result = LeastSquaresOutput(coding: coding, fits: try sums.map { try fit($0, of: blocks.name) })
        result.weights = choice.weights.map { start.columnNames[$0] }
        result.dropped = dropped
        if let save { try LeastSquaresModel(result).save(to: save) }
        return result
    }

    private func fit(_ sums: LeastSquaresAccumulator, of file: String) throws(Refusal) -> LeastSquaresFit {
        do throws(LeastSquaresError) {
            return try sums.fit(
                dependentColumns: minimumNorm ? .minimumNorm : .drop, tolerance: rcond,
                covariance: robust ?? .classical, confidence: confidence ?? 0.95)
        } catch {
            throw Refusal(description: "\(DataFileError.printable(file)): \(error)")
        }
    }

    /// Adds the rows of a block; the result is the number of those left out.
    private func add(
        _ part: ColumnFile, _ choice: Choice, _ coding: FeatureCoding,
        to sums: inout [LeastSquaresAccumulator]
    ) throws -> Int {
        let columns = try part.columns(choice.all)
        let count = choice.features.count
        for (column, place) in zip(columns, choice.all) {
            _ = try FeatureCoding.numbers(column, of: part, at: place)
        }
        let rows = try (missing ?? .refuse).rows(columns, places: choice.all, filled: count, of: part)
        let features = try coding.matrix(
            Array(columns[..<count]), rows: rows, of: part, places: choice.features)
        let weights = try choice.weights.map { place in
            try Self.weights(columns[columns.count - 1], rows: rows, of: part, at: place)
        }
        for index in sums.indices {
            let values = try FeatureCoding.numbers(
                columns[count + index], of: part, at: choice.targets[index])
            do throws(LeastSquaresError) {
                try sums[index].add(features, rows.map { values[$0] }, weights: weights)
            } catch {
                throw Refusal(description: "\(DataFileError.printable(part.name)): \(error)")
            }
        }
        return columns[0].count - rows.count
    }
}
