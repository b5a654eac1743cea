import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization

/// The weighted mean loss of a linear model of logits, as a function of its coefficients.
///
///     f(θ) = Σ sᵢ ℓ(a(xᵢ) θᵀ) / Σ sᵢ  +  ½ Σⱼ ρⱼ Σₖ θₖⱼ²  +  (γ/2) Σⱼ (Σₖ θₖⱼ)²
///
/// a(x) is the scaled example, followed by 1 if there is an intercept: `columnCount` numbers. θ is one row a logit,
/// logits × columns, row after row; the intercept of each logit is the last of its row. ρ is 0 for intercepts. The last
/// term, for softmax, is 0 at the minimum: it fixes the constant that all logits may share, which the loss leaves open,
/// so that the Hessian is definite.
///
/// Sums are split into pieces whose number depends on the sizes alone, each summed in order, and added in order: the
/// same bits on any number of threads.
struct LogitObjective<Scalar: MatrixScalar>: HessianObjective, FiniteSumObjective {
    let dataset: Dataset
    let scaler: Scaler
    let loss: LogitLoss
    let logitCount: Int
    let hasIntercept: Bool
    /// s, with mean 1; nil for all 1.
    let rowWeights: [Double]?
    /// ρ, one number a column.
    let columnPenalties: [Double]
    /// γ.
    let gauge: Double

    private let scratch: Pool<LogitScratch<Scalar>>
    /// Passes over features that are bytes; `nil` where they are not.
    private let byteRows: ByteRows<Scalar>?

    init(
        _ dataset: Dataset, scaler: Scaler, loss: LogitLoss, hasIntercept: Bool, rowWeights: [Double]? = nil,
        columnPenalties: [Double]? = nil, gauge: Double = 0
    ) {
        precondition(
            scaler.featureCount == dataset.featureCount,
            "a scaler of \(scaler.featureCount) features for \(dataset.featureCount) features")
        self.dataset = dataset
        self.scaler = scaler
        self.loss = loss
        self.hasIntercept = hasIntercept
        let logits = loss == .softmax ? dataset.classCount : 1
        let columns = dataset.featureCount + (hasIntercept ? 1 : 0)
        logitCount = logits
        self.rowWeights = rowWeights
        self.columnPenalties = columnPenalties ?? Array(repeating: 0, count: columns)
        precondition(self.columnPenalties.count == columns, "\(columns) columns need as many penalties")
        self.gauge = gauge
        scratch = Pool { LogitScratch(columns: columns, logits: logits) }
        byteRows =
            loss == .softmax
            ? ByteRows(
                dataset, scaler: scaler, classes: logits,
                places: .rows(classes: logits, features: dataset.featureCount, hasIntercept: hasIntercept))
            : nil
    }

    /// The same, computed in another precision.
    func converted<Other: MatrixScalar>(to type: Other.Type) -> LogitObjective<Other> {
        LogitObjective<Other>(
            dataset, scaler: scaler, loss: loss, hasIntercept: hasIntercept, rowWeights: rowWeights,
            columnPenalties: columnPenalties, gauge: gauge)
    }

    /// The number of coefficients of one logit.
    var columnCount: Int { columnPenalties.count }

    var parameterCount: Int { logitCount * columnCount }

    var exampleCount: Int { dataset.count }

    // MARK: Values and gradients

    func value(at parameters: [Scalar]) -> Double {
        let selection = Selection.all(dataset.count)
        let scale = 1 / Double(selection.count)
        if let byteRows {
            return byteRows.loss(at: parameters, selection.ofBytes(weights: rowWeights), gradient: nil)
                + penaltyValue(at: parameters)
        }
        let losses = Accumulator<Scalar>(pieces: selection.pieceCount, width: 0)
        forEachBlock(of: selection, parameters, losses) { _, scratch, rows, losses in
            losses.value += loss.value(
                scratch.logits, stride: LogitScratch<Scalar>.blockRows, logits: logitCount,
                labels: scratch.labels, weights: scratch.weights, rows: rows)
        }
        return losses.totalValue * scale + penaltyValue(at: parameters)
    }

