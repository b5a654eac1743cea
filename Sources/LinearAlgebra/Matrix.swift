/// A dense matrix of `Float` or `Double`: row-major, contiguous, with value semantics by copy-on-write.
public struct Matrix<Scalar: MatrixScalar>: Sendable {
    /// The number of rows.
    public let rows: Int
    /// The number of columns.
    public let columns: Int
    var elements: [Scalar]
}
