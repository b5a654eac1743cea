import CKernels
import Testing

@testable import DescentLinearAlgebra

/// The kernels behind the passes over the rows, against sums by the definition.
@Suite("Least-squares kernels")
struct PackedGramTests {
    static let instructionSets = NarrowProductTests.instructionSets

    /// Noise about 3, and the basis that its rows suggest.
    private static func problem(
        rows: Int, features p: Int, targets q: Int = 1, hasIntercept: Bool = true, isWeighted: Bool = false,
        degree: Int = 1
    ) -> (data: LeastSquaresData, basis: PolynomialBasis) {
        var noise = Noise(state: UInt64(rows * 1000 + p))
        let x = Matrix<Double>(
            rows: rows, columns: p, elements: (noise.vector(rows * p) as [Double]).map { $0 + 3 })
        let y: Matrix<Double> = noise.matrix(rows, q)
        let weights = isWeighted ? (noise.vector(rows) as [Double]).map { abs($0) } : nil
        let data = LeastSquaresData(features: x, targets: y, weights: weights)
        let basis = PolynomialBasis(
            hasIntercept: hasIntercept, degree: degree, features: x.view, targets: y.view, rows: 0..<rows)
        return (data, basis)
    }

    /// Columns and targets as they are written for BLAS.
    private static func columns(_ data: LeastSquaresData, _ basis: PolynomialBasis) -> Matrix<Double> {
        Matrix<Double>(rows: data.rows, columns: basis.width) { target in
            data.weights.withOptionalUnsafePointer { weights in
                basis.write(
                    rows: 0..<data.rows, features: data.features.view, targets: data.targets.view,
                    weights: weights, into: target.baseAddress!, stride: basis.width)
            }
        }
    }

    private static func expectGram(_ gram: Matrix<Double>, of columns: Matrix<Double>, _ note: String) {
        let width = columns.columns
        let transposed = (0..<width).map { columns.column($0) }
        var worst = 0.0
        for i in 0..<width {
            for j in 0..<width {
                guard j >= i else {
                    #expect(gram[i, j] == 0, "below the diagonal")
                    continue
                }
                let sum = zip(transposed[i], transposed[j]).reduce(0) { $0 + $1.0 * $1.1 }
                let size = zip(transposed[i], transposed[j]).reduce(1e-300) { $0 + abs($1.0 * $1.1) }
                worst = max(worst, abs(gram[i, j] - sum) / size)
            }
        }
        #expect(worst <= Double(columns.rows + 8) * 0x1p-52, "\(note)")
    }

    // Sizes around those of panels, tiles and blocks.
    @Test(arguments: [0, 1, 6, 7, 8, 9, 15, 17, 24, 31, 33, 50])
    func gramMatrix(_ features: Int) {
        for rows in [1, 2, 3, 5, 64, 65, 131] {
            for (hasIntercept, isWeighted, targets) in [(true, false, 1), (false, true, 1), (true, true, 3)] {
                let (data, basis) = Self.problem(
                    rows: rows, features: features, targets: targets, hasIntercept: hasIntercept,
                    isWeighted: isWeighted)
                let columns = Self.columns(data, basis)
                for instructions in Self.instructionSets {
                    let gram = data.packedGram(basis, instructions: instructions)
                    Self.expectGram(gram, of: columns, "\(rows) rows, instructions \(instructions)")
                }
            }
        }
    }

    @Test(arguments: [1, 8, 13], [false, true])
    func gramMatrixOfResiduals(_ features: Int, isWeighted: Bool) {
        for (rows, hasIntercept) in [(3, true), (66, false), (130, true)] {
            let (data, basis) = Self.problem(
                rows: rows, features: features, hasIntercept: hasIntercept, isWeighted: isWeighted)
            var noise = Noise(state: 5)
            let preliminary: [Double] = noise.vector(basis.columnCount)
            var columns = Self.columns(data, basis)
            for row in 0..<rows {
                for (column, coefficient) in preliminary.enumerated() {
                    columns[row, basis.columnCount] -= coefficient * columns[row, column]
                }
            }
            for instructions in Self.instructionSets {
                let gram = data.packedGram(basis, less: preliminary, instructions: instructions)
                // The residuals themselves are rounded; where they are compared, they are not small.
                let expected = DescentLinearAlgebra.gram(of: columns)
                for i in 0..<basis.width {
                    for j in i..<basis.width {
                        let size = (expected[i, i] * expected[j, j]).squareRoot()
                        #expect(abs(gram[i, j] - expected[i, j]) <= 1e-13 * size)
                    }
                }
            }
        }
    }

