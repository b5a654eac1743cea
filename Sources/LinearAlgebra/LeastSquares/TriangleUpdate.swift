/// An upper triangle R that takes in rows: afterwards RᵀR is larger by the rows' Gram matrix.
///
/// The rows are appended below R and the whole is factorized again, by Householder reflections. Row-major, the
/// block is the transpose that LAPACK's `gelqf` takes: no copy.
struct TriangleUpdate: Sendable {
    let width: Int
    private(set) var value: Matrix<Double>
    private var tau: [Double]

    init(width: Int) {
        self.width = width
        value = Matrix(rows: width, columns: width)
        tau = [Double](repeating: 0, count: width)
    }

    /// Rows to take in at a time: so many that the triangle on top is a small part of the work.
    static func blockRows(width: Int) -> Int { max(256, 4 * width) }

    /// Factorizes a block whose first `width` rows hold R and the others new rows, and leaves R there.
    mutating func reduce(_ block: UnsafeMutablePointer<Double>, rows: Int) {
        let width = width
        guard width > 0 else { return }
        tau.withUnsafeMutableBufferPointer { tau in
            _ = withWorkspace { work, length in
                Double._gelqf(width, rows, block, width, tau.baseAddress!, work, length)
            }
        }
        // Below the diagonal are the reflections.
        for row in 1..<max(1, width) {
            (block + row * width).update(repeating: 0, count: row)
        }
        value.withUnsafeMutableElements { $0.baseAddress!.update(from: block, count: width * width) }
    }

    /// The triangle of the rows of two.
    static func merge(_ a: Matrix<Double>, _ b: Matrix<Double>) -> Matrix<Double> {
        let width = a.columns
        precondition(b.columns == width, "cannot merge triangles of \(width) and \(b.columns) columns")
        guard width > 0 else { return a }
        var stack = Matrix<Double>(rows: a.rows + b.rows, columns: width)
        stack.withUnsafeMutableElements { target in
            a.withUnsafeElements { target.baseAddress!.update(from: $0.baseAddress!, count: $0.count) }
            b.withUnsafeElements {
                (target.baseAddress! + a.count).update(from: $0.baseAddress!, count: $0.count)
            }
        }
        var update = TriangleUpdate(width: width)
        let rows = stack.rows
        stack.withUnsafeMutableElements { update.reduce($0.baseAddress!, rows: rows) }
        return update.value
    }
}
