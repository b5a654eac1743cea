/// A block of a matrix: some of its rows and columns, without a copy.
///
/// A view is a value. It keeps the elements it was made from alive, and keeps them as they were: a matrix that
/// is written to while a view of it exists gets memory of its own first. So let go of a view before writing,
/// where the copy matters.
///
/// ```swift
/// let block = matrix[rows: 0..<3, columns: 2...]
/// let product = block * block.transposed()
/// ```
public struct MatrixView<Scalar: MatrixScalar>: Sendable {
    /// The number of rows.
    public let rows: Int
    /// The number of columns.
    public let columns: Int
    /// The distance between the starts of two rows, in elements.
    public let stride: Int

    @usableFromInline let offset: Int
    @usableFromInline let storage: MatrixStorage<Scalar>

    init(rows: Int, columns: Int, stride: Int, offset: Int, storage: MatrixStorage<Scalar>) {
        self.rows = rows
        self.columns = columns
        self.stride = stride
        self.offset = offset
        self.storage = storage
    }

    /// Whether the view is all of a matrix' memory, as it lies there.
    var isWhole: Bool { columns == stride && rows * columns == storage.count }

    /// The element in a row and a column, both counted from 0.
    @inlinable
    public subscript(row: Int, column: Int) -> Scalar {
        precondition(
            UInt(bitPattern: row) < UInt(bitPattern: rows)
                && UInt(bitPattern: column) < UInt(bitPattern: columns),
            "no element [\(row), \(column)] in a \(rows) × \(columns) matrix")
        return storage.base[offset &+ row &* stride &+ column]
    }

    /// A row as a vector.
    public func row(_ index: Int) -> [Scalar] {
        precondition(index >= 0 && index < rows, "no row \(index) in a \(rows) × \(columns) matrix")
        return withUnsafeBase { base in
            Array(UnsafeBufferPointer(start: base + index * stride, count: columns))
        }
    }

    /// A column as a vector.
    public func column(_ index: Int) -> [Scalar] {
        precondition(index >= 0 && index < columns, "no column \(index) in a \(rows) × \(columns) matrix")
        return withUnsafeBase { base in (0..<rows).map { base[$0 * stride + index] } }
    }

    /// Calls `body` with the first element's address, which is valid during the call only.
    @inlinable
    package func withUnsafeBase<R, E: Error>(
        _ body: (UnsafePointer<Scalar>) throws(E) -> R
    ) throws(E) -> R {
        defer { withExtendedLifetime(storage) {} }
        return try body(UnsafePointer(storage.base + offset))
    }
}
