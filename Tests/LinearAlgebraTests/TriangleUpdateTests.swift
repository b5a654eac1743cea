import CKernels
import Testing

@testable import DescentLinearAlgebra

/// The triangle of a few columns by the kernel against LAPACK's, sign by sign.
@Suite struct TriangleUpdateTests {
    /// Rows and columns around the lengths of vectors, and blocks of one and of many.
    static let shapes: [(rows: Int, width: Int)] = [
        (1, 1), (9, 1), (2, 2), (30, 3), (8, 8), (40, 9), (277, 21), (64, 31), (64, 32), (200, 33), (64, 64),
    ]

    private func noise(rows: Int, columns: Int) -> Matrix<Double> {
        var generator = RandomGenerator(seed: UInt64(rows * 100 + columns))
        return Matrix(rows: rows, columns: columns) { generator.fillUniform($0, in: -1...1) }
    }

    /// What the kernel leaves of a block; `nil` where it refuses it.
    private func reduced(_ matrix: Matrix<Double>, _ instructions: descent_instructions) -> Matrix<Double>? {
        var block = matrix
        var scratch = [Double](repeating: .nan, count: matrix.rows * (matrix.columns + 7))
        let isDone = block.withUnsafeMutableElements {
            descent_triangle_update($0.baseAddress!, matrix.rows, matrix.columns, &scratch, instructions)
        }
        guard isDone else {
            #expect(block.elements.map(\.bitPattern) == matrix.elements.map(\.bitPattern))
            return nil
        }
        // Below the triangle all stays.
        let first = matrix.columns * matrix.columns
        #expect(block.elements[first...] == matrix.elements[first...])
        return Matrix(
            rows: matrix.columns, columns: matrix.columns, elements: Array(block.elements[..<first]))
    }

    @Test(arguments: shapes)
    func trianglesAreLAPACKs(rows: Int, width: Int) throws {
        let matrix = noise(rows: rows, columns: width)
        let expected = try QR(matrix).triangle
        for instructions in NarrowProductTests.instructionSets {
            let found = try #require(reduced(matrix, instructions))
            for i in 0..<width {
                for j in 0..<width {
                    #expect(abs(found[i, j] - expected[i, j]) <= 1e-13 * Double(rows))
                    if j < i { #expect(found[i, j] == 0) }
                }
            }
        }
    }

    /// Columns of zeros, columns that are others again, and such of very different size.
    @Test func productsOfColumnsStay() throws {
        var matrix = noise(rows: 90, columns: 12)
        for row in 0..<90 {
            matrix[row, 3] = 0
            matrix[row, 5] = matrix[row, 1]
            matrix[row, 7] *= 1e100
            matrix[row, 8] *= 1e-100
            matrix[row, 11] = row < 4 ? 1 : 0
        }
        for instructions in NarrowProductTests.instructionSets {
            let r = try #require(reduced(matrix, instructions))
            for i in 0..<12 {
                for j in 0..<12 {
                    var (mine, theirs, sizes) = (0.0, 0.0, (0.0, 0.0))
                    for k in 0..<12 { mine += r[k, i] * r[k, j] }
                    for k in 0..<90 {
                        theirs += matrix[k, i] * matrix[k, j]
                        sizes.0 += matrix[k, i] * matrix[k, i]
                        sizes.1 += matrix[k, j] * matrix[k, j]
                    }
                    #expect(abs(mine - theirs) <= 1e-13 * sizes.0.squareRoot() * sizes.1.squareRoot())
                }
            }
        }
    }

    @Test(arguments: [Double.nan, .infinity, 1e121, 1e-121])
    func whatSquaresCannotHoldIsLeftToLAPACK(bad: Double) throws {
        var matrix = noise(rows: 20, columns: 5)
        for row in 0..<20 { matrix[row, 2] = row == 7 ? bad : 0 }
        for instructions in NarrowProductTests.instructionSets {
            #expect(reduced(matrix, instructions) == nil)
        }
        guard bad.isFinite else { return }
        var update = TriangleUpdate(width: 5)
        let expected = try QR(matrix).triangle
        matrix.withUnsafeMutableElements { update.reduce($0.baseAddress!, rows: 20) }
        for i in 0..<5 {
            for j in 0..<5 where expected[i, j] != 0 {
                #expect(abs(update.value[i, j] / expected[i, j] - 1) <= 1e-9 || abs(expected[i, j]) < 1e-14)
            }
        }
    }
}
