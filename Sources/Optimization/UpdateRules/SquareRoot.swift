import CArithmetic
import DescentLinearAlgebra

/// √x, correctly rounded, in a form that a loop is vectorized over; `squareRoot()` is not.
///
/// The comparison of types is decided when the caller is specialized.
@inline(__always)
func root<Scalar: MatrixScalar>(_ x: Scalar) -> Scalar {
    if Scalar.self == Float.self {
        return unsafeBitCast(descent_sqrtf(unsafeBitCast(x, to: Float.self)), to: Scalar.self)
    }
    if Scalar.self == Double.self {
        return unsafeBitCast(descent_sqrt(unsafeBitCast(x, to: Double.self)), to: Scalar.self)
    }
    return x.squareRoot()
}
