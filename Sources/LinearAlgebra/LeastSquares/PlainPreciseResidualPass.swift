// The residual pass in double-double for features that enter as they are.
//
// Products and sums are those of T. Ogita, S. M. Rump, S. Oishi, Accurate sum and dot product, SIAM J. Sci. Comput.
// 26, 2005: the errors of products and sums are known exactly and added up beside them, which gives results as if
// computed in twice the precision, at half the price of normalizing after each step.

/// A sum of products and beside it the sum of what rounding took from it, four of each.
private struct CompensatedSum4 {
    var sum = SIMD4<Double>()
    var rest = SIMD4<Double>()

    /// Adds a·b, for a number a and the halves of b, and of a little number beside b.
    @inline(__always)
    mutating func add(
        _ a: SIMD4<Double>, _ b: SIMD4<Double>, _ upper: SIMD4<Double>, _ lower: SIMD4<Double>,
        _ little: SIMD4<Double>
    ) {
        let product = a * b
        // Veltkamp's halves of a: products of halves are exact.
        let scaled = a * 134_217_729.0  // 2²⁷ + 1
        let a1 = scaled - (scaled - a)
        let a2 = a - a1
        let error = ((a1 * upper - product) + a1 * lower + a2 * upper) + a2 * lower
        let next = sum + product
        let part = next - sum
        rest += ((sum - (next - part)) + (product - part)) + (error + a * little)
        sum = next
    }

    /// The sum of the lanes, in their order.
    var total: DoubleDouble {
        var total = DoubleDouble.sum(sum[0], rest[0])
        for lane in 1..<4 { total += DoubleDouble.sum(sum[lane], rest[lane]) }
        return total
    }
}

/// The halves of a number, and a little number beside it, in all lanes.
private struct SplitFactor4 {
    var value = SIMD4<Double>()
    var upper = SIMD4<Double>()
    var lower = SIMD4<Double>()
    var little = SIMD4<Double>()

    @inline(__always)
    init(_ value: SIMD4<Double>, _ little: SIMD4<Double>) {
        self.value = value
        self.little = little
        let scaled = value * 134_217_729.0
        upper = scaled - (scaled - value)
        lower = value - upper
    }

    @inline(__always)
    init(repeating number: DoubleDouble) {
        self.init(SIMD4(repeating: number.high), SIMD4(repeating: number.low))
    }
}