    @Test func gramMatrixOfPowers() {
        let (data, basis) = Self.problem(rows: 150, features: 3, isWeighted: true, degree: 4)
        let columns = Self.columns(data, basis)
        for instructions in Self.instructionSets {
            Self.expectGram(
                data.packedGram(basis, instructions: instructions), of: columns, "\(instructions)")
        }
    }

    /// More panels than a strip has.
    @Test func wideGramMatrix() {
        let (data, basis) = Self.problem(rows: 3, features: 1030)
        let expected = DescentLinearAlgebra.gram(of: Self.columns(data, basis))
        for instructions in Self.instructionSets {
            let gram = data.packedGram(basis, instructions: instructions)
            var worst = 0.0
            gram.withUnsafeElements { gram in
                expected.withUnsafeElements { expected in
                    for row in 0..<basis.width {
                        for index in row * basis.width + row..<(row + 1) * basis.width {
                            worst = max(worst, abs(gram[index] - expected[index]))
                        }
                    }
                }
            }
            #expect(worst <= 1e-13)
        }
    }

    @Test(arguments: [0, 1, 3, 8, 11, 50], [false, true])
    func residuals(_ features: Int, isWeighted: Bool) {
        for rows in [1, 2, 5, 259] {
            let (data, _) = Self.problem(rows: rows, features: features, isWeighted: isWeighted)
            var noise = Noise(state: 3)
            let slopes: [Double] = noise.vector(features)
            let padded = slopes + [Double](repeating: 0, count: max(8, (features + 7) & ~7) - features)
            var expected = [Double](repeating: 0, count: features + 2)
            var size = 1.0
            for row in 0..<rows {
                let x = data.features.row(row)
                let residual =
                    0.5 * data.targets[row, 0] + 0.25 - zip(x, slopes).reduce(0) { $0 + $1.0 * $1.1 }
                let weighted = (data.weights?[row] ?? 1) * residual
                expected[0] += weighted
                expected[1] += weighted * residual
                for column in 0..<features { expected[column + 2] += weighted * x[column] }
                size += 4 * abs(weighted) * (1 + abs(residual))
            }
            for instructions in Self.instructionSets {
                let sums = data.plainResiduals(
                    of: 0..<rows, padded, 0.25, targetScale: 0.5, instructions: instructions)
                for (a, b) in zip(sums, expected) { #expect(abs(a - b) <= 1e-13 * size) }
            }
        }
    }

    /// Sums with their rounding errors beside them, eight rows at a time, on every processor.
    @Test(arguments: [0, 1, 2, 8, 13], [false, true])
    func preciseResidualsHaveTheSameBits(_ features: Int, isWeighted: Bool) {
        let (data, basis) = Self.problem(rows: 43, features: features, isWeighted: isWeighted)
        var noise = Noise(state: 8)
        let coefficients = (0..<basis.columnCount).map { _ in DoubleDouble(noise.next(), 1e-17 * noise.next())
        }
        let all = Self.instructionSets.map {
            data.plainPreciseResiduals(of: 5..<43, basis, 0, coefficients, instructions: $0)
        }
        for other in all {
            #expect(other.gradient == all[0].gradient)
            #expect(other.sumOfSquares == all[0].sumOfSquares)
        }
    }

    /// A value that is not finite reaches the sums wherever it stands, also beside a row's last vector.
    @Test func whatIsNotFiniteShows() {
        let (data, basis) = Self.problem(rows: 70, features: 5)
        for place in [0, 69 * 5 + 4, 200] {
            for value in [Double.nan, .infinity, -.infinity] {
                var x = data.features
                x.withUnsafeMutableElements { $0[place] = value }
                let gram = LeastSquaresData(features: x, targets: data.targets, weights: nil).gram(basis)
                #expect(gram.withUnsafeElements { firstNonFinite($0) } != nil)
            }
        }
    }

    @Test(arguments: [3, 64, 65, 130])
    func inverseOfATriangle(_ size: Int) {
        var noise = Noise(state: UInt64(size))
        var triangle: Matrix<Double> = noise.matrix(size, size)
        for row in 0..<size {
            for column in 0..<row { triangle[row, column] = 0 }
            triangle[row, row] = 4 + abs(triangle[row, row])
            for column in row + 1..<max(size, row + 1) { triangle[row, column] *= 4 / Double(size) }
        }
        let product = triangle.upperInverse() * triangle
        let identity = Matrix<Double>.identity(size)
        #expect(zip(product.elements, identity.elements).allSatisfy { abs($0 - $1) <= 1e-14 })
    }
}

/// Fits by one pass about the coefficients of a sample.
@Suite("One pass over many rows")
struct PreliminaryFitTests {
    private static func data(rows: Int, nearness: Double = 1, noise level: Double = 1) -> (
        Matrix<Double>, [Double]
    ) {
        var noise = Noise(state: 11)
        var x: Matrix<Double> = noise.matrix(rows, 4)
        var y: [Double] = []
        x.withUnsafeMutableElements { x in
            for row in 0..<rows {
                let line = row * 4
                x[line + 1] = x[line] + nearness * x[line + 1]
                y.append(1 + x[line] - 2 * x[line + 3] + level * noise.next())
            }
        }
        return (x, y)
    }