    func valueAndGradient(at parameters: [Scalar], gradient: inout [Scalar]) -> Double {
        valueAndGradient(at: parameters, .all(dataset.count), gradient: &gradient)
    }

    func valueAndGradient(at parameters: [Scalar], examples: Span<Int32>, gradient: inout [Scalar]) -> Double
    {
        examples.withUnsafeBufferPointer { indices in
            valueAndGradient(at: parameters, .indices(indices), gradient: &gradient)
        }
    }

    private func valueAndGradient(
        at parameters: [Scalar], _ selection: Selection, gradient: inout [Scalar]
    ) -> Double {
        precondition(selection.count > 0, "the mean over no examples was asked for")
        precondition(
            gradient.count == parameterCount,
            "a gradient of \(gradient.count) numbers for \(parameterCount) coefficients")
        if let byteRows {
            let value = gradient.withUnsafeMutableBufferPointer {
                byteRows.loss(
                    at: parameters, selection.ofBytes(weights: rowWeights), gradient: $0.baseAddress!)
            }
            addPenaltyGradient(at: parameters, to: &gradient)
            return value + penaltyValue(at: parameters)
        }
        let scale = 1 / Double(selection.count)
        let sums = Accumulator<Scalar>(pieces: selection.pieceCount, width: parameterCount)
        let columns = columnCount
        forEachBlock(of: selection, parameters, sums) { isFirst, scratch, rows, sum in
            for row in 0..<rows { scratch.weights[row] *= scale }
            sum.value += loss.differentiate(
                scratch.logits, stride: LogitScratch<Scalar>.blockRows, logits: logitCount,
                labels: scratch.labels, weights: scratch.weights, rows: rows)
            Scalar._gemm(
                false, false, logitCount, columns, rows, 1, scratch.logits, LogitScratch<Scalar>.blockRows,
                scratch.features, columns, isFirst ? 0 : 1, sum.vector, columns)
        }
        sums.total(into: &gradient)
        addPenaltyGradient(at: parameters, to: &gradient)
        return sums.totalValue + penaltyValue(at: parameters)
    }

    private func penaltyValue(at parameters: [Scalar]) -> Double {
        var (ridge, shared) = (0.0, 0.0)
        for j in 0..<columnCount {
            var (squares, sum) = (0.0, 0.0)
            for k in 0..<logitCount {
                let value = Double(parameters[k * columnCount + j])
                squares += value * value
                sum += value
            }
            ridge += columnPenalties[j] * squares
            shared += sum * sum
        }
        return (ridge + gauge * shared) / 2
    }

    /// Adds ∇ of the penalties, which are quadratic: their Hessian times a vector.
    func addPenaltyGradient(at parameters: [Scalar], to gradient: inout [Scalar]) {
        for j in 0..<columnCount {
            var sum = 0.0
            for k in 0..<logitCount { sum += Double(parameters[k * columnCount + j]) }
            for k in 0..<logitCount {
                let index = k * columnCount + j
                gradient[index] += Scalar(columnPenalties[j] * Double(parameters[index]) + gauge * sum)
            }
        }
    }

    /// a(xᵢ) θᵀ for every example, examples × logits.
    func logits(at parameters: [Scalar]) -> Matrix<Scalar> {
        let selection = Selection.all(dataset.count)
        if let byteRows {
            return Matrix(rows: dataset.count, columns: logitCount) { target in
                byteRows.logits(at: parameters, into: target.baseAddress!, pieces: selection.pieceCount)
            }
        }
        let nothing = Accumulator<Scalar>(pieces: selection.pieceCount, width: 0)
        return Matrix(rows: dataset.count, columns: logitCount) { target in
            let shared = UnsafeTransfer(target.baseAddress!)
            forEachBlock(of: selection, parameters, nothing) { _, scratch, rows, _ in
                let target = shared.value + scratch.firstRow * logitCount
                for row in 0..<rows {
                    for k in 0..<logitCount {
                        target[row * logitCount + k] =
                            scratch.logits[k * LogitScratch<Scalar>.blockRows + row]
                    }
                }
            }
        }
    }
}

