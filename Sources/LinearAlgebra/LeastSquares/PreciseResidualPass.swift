/// Gradient and residual sum of squares, in twice the precision of Double.
struct PreciseResiduals: Sendable {
    /// Wᵀ·diag(w)·r for each column.
    var gradient: [DoubleDouble]
    /// Σ w·r².
    var sumOfSquares: DoubleDouble

    /// Adds the sums of other rows.
    mutating func add(_ other: PreciseResiduals) {
        for index in gradient.indices { gradient[index] += other.gradient[index] }
        sumOfSquares += other.sumOfSquares
    }
}

extension LeastSquaresData {
    /// Gradient and residual sum of squares of one target at some coefficients, all in double-double.
    ///
    /// Centring, powers, products and sums are exact to about 31 digits, so the result is that of the
    /// numbers in memory and not of rounded columns.
    func preciseResiduals(
        _ basis: PolynomialBasis, target: Int, _ coefficients: [DoubleDouble]
    ) -> PreciseResiduals {
        let k = basis.columnCount
        let pieces = pieces(width: k + basis.targetCount)
        let results = PieceResults<PreciseResiduals>(count: pieces.count)
        WorkerTeam.shared.forEach(pieces.count) { index in
            results.set(index, preciseResiduals(of: pieces[index], basis, target, coefficients))
        }
        var total = PreciseResiduals(
            gradient: [DoubleDouble](repeating: DoubleDouble(0), count: k), sumOfSquares: DoubleDouble(0))
        for part in results.take() { total.add(part) }
        return total
    }

    private func preciseResiduals(
        of piece: Range<Int>, _ basis: PolynomialBasis, _ target: Int, _ coefficients: [DoubleDouble]
    ) -> PreciseResiduals {
        let k = basis.columnCount
        let degrees = basis.degrees
        var columns = [DoubleDouble4](repeating: .zero, count: k)
        var gradient = [DoubleDouble4](repeating: .zero, count: k)
        let negated = coefficients.map { DoubleDouble4(repeating: -$0) }
        var squares = DoubleDouble4.zero
        let (x, y) = (features.view, targets.view)
        let targetCenter = basis.targetCenters[target]
        let targetScale = basis.targetScales[target]
        columns.withUnsafeMutableBufferPointer { columns in
            gradient.withUnsafeMutableBufferPointer { gradient in
                negated.withUnsafeBufferPointer { negated in
                    x.withUnsafeBase { x0 in
                        y.withUnsafeBase { y0 in
                            weights.withOptionalUnsafePointer { w in
                                var row = piece.lowerBound
                                while row < piece.upperBound {
                                    let lanes = min(4, piece.upperBound - row)
                                    writePreciseColumns(
                                        basis, degrees, x0 + row * x.stride, x.stride, lanes,
                                        columns.baseAddress!)
                                    var values = SIMD4<Double>()
                                    // Lanes beyond the last row weigh nothing.
                                    var weight = SIMD4<Double>()
                                    for lane in 0..<lanes {
                                        values[lane] = y0[(row + lane) * y.stride + target]
                                        weight[lane] = w.map { $0[row + lane] } ?? 1
                                    }
                                    var residual = DoubleDouble4.sum(
                                        values, SIMD4(repeating: -targetCenter))
                                    residual.high *= targetScale
                                    residual.low *= targetScale
                                    for column in 0..<k {
                                        residual = residual + negated[column] * columns[column]
                                    }
                                    let weighted = residual * DoubleDouble4(weight, .zero)
                                    for column in 0..<k {
                                        gradient[column] = gradient[column] + columns[column] * weighted
                                    }
                                    squares = squares + residual * weighted
                                    row += lanes
                                }
                            }
                        }
                    }
                }
            }
        }
        return PreciseResiduals(gradient: gradient.map(\.laneSum), sumOfSquares: squares.laneSum)
    }
}

/// The columns of up to four rows, a row in each lane.
@inline(__always)
private func writePreciseColumns(
    _ basis: PolynomialBasis, _ degrees: [Int], _ x: UnsafePointer<Double>, _ stride: Int, _ lanes: Int,
    _ columns: UnsafeMutablePointer<DoubleDouble4>
) {
    var column = 0
    if basis.hasIntercept {
        columns[0] = DoubleDouble4(SIMD4(repeating: 1), .zero)
        column = 1
    }
    basis.centers.withUnsafeBufferPointer { centers in
        basis.exponents.withUnsafeBufferPointer { exponents in
            for feature in 0..<centers.count {
                var values = SIMD4<Double>(repeating: centers[feature])
                for lane in 0..<lanes { values[lane] = x[lane &* stride &+ feature] }
                var t = DoubleDouble4.sum(values, SIMD4(repeating: -centers[feature]))
                let scale = PolynomialBasis.power(-exponents[feature])
                t.high *= scale
                t.low *= scale
                columns[column] = t
                column += 1
                if degrees[feature] > 1 {
                    var power = t
                    for _ in 1..<degrees[feature] {
                        power = power * t
                        columns[column] = power
                        column += 1
                    }
                }
            }
        }
    }
}
