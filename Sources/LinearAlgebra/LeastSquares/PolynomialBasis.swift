import Glibc

/// The columns that a fit works with, and how their coefficients become those of the features.
///
/// Feature x enters as t = (x − center)·2^−exponent and its powers t, t², …; a constant comes first when
/// there is an intercept. Centres are near the mean (0 without an intercept), exponents make t about 1, so
/// that neither magnitude nor offset of a feature spoils the conditioning. The scaling is exact, and so is
/// the subtraction where it matters, in double-double.
struct PolynomialBasis: Codable, Sendable, Equatable {
    /// Whether there is a constant column.
    let hasIntercept: Bool
    /// The highest power of any feature.
    let degree: Int
    /// The features that enter by themselves alone, whatever the degree; rising.
    let linear: [Int]
    /// What is subtracted from each feature.
    var centers: [Double]
    /// The power of two that each feature is divided by.
    var exponents: [Int]
    /// The same for the targets.
    var targetCenters: [Double]
    var targetExponents: [Int]

    var featureCount: Int { centers.count }
    var targetCount: Int { targetCenters.count }
    /// The number of columns: constant and powers.
    var columnCount: Int {
        (hasIntercept ? 1 : 0) + featureCount * degree - linear.count * (degree - 1)
    }
    /// The columns of each feature's powers.
    var powerColumns: [Range<Int>] {
        var start = hasIntercept ? 1 : 0
        return degrees.map { count in
            defer { start += count }
            return start..<start + count
        }
    }
    /// The highest power of each feature.
    var degrees: [Int] {
        var degrees = [Int](repeating: degree, count: featureCount)
        for feature in linear { degrees[feature] = 1 }
        return degrees
    }

    /// 2^−exponent of each feature.
    var scales: [Double] { exponents.map { Self.power(-$0) } }
    var targetScales: [Double] { targetExponents.map { Self.power(-$0) } }

    /// Two to a power within the range of Double.
    static func power(_ exponent: Int) -> Double { scalbn(1, Int32(clamping: exponent)) }

    /// A basis that fits the given rows, some of those to come.
    ///
    /// Centre and exponent need only be near the mark: they condition the problem, they do not define it.
    init(
        hasIntercept: Bool, degree: Int, linear: Set<Int> = [], features: MatrixView<Double>,
        targets: MatrixView<Double>, rows: some Collection<Int>, uncentred: Set<Int> = []
    ) {
        precondition(
            linear.allSatisfy { (0..<features.columns).contains($0) },
            "linear features are counted from 0 to less than \(features.columns)")
        self.hasIntercept = hasIntercept
        self.degree = degree
        self.linear = linear.sorted()
        let (c, e) = Self.centersAndExponents(
            features, rows, isCentred: { hasIntercept && !uncentred.contains($0) })
        let (tc, te) = Self.centersAndExponents(targets, rows, isCentred: { _ in hasIntercept })
        (centers, exponents, targetCenters, targetExponents) = (c, e, tc, te)
    }

    private static func centersAndExponents(
        _ values: MatrixView<Double>, _ rows: some Collection<Int>, isCentred: (Int) -> Bool
    ) -> ([Double], [Int]) {
        let (n, count) = (values.columns, Double(max(1, rows.count)))
        var mean = [Double](repeating: 0, count: n)
        var largest = [Double](repeating: 0, count: n)
        values.withUnsafeBase { base in
            mean.withUnsafeMutableBufferPointer { mean in
                for row in rows {
                    let x = base + row &* values.stride
                    // Divided first: a sum may overflow.
                    for column in 0..<n { mean[column] += x[column] / count }
                }
                for column in 0..<n where !isCentred(column) || !mean[column].isFinite { mean[column] = 0 }
                largest.withUnsafeMutableBufferPointer { largest in
                    for row in rows {
                        let x = base + row &* values.stride
                        for column in 0..<n {
                            let size = (x[column] - mean[column]).magnitude
                            let isLarger = size > largest[column] && size < .infinity
                            largest[column] = isLarger ? size : largest[column]
                        }
                    }
                }
            }
        }
        let exponents = largest.map { $0 > 0 ? min(max(Int($0.exponent) + 1, -1000), 1000) : 0 }
        return (mean, exponents)
    }

