import Foundation
import Testing

@testable import DescentLinearAlgebra

@Suite struct MatrixTests {
    let a: Matrix<Double> = [[1, 2, 3], [4, 5, 6]]

    @Test func `elements lie row after row`() {
        #expect(a.rows == 2)
        #expect(a.columns == 3)
        #expect(a[1, 0] == 4)
        #expect(a.elements == [1, 2, 3, 4, 5, 6])
        #expect(a.row(1) == [4, 5, 6])
        #expect(a.column(2) == [3, 6])
        #expect(a.diagonal == [1, 5])
        #expect(a == Matrix(rows: 2, columns: 3, elements: [1, 2, 3, 4, 5, 6]))
        #expect(a.transposed() == [[1, 4], [2, 5], [3, 6]])
        #expect(Matrix<Float>.identity(2) == [[1, 0], [0, 1]])
        #expect(Matrix<Float>.diagonal([2, 3]) == [[2, 0], [0, 3]])
        #expect(Matrix<Double>(rows: 1, columns: 2, repeating: 7) == [[7, 7]])
    }

    @Test(arguments: [(0, 0), (0, 3), (3, 0), (1, 1)])
    func `small shapes are matrices too`(rows: Int, columns: Int) {
        let matrix = Matrix<Float>(rows: rows, columns: columns)
        #expect(matrix.count == rows * columns)
        #expect(matrix.transposed().rows == columns)
        #expect(matrix.elements.count == rows * columns)
        #expect((matrix + matrix) == matrix)
        #expect(Matrix(matrix.view) == matrix)
        #expect(matrix.oneNorm == 0)
        #expect(!matrix.description.isEmpty)
    }

    @Test func `the memory is aligned to a cache line`() {
        for size in [1, 3, 7, 100] {
            let matrix = Matrix<Float>(rows: size, columns: size)
            matrix.withUnsafeElements { #expect(UInt(bitPattern: $0.baseAddress) % 64 == 0) }
        }
    }

    @Test func `copies are values`() {
        var b = a
        b[0, 0] = 10
        #expect(a[0, 0] == 1)
        #expect(b[0, 0] == 10)
        b.setRow(1, to: [0, 0, 0])
        b.setColumn(2, to: [8, 9])
        #expect(b == [[10, 2, 8], [0, 0, 9]])
        #expect(a.row(1) == [4, 5, 6])
    }

    @Test func `writing to an unshared matrix does not move it`() {
        var b = Matrix<Double>(rows: 4, columns: 4)
        let before = b.withUnsafeElements { $0.baseAddress }
        b[1, 1] = 1
        b += Matrix.identity(4)
        b *= 3
        #expect(b.withUnsafeElements { $0.baseAddress } == before)
        #expect(b[1, 1] == 6)
    }

    @Test func `a view keeps the elements it was made from`() {
        var b = a
        let view = b[rows: 0..<2, columns: 1...]
        b[0, 1] = 100
        #expect(view[0, 0] == 2)
        #expect(b[0, 1] == 100)
    }

    @Test func `a view outlives its matrix`() {
        func block() -> MatrixView<Double> {
            let big = Matrix<Double>(rows: 50, columns: 50, repeating: 3)
            return big[rows: 10..<12, columns: 5..<6]
        }
        #expect(Matrix(block()) == [[3], [3]])
    }

    @Test func `blocks are cut from matrices and from blocks`() {
        let numbers = Matrix(rows: 5, columns: 6, elements: (0..<30).map(Double.init))
        let block = numbers[rows: 1..<4, columns: 2..<5]
        #expect(block.stride == 6)
        #expect(Matrix(block) == [[8, 9, 10], [14, 15, 16], [20, 21, 22]])
        #expect(Matrix(block[rows: 1..., columns: ..<2]) == [[14, 15], [20, 21]])
        #expect(
            Matrix(numbers[rows: 4...]) == Matrix(rows: 1, columns: 6, elements: (24..<30).map(Double.init)))
        #expect(numbers[columns: 5...5].column(0) == [5, 11, 17, 23, 29])
        #expect(block.row(0) == [8, 9, 10])
        #expect(block.transposed() == Matrix(block).transposed())
        #expect(Matrix(numbers[rows: 5..., columns: 6...]).count == 0)
        #expect(Matrix(numbers[rows: 2..<2]).columns == 6)
    }

    @Test func `transposing twice gives the matrix back, whatever its size`() {
        var noise = Noise(state: 1)
        for (rows, columns) in [(1, 1), (31, 33), (64, 32), (100, 7), (1, 70)] {
            let matrix: Matrix<Float> = noise.matrix(rows, columns)
            let transposed = matrix.transposed()
            #expect(transposed.transposed() == matrix)
            #expect(transposed.row(columns - 1) == matrix.column(columns - 1))
        }
    }

