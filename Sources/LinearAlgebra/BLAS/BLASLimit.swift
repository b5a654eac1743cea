/// The largest dimension that BLAS can be told of.
///
/// The libraries that Linux distributions ship count with 32-bit integers. A larger number would be cut to
/// its low bits and the product silently be that of another matrix, so it is refused before the call.
package enum BLASLimit {
    /// 2³¹ − 1.
    package static let largest = Int(Int32.max)

    /// What is wrong with these dimensions or leading dimensions, or nil when BLAS can take them.
    package static func complaint(_ operation: String, _ dimensions: [(name: String, value: Int)]) -> String?
    {
        guard let excess = dimensions.first(where: { $0.value < 0 || $0.value > largest }) else { return nil }
        return "\(operation): \(excess.name) \(excess.value) does not fit the 32-bit integers of BLAS"
            + " (at most \(largest)); split the matrix"
    }

    /// Stops the program when a dimension or leading dimension is too large for BLAS.
    ///
    /// - Parameter union: All of them, joined with `|`: since the limit is all ones in binary, the union is
    ///   within it exactly when each of them is.
    @inline(__always)
    package static func check(_ union: Int, _ complaint: @autoclosure () -> String?) {
        precondition(union >= 0 && union <= largest, complaint() ?? "")
    }
}
