import Descent
import DescentDatasets
import Glibc

extension LeastSquaresCommand {
    /// From this size on a file is read in blocks without being asked to.
    private static let smallestStream = 256 << 20
    /// The same for standard input, of which so much is held before it is known.
    private static let smallestPipe = 64 << 20
    /// With more coefficients than these, HC0 and HC1 are cheaper from rows that are read again.
    private static let mostProducts = 24

    /// Whether the file can be read twice.
    var isRegularFile: Bool { fileSize != nil }

    private var fileSize: Int? {
        var status = stat()
        guard let file, file != "-", stat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return nil
        }
        return Int(status.st_size)
    }

    /// Whether to read the file in blocks.
    func streamsFile() throws -> Bool {
        if let stream { return stream }
        guard optionThatNeedsRows == nil else { return false }
        if file == "-" { return try streamsStandardInput() }
        return fileSize ?? 0 >= Self.smallestStream
    }

    /// Whether standard input is too long to be held, and its columns are made for being read once.
    private func streamsStandardInput() throws -> Bool {
        guard optionThatNeedsTwoPasses == nil else { return false }
        let (bytes, isWhole) = try StandardInput.beginning(streamFrom ?? Self.smallestPipe)
        if isWhole { return false }
        let start = bytes.prefix(1 << 18)
        guard !start.prefix(4096).contains(where: { $0 < 32 && ![9, 10, 12, 13].contains($0) || $0 == 127 }),
            !start.starts(with: [0x1F, 0x8B]), let end = start.lastIndex(of: UInt8(ascii: "\n"))
        else { return false }
        let head: ColumnFile
        do throws(DataFileError) {
            head = try ColumnFile(
                ByteSource(name: "standard input", bytes: ByteStorage(Array(start[...end]))))
        } catch {
            // The message of whoever reads it whole is the better one.
            return false
        }
        return try head.columns(choose(head).features).allSatisfy { $0.numbers != nil }
    }

    /// The fit of rows of which none is kept; `nil` when nobody asked for that and the file is not made for it.
    func fitStreaming() throws -> LeastSquaresOutput? {
        let path = file ?? "-"
        var blocks = try CSVBlocks(path: path)
        var next: CSVBlocks.Block?
        do throws(DataFileError) {
            next = try blocks.next()
        } catch {
            // The message of whoever reads it whole is the better one.
            if stream == nil && isRegularFile { return nil }
            throw error
        }
        // The first block is there even if it has no rows.
        let start = ColumnFile(next!)
        let choice = try choose(start)
        let names = choice.features.map { start.columnNames[$0] }
        var coding = FeatureCoding(
            terms: names.map { .init(column: $0, levels: nil, reference: nil, mean: nil) })
        let text = try zip(start.columns(choice.features), choice.features).first { $0.0.numbers == nil }
        if text != nil || optionThatNeedsScouting != nil {
            if let (column, place) = text, !isRegularFile {
                let row = FeatureCoding.firstText(column) ?? 0
                throw start.error(
                    row: row, column: place,
                    "is \"\(DataFileError.printable(column.text?[row] ?? ""))\": text needs a look at all rows"
                        + " before the first one counts, and what is read once has numbers only; give a file,"
                        + " leave the column out with --features, or say --no-stream")
            }
            coding = try scout(path, choice, names, start)
            blocks = try CSVBlocks(path: path)
            next = try blocks.next()
        }
        let count = coding.coefficientNames(degree: degree ?? 1, hasIntercept: !noIntercept).count
        let collectsProducts =
            (robust == .hc0 || robust == .hc1) && (count <= Self.mostProducts || !isRegularFile)
        var sums = choice.targets.map { place in
            LeastSquaresAccumulator(
                names: coding.featureNames, targetName: start.columnNames[place], fitsIntercept: !noIntercept,
                degree: degree ?? 1, linearFeatures: coding.indicatorFeatures,
                collectsRobustCovariance: collectsProducts)
        }
        let counts = try forEachPart(&blocks, next.take(), choice, coding) { part in
            for index in sums.indices {
                try sums[index].add(part.features, part.targets[index], weights: part.weights)
            }
        }
        if counts.rows == counts.dropped {
            throw DataFileError(
                file: blocks.name,
                reason: .malformed(counts.rows == 0 ? "has no rows" : "has no row without a missing value"))
        }
        var fits = try sums.map { sums in
            try answering(blocks.name) { () throws(LeastSquaresError) in
                try sums.fit(
                    dependentColumns: minimumNorm ? .minimumNorm : .drop, tolerance: rcond,
                    covariance: collectsProducts ? robust! : .classical, confidence: confidence ?? 0.95)
            }
        }
        let isIllConditioned = fits.contains { $0.workingConditionNumber > LeastSquares.refinementLimit }
        if isRegularFile && (isIllConditioned || robust != nil && !collectsProducts) {
            fits = try again(path, sums, choice, coding)
        }
        var result = LeastSquaresOutput(coding: coding, fits: fits)
        result.weights = choice.weights.map { start.columnNames[$0] }
        result.dropped = counts.dropped
        result.filled = counts.filled
        if let save { try LeastSquaresModel(result).save(to: save) }
        return result
    }

    // MARK: Passes

    /// The rows of a block as they are computed with.
    private struct Part {
        let features: Matrix<Double>
        let targets: [[Double]]
        let weights: [Double]?
    }

    /// The pass before the first: the levels of text and the means of numbers.
    private func scout(
        _ path: String, _ choice: Choice, _ names: [String], _ start: ColumnFile
    ) throws -> FeatureCoding {
        var scout = FeatureScout(
            names: names, places: choice.features, categorical: choice.categorical,
            references: choice.references)
        var blocks = try CSVBlocks(path: path)
        let progress = TerminalProgress(isQuiet: false)
        defer { progress.finish() }
        while let block = try blocks.next() {
            let part = ColumnFile(block)
            let columns = try part.columns(choice.all)
            let rows = try (missing ?? .refuse).rows(
                columns, places: choice.all, filled: choice.features.count, of: part)
            try scout.add(Array(columns[..<choice.features.count]), rows: rows, of: part)
            progress.show("looking at the columns, \(blocks.byteCount >> 20) MiB read")
        }
        do {
            return try scout.coding(of: start, hasIntercept: !noIntercept, fillsMissing: missing == .mean)
        } catch let error as FeatureScout.UnknownLevel {
            throw misuse("--reference: \(error)")
        }
    }

    /// The pass after the first: residuals in double-double, and what each row contributes.
    private func again(
        _ path: String, _ sums: [LeastSquaresAccumulator], _ choice: Choice, _ coding: FeatureCoding
    ) throws -> [LeastSquaresFit] {
        var passes = try sums.map { sums in
            try answering(path) { () throws(LeastSquaresError) in
                try sums.secondPass(
                    dependentColumns: minimumNorm ? .minimumNorm : .drop, tolerance: rcond,
                    covariance: robust ?? .classical, confidence: confidence ?? 0.95)
            }
        }
        var blocks = try CSVBlocks(path: path)
        let first = try blocks.next()
        _ = try forEachPart(&blocks, first, choice, coding) { part in
            for index in passes.indices {
                try passes[index].add(part.features, part.targets[index], weights: part.weights)
            }
        }
        return try passes.map { pass in
            try answering(path) { () throws(LeastSquaresError) in try pass.fit() }
        }
    }

    /// Calls `body` with the rows of each block.
    private func forEachPart(
        _ blocks: inout CSVBlocks, _ first: consuming CSVBlocks.Block?, _ choice: Choice,
        _ coding: FeatureCoding, _ body: (Part) throws -> Void
    ) throws -> (rows: Int, dropped: Int, filled: Int) {
        let progress = TerminalProgress(isQuiet: false)
        defer { progress.finish() }
        var (rowCount, dropped, filled) = (0, 0, 0)
        var next: CSVBlocks.Block? = first
        while let block = next.take() {
            let file = ColumnFile(block)
            let columns = try file.columns(choice.all)
            let count = choice.features.count
            let rows = try (missing ?? .refuse).rows(columns, places: choice.all, filled: count, of: file)
            let features = Array(columns[..<count])
            let part = Part(
                features: try coding.matrix(features, rows: rows, of: file, places: choice.features),
                targets: try choice.targets.indices.map { index in
                    let values = try FeatureCoding.numbers(
                        columns[count + index], of: file, at: choice.targets[index])
                    return rows.map { values[$0] }
                },
                weights: try choice.weights.map { place in
                    try Self.weights(columns[columns.count - 1], rows: rows, of: file, at: place)
                })
            do {
                try body(part)
            } catch let error as LeastSquaresError {
                throw Refusal(description: "\(DataFileError.printable(file.name)): \(error)")
            }
            if missing == .mean {
                for column in features { filled += rows.count { column.numbers?[$0].isNaN ?? false } }
            }
            rowCount += block.table.rowCount
            dropped += block.table.rowCount - rows.count
            progress.show("\(NumberFormat.count(rowCount)) rows, \(blocks.byteCount >> 20) MiB read")
            next = try blocks.next()
        }
        return (rowCount, dropped, filled)
    }

    /// The result of `body`, or its error under the file's name.
    private func answering<R>(
        _ file: String, _ body: () throws(LeastSquaresError) -> R
    ) throws(Refusal) -> R {
        do throws(LeastSquaresError) {
            return try body()
        } catch {
            throw Refusal(description: "\(DataFileError.printable(file)): \(error)")
        }
    }
}
