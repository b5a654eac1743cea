// A vector is an array. These are the few operations that linear algebra adds to it.
//
// All run on the calling thread, in chunks too short for OpenBLAS to wake its threads for: such operations
// are bound by memory, and this way their last bits do not depend on the number of threads.

/// A norm of vectors.
public enum VectorNorm: Sendable, CaseIterable {
    /// The sum of magnitudes.
    case one
    /// The Euclidean norm, the root of the sum of squares.
    case two
    /// The largest magnitude.
    case infinity
}

extension Array where Element: MatrixScalar {
    /// The inner product with another vector.
    ///
    /// - Precondition: both have the same number of elements.
    public func dot(_ other: [Element]) -> Element {
        precondition(
            count == other.count, "no inner product of vectors of \(count) and \(other.count) elements")
        return withUnsafeBufferPointer { x in other.withUnsafeBufferPointer { y in chunkedDot(x, y) } }
    }

    /// The Euclidean norm, which overflows or underflows only where the result itself does.
    ///
    /// Infinite when an element is, NaN when one is NaN.
    public var norm: Element { norm(.two) }

    /// A norm of the vector; 0 for an empty one, NaN when an element is.
    public func norm(_ kind: VectorNorm) -> Element {
        withUnsafeBufferPointer { x in
            switch kind {
            case .one: chunkedAbsoluteSum(x)
            case .two: euclideanNorm(x)
            case .infinity: largestMagnitude(x)
            }
        }
    }

    /// Adds `factor` times another vector, element by element, in place.
    ///
    /// - Precondition: both have the same number of elements.
    public mutating func add(_ other: [Element], scaledBy factor: Element) {
        precondition(
            count == other.count, "cannot add a vector of \(other.count) elements to one of \(count)")
        withUnsafeMutableBufferPointer { y in
            other.withUnsafeBufferPointer { x in
                forEachChunk(of: x.count) { start, length in
                    Element._axpy(length, factor, x.baseAddress! + start, y.baseAddress! + start)
                }
            }
        }
    }

    /// Multiplies each element by a number, in place.
    public mutating func scale(by factor: Element) {
        withUnsafeMutableBufferPointer { multiply($0, by: factor) }
    }

    /// Each element times a number.
    public func scaled(by factor: Element) -> [Element] {
        var result = self
        result.scale(by: factor)
        return result
    }
}
