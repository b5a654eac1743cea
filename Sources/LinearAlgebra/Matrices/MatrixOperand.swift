/// What products and factorizations take: a matrix, or a block of one.
public protocol MatrixOperand<Scalar> {
    /// The type of the elements.
    associatedtype Scalar: MatrixScalar

    /// The number of rows.
    var rows: Int { get }
    /// The number of columns.
    var columns: Int { get }
    /// All of it as a view, without a copy.
    var view: MatrixView<Scalar> { get }
}

extension MatrixView: MatrixOperand {
    /// The view itself.
    public var view: MatrixView { self }
}

extension Matrix: MatrixOperand {
    /// All of the matrix as a view, without a copy.
    public var view: MatrixView<Scalar> {
        MatrixView(rows: rows, columns: columns, stride: columns, offset: 0, storage: storage)
    }
}

extension MatrixOperand {
    /// A block of rows and columns, as in `matrix[rows: 0..<3, columns: 2...]`, without a copy.
    ///
    /// - Precondition: the ranges lie within the matrix.
    public subscript(
        rows rowRange: some RangeExpression<Int>, columns columnRange: some RangeExpression<Int>
    ) -> MatrixView<Scalar> {
        let view = self.view
        let blockRows = Self.resolve(rowRange, within: rows)
        let blockColumns = Self.resolve(columnRange, within: columns)
        precondition(
            blockRows.lowerBound >= 0 && blockRows.upperBound <= rows
                && blockColumns.lowerBound >= 0 && blockColumns.upperBound <= columns,
            "no block of rows \(blockRows) and columns \(blockColumns) in a \(rows) × \(columns) matrix")
        return MatrixView(
            rows: blockRows.count, columns: blockColumns.count, stride: view.stride,
            offset: view.offset + blockRows.lowerBound * view.stride + blockColumns.lowerBound,
            storage: view.storage)
    }

    /// A block of whole rows, as in `matrix[rows: 10...]`, without a copy.
    ///
    /// - Precondition: the range lies within the matrix.
    public subscript(rows rowRange: some RangeExpression<Int>) -> MatrixView<Scalar> {
        self[rows: rowRange, columns: 0...]
    }

    /// A block of whole columns, as in `matrix[columns: ..<3]`, without a copy.
    ///
    /// - Precondition: the range lies within the matrix.
    public subscript(columns columnRange: some RangeExpression<Int>) -> MatrixView<Scalar> {
        self[rows: 0..., columns: columnRange]
    }

    private static func resolve(_ range: some RangeExpression<Int>, within count: Int) -> Range<Int> {
        range.relative(to: 0..<count)
    }

    /// The transpose, in memory of its own.
    ///
    /// Products need no transposed copy: see ``multiply(_:_:transposing:into:alpha:beta:)``.
    public func transposed() -> Matrix<Scalar> {
        let view = self.view
        return Matrix(rows: columns, columns: rows) { target in
            guard target.count > 0 else { return }
            view.withUnsafeBase { source in
                transpose(view.rows, view.columns, source, view.stride, target.baseAddress!, view.rows)
            }
        }
    }

    /// "2 × 3".
    @usableFromInline package var shape: String { "\(rows) × \(columns)" }
}

/// Writes the transpose of a row-major matrix.
///
/// In blocks, so that the lines of the cache that one side fills stay until the other has used them.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
func transpose<Scalar: MatrixScalar>(
    _ rows: Int, _ columns: Int, _ source: UnsafePointer<Scalar>, _ sourceStride: Int,
    _ target: UnsafeMutablePointer<Scalar>, _ targetStride: Int
) {
    let block = 32
    for firstRow in Swift.stride(from: 0, to: rows, by: block) {
        let lastRow = min(firstRow + block, rows)
        for firstColumn in Swift.stride(from: 0, to: columns, by: block) {
            let lastColumn = min(firstColumn + block, columns)
            for column in firstColumn..<lastColumn {
                for row in firstRow..<lastRow {
                    target[column &* targetStride &+ row] = source[row &* sourceStride &+ column]
                }
            }
        }
    }
}
