// Element by element. The sign `*` between matrices is the matrix product: see Products.swift.

extension MatrixOperand {
    /// The matrix of `transform` of each element.
    @inlinable
    public func map<Result: MatrixScalar, E: Error>(
        _ transform: (Scalar) throws(E) -> Result
    ) throws(E) -> Matrix<Result> {
        let view = self.view
        var result = Matrix<Result>(rows: rows, columns: columns)
        try result.withUnsafeMutableElements { (target) throws(E) in
            try view.withUnsafeBase { (source) throws(E) in
                for row in 0..<view.rows {
                    for column in 0..<view.columns {
                        target[row &* view.columns &+ column] = try transform(
                            source[row &* view.stride &+ column])
                    }
                }
            }
        }
        return result
    }

    /// The matrix of `combine` of the elements of both in the same place.
    ///
    /// - Precondition: both have the same shape.
    @inlinable
    public func combined<E: Error>(
        with other: some MatrixOperand<Scalar>, _ combine: (Scalar, Scalar) throws(E) -> Scalar
    ) throws(E) -> Matrix<Scalar> {
        precondition(
            rows == other.rows && columns == other.columns,
            "cannot combine a \(shape) matrix with a \(other.shape) one element by element")
        let (first, second) = (view, other.view)
        var result = Matrix<Scalar>(rows: rows, columns: columns)
        try result.withUnsafeMutableElements { (target) throws(E) in
            try first.withUnsafeBase { (x) throws(E) in
                try second.withUnsafeBase { (y) throws(E) in
                    for row in 0..<first.rows {
                        for column in 0..<first.columns {
                            target[row &* first.columns &+ column] = try combine(
                                x[row &* first.stride &+ column], y[row &* second.stride &+ column])
                        }
                    }
                }
            }
        }
        return result
    }

    /// The products of the elements in the same place.
    ///
    /// - Precondition: both have the same shape.
    @inlinable
    public func multipliedElementwise(by other: some MatrixOperand<Scalar>) -> Matrix<Scalar> {
        combined(with: other) { $0 * $1 }
    }
}

extension Matrix {
    /// The sum, element by element.
    @inlinable
    public static func + (a: Matrix, b: Matrix) -> Matrix { a.combined(with: b) { $0 + $1 } }

    /// The difference, element by element.
    @inlinable
    public static func - (a: Matrix, b: Matrix) -> Matrix { a.combined(with: b) { $0 - $1 } }

    /// The negative of each element.
    @inlinable
    public static prefix func - (a: Matrix) -> Matrix { a.map { -$0 } }

    /// Each element times a number.
    @inlinable
    public static func * (factor: Scalar, a: Matrix) -> Matrix { a.map { factor * $0 } }

    /// Each element times a number.
    @inlinable
    public static func * (a: Matrix, factor: Scalar) -> Matrix { a.map { $0 * factor } }

    /// Each element divided by a number.
    @inlinable
    public static func / (a: Matrix, divisor: Scalar) -> Matrix { a.map { $0 / divisor } }

    /// Adds another matrix, in place.
    @inlinable
    public static func += (a: inout Matrix, b: Matrix) { a.update(with: b) { $0 += $1 } }

    /// Subtracts another matrix, in place.
    @inlinable
    public static func -= (a: inout Matrix, b: Matrix) { a.update(with: b) { $0 -= $1 } }

    /// Multiplies each element by a number, in place.
    @inlinable
    public static func *= (a: inout Matrix, factor: Scalar) {
        a.withUnsafeMutableElements { for index in $0.indices { $0[index] *= factor } }
    }

    /// Divides each element by a number, in place.
    @inlinable
    public static func /= (a: inout Matrix, divisor: Scalar) {
        a.withUnsafeMutableElements { for index in $0.indices { $0[index] /= divisor } }
    }

    @inlinable
    mutating func update(with other: Matrix, _ combine: (inout Scalar, Scalar) -> Void) {
        precondition(
            rows == other.rows && columns == other.columns,
            "cannot combine a \(shape) matrix with a \(other.shape) one element by element")
        withUnsafeMutableElements { target in
            other.withUnsafeElements { source in
                for index in target.indices { combine(&target[index], source[index]) }
            }
        }
    }
}
