extension MatrixOperand {
    /// The largest sum of magnitudes in a column: the norm that vectors' 1-norm induces.
    ///
    /// NaN when an element is.
    public var oneNorm: Scalar {
        var sums = [Scalar](repeating: 0, count: columns)
        let view = self.view
        sums.withUnsafeMutableBufferPointer { sums in
            view.withUnsafeBase { base in
                for row in 0..<view.rows {
                    addMagnitudes(
                        of: UnsafeBufferPointer(start: base + row * view.stride, count: view.columns),
                        to: sums)
                }
            }
        }
        return sums.norm(.infinity)
    }

    /// The largest sum of magnitudes in a row: the norm that vectors' ∞-norm induces.
    ///
    /// NaN when an element is.
    public var infinityNorm: Scalar { (0..<rows).map { view.row($0).norm(.one) }.norm(.infinity) }

    /// The root of the sum of squares, computed so that only a norm beyond the type's range overflows.
    ///
    /// NaN when an element is.
    public var frobeniusNorm: Scalar { (0..<rows).map { view.row($0).norm }.norm }

    /// The largest magnitude of an element, 0 in an empty matrix; NaN when an element is.
    public var largestMagnitude: Scalar { (0..<rows).map { view.row($0).norm(.infinity) }.norm(.infinity) }
}
