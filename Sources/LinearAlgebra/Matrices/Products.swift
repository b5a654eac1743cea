// Products of matrices and vectors, by BLAS.
//
// Every product comes as a function that returns a new value and as one that writes into a matrix or vector
// that is already there. Results never alias operands: an operand that shares memory with the result keeps
// its old elements, because the result then gets memory of its own first.
//
// Large products are spread over OpenBLAS' own threads: ``OpenBLAS/threadCount``.

/// Which operands of a product are taken transposed.
public struct Transposition: OptionSet, Sendable {
    /// The bits of the set.
    public let rawValue: Int

    /// A set of the given bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// The left operand is taken transposed.
    public static let first = Transposition(rawValue: 1)
    /// The right operand is taken transposed.
    public static let second = Transposition(rawValue: 2)
    /// Both operands are taken transposed.
    public static let both: Transposition = [.first, .second]
}

// MARK: Matrix times matrix

/// C ← α · A·B + β · C, with A or B or both taken transposed.
///
/// With β = 0 whatever C held is overwritten, NaN included. An inner dimension of 0 makes A·B zero.
///
/// - Precondition: the shapes fit, and every dimension and leading dimension is below 2³¹.
public func multiply<Scalar: MatrixScalar>(
    _ a: some MatrixOperand<Scalar>, _ b: some MatrixOperand<Scalar>, transposing: Transposition = [],
    into c: inout Matrix<Scalar>, alpha: Scalar = 1, beta: Scalar = 0
) {
    let (x, y) = (a.view, b.view)
    let transposeA = transposing.contains(.first)
    let transposeB = transposing.contains(.second)
    let m = transposeA ? x.columns : x.rows
    let k = transposeA ? x.rows : x.columns
    let n = transposeB ? y.rows : y.columns
    precondition(
        k == (transposeB ? y.columns : y.rows),
        "cannot multiply \(describe(x, transposeA)) by \(describe(y, transposeB))")
    precondition(
        c.rows == m && c.columns == n,
        "the product of \(describe(x, transposeA)) and \(describe(y, transposeB)) is \(m) × \(n),"
            + " the result has room for \(c.shape)")
    BLASLimit.check(
        m | n | k | x.stride | y.stride,
        BLASLimit.complaint(
            "matrix product",
            [("rows", m), ("columns", n), ("inner dimension", k), ("stride", x.stride), ("stride", y.stride)])
    )
    guard m > 0, n > 0 else { return }
    c.prepareForOverwriting(keepingElements: beta != 0)
    c.withUnsafeMutableElements { target in
        x.withUnsafeBase { px in
            y.withUnsafeBase { py in
                Scalar._gemm(
                    transposeA, transposeB, m, n, k, alpha, px, max(1, x.stride), py, max(1, y.stride), beta,
                    target.baseAddress!, n)
            }
        }
    }
}

extension MatrixOperand {
    /// The matrix product with another matrix, either taken transposed.
    ///
    /// - Precondition: the shapes fit, and every dimension and leading dimension is below 2³¹.
    public func times(
        _ other: some MatrixOperand<Scalar>, transposing: Transposition = []
    ) -> Matrix<Scalar> {
        var result = Matrix<Scalar>(
            uninitializedRows: transposing.contains(.first) ? columns : rows,
            columns: transposing.contains(.second) ? other.rows : other.columns)
        multiply(self, other, transposing: transposing, into: &result)
        return result
    }

    /// The matrix product.
    ///
    /// - Precondition: as many columns on the left as rows on the right, and dimensions below 2³¹.
    public static func * (a: Self, b: some MatrixOperand<Scalar>) -> Matrix<Scalar> { a.times(b) }
}

extension Matrix {
    // The general operator does for whole matrices too, but does not tell a literal what it is.

    /// The matrix product.
    ///
    /// - Precondition: as many columns on the left as rows on the right, and dimensions below 2³¹.
    public static func * (a: Matrix, b: Matrix) -> Matrix { a.times(b) }
}

// MARK: Matrix times vector