// MARK: - Passes over the examples

extension LogitObjective {
    /// The examples of one evaluation.
    enum Selection: @unchecked Sendable {
        case all(Int)
        case indices(UnsafeBufferPointer<Int32>)

        var count: Int {
            switch self {
            case .all(let count): count
            case .indices(let indices): indices.count
            }
        }

        /// The same for features that are bytes; the mean is taken of the losses.
        func ofBytes(weights: [Double]?) -> ByteRows<Scalar>.Selection {
            var indices: UnsafeBufferPointer<Int32>?
            if case .indices(let given) = self { indices = given }
            return ByteRows<Scalar>.Selection(
                indices: indices, weights: weights, count: count, scale: 1 / Double(count), pieces: pieceCount
            )
        }

        /// How many pieces a sum is split into: a matter of its length alone.
        var pieceCount: Int { max(1, min(16, (count + 511) / 512)) }

        /// The same for sums of so many numbers each, which together must find room, and pieces of so many examples.
        func pieceCount(of examples: Int = 512, width: Int) -> Int {
            max(1, min(16, (count + examples - 1) / examples, (1 << 24) / max(width, 1)))
        }
    }

    /// Calls `body` for one block of examples after another, its features, weights and, where parameters are given,
    /// logits in the scratch.
    func forEachBlock(
        of selection: Selection, _ parameters: [Scalar]?, _ sums: Accumulator<Scalar>,
        _ body:
            @Sendable (
                _ isFirst: Bool, _ scratch: LogitScratch<Scalar>, _ rows: Int,
                _ sum: Accumulator<Scalar>.Piece
            ) -> Void
    ) {
        if let parameters {
            precondition(
                parameters.count == parameterCount,
                "\(parameters.count) numbers for \(parameterCount) coefficients")
        }
        let pieces = sums.pieces.count
        let count = selection.count
        let transfer = UnsafeTransfer(sums)
        WorkerTeam.shared.forEach(pieces) { piece in
            let scratch = self.scratch.take()
            defer { self.scratch.giveBack(scratch) }
            let sum = transfer.value.pieces[piece]
            var start = count * piece / pieces
            let end = count * (piece + 1) / pieces
            var isFirst = true
            while start < end {
                let rows = min(LogitScratch<Scalar>.blockRows, end - start)
                load(selection, start..<start + rows, scratch)
                parameters?.withUnsafeBufferPointer {
                    Scalar._gemm(
                        false, true, logitCount, rows, columnCount, 1, $0.baseAddress!, columnCount,
                        scratch.features, columnCount, 0, scratch.logits, LogitScratch<Scalar>.blockRows)
                }
                body(isFirst, scratch, rows, sum)
                isFirst = false
                start += rows
            }
        }
    }

    private func load(_ selection: Selection, _ block: Range<Int>, _ scratch: LogitScratch<Scalar>) {
        let columns = columnCount
        scratch.firstRow = block.lowerBound
        switch selection {
        case .all:
            dataset.gather(block, scaler: scaler, into: scratch.features, stride: columns)
            for row in 0..<block.count {
                // Examples to be predicted may have no classes.
                scratch.labels[row] = dataset.isLabelled ? dataset.labels[block.lowerBound + row] : 0
                scratch.weights[row] = rowWeights?[block.lowerBound + row] ?? 1
            }
        case .indices(let all):
            let indices = UnsafeBufferPointer(rebasing: all[block])
            dataset.gather(indices, scaler: scaler, into: scratch.features, stride: columns)
            for row in 0..<block.count {
                let index = Int(indices[row])
                scratch.labels[row] = dataset.labels[index]
                scratch.weights[row] = rowWeights?[index] ?? 1
            }
        }
        if hasIntercept {
            for row in 0..<block.count { scratch.features[row * columns + columns - 1] = 1 }
        }
    }
}