extension LeastSquaresData {
    /// Gradient and residual sum of squares of some rows, from the features where they are.
    ///
    /// Offsets of the features are undone afterwards: some bits of a hundred, where they are small.
    func plainPreciseResiduals(
        of piece: Range<Int>, _ basis: PolynomialBasis, _ target: Int, _ coefficients: [DoubleDouble]
    ) -> PreciseResiduals {
        let p = basis.featureCount
        let first = basis.hasIntercept ? 1 : 0
        let chunks = (p + 3) / 4
        let width = 4 * chunks
        let scales = basis.scales
        let slopes = (0..<p).map { -coefficients[first + $0].scaled(by: scales[$0]) }
        // r = y·scale + constant + Σ slope·x
        let targetScale = basis.targetScales[target]
        var constant = DoubleDouble(-basis.targetCenters[target] * targetScale)
        if first == 1 { constant += -coefficients[0] }
        for (slope, center) in zip(slopes, basis.centers) { constant += slope * -center }

        var factors: [SplitFactor4] = []
        for chunk in 0..<chunks {
            var (high, low) = (SIMD4<Double>(), SIMD4<Double>())
            for lane in 0..<min(4, p - 4 * chunk) {
                (high[lane], low[lane]) = (slopes[4 * chunk + lane].high, slopes[4 * chunk + lane].low)
            }
            factors.append(SplitFactor4(high, low))
        }
        var sums = [CompensatedSum4](repeating: CompensatedSum4(), count: chunks)
        var total = DoubleDouble(0)
        var squares = DoubleDouble(0)
        // Four rows at a time, each padded to whole vectors.
        let rows = UnsafeMutableRawPointer.allocate(
            byteCount: max(64, 4 * width * MemoryLayout<Double>.stride), alignment: 64)
        defer { rows.deallocate() }
        let block = rows.bindMemory(to: Double.self, capacity: 4 * width)
        block.initialize(repeating: 0, count: 4 * width)
        let vectors = UnsafeRawPointer(block).assumingMemoryBound(to: SIMD4<Double>.self)
        let (q, targetColumns) = (target, targets.columns)
        features.withUnsafeElements { x in
            targets.withUnsafeElements { y in
                weights.withOptionalUnsafePointer { w in
                    factors.withUnsafeBufferPointer { factors in
                        sums.withUnsafeMutableBufferPointer { sums in
                            var row = piece.lowerBound
                            while row < piece.upperBound {
                                let count = min(4, piece.upperBound - row)
                                for lane in 0..<count where p > 0 {
                                    (block + lane * width).update(
                                        from: x.baseAddress! + (row + lane) * p, count: p)
                                }
                                var (a, b) = (CompensatedSum4(), CompensatedSum4())
                                var (c, d) = (CompensatedSum4(), CompensatedSum4())
                                for chunk in 0..<chunks {
                                    let f = factors[chunk]
                                    a.add(vectors[chunk], f.value, f.upper, f.lower, f.little)
                                    b.add(vectors[chunks &+ chunk], f.value, f.upper, f.lower, f.little)
                                    c.add(vectors[2 &* chunks &+ chunk], f.value, f.upper, f.lower, f.little)
                                    d.add(vectors[3 &* chunks &+ chunk], f.value, f.upper, f.lower, f.little)
                                }
                                // Rows beyond the last weigh nothing.
                                var weighted = (
                                    DoubleDouble(0), DoubleDouble(0), DoubleDouble(0), DoubleDouble(0)
                                )
                                for lane in 0..<count {
                                    let fitted = lane == 0 ? a : lane == 1 ? b : lane == 2 ? c : d
                                    let value = DoubleDouble(
                                        y[(row + lane) * targetColumns + q] * targetScale)
                                    let residual = (value + constant) + fitted.total
                                    let one = w.map { residual * $0[row + lane] } ?? residual
                                    total += one
                                    squares += residual * one
                                    switch lane {
                                    case 0: weighted.0 = one
                                    case 1: weighted.1 = one
                                    case 2: weighted.2 = one
                                    default: weighted.3 = one
                                    }
                                }
                                let r = (
                                    SplitFactor4(repeating: weighted.0), SplitFactor4(repeating: weighted.1),
                                    SplitFactor4(repeating: weighted.2), SplitFactor4(repeating: weighted.3)
                                )
                                for chunk in 0..<chunks {
                                    var sum = sums[chunk]
                                    sum.add(vectors[chunk], r.0.value, r.0.upper, r.0.lower, r.0.little)
                                    sum.add(
                                        vectors[chunks &+ chunk], r.1.value, r.1.upper, r.1.lower, r.1.little)
                                    sum.add(
                                        vectors[2 &* chunks &+ chunk], r.2.value, r.2.upper, r.2.lower,
                                        r.2.little)
                                    sum.add(
                                        vectors[3 &* chunks &+ chunk], r.3.value, r.3.upper, r.3.lower,
                                        r.3.little)
                                    sums[chunk] = sum
                                }
                                row += count
                            }
                        }
                    }
                }
            }
        }
        var gradient = first == 1 ? [total] : []
        for column in 0..<p {
            let (chunk, lane) = column.quotientAndRemainder(dividingBy: 4)
            let sum = DoubleDouble.sum(sums[chunk].sum[lane], sums[chunk].rest[lane])
            gradient.append((sum + total * -basis.centers[column]).scaled(by: scales[column]))
        }
        return PreciseResiduals(gradient: gradient, sumOfSquares: squares)
    }
}