/// y ← α · A·x + β · y, with A taken transposed or not.
///
/// With β = 0 whatever y held is overwritten, NaN included.
///
/// - Precondition: the shapes fit, and every dimension and leading dimension is below 2³¹.
public func multiply<Scalar: MatrixScalar>(
    _ a: some MatrixOperand<Scalar>, transposed: Bool = false, _ x: [Scalar], into y: inout [Scalar],
    alpha: Scalar = 1, beta: Scalar = 0
) {
    let view = a.view
    let m = transposed ? view.columns : view.rows
    let n = transposed ? view.rows : view.columns
    precondition(
        x.count == n, "cannot multiply \(describe(view, transposed)) by a vector of \(x.count) elements")
    precondition(
        y.count == m,
        "the product of \(describe(view, transposed)) and a vector has \(m) elements,"
            + " the result has room for \(y.count)")
    BLASLimit.check(
        m | n | view.stride,
        BLASLimit.complaint("matrix-vector product", [("rows", m), ("columns", n), ("stride", view.stride)]))
    // BLAS leaves y as it is when the inner dimension is 0, and some versions multiply NaN by beta = 0.
    if beta == 0 {
        y.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
    } else if n == 0 {
        y.scale(by: beta)
    }
    guard m > 0, n > 0 else { return }
    y.withUnsafeMutableBufferPointer { target in
        x.withUnsafeBufferPointer { source in
            view.withUnsafeBase { base in
                Scalar._gemv(
                    transposed, view.rows, view.columns, alpha, base, max(1, view.stride),
                    source.baseAddress!, beta, target.baseAddress!)
            }
        }
    }
}

extension MatrixOperand {
    /// The product with a vector, the matrix taken transposed or not.
    ///
    /// - Precondition: the shapes fit, and every dimension and leading dimension is below 2³¹.
    public func times(_ x: [Scalar], transposed: Bool = false) -> [Scalar] {
        var result = [Scalar](repeating: 0, count: transposed ? columns : rows)
        multiply(self, transposed: transposed, x, into: &result)
        return result
    }

    /// The product with a vector.
    ///
    /// - Precondition: the vector has as many elements as the matrix columns, and dimensions are below 2³¹.
    public static func * (a: Self, x: [Scalar]) -> [Scalar] { a.times(x) }
}

// MARK: Matrix times itself

/// C ← α · AᵀA + β · C, or α · AAᵀ + β · C with `transposed`; C is symmetric, before and after.
///
/// Half the work of the general product, and symmetric to the last bit: only C's upper triangle is read and
/// computed, the lower one becomes its mirror image. With β = 0 whatever C held is overwritten.
///
/// - Precondition: the shapes fit, and every dimension and leading dimension is below 2³¹.
public func gram<Scalar: MatrixScalar>(
    of a: some MatrixOperand<Scalar>, transposed: Bool = false, into c: inout Matrix<Scalar>,
    alpha: Scalar = 1, beta: Scalar = 0
) {
    let view = a.view
    let n = transposed ? view.rows : view.columns
    let k = transposed ? view.columns : view.rows
    precondition(
        c.rows == n && c.columns == n,
        "the Gram matrix of \(describe(view, transposed)) is \(n) × \(n), the result has room for \(c.shape)")
    BLASLimit.check(
        n | k | view.stride,
        BLASLimit.complaint("Gram matrix", [("size", n), ("inner dimension", k), ("stride", view.stride)]))
    guard n > 0 else { return }
    c.prepareForOverwriting(keepingElements: beta != 0)
    c.withUnsafeMutableElements { target in
        // Some versions of BLAS multiply NaN by beta = 0 here.
        if beta == 0 { target.update(repeating: 0) }
        view.withUnsafeBase { base in
            Scalar._syrk(
                !transposed, n, k, alpha, base, max(1, view.stride), beta, target.baseAddress!, n)
        }
        mirrorUpperTriangle(n, target.baseAddress!)
    }
}

/// The Gram matrix AᵀA, of the inner products of the columns; of the rows, AAᵀ, with `transposed`.
///
/// - Precondition: every dimension and leading dimension is below 2³¹.
public func gram<Scalar: MatrixScalar>(
    of a: some MatrixOperand<Scalar>, transposed: Bool = false
) -> Matrix<Scalar> {
    let n = transposed ? a.rows : a.columns
    var result = Matrix<Scalar>(uninitializedRows: n, columns: n)
    gram(of: a, transposed: transposed, into: &result)
    return result
}

/// Copies the upper triangle of a row-major square matrix to the lower one, in blocks that stay in the cache.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
func mirrorUpperTriangle<Scalar: MatrixScalar>(_ n: Int, _ elements: UnsafeMutablePointer<Scalar>) {
    let block = 32
    for firstRow in stride(from: 0, to: n, by: block) {
        for firstColumn in stride(from: 0, through: firstRow, by: block) {
            for row in firstRow..<min(firstRow + block, n) {
                for column in firstColumn..<min(firstColumn + block, row) {
                    elements[row &* n &+ column] = elements[column &* n &+ row]
                }
            }
        }
    }
}

extension Matrix {
    /// Makes the memory this matrix' own; old elements are copied only when they are still needed.
    mutating func prepareForOverwriting(keepingElements: Bool) {
        if isKnownUniquelyReferenced(&storage) { return }
        storage = keepingElements ? storage.copy() : MatrixStorage(count: storage.count)
    }
}

private func describe<Scalar>(_ view: MatrixView<Scalar>, _ isTransposed: Bool) -> String {
    isTransposed ? "the transpose of \(view.shape)" : view.shape
}
