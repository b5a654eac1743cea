import DescentLinearAlgebra

/// Second derivatives, and the second moments of the features.
extension LogitObjective {
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