    /// Whether the parts have matching sizes, for one that was decoded.
    var isConsistent: Bool {
        degree >= 1 && centers.count == exponents.count && targetCenters.count == targetExponents.count
            && Set(linear).count == linear.count && linear.allSatisfy { centers.indices.contains($0) }
            && (centers + targetCenters).allSatisfy(\.isFinite)
            && (exponents + targetExponents).allSatisfy { abs($0) <= 1100 }
    }

    // MARK: Coefficients

    /// The coefficients of constant and powers of the features, from those of the columns worked with.
    ///
    /// (x − c)ʲ·2^−ej is expanded by the binomial theorem. The target's centre and scale are not undone.
    func originalCoefficients(_ working: [DoubleDouble]) -> [DoubleDouble] {
        var original = working
        for (feature, columns) in powerColumns.enumerated() {
            let (first, degree) = (columns.lowerBound, columns.count)
            let scale = Self.power(-exponents[feature])
            var factor = 1.0
            for power in 1...degree {
                factor *= scale
                original[first + power - 1] = working[first + power - 1].scaled(by: factor)
            }
            guard centers[feature] != 0 else { continue }
            // Taylor shift by −c: Horner's scheme applied again and again.
            let shift = DoubleDouble(-centers[feature])
            var coefficients = [DoubleDouble(0)] + original[first..<first + degree]
            for start in 0..<degree {
                for index in stride(from: degree - 1, through: start, by: -1) {
                    coefficients[index] += coefficients[index + 1] * shift
                }
            }
            original[0] += coefficients[0]
            for power in 1...degree { original[first + power - 1] = coefficients[power] }
        }
        return original
    }

    /// The sum of the magnitudes of what the features' centres contribute to the constant.
    func constantTerms(_ original: [DoubleDouble]) -> Double {
        var sum = 0.0
        for (center, columns) in zip(centers, powerColumns) where center != 0 {
            var power = 1.0
            for column in columns {
                power *= center.magnitude
                sum += original[column].value.magnitude * power
            }
        }
        return sum
    }

    /// The map that `originalCoefficients` applies, to each column of a matrix.
    func originalCoefficients(columnsOf working: Matrix<Double>) -> Matrix<Double> {
        precondition(working.rows == columnCount)
        if degree == 1 { return unshifted(columnsOf: working) }
        var result = Matrix<Double>(rows: columnCount, columns: working.columns)
        for column in 0..<working.columns {
            let mapped = originalCoefficients(working.column(column).map { DoubleDouble($0) })
            result.setColumn(column, to: mapped.map(\.value))
        }
        return result
    }

    /// The same without powers, row by row.
    private func unshifted(columnsOf working: Matrix<Double>) -> Matrix<Double> {
        var result = working
        let first = hasIntercept ? 1 : 0
        var constants = first == 1 ? working.row(0).map { DoubleDouble($0) } : []
        for feature in 0..<featureCount {
            let row = working.row(first + feature).scaled(by: Self.power(-exponents[feature]))
            result.setRow(first + feature, to: row)
            guard centers[feature] != 0 else { continue }
            // Half of them are zero where the columns are those of a triangle.
            for column in row.indices where row[column] != 0 {
                constants[column] += DoubleDouble.product(row[column], -centers[feature])
            }
        }
        if first == 1 { result.setRow(0, to: constants.map(\.value)) }
        return result
    }

