import CKernels

// The residual pass in double-double for features that enter as they are.

extension LeastSquaresData {
    /// Gradient and residual sum of squares of some rows, from the features where they are.
    ///
    /// Offsets of the features are undone afterwards: some bits of a hundred, where they are small. Every
    /// instruction set gives the same bits.
    func plainPreciseResiduals(
        of piece: Range<Int>, _ basis: PolynomialBasis, _ target: Int, _ coefficients: [DoubleDouble],
        instructions: descent_instructions = descent_best_instructions()
    ) -> PreciseResiduals {
        let p = basis.featureCount
        let first = basis.hasIntercept ? 1 : 0
        let scales = basis.scales
        let slopes = (0..<p).map { -coefficients[first + $0].scaled(by: scales[$0]) }
        // r = y·scale + constant + Σ slope·x
        let targetScale = basis.targetScales[target]
        var constant = DoubleDouble(-basis.targetCenters[target] * targetScale)
        if first == 1 { constant += -coefficients[0] }
        for (slope, center) in zip(slopes, basis.centers) { constant += slope * -center }

        let (high, low) = (slopes.map(\.high), slopes.map(\.low))
        // Of the residuals, their squares, and each feature: eight sums, and eight little ones beside them.
        var sums = [Double](repeating: 0, count: 16 * (p + 2))
        sums.withUnsafeMutableBufferPointer { sums in
            features.withUnsafeElements { x in
                targets.withUnsafeElements { y in
                    weights.withOptionalUnsafePointer { w in
                        high.withUnsafeBufferPointer { high in
                            low.withUnsafeBufferPointer { low in
                                withUnsafeTemporaryAllocation(of: Double.self, capacity: max(1, 8 * p)) {
                                    // A model without features has no address for them.
                                    let none = UnsafePointer($0.baseAddress!)
                                    var rows = descent_precise_residual_rows(
                                        rows: piece.count, features: p,
                                        x: x.baseAddress.map { $0 + piece.lowerBound * p } ?? none,
                                        x_stride: p, slopes: high.baseAddress ?? none,
                                        little_slopes: low.baseAddress ?? none,
                                        y: y.baseAddress! + piece.lowerBound * targets.columns + target,
                                        y_stride: targets.columns, target_scale: targetScale,
                                        constant: constant.high, little_constant: constant.low,
                                        weights: w.map { $0 + piece.lowerBound })
                                    descent_precise_residual_pass(
                                        &rows, $0.baseAddress!, sums.baseAddress!, instructions)
                                }
                            }
                        }
                    }
                }
            }
        }
        func total(_ index: Int) -> DoubleDouble {
            var total = DoubleDouble(0)
            for lane in 0..<8 { total += .sum(sums[16 * index + lane], sums[16 * index + 8 + lane]) }
            return total
        }
        let weighted = total(0)
        var gradient = first == 1 ? [weighted] : []
        for column in 0..<p {
            gradient.append(
                (total(column + 2) + weighted * -basis.centers[column]).scaled(by: scales[column]))
        }
        return PreciseResiduals(gradient: gradient, sumOfSquares: total(1))
    }
}
