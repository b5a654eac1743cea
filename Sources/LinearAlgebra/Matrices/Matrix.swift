/// A dense matrix of `Float` or `Double`: row-major, contiguous, with value semantics by copy-on-write.
///
/// ```swift
/// let a: Matrix<Double> = [[4, 1], [1, 3]]
/// let x = try Cholesky(a).solve([1, 2])       // [0.0909…, 0.6363…]
/// ```
///
/// Either dimension may be zero. Indices and shapes are checked; a wrong one stops the program with a message
/// that names both shapes.
public struct Matrix<Scalar: MatrixScalar>: Sendable {
    /// The number of rows.
    public let rows: Int
    /// The number of columns.
    public let columns: Int

    @usableFromInline var storage: MatrixStorage<Scalar>

    /// A matrix whose elements `initialize` writes, each one of them, before it returns.
    package init(
        rows: Int, columns: Int, initializingWith initialize: (UnsafeMutableBufferPointer<Scalar>) -> Void
    ) {
        self.init(uninitializedRows: rows, columns: columns)
        initialize(UnsafeMutableBufferPointer(start: storage.base, count: storage.count))
    }

    init(uninitializedRows rows: Int, columns: Int) {
        precondition(rows >= 0 && columns >= 0, "a matrix cannot be \(rows) × \(columns)")
        let count = rows.multipliedReportingOverflow(by: columns)
        precondition(!count.overflow, "a \(rows) × \(columns) matrix is larger than the address space")
        self.init(rows: rows, columns: columns, storage: MatrixStorage(count: count.partialValue))
    }

    private init(rows: Int, columns: Int, storage: MatrixStorage<Scalar>) {
        self.rows = rows
        self.columns = columns
        self.storage = storage
    }

    /// A matrix with every element equal to `value`.
    public init(rows: Int, columns: Int, repeating value: Scalar = 0) {
        self.init(rows: rows, columns: columns) { $0.initialize(repeating: value) }
    }

    /// A matrix of the given elements, row after row.
    ///
    /// - Precondition: there are `rows · columns` elements.
    public init(rows: Int, columns: Int, elements: [Scalar]) {
        self.init(uninitializedRows: rows, columns: columns)
        precondition(
            elements.count == storage.count,
            "a \(rows) × \(columns) matrix has \(storage.count) elements, not \(elements.count)")
        elements.withUnsafeBufferPointer { source in
            guard let start = source.baseAddress else { return }
            storage.base.initialize(from: start, count: source.count)
        }
    }

    /// A matrix of the given rows.
    ///
    /// - Precondition: all rows have the same length. No rows make a 0 × 0 matrix.
    public init(_ rows: [[Scalar]]) {
        let columns = rows.first?.count ?? 0
        for (index, row) in rows.enumerated() {
            precondition(
                row.count == columns, "row \(index) has \(row.count) elements, the first row has \(columns)")
        }
        self.init(rows: rows.count, columns: columns, elements: Array(rows.joined()))
    }

    /// The elements of a block of another matrix, moved together.
    public init(_ view: MatrixView<Scalar>) {
        if view.isWhole {
            self.init(rows: view.rows, columns: view.columns, storage: view.storage)
            return
        }
        self.init(rows: view.rows, columns: view.columns) { elements in
            guard var target = elements.baseAddress else { return }
            view.withUnsafeBase { base in
                for row in 0..<view.rows {
                    target.initialize(from: base + row * view.stride, count: view.columns)
                    target += view.columns
                }
            }
        }
    }

    /// The identity matrix of the given size.
    public static func identity(_ size: Int) -> Matrix {
        diagonal(Array(repeating: 1, count: size))
    }

    /// A square matrix with the given diagonal and zeros elsewhere.
    public static func diagonal(_ values: [Scalar]) -> Matrix {
        var matrix = Matrix(rows: values.count, columns: values.count)
        for (index, value) in values.enumerated() { matrix[index, index] = value }
        return matrix
    }

    // MARK: Elements

    /// The element in a row and a column, both counted from 0.
    @inlinable
    public subscript(row: Int, column: Int) -> Scalar {
        get {
            checkIndex(row, column)
            return storage.base[row &* columns &+ column]
        }
        set {
            checkIndex(row, column)
            makeUnique()
            storage.base[row &* columns &+ column] = newValue
        }
    }

