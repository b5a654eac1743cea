import CKernels

// The passes over the rows that turn a tall problem into a small square one.
//
// Each splits the rows into pieces that do not depend on the number of threads, and adds up what the pieces
// leave by their index: the same bits on any number of threads.

/// Results of the pieces of a loop, written by index from several threads.
struct PieceResults<Value>: @unchecked Sendable {
    // Unchecked: each element is written by one piece and read after all are done.
    private let base: UnsafeMutableBufferPointer<Value?>

    init(count: Int) {
        base = .allocate(capacity: count)
        base.initialize(repeating: nil)
    }

    func set(_ index: Int, _ value: Value) { base[index] = value }

    /// The results in order; to be called once.
    func take() -> [Value] {
        defer {
            base.deinitialize()
            base.deallocate()
        }
        return base.map { $0! }
    }
}

extension LeastSquaresData {
    /// Calls `body` with blocks of rows of a piece, written as columns, targets behind them.
    func forEachBlock(
        of piece: Range<Int>, _ basis: PolynomialBasis, leadingRows: Int = 0, blockRows: Int,
        _ body: (_ block: UnsafeMutablePointer<Double>, _ rows: Range<Int>) -> Void
    ) {
        let width = basis.columnCount + basis.targetCount
        let most = min(blockRows, max(1, piece.count))
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: max(64, (leadingRows + most) * width * MemoryLayout<Double>.stride), alignment: 64)
        defer { memory.deallocate() }
        let block = memory.bindMemory(to: Double.self, capacity: (leadingRows + most) * width)
        block.initialize(repeating: 0, count: leadingRows * width)
        let (x, y) = (features.view, targets.view)
        weights.withOptionalUnsafePointer { w in
            var start = piece.lowerBound
            while start < piece.upperBound {
                let rows = start..<min(start + most, piece.upperBound)
                basis.write(
                    rows: rows, features: x, targets: y, weights: w, into: block + leadingRows * width,
                    stride: width)
                body(block, rows)
                start = rows.upperBound
            }
        }
    }

    /// The Gram matrix of columns and targets together, upper triangle.
    func gram(_ basis: PolynomialBasis) -> Matrix<Double> {
        let width = basis.columnCount + basis.targetCount
        if PackedGram.pays(width: width) { return packedGram(basis) }
        let pieces = pieces(width: width)
        let results = PieceResults<Matrix<Double>>(count: pieces.count)
        WorkerTeam.shared.forEach(pieces.count) { index in
            var gram = Matrix<Double>(rows: width, columns: width)
            gram.withUnsafeMutableElements { target in
                forEachBlock(of: pieces[index], basis, blockRows: Self.blockRows(width: width)) {
                    block, rows in
                    Double._syrk(true, width, rows.count, 1, block, width, 1, target.baseAddress!, width)
                }
            }
            results.set(index, gram)
        }
        var total = Matrix<Double>(rows: width, columns: width)
        for part in results.take() { total.accumulate(part) }
        return total
    }

    /// The triangle R of a QR factorization of columns and targets together, by blocks of rows.
    ///
    /// (J. Demmel, L. Grigori, M. Hoemmen, J. Langou, Communication-optimal parallel and sequential QR and LU
    /// factorizations, SIAM J. Sci. Comput. 34, 2012.)
    func triangle(_ basis: PolynomialBasis) -> Matrix<Double> {
        let width = basis.columnCount + basis.targetCount
        let pieces = pieces(width: width)
        let results = PieceResults<Matrix<Double>>(count: pieces.count)
        WorkerTeam.shared.forEach(pieces.count) { index in
            var triangle = TriangleUpdate(width: width)
            forEachBlock(
                of: pieces[index], basis, leadingRows: width,
                blockRows: TriangleUpdate.blockRows(width: width)
            ) { block, rows in
                triangle.reduce(block, rows: width + rows.count)
            }
            results.set(index, triangle.value)
        }
        let parts = results.take()
        return parts.dropFirst().reduce(parts[0]) { TriangleUpdate.merge($0, $1) }
    }

    /// Gradient and residual sum of squares at some coefficients of the columns.
    ///
    /// - Parameter coefficients: k × q.
    /// - Returns: WᵀR, k × q, and RᵀR's diagonal, for the residuals R = Y − W·X.
    func residualPass(_ basis: PolynomialBasis, _ coefficients: Matrix<Double>) -> ResidualPass {
        let (k, q) = (basis.columnCount, basis.targetCount)
        if q == 1, basis.isNearlyPlain(offset: 8) { return plainResidualPass(basis, coefficients.column(0)) }
        let width = k + q
        // (W Y)·(−X; I)
        var factor = Matrix<Double>(rows: width, columns: q)
        for target in 0..<q {
            for row in 0..<k { factor[row, target] = -coefficients[row, target] }
            factor[k + target, target] = 1
        }
        let factors = factor
        let pieces = pieces(width: width)
        let results = PieceResults<ResidualPass>(count: pieces.count)
        WorkerTeam.shared.forEach(pieces.count) { index in
            let blockRows = Self.blockRows(width: width)
            var gradient = Matrix<Double>(rows: width, columns: q)
            var squares = [Double](repeating: 0, count: q)
            var residual = [Double](repeating: 0, count: blockRows * q)
            gradient.withUnsafeMutableElements { g in
                factors.withUnsafeElements { f in
                    forEachBlock(of: pieces[index], basis, blockRows: blockRows) { block, rows in
                        residual.withUnsafeMutableBufferPointer { r in
                            let r = r.baseAddress!
                            if q == 1 {
                                Double._gemv(
                                    false, rows.count, width, 1, block, width, f.baseAddress!, 0, r)
                                Double._gemv(
                                    true, rows.count, width, 1, block, width, r, 1, g.baseAddress!)
                            } else {
                                Double._gemm(
                                    false, false, rows.count, q, width, 1, block, width, f.baseAddress!, q, 0,
                                    r, q)
                                Double._gemm(
                                    true, false, width, q, rows.count, 1, block, width, r, q, 1,
                                    g.baseAddress!, q)
                            }
                            for row in 0..<rows.count {
                                for target in 0..<q {
                                    squares[target] += r[row * q + target] * r[row * q + target]
                                }
                            }
                        }
                    }
                }
            }
            results.set(
                index, ResidualPass(gradient: Matrix(gradient[rows: 0..<k]), sumOfSquares: squares))
        }
        var total = ResidualPass(
            gradient: Matrix(rows: k, columns: q), sumOfSquares: [Double](repeating: 0, count: q))
        for part in results.take() {
            total.gradient.accumulate(part.gradient)
            for target in 0..<q { total.sumOfSquares[target] += part.sumOfSquares[target] }
        }
        return total
    }
}

