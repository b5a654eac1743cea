import DescentLinearAlgebra
import DescentOptimization

/// How the weights of a dense layer begin.
///
/// With m inputs and n outputs. Biases begin at zero, except with `fanIn`.
public enum Initializer: String, Codable, CaseIterable, Sendable {
    /// Weights and biases uniform in ±1/√m: what PyTorch's `Linear` does.
    case fanIn
    /// Uniform in ±√(6/(m + n)); for tanh and sigmoid.
    ///
    /// Glorot and Bengio, *Understanding the Difficulty of Training Deep Feedforward Neural Networks*, 2010.
    case xavierUniform
    /// Normal with variance 2/(m + n).
    case xavierNormal
    /// Uniform in ±√(6/m); for rectifiers.
    ///
    /// He, Zhang, Ren and Sun, *Delving Deep into Rectifiers*, 2015.
    case heUniform
    /// Normal with variance 2/m.
    case heNormal
    /// Uniform in ±√(3/m).
    ///
    /// LeCun, Bottou, Orr and Müller, *Efficient BackProp*, 1998.
    case lecunUniform
    /// Normal with variance 1/m; for SELU.
    case lecunNormal
    /// Orthonormal rows or columns, whichever are fewer, each such matrix equally likely.
    ///
    /// Q of the QR factorization of a matrix of normal deviates, the signs chosen so that R's diagonal is positive. Saxe,
    /// McClelland and Ganguli, *Exact Solutions to the Nonlinear Dynamics of Learning in Deep Linear Neural Networks*, 2014.
    case orthogonal
    /// All zero; only for a layer without hidden layers before it, since units that begin alike stay alike.
    case zeros
}

extension Initializer {
    /// Draws the weights, inputs × outputs in row-major order, and the biases.
    func fill<Scalar: MatrixScalar>(
        weights: UnsafeMutableBufferPointer<Scalar>, bias: UnsafeMutableBufferPointer<Scalar>, inputs: Int,
        outputs: Int, from generator: inout RandomGenerator
    ) {
        let (m, n) = (Double(inputs), Double(outputs))
        bias.update(repeating: 0)
        switch self {
        case .fanIn:
            let bound = 1 / m.squareRoot()
            Self.fillUniform(weights, bound, &generator)
            Self.fillUniform(bias, bound, &generator)
        case .xavierUniform: Self.fillUniform(weights, (6 / (m + n)).squareRoot(), &generator)
        case .xavierNormal: Self.fillNormal(weights, (2 / (m + n)).squareRoot(), &generator)
        case .heUniform: Self.fillUniform(weights, (6 / m).squareRoot(), &generator)
        case .heNormal: Self.fillNormal(weights, (2 / m).squareRoot(), &generator)
        case .lecunUniform: Self.fillUniform(weights, (3 / m).squareRoot(), &generator)
        case .lecunNormal: Self.fillNormal(weights, (1 / m).squareRoot(), &generator)
        case .orthogonal: Self.fillOrthogonal(weights, inputs: inputs, outputs: outputs, &generator)
        case .zeros: weights.update(repeating: 0)
        }
    }

    // Drawn as Double whatever the parameters are, so that a seed means the same numbers but for rounding.

    private static func fillUniform<Scalar: MatrixScalar>(
        _ values: UnsafeMutableBufferPointer<Scalar>, _ bound: Double, _ generator: inout RandomGenerator
    ) {
        for index in values.indices { values[index] = Scalar((2 * generator.nextUnit() - 1) * bound) }
    }

    private static func fillNormal<Scalar: MatrixScalar>(
        _ values: UnsafeMutableBufferPointer<Scalar>, _ deviation: Double, _ generator: inout RandomGenerator
    ) {
        for index in values.indices { values[index] = Scalar(generator.nextNormal() * deviation) }
    }

    private static func fillOrthogonal<Scalar: MatrixScalar>(
        _ values: UnsafeMutableBufferPointer<Scalar>, inputs: Int, outputs: Int,
        _ generator: inout RandomGenerator
    ) {
        let (long, short) = (max(inputs, outputs), min(inputs, outputs))
        var normal = [Double](repeating: 0, count: long * short)
        generator.fillNormal(&normal)
        // Normal deviates are finite and independent: the factorization exists.
        // On one thread: the last bits depend on how many there are.
        let (q, r) = OpenBLAS.withOneThread {
            let factorization = try! QR(Matrix(rows: long, columns: short, elements: normal))
            return (factorization.orthogonal, factorization.triangle)
        }
        for row in 0..<inputs {
            for column in 0..<outputs {
                let (i, j) = inputs >= outputs ? (row, column) : (column, row)
                values[row * outputs + column] = Scalar(r[j, j] < 0 ? -q[i, j] : q[i, j])
            }
        }
    }
}