    @inlinable
    func checkIndex(_ row: Int, _ column: Int) {
        // One unsigned comparison for both bounds.
        precondition(
            UInt(bitPattern: row) < UInt(bitPattern: rows)
                && UInt(bitPattern: column) < UInt(bitPattern: columns),
            "no element [\(row), \(column)] in a \(rows) × \(columns) matrix")
    }

    /// All elements, row after row.
    public var elements: [Scalar] { withUnsafeElements { Array($0) } }

    /// The number of elements.
    public var count: Int { storage.count }

    /// A row as a vector.
    public func row(_ index: Int) -> [Scalar] { view.row(index) }

    /// A column as a vector.
    public func column(_ index: Int) -> [Scalar] { view.column(index) }

    /// The elements with equal row and column, min(rows, columns) of them.
    public var diagonal: [Scalar] { (0..<min(rows, columns)).map { self[$0, $0] } }

    /// Replaces a row.
    ///
    /// - Precondition: there are as many values as columns.
    public mutating func setRow(_ index: Int, to values: [Scalar]) {
        precondition(index >= 0 && index < rows, "no row \(index) in a \(rows) × \(columns) matrix")
        precondition(
            values.count == columns,
            "a row of a \(rows) × \(columns) matrix has \(columns) elements, not \(values.count)")
        makeUnique()
        for column in 0..<columns { storage.base[index * columns + column] = values[column] }
    }

    /// Replaces a column.
    ///
    /// - Precondition: there are as many values as rows.
    public mutating func setColumn(_ index: Int, to values: [Scalar]) {
        precondition(index >= 0 && index < columns, "no column \(index) in a \(rows) × \(columns) matrix")
        precondition(
            values.count == rows,
            "a column of a \(rows) × \(columns) matrix has \(rows) elements, not \(values.count)")
        makeUnique()
        for row in 0..<rows { storage.base[row * columns + index] = values[row] }
    }

    // MARK: Memory

    /// Makes sure that no copy or view shares the elements, so that they can be written to.
    @inlinable
    mutating func makeUnique() {
        if !isKnownUniquelyReferenced(&storage) { storage = storage.copy() }
    }

    /// Calls `body` with the elements, row after row; the buffer is valid during the call only.
    @inlinable
    package func withUnsafeElements<R, E: Error>(
        _ body: (UnsafeBufferPointer<Scalar>) throws(E) -> R
    ) throws(E) -> R {
        defer { withExtendedLifetime(storage) {} }
        return try body(UnsafeBufferPointer(start: storage.base, count: storage.count))
    }

    /// Calls `body` with the elements to change, row after row; the buffer is valid during the call only.
    @inlinable
    package mutating func withUnsafeMutableElements<R, E: Error>(
        _ body: (UnsafeMutableBufferPointer<Scalar>) throws(E) -> R
    ) throws(E) -> R {
        makeUnique()
        defer { withExtendedLifetime(storage) {} }
        return try body(UnsafeMutableBufferPointer(start: storage.base, count: storage.count))
    }
}

extension Matrix: ExpressibleByArrayLiteral {
    /// A matrix of the given rows, as in `[[1, 2], [3, 4]]`.
    public init(arrayLiteral rows: [Scalar]...) { self.init(rows) }
}

extension Matrix: Equatable {
    /// Whether both have the same shape and equal elements; as everywhere, NaN equals nothing.
    public static func == (a: Matrix, b: Matrix) -> Bool {
        guard a.rows == b.rows, a.columns == b.columns else { return false }
        return a.withUnsafeElements { x in b.withUnsafeElements { y in x.elementsEqual(y) } }
    }
}

extension Matrix: Codable {
    private enum CodingKeys: String, CodingKey { case rows, columns, elements }

    /// Reads the two dimensions and the elements, row after row, and refuses a count that does not fit.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let rows = try container.decode(Int.self, forKey: .rows)
        let columns = try container.decode(Int.self, forKey: .columns)
        let elements = try container.decode([Scalar].self, forKey: .elements)
        let count = rows.multipliedReportingOverflow(by: columns)
        guard rows >= 0, columns >= 0, !count.overflow, count.partialValue == elements.count else {
            throw DecodingError.dataCorruptedError(
                forKey: .elements, in: container,
                debugDescription: "\(elements.count) elements do not make a \(rows) × \(columns) matrix")
        }
        self.init(rows: rows, columns: columns, elements: elements)
    }

    /// Writes the two dimensions and the elements, row after row.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(rows, forKey: .rows)
        try container.encode(columns, forKey: .columns)
        try container.encode(elements, forKey: .elements)
    }
}