extension LeastSquaresData {
    /// The triangle of columns and one target, and whether their Gram matrix was good enough for it.
    ///
    /// It has elements that are not finite when rows are far beyond the scale of the basis.
    func safeTriangle(_ basis: PolynomialBasis) -> (Matrix<Double>, isGram: Bool) {
        let (k, width) = (basis.columnCount, basis.width)
        if rows > width {
            let gram = gram(basis)
            guard gram.withUnsafeElements({ firstNonFinite($0) }) == nil else { return (gram, true) }
            let factor = GramFactor(gram, columns: k)
            if let upper = factor.triangle, factor.conditionNumber <= LeastSquares.normalLimit {
                var rest = gram[k, k]
                let z = upper.column(k)
                rest -= z.dot(z)
                // A difference of nearly equal numbers would have lost the digits of the residual.
                if rest > 1e-3 * gram[k, k] {
                    var full = Matrix<Double>(rows: width, columns: width)
                    for row in 0..<k { full.setRow(row, to: upper.row(row)) }
                    full[k, k] = rest.squareRoot()
                    return (full, true)
                }
            }
        }
        return (triangle(basis), false)
    }
}

extension PolynomialBasis {
    /// Whether the columns are those of the features, up to scales and offsets of so many deviations.
    func isNearlyPlain(offset limit: Double) -> Bool {
        func isSmall(_ centers: [Double], _ exponents: [Int]) -> Bool {
            zip(centers, exponents).allSatisfy { abs($1) <= 400 && abs($0) * Self.power(-$1) <= limit }
        }
        return degree == 1 && isSmall(centers, exponents) && isSmall(targetCenters, targetExponents)
    }
}

