import CKernels

/// An upper triangle R that takes in rows: afterwards RᵀR is larger by the rows' Gram matrix.
///
/// The rows are appended below R and the whole is factorized again, by Householder reflections: of up to 64 columns by a
/// kernel of our own, which goes over the rows once a column and takes half the time of LAPACK's. For wider ones the
/// block, row-major, is the transpose that LAPACK's `gelqf` takes: no copy.
struct TriangleUpdate: Sendable {
    let width: Int
    private(set) var value: Matrix<Double>
    private var tau: [Double]
    private var scratch: [Double] = []
    private let instructions = descent_best_instructions()

    init(width: Int) {
        self.width = width
        value = Matrix(rows: width, columns: width)
        tau = [Double](repeating: 0, count: width)
    }

    /// Rows to take in at a time: so many that the triangle on top is a small part of the work.
    static func blockRows(width: Int) -> Int { max(256, 4 * width) }

    /// Factorizes a block whose first `width` rows hold R and the others new rows, and leaves R there.
    mutating func reduce(_ block: UnsafeMutablePointer<Double>, rows: Int) {
        guard width > 0 else { return }
        if width > DESCENT_TRIANGLE_WIDTH || rows < width || !reduceByKernel(block, rows: rows) {
            reduceByLAPACK(block, rows: rows)
        }
        value.withUnsafeMutableElements { $0.baseAddress!.update(from: block, count: width * width) }
    }

    private mutating func reduceByKernel(_ block: UnsafeMutablePointer<Double>, rows: Int) -> Bool {
        let room = rows * (width + 7)
        if scratch.count < room { scratch = [Double](repeating: 0, count: room) }
        return scratch.withUnsafeMutableBufferPointer {
            descent_triangle_update(block, rows, width, $0.baseAddress!, instructions)
        }
    }

    private mutating func reduceByLAPACK(_ block: UnsafeMutablePointer<Double>, rows: Int) {
        let width = width
        tau.withUnsafeMutableBufferPointer { tau in
            _ = withWorkspace { work, length in
                Double._gelqf(width, rows, block, width, tau.baseAddress!, work, length)
            }
        }
        // Below the diagonal are the reflections.
        for row in 1..<max(1, width) {
            (block + row * width).update(repeating: 0, count: row)
        }
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
