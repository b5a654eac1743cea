import DescentLinearAlgebra

/// A matrix in the flat vector of parameters, for rules that look at rows and columns.
public typealias WeightMatrix = Muon.Weights

/// The matrices among the parameters and the stretches between them, which another rule takes care of.
struct WeightPieces {
    /// In the order in which they lie.
    let matrices: [WeightMatrix]

    init(_ matrices: [WeightMatrix], of rule: Any.Type) {
        self.matrices = matrices.sorted { $0.offset < $1.offset }
        for (left, right) in zip(self.matrices, self.matrices.dropFirst()) {
            precondition(
                left.range.upperBound <= right.offset, "\(rule): \(left.range) and \(right.range) overlap")
        }
    }

    /// Goes through the pieces of so many parameters: a range, its matrix if it is one, and its number.
    func forEach(of count: Int, _ body: (Range<Int>, WeightMatrix?, Int) -> Void) {
        let end = matrices.last?.range.upperBound ?? 0
        precondition(end <= count, "a matrix that ends at \(end), but \(count) parameters")
        var position = 0, index = 0
        for matrix in matrices {
            if position < matrix.offset {
                body(position..<matrix.offset, nil, index)
                index += 1
            }
            body(matrix.range, matrix, index)
            index += 1
            position = matrix.range.upperBound
        }
        if position < count { body(position..<count, nil, index) }
    }
}

extension RuleState {
    /// A state whose vectors have lengths of their own, all zero.
    init(lengths: [Int]) {
        self.init(slotCount: 0, parameterCount: 0)
        slots = lengths.map { Array(repeating: 0, count: $0) }
    }
}

/// A symmetric matrix whose eigenvalues are raised to a power; all NaN where it has something that is not finite.
///
/// In Double whatever the scalar is: in single precision the small eigenvalues, which matter most, would be lost.
func symmetricPower<Scalar: MatrixScalar>(_ matrix: [Scalar], side: Int, exponent: Double) -> [Scalar] {
    guard
        let eigen = try? SymmetricEigen(
            Matrix(rows: side, columns: side, elements: symmetrized(matrix, side)))
    else { return [Scalar](repeating: .nan, count: side * side) }
    let powers = eigen.values.map { Double.pow($0, exponent) }
    var result = [Scalar](repeating: 0, count: side * side)
    for i in 0..<side {
        for j in 0...i {
            var sum = 0.0
            for k in 0..<side { sum += eigen.vectors[i, k] * powers[k] * eigen.vectors[j, k] }
            result[i * side + j] = Scalar(sum)
            result[j * side + i] = Scalar(sum)
        }
    }
    return result
}

/// The same matrix in Double, rounding errors in its symmetry taken away.
func symmetrized<Scalar: MatrixScalar>(_ matrix: [Scalar], _ side: Int) -> [Double] {
    var result = matrix.map(Double.init)
    for i in 0..<side {
        for j in 0..<i {
            let mean = (result[i * side + j] + result[j * side + i]) / 2
            result[i * side + j] = mean
            result[j * side + i] = mean
        }
    }
    return result
}
