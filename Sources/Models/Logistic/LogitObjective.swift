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
    private func addPenaltyGradient(at parameters: [Scalar], to gradient: inout [Scalar]) {
        for j in 0..<columnCount {
            var sum = 0.0
            for k in 0..<logitCount { sum += Double(parameters[k * columnCount + j]) }
            for k in 0..<logitCount {
                let index = k * columnCount + j
                gradient[index] += Scalar(columnPenalties[j] * Double(parameters[index]) + gauge * sum)
            }
        }
    }

    // MARK: Curvature

    func hessianProduct(at parameters: [Scalar], along direction: [Scalar], product: inout [Scalar]) {
        let selection = Selection.all(dataset.count)
        let scale = 1 / Double(selection.count)
        let stride = LogitScratch<Scalar>.blockRows
        let sums = Accumulator<Scalar>(pieces: selection.pieceCount, width: parameterCount)
        let columns = columnCount
        forEachBlock(of: selection, parameters, sums) { isFirst, scratch, rows, sum in
            loss.prepareCurvature(
                scratch.logits, stride: stride, logits: logitCount, labels: scratch.labels, rows: rows)
            let (p, u) = (scratch.logits, scratch.moreLogits)
            direction.withUnsafeBufferPointer {
                Scalar._gemm(
                    false, true, logitCount, rows, columns, 1, $0.baseAddress!, columns, scratch.features,
                    columns, 0, u, stride)
            }
            for row in 0..<rows {
                let weight = Scalar(scratch.weights[row] * scale)
                if loss == .softmax {
                    var mean: Scalar = 0
                    for k in 0..<logitCount { mean += p[k * stride + row] * u[k * stride + row] }
                    for k in 0..<logitCount {
                        let index = k * stride + row
                        u[index] = weight * p[index] * (u[index] - mean)
                    }
                } else {
                    u[row] *= weight * p[row]
                }
            }
            Scalar._gemm(
                false, false, logitCount, columns, rows, 1, u, stride, scratch.features, columns,
                isFirst ? 0 : 1, sum.vector, columns)
        }
        sums.total(into: &product)
        addPenaltyGradient(at: direction, to: &product)
    }

    /// The Hessian, by blocks of pairs of logits: −Aᵀ diag(s pₖ pₗ) A for two, and for one with itself what makes the
    /// blocks of a row add up to 0, as pₖ (1 − pₖ) is the sum of pₖ pₗ over all other l.
    func hessian(at parameters: [Scalar]) -> Matrix<Scalar> {
        let (columns, logits, n) = (columnCount, logitCount, parameterCount)
        let selection = Selection.all(dataset.count)
        let scale = 1 / Double(selection.count)
        let stride = LogitScratch<Scalar>.blockRows
        let pieces = selection.pieceCount(of: 3 * stride, width: n * n)
        let sums = Accumulator<Scalar>(pieces: pieces, width: n * n)
        let isPaired = loss == .softmax
        forEachBlock(of: selection, parameters, sums) { isFirst, scratch, rows, sum in
            loss.prepareCurvature(
                scratch.logits, stride: stride, logits: logits, labels: scratch.labels, rows: rows)
            for k in 0..<(isPaired ? logits - 1 : 1) {
                // The pairs of k with those after it side by side.
                let first = isPaired ? k + 1 : 0
                let width = (logits - first) * columns
                weighCurvature(
                    of: k, pairs: first..<logits, probabilities: scratch.logits, stride: stride,
                    isPaired: isPaired, weights: scratch.weights, scale: scale, features: scratch.features,
                    columns: columns, rows: rows, into: scratch.moreFeatures)
                addProduct(
                    scratch.features, columns, scratch.moreFeatures, width, rows: rows, isFirst: isFirst,
                    into: sum.vector + k * columns * n + first * columns, stride: n)
            }
        }
        var hessian = sums.totalMatrix(rows: n)
        hessian.withUnsafeMutableElements { h in
            // Only blocks above the diagonal were summed.
            for k in 0..<(isPaired ? logits : 0) {
                for l in 0..<logits where l != k {
                    for i in 0..<columns {
                        let row = h.baseAddress! + (k * columns + i) * n
                        for j in 0..<columns {
                            let pair =
                                l > k
                                ? row[l * columns + j] : h[(l * columns + j) * n + k * columns + i]
                            row[l * columns + j] = pair
                            row[k * columns + j] -= pair
                        }
                    }
                }
            }
            for i in 0..<n {
                for j in 0..<i { h[i * n + j] = h[j * n + i] }
            }
            for j in 0..<columns {
                for k in 0..<logits {
                    let i = k * columns + j
                    h[i * n + i] += Scalar(columnPenalties[j])
                    for l in 0..<logits { h[i * n + l * columns + j] += Scalar(gauge) }
                }
            }
        }
        return hessian
    }

    /// target ← AᵀB, or target + AᵀB.
    private func addProduct(
        _ a: UnsafePointer<Scalar>, _ columns: Int, _ b: UnsafePointer<Scalar>, _ width: Int, rows: Int,
        isFirst: Bool, into target: UnsafeMutablePointer<Scalar>, stride: Int
    ) {
        // Wider ones are many enough operations for BLAS to put its factors in order first.
        if columns <= 256 {
            TiledProduct.multiply(
                rows: columns, columns: width, depth: rows, .init(transposing: a, stride: columns),
                .init(b, stride: width), adding: !isFirst, into: target, stride: stride)
        } else {
            Scalar._gemm(
                true, false, columns, width, rows, 1, a, columns, b, width, isFirst ? 0 : 1, target, stride)
        }
    }

    /// The weighted mean of a aᵀ, columns × columns; of every `step`-th example, for an estimate.
    func gramMatrix(every step: Int = 1) -> Matrix<Scalar> {
        guard step > 1 else { return gramMatrix(of: .all(dataset.count)) }
        let sample = stride(from: 0, to: dataset.count, by: step).map { Int32($0) }
        return sample.withUnsafeBufferPointer { gramMatrix(of: .indices($0)) }
    }

    private func gramMatrix(of selection: Selection) -> Matrix<Scalar> {
        let columns = columnCount
        let scale = 1 / Double(selection.count)
        let width = columns * columns
        let sums = Accumulator<Scalar>(
            pieces: min(selection.pieceCount(width: width), max(4, (1 << 21) / max(width, 1))), width: width)
        forEachBlock(of: selection, nil, sums) { isFirst, scratch, rows, sum in
            for row in 0..<rows {
                let factor = Scalar((scratch.weights[row] * scale).squareRoot())
                let features = scratch.features + row * columns
                for j in 0..<columns { features[j] *= factor }
            }
            Scalar._syrk(
                true, columns, rows, 1, scratch.features, columns, isFirst ? 0 : 1, sum.vector, columns)
        }
        var gram = sums.totalMatrix(rows: columns)
        gram.withUnsafeMutableElements { g in
            for i in 0..<columns {
                for j in 0..<i { g[i * columns + j] = g[j * columns + i] }
            }
        }
        return gram
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
    private enum Selection: @unchecked Sendable {
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
    private func forEachBlock(
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

/// For logit k and each l of the pairs: rows of ∂²ℓ/∂zₖ∂zₗ times the features, side by side.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func weighCurvature<Scalar: MatrixScalar>(
    of k: Int, pairs: Range<Int>, probabilities p: UnsafePointer<Scalar>, stride: Int, isPaired: Bool,
    weights: UnsafePointer<Double>, scale: Double, features: UnsafePointer<Scalar>, columns: Int, rows: Int,
    into target: UnsafeMutablePointer<Scalar>
) {
    var target = target
    for row in 0..<rows {
        let weight = Scalar(weights[row] * scale) * p[k * stride + row]
        let source = features + row * columns
        for l in pairs {
            let factor = isPaired ? -weight * p[l * stride + row] : weight
            for j in 0..<columns { target[j] = factor * source[j] }
            target += columns
        }
    }
}