    @Test func `arithmetic goes element by element`() {
        let b: Matrix<Double> = [[1, 0, -1], [2, 2, 2]]
        #expect(a + b == [[2, 2, 2], [6, 7, 8]])
        #expect(a - b == [[0, 2, 4], [2, 3, 4]])
        #expect(-b == [[-1, 0, 1], [-2, -2, -2]])
        #expect(2 * b == [[2, 0, -2], [4, 4, 4]])
        #expect(b * 2 == 2 * b)
        #expect(b / 2 == [[0.5, 0, -0.5], [1, 1, 1]])
        #expect(a.multipliedElementwise(by: b) == [[1, 0, -3], [8, 10, 12]])
        #expect(a.map { Float($0 * 2) } == [[2, 4, 6], [8, 10, 12]] as Matrix<Float>)
        #expect(a.combined(with: b[rows: 0..., columns: 0...], max) == [[1, 2, 3], [4, 5, 6]])
        var c = a
        c += b
        c -= a
        c *= 3
        c /= 3
        #expect(c == b)
    }

    @Test func `norms are those of the definitions`() {
        let b: Matrix<Double> = [[1, -2, 3], [-4, 5, -6]]
        #expect(b.oneNorm == 9)
        #expect(b.infinityNorm == 15)
        #expect(b.largestMagnitude == 6)
        #expect(abs(b.frobeniusNorm - 91.0.squareRoot()) < 1e-14)
        #expect(b[rows: 0..<1].oneNorm == 3)
        let bad: Matrix<Double> = [[1, .nan], [2, 3]]
        #expect(bad.oneNorm.isNaN && bad.infinityNorm.isNaN && bad.largestMagnitude.isNaN)
    }

    @Test func `equality is that of the elements`() {
        #expect(a != a.transposed())
        #expect(Matrix<Double>(rows: 2, columns: 3) != Matrix<Double>(rows: 3, columns: 2))
        let bad: Matrix<Double> = [[.nan]]
        #expect(bad != bad)
    }

    @Test func `a matrix prints as a table`() {
        #expect(a.description == "[[1  2  3]\n [4  5  6]]")
        let b: Matrix<Double> = [[1.5, -20], [100.25, 3]]
        #expect(b.description == "[[  1.5   -20]\n [100.25    3]]")
        let c: Matrix<Float> = [[1e-10, 1], [.nan, -.infinity]]
        #expect(c.description == "[[1e-10     1]\n [  nan  -inf]]")
        #expect(Matrix<Double>(rows: 0, columns: 3).description == "[] (0 × 3)")
        let long = Matrix<Double>(rows: 100, columns: 100, repeating: 1)
        #expect(long.description.split(separator: "\n").count == 7)
        #expect(long.description.hasSuffix("(100 × 100)"))
    }

    @Test func `coding keeps the matrix and refuses wrong counts`() throws {
        let data = try JSONEncoder().encode(a)
        #expect(try JSONDecoder().decode(Matrix<Double>.self, from: data) == a)
        for text in [
            #"{"rows": 2, "columns": 2, "elements": [1, 2, 3]}"#,
            #"{"rows": -1, "columns": -1, "elements": [1]}"#,
            #"{"rows": 4611686018427387904, "columns": 4, "elements": []}"#,
        ] {
            #expect(throws: DecodingError.self) {
                try JSONDecoder().decode(Matrix<Double>.self, from: Data(text.utf8))
            }
        }
    }

    @Test func `misuse stops with a message that names the shapes`() async throws {
        func check(_ result: ExitTest.Result?, _ message: String) {
            let output = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
            #expect(output.contains(message))
        }
        check(
            await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
                _ = Matrix<Double>(rows: 2, columns: 3)[2, 0]
            }, "no element [2, 0] in a 2 × 3 matrix")
        check(
            await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
                _ = Matrix<Double>(rows: 2, columns: 3) * Matrix<Double>(rows: 4, columns: 5)
            }, "cannot multiply 2 × 3 by 4 × 5")
        check(
            await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
                var c = Matrix<Double>(rows: 2, columns: 2)
                multiply(Matrix<Double>(rows: 2, columns: 3), Matrix<Double>(rows: 3, columns: 5), into: &c)
            }, "2 × 3 and 3 × 5 is 2 × 5, the result has room for 2 × 2")
        check(
            await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
                _ = Matrix<Double>([[1, 2], [3]])
            }, "row 1 has 1 elements, the first row has 2")
        check(
            await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
                _ = Matrix<Double>(rows: 2, columns: 3)[rows: 1..<3, columns: 0..<1]
            }, "in a 2 × 3 matrix")
    }
}