extension LeastSquaresData {
    /// The same for one target, reading the features where they are: the pass costs as much as the memory.
    fileprivate func plainResidualPass(_ basis: PolynomialBasis, _ coefficients: [Double]) -> ResidualPass {
        let p = basis.featureCount
        let padded = (p + 7) & ~7
        let first = basis.hasIntercept ? 1 : 0
        let features = zip(coefficients.dropFirst(first), basis.scales).map { $0 * $1 }
        var constant = -basis.targetCenters[0] * basis.targetScales[0] - (first == 1 ? coefficients[0] : 0)
        for (slope, center) in zip(features, basis.centers) { constant += slope * center }
        let offset = constant
        let slopes = features + [Double](repeating: 0, count: max(8, padded) - p)
        let pieces = pieces(width: basis.width)
        let results = PieceResults<[Double]>(count: pieces.count)
        WorkerTeam.shared.forEach(pieces.count) { index in
            results.set(
                index, plainResiduals(of: pieces[index], slopes, offset, targetScale: basis.targetScales[0]))
        }
        var sums = [Double](repeating: 0, count: padded + 2)
        for part in results.take() { for index in sums.indices { sums[index] += part[index] } }
        var gradient = first == 1 ? [sums[0]] : []
        let scales = basis.scales
        for column in 0..<p {
            gradient.append(scales[column] * (sums[column + 2] - basis.centers[column] * sums[0]))
        }
        return ResidualPass(
            gradient: Matrix(rows: gradient.count, columns: 1, elements: gradient), sumOfSquares: [sums[1]])
    }

    /// Σ wr, Σ wr², and Σ wrx for each feature, of some rows, for r = scale·y + offset − x·slopes.
    ///
    /// - Parameter slopes: A number for each feature, and zeros up to a multiple of eight.
    func plainResiduals(
        of piece: Range<Int>, _ slopes: [Double], _ offset: Double, targetScale: Double,
        instructions: descent_instructions = descent_best_instructions()
    ) -> [Double] {
        let p = features.columns
        let padded = (p + 7) & ~7
        var sums = [Double](repeating: 0, count: padded + 2)
        // Sums of sums, so that the rounding of many rows does not pile up.
        let step = 256
        features.withUnsafeElements { x in
            targets.withUnsafeElements { y in
                weights.withOptionalUnsafePointer { w in
                    slopes.withUnsafeBufferPointer { slopes in
                        withUnsafeTemporaryAllocation(of: Double.self, capacity: padded + 2) { part in
                            for start in stride(from: piece.lowerBound, to: piece.upperBound, by: step) {
                                part.initialize(repeating: 0)
                                var rows = descent_residual_rows(
                                    rows: min(step, piece.upperBound - start), features: p, padded: padded,
                                    x: p > 0 ? x.baseAddress! + start * p : slopes.baseAddress!, x_stride: p,
                                    readable: (self.rows - start) * p, slopes: slopes.baseAddress!,
                                    y: y.baseAddress! + start * targets.columns, y_stride: targets.columns,
                                    target_scale: targetScale, offset: offset, weights: w.map { $0 + start })
                                descent_residual_pass(&rows, part.baseAddress!, instructions)
                                for index in sums.indices { sums[index] += part[index] }
                            }
                        }
                    }
                }
            }
        }
        return sums
    }
}

/// What a pass over the residuals leaves.
struct ResidualPass: Sendable {
    /// WᵀR.
    var gradient: Matrix<Double>
    /// Σ r², for each target.
    var sumOfSquares: [Double]
}

extension Matrix where Scalar == Double {
    /// Adds another matrix, without the cost of a generic closure for each element.
    mutating func accumulate(_ other: Matrix) {
        precondition(other.rows == rows && other.columns == columns, "cannot add \(other.shape) to \(shape)")
        let count = count
        guard count > 0 else { return }
        withUnsafeMutableElements { target in
            other.withUnsafeElements { Double._axpy(count, 1, $0.baseAddress!, target.baseAddress!) }
        }
    }
}

extension Optional where Wrapped == [Double] {
    /// Calls `body` with the elements, or with nil.
    func withOptionalUnsafePointer<R>(_ body: (UnsafePointer<Double>?) -> R) -> R {
        guard let self else { return body(nil) }
        return self.withUnsafeBufferPointer { body($0.baseAddress) }
    }
}
