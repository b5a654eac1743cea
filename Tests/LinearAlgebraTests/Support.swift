import Foundation
import Glibc

@testable import DescentLinearAlgebra

/// The value, hidden from constant folding.
@inline(never) @_optimize(none)
func opaque<T>(_ value: T) -> T { value }

/// The calling thread's identifier.
func currentThread() -> pthread_t { pthread_self() }

/// Reads a fixture of this folder.
func fixture<T: Decodable>(_ name: String, as type: T.Type, file: String = #filePath) -> T {
    let folder = URL(fileURLWithPath: file).deletingLastPathComponent().appendingPathComponent("Fixtures")
    return try! JSONDecoder().decode(T.self, from: Data(contentsOf: folder.appendingPathComponent(name)))
}

/// The two types of elements, as a test's argument.
enum Precision: CaseIterable, Sendable {
    case single, double
}

/// Uniform numbers in −1 ..< 1, the same ones for the same seed. (SplitMix64.)
struct Noise {
    var state: UInt64

    mutating func next<Scalar: MatrixScalar>() -> Scalar {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        z ^= z >> 31
        return Scalar(Double(z >> 11) * 0x1p-52 - 1)
    }

    mutating func vector<Scalar: MatrixScalar>(_ count: Int) -> [Scalar] { (0..<count).map { _ in next() } }

    mutating func matrix<Scalar: MatrixScalar>(_ rows: Int, _ columns: Int) -> Matrix<Scalar> {
        Matrix(rows: rows, columns: columns, elements: vector(rows * columns))
    }

    /// A block inside a larger matrix, so that its stride is larger than its width; what surrounds it is NaN.
    mutating func paddedView<Scalar: MatrixScalar>(_ rows: Int, _ columns: Int) -> MatrixView<Scalar> {
        var around = Matrix<Scalar>(rows: rows + 3, columns: columns + 5, repeating: .nan)
        for row in 0..<rows {
            for column in 0..<columns { around[row + 1, column + 2] = next() }
        }
        return around[rows: 1..<rows + 1, columns: 2..<columns + 2]
    }
}

/// The product, by the definition.
func plainProduct<Scalar>(_ a: Matrix<Scalar>, _ b: Matrix<Scalar>) -> Matrix<Scalar> {
    var result = Matrix<Scalar>(rows: a.rows, columns: b.columns)
    for i in 0..<a.rows {
        for j in 0..<b.columns {
            for k in 0..<a.columns { result[i, j] += a[i, k] * b[k, j] }
        }
    }
    return result
}

/// The largest difference between elements; infinite for different shapes, NaN where there is a NaN.
func distance<Scalar>(_ a: Matrix<Scalar>, _ b: Matrix<Scalar>) -> Scalar {
    guard a.rows == b.rows, a.columns == b.columns else { return .infinity }
    return (a - b).largestMagnitude
}

func distance<Scalar: MatrixScalar>(_ a: [Scalar], _ b: [Scalar]) -> Scalar {
    guard a.count == b.count else { return .infinity }
    return zip(a, b).map { $0 - $1 }.norm(.infinity)
}

/// A matrix of noise with NaN behind each row, and at least one element.
func padded<Scalar: MatrixScalar>(
    _ rows: Int, _ columns: Int, by padding: Int, _ noise: inout Noise
) -> [Scalar] {
    var elements: [Scalar] = []
    for _ in 0..<max(rows, 1) {
        elements += noise.vector(columns) as [Scalar]
        elements += Array(repeating: .nan, count: padding)
    }
    return elements
}