    /// The inverse map, transposed, on the columns of R: the triangle of the design as the user gave it.
    ///
    /// Column j of the result is R times the working coefficients of power j of a feature.
    func originalDesign(_ triangle: Matrix<Double>) -> Matrix<Double> {
        let k = columnCount
        var result = triangle
        for (feature, columns) in powerColumns.enumerated() {
            let (first, degree) = (columns.lowerBound, columns.count)
            let size = Self.power(exponents[feature])
            let center = centers[feature]
            // x = c + t·2^e, and its powers as polynomials in t.
            var polynomial = [1.0] + [Double](repeating: 0, count: degree)
            for power in 1...degree {
                for index in stride(from: power, through: 0, by: -1) {
                    polynomial[index] =
                        polynomial[index] * center + (index > 0 ? polynomial[index - 1] * size : 0)
                }
                for row in 0..<triangle.rows {
                    var sum = center != 0 && hasIntercept ? triangle[row, 0] * polynomial[0] : 0
                    for index in 1...power { sum += triangle[row, first + index - 1] * polynomial[index] }
                    result[row, first + power - 1] = sum
                }
            }
        }
        precondition(result.columns == k)
        return result
    }

    /// The change of columns from another basis to this one, as a matrix S: W_other = W_this · S.
    ///
    /// Columns k… are the targets. Both bases have the same shape.
    func change(from other: PolynomialBasis) -> Matrix<Double> {
        let k = columnCount
        let width = k + targetCount
        var change = Matrix<Double>(rows: width, columns: width)
        if hasIntercept { change[0, 0] = 1 }
        for (feature, columns) in powerColumns.enumerated() {
            let (first, degree) = (columns.lowerBound, columns.count)
            // t_other = t_this · 2^(e_this − e_other) + (c_this − c_other)·2^−e_other
            let ratio = Self.power(exponents[feature] - other.exponents[feature])
            let offset = (centers[feature] - other.centers[feature]) * Self.power(-other.exponents[feature])
            var polynomial = [1.0] + [Double](repeating: 0, count: degree)
            for power in 1...degree {
                for index in stride(from: power, through: 0, by: -1) {
                    polynomial[index] =
                        polynomial[index] * offset + (index > 0 ? polynomial[index - 1] * ratio : 0)
                }
                if hasIntercept { change[0, first + power - 1] = polynomial[0] }
                for index in 1...power { change[first + index - 1, first + power - 1] = polynomial[index] }
            }
        }
        for target in 0..<targetCount {
            change[k + target, k + target] = Self.power(
                targetExponents[target] - other.targetExponents[target])
            if hasIntercept {
                change[0, k + target] =
                    (targetCenters[target] - other.targetCenters[target]) * other.targetScales[target]
            }
        }
        return change
    }

    // MARK: Rows

    /// Writes the columns of some rows, and behind them the targets, times the root of the weights.
    ///
    /// - Parameter stride: The distance between rows of the result, at least the number of columns written.
    func write(
        rows: Range<Int>, features: MatrixView<Double>, targets: MatrixView<Double>?,
        weights: UnsafePointer<Double>?, into target: UnsafeMutablePointer<Double>, stride: Int
    ) {
        let (p, k) = (featureCount, columnCount)
        let q = targets == nil ? 0 : targetCount
        let first = hasIntercept ? 1 : 0
        let degrees = degrees
        centers.withUnsafeBufferPointer { c in
            scales.withUnsafeBufferPointer { s in
                targetCenters.withUnsafeBufferPointer { tc in
                    targetScales.withUnsafeBufferPointer { ts in
                        features.withUnsafeBase { base in
                            for (offset, row) in rows.enumerated() {
                                let x = base + row &* features.stride
                                let out = target + offset &* stride
                                if first == 1 { out[0] = 1 }
                                if degree == 1 {
                                    let columns = out + first
                                    for j in 0..<p { columns[j] = (x[j] - c[j]) * s[j] }
                                } else {
                                    var column = out + first
                                    for j in 0..<p {
                                        let t = (x[j] - c[j]) * s[j]
                                        var power = t
                                        for _ in 0..<degrees[j] {
                                            column.pointee = power
                                            column += 1
                                            power *= t
                                        }
                                    }
                                }
                                if let targets {
                                    targets.withUnsafeBase { y in
                                        for j in 0..<q {
                                            out[k &+ j] = (y[row &* targets.stride &+ j] - tc[j]) * ts[j]
                                        }
                                    }
                                }
                                if let weights {
                                    let root = weights[row].squareRoot()
                                    for j in 0..<(k &+ q) { out[j] *= root }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