    @Test("as good as QR, at any condition number and noise", arguments: [1, 0.02], [1, 1e-6, 0])
    func agreesWithQR(_ nearness: Double, noise: Double) throws {
        let (x, y) = Self.data(rows: 9_000, nearness: nearness, noise: noise)
        let one = try LeastSquares(refinement: .never).fit(x, y)
        let other = try LeastSquares(method: .qr, refinement: .always).fit(x, y)
        #expect(one.method == .normal)
        let limit = 20 * 0x1p-52 * other.workingConditionNumber
        #expect(zip(one.estimates, other.estimates).allSatisfy { abs($0 - $1) <= 2 * limit })
        #expect(one.scaledResidual < 1)
        if noise > 0 {
            let ratio = one.residualStandardError / other.residualStandardError
            #expect(abs(ratio - 1) < 1e-9)
        } else {
            #expect(one.warnings.contains(.perfectFit))
        }
    }

    @Test("a sample that misleads costs a pass and no digits")
    func misleadingSample() throws {
        var (x, y) = Self.data(rows: 9_000)
        let sampled = 9_000 / 1024
        // The rows that are looked at first tell another story.
        for row in stride(from: 0, to: 9_000, by: sampled) {
            y[row] = 1000 - 500 * x[row, 2]
        }
        x[sampled, 0] = 2
        let one = try LeastSquares(refinement: .never).fit(x, y)
        let other = try LeastSquares(method: .qr, refinement: .always).fit(x, y)
        #expect(zip(one.estimates, other.estimates).allSatisfy { abs($0 - $1) <= 1e-11 })
        #expect(abs(one.residualStandardError / other.residualStandardError - 1) < 1e-12)
    }

    @Test func aSampleIsTakenOfManyRowsOnly() {
        let (x, y) = Self.data(rows: 9_000)
        let data = LeastSquaresData(
            features: x, targets: Matrix(rows: 9_000, columns: 1, elements: y), weights: nil)
        let basis = PolynomialBasis(
            hasIntercept: true, degree: 1, features: x.view, targets: data.targets.view,
            rows: data.sampledRows)
        #expect((data.preliminaryCoefficients(basis) != nil) == PackedGram.pays(width: 6))
        let few = LeastSquaresData(
            features: Matrix(x[rows: 0..<4_000]), targets: Matrix(data.targets[rows: 0..<4_000]), weights: nil
        )
        #expect(few.preliminaryCoefficients(basis) == nil)
    }
}
