import Testing

@testable import DescentLinearAlgebra

@Suite struct ProductTests {
    static let shapes = [
        (2, 3, 4), (1, 1, 1), (5, 1, 2), (1, 9, 1), (33, 65, 17), (4, 0, 3), (0, 2, 3), (2, 3, 0), (0, 0, 0),
        (100, 3, 2),
    ]
    static let transpositions: [Transposition] = [[], .first, .second, .both]

    @Test(arguments: Precision.allCases, transpositions)
    func `products agree with the definition, also of padded blocks`(
        precision: Precision, transposing: Transposition
    ) {
        func check<Scalar: MatrixScalar>(_ type: Scalar.Type) {
            var noise = Noise(state: 7)
            for (m, k, n) in Self.shapes {
                let a: MatrixView<Scalar> =
                    transposing.contains(.first) ? noise.paddedView(k, m) : noise.paddedView(m, k)
                let b: MatrixView<Scalar> =
                    transposing.contains(.second) ? noise.paddedView(n, k) : noise.paddedView(k, n)
                let expected = plainProduct(
                    transposing.contains(.first) ? a.transposed() : Matrix(a),
                    transposing.contains(.second) ? b.transposed() : Matrix(b))
                let tolerance = 4 * Scalar(k + 1) * Scalar.ulpOfOne
                #expect(distance(a.times(b, transposing: transposing), expected) <= tolerance)
                #expect(distance(Matrix(a).times(Matrix(b), transposing: transposing), expected) <= tolerance)

                // α·A·B + β·C
                let c: Matrix<Scalar> = noise.matrix(m, n)
                var result = c
                multiply(a, b, transposing: transposing, into: &result, alpha: 2, beta: -0.5)
                #expect(distance(result, 2 * expected - 0.5 * c) <= 4 * tolerance)

                // β = 0 overwrites.
                var overwritten = Matrix<Scalar>(rows: m, columns: n, repeating: .nan)
                multiply(a, b, transposing: transposing, into: &overwritten)
                #expect(distance(overwritten, expected) <= tolerance)
            }
        }
        switch precision {
        case .single: check(Float.self)
        case .double: check(Double.self)
        }
    }

    @Test(arguments: Precision.allCases, [false, true])
    func `products with vectors agree with those with matrices`(precision: Precision, transposed: Bool) {
        func check<Scalar: MatrixScalar>(_ type: Scalar.Type) {
            var noise = Noise(state: 11)
            for (m, n, _) in Self.shapes {
                let a: MatrixView<Scalar> = noise.paddedView(m, n)
                let x: [Scalar] = noise.vector(transposed ? m : n)
                let y: [Scalar] = noise.vector(transposed ? n : m)
                let expected = plainProduct(
                    transposed ? a.transposed() : Matrix(a), Matrix(rows: x.count, columns: 1, elements: x)
                ).elements
                let tolerance = 4 * Scalar(x.count + 1) * Scalar.ulpOfOne
                #expect(distance(a.times(x, transposed: transposed), expected) <= tolerance)
                var result = y
                multiply(a, transposed: transposed, x, into: &result, alpha: 2, beta: -0.5)
                #expect(distance(result, zip(expected, y).map { 2 * $0 - 0.5 * $1 }) <= 4 * tolerance)
                var overwritten = [Scalar](repeating: .nan, count: y.count)
                multiply(a, transposed: transposed, x, into: &overwritten)
                #expect(distance(overwritten, expected) <= tolerance)
            }
        }
        switch precision {
        case .single: check(Float.self)
        case .double: check(Double.self)
        }
    }

    @Test(arguments: Precision.allCases, [false, true])
    func `Gram matrices are symmetric products`(precision: Precision, transposed: Bool) {
        func check<Scalar: MatrixScalar>(_ type: Scalar.Type) {
            var noise = Noise(state: 13)
            for (m, n, _) in Self.shapes + [(40, 70, 0)] {
                let a: MatrixView<Scalar> = noise.paddedView(m, n)
                let expected =
                    transposed
                    ? plainProduct(Matrix(a), a.transposed()) : plainProduct(a.transposed(), Matrix(a))
                let tolerance = 4 * Scalar(max(m, n) + 1) * Scalar.ulpOfOne
                let result = gram(of: a, transposed: transposed)
                #expect(distance(result, expected) <= tolerance)
                #expect(result == result.transposed())

                var sum = gram(of: a, transposed: transposed)
                gram(of: a, transposed: transposed, into: &sum, alpha: 3, beta: 0.5)
                #expect(distance(sum, 3.5 * expected) <= 4 * tolerance)
                var overwritten = Matrix<Scalar>(rows: result.rows, columns: result.rows, repeating: .nan)
                gram(of: a, transposed: transposed, into: &overwritten)
                #expect(overwritten == result)
            }
        }
        switch precision {
        case .single: check(Float.self)
        case .double: check(Double.self)
        }
    }

    @Test func `an operand may be the result`() {
        let a: Matrix<Double> = [[1, 2], [3, 4]]
        var c = a
        multiply(c, c, into: &c)
        #expect(c == [[7, 10], [15, 22]])
        c = a
        multiply(c[rows: 0...], a, into: &c, beta: 1)
        #expect(c == [[8, 12], [18, 26]])
        var x: [Double] = [1, 1]
        multiply(a, x, into: &x)
        #expect(x == [3, 7])
        c = a
        gram(of: c, into: &c)
        #expect(c == [[10, 14], [14, 20]])
    }

    @Test func `a result that is not shared stays where it is`() {
        let a = Matrix<Double>.identity(8)
        var c = Matrix<Double>(rows: 8, columns: 8)
        let before = c.withUnsafeElements { $0.baseAddress }
        multiply(a, a, into: &c)
        #expect(c.withUnsafeElements { $0.baseAddress } == before)
    }

    @Test func `the signs of operators are those products`() {
        let a: Matrix<Float> = [[1, 2], [3, 4], [5, 6]]
        #expect(a * [[1], [1]] as Matrix<Float> == [[3], [7], [11]])
        #expect(a * [1, -1] == [-1, -1, -1])
        #expect(a[rows: 1...] * a[rows: ..<2] == [[15, 22], [23, 34]])
    }

    @Test func `dimensions that do not fit BLAS are refused by name`() {
        let limit = 2_147_483_647
        #expect(BLASLimit.complaint("x", [("rows", limit), ("stride", 0)]) == nil)
        let complaint = BLASLimit.complaint("matrix product", [("rows", 3), ("stride", limit + 1)])
        #expect(complaint?.contains("matrix product: stride 2147483648") == true)
        #expect(BLASLimit.complaint("x", [("rows", -1)]) != nil)
    }

    @Test func `a product beyond the limit stops before the call`() async {
        // Nothing is allocated: one dimension is 0.
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let tall = Matrix<Double>(rows: 1 << 31, columns: 0)
            let wide = Matrix<Double>(rows: 0, columns: 0)
            var c = Matrix<Double>(rows: 1 << 31, columns: 0)
            multiply(tall, wide, into: &c)
        }
        let output = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(output.contains("does not fit the 32-bit integers of BLAS"))
        // The joined bits are beyond the limit exactly when one of the numbers is.
        BLASLimit.check(BLASLimit.largest | 5 | 0, nil)
        #expect((BLASLimit.largest + 1) | 7 > BLASLimit.largest)
    }
}
