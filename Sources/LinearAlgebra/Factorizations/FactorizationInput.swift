// What every factorization does before LAPACK sees the matrix.

/// A finite matrix, copied to be overwritten, and scaled by a power of two where its magnitude asks for it.
struct FactorizationInput<Scalar: MatrixScalar> {
    /// The scaled elements.
    var matrix: Matrix<Scalar>
    /// The matrix that was given is this one times two to the exponent, which is even.
    let exponent: Int

    /// Checks that the elements are finite, and that LAPACK can count them.
    ///
    /// LAPACK does not look for infinities, and some of its drivers never return when there is one.
    init(_ operand: some MatrixOperand<Scalar>) throws(LinearAlgebraError) {
        let view = operand.view
        BLASLimit.check(
            view.rows | view.columns,
            BLASLimit.complaint("factorization", [("rows", view.rows), ("columns", view.columns)]))
        try checkFinite(view, .matrix)
        matrix = Matrix(view)
        // Squares of the elements, and their inverses, should be normal numbers with room for sums of many.
        // Powers of two change nothing but exponents.
        let largest = matrix.withUnsafeElements { largestMagnitude($0) }
        let room = Int(Scalar.greatestFiniteMagnitude.exponent) / 4
        guard largest > 0, abs(Int(largest.exponent)) > room else {
            exponent = 0
            return
        }
        // Even, so that it has a root.
        exponent = Int(largest.exponent) & ~1
        matrix = matrix.scaled(byPowerOfTwo: -exponent)
    }

    /// Checks further that the matrix is symmetric up to rounding.
    ///
    /// - Precondition: the matrix is square.
    init(symmetric operand: some MatrixOperand<Scalar>) throws(LinearAlgebraError) {
        precondition(operand.rows == operand.columns, "a symmetric matrix is square, not \(operand.shape)")
        try self.init(operand)
        let n = matrix.rows
        let asymmetry = matrix.withUnsafeElements { elements in
            firstAsymmetry(n, elements, 8 * Scalar(n) * Scalar.ulpOfOne * largestMagnitude(elements))
        }
        if let (row, column) = asymmetry { throw .notSymmetric(row: row, column: column) }
    }
}

/// Throws when an element is NaN or infinite.
func checkFinite<Scalar>(
    _ view: MatrixView<Scalar>, _ operand: LinearAlgebraError.Operand
) throws(LinearAlgebraError) {
    guard view.columns > 0 else { return }
    for row in 0..<view.rows {
        let found = view.withUnsafeBase { base in
            firstNonFinite(UnsafeBufferPointer(start: base + row * view.stride, count: view.columns))
        }
        if let column = found { throw .notFinite(operand, row: row, column: column) }
    }
}

/// Multiplies each element by a power of two, which may itself be beyond the type's range.
func multiplyElements<Scalar: MatrixScalar>(
    _ x: UnsafeMutableBufferPointer<Scalar>, byPowerOfTwo exponent: Int
) {
    var rest = exponent
    let largest = Int(Scalar.greatestFiniteMagnitude.exponent) - 1
    while rest != 0 {
        let step = min(max(rest, -largest), largest)
        multiply(x, by: Scalar(sign: .plus, exponent: Scalar.Exponent(step), significand: 1))
        rest -= step
    }
}

extension Array where Element: MatrixScalar {
    /// The vector times two to the exponent.
    func scaled(byPowerOfTwo exponent: Int) -> [Element] {
        guard exponent != 0 else { return self }
        var result = self
        result.withUnsafeMutableBufferPointer { multiplyElements($0, byPowerOfTwo: exponent) }
        return result
    }
}

extension Matrix {
    /// The matrix times two to the exponent.
    func scaled(byPowerOfTwo exponent: Int) -> Matrix {
        guard exponent != 0 else { return self }
        var result = self
        result.withUnsafeMutableElements { multiplyElements($0, byPowerOfTwo: exponent) }
        return result
    }

    /// The upper or lower triangle of the leading block, zeros on the other side of the diagonal.
    func triangle(rows: Int, columns: Int, isLower: Bool) -> Matrix {
        Matrix(rows: rows, columns: columns) { target in
            target.initialize(repeating: 0)
            withUnsafeElements { source in
                for row in 0..<rows {
                    let range = isLower ? 0..<min(row + 1, columns) : min(row, columns)..<columns
                    guard !range.isEmpty else { continue }
                    (target.baseAddress! + row * columns + range.lowerBound).update(
                        from: source.baseAddress! + row * self.columns + range.lowerBound, count: range.count)
                }
            }
        }
    }
}

@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
private func firstAsymmetry<Scalar: MatrixScalar>(
    _ n: Int, _ a: UnsafeBufferPointer<Scalar>, _ tolerance: Scalar
) -> (row: Int, column: Int)? {
    let block = 32
    for firstRow in stride(from: 0, to: n, by: block) {
        for firstColumn in stride(from: 0, through: firstRow, by: block) {
            for row in firstRow..<min(firstRow + block, n) {
                for column in firstColumn..<min(firstColumn + block, row)
                where (a[row &* n &+ column] - a[column &* n &+ row]).magnitude > tolerance {
                    return (row, column)
                }
            }
        }
    }
    return nil
}
