import Testing

@testable import DescentLinearAlgebra

/// What NumPy and SciPy make of a few matrices; `Fixtures/make_factorization_fixture.py` writes it.
struct FactorizationFixture: Decodable, Sendable {
    struct General: Decodable, Sendable, CustomTestStringConvertible {
        var name: String
        var a: [[Double]]
        var b: [[Double]]
        var singularValues: [Double]
        var rank: Int
        var solution: [[Double]]
        var pseudoInverse: [[Double]]
        var determinant: Double?
        var testDescription: String { name }
    }
    struct Symmetric: Decodable, Sendable, CustomTestStringConvertible {
        var name: String
        var a: [[Double]]
        var eigenvalues: [Double]
        var conditionNumber: Double
        var oneNormConditionNumber: Double
        var determinant: Double
        var inverse: [[Double]]
        var cholesky: [[Double]]?
        var testDescription: String { name }
    }
    struct Hilbert: Decodable, Sendable {
        var size: Int
        var oneNormConditionNumber: Double
    }

    var general: [General]
    var symmetric: [Symmetric]
    var hilbert: [Hilbert]

    static let shared = fixture("factorizations.json", as: FactorizationFixture.self)
}

/// Hilbert's matrix, whose condition grows by a factor of about thirty with each row.
private func hilbert(_ n: Int) -> Matrix<Double> {
    Matrix((0..<n).map { i in (0..<n).map { 1 / Double(i + $0 + 1) } })
}

private let shapes = [(1, 1), (5, 5), (9, 4), (4, 9), (40, 40), (70, 33), (33, 70), (3, 1), (1, 3)]

/// Calls `check` for a type; the closure cannot be generic itself, so each test has a local function.
private func forBoth(_ precision: Precision, _ single: () throws -> Void, _ double: () throws -> Void)
    rethrows
{
    switch precision {
    case .single: try single()
    case .double: try double()
    }
}

@Suite struct FactorizationsAgainstNumPyTests {
    @Test(arguments: FactorizationFixture.shared.general)
    func `matrices of any shape`(golden: FactorizationFixture.General) throws {
        let (a, b) = (Matrix(golden.a), Matrix(golden.b))
        let svd = try SVD(a)
        #expect(distance(svd.singularValues, golden.singularValues) < 1e-14 * golden.singularValues[0])
        #expect(
            distance(try SVD.singularValues(of: a), golden.singularValues) < 1e-14 * golden.singularValues[0])
        #expect(svd.rank == golden.rank)
        #expect(distance(try svd.solve(b), Matrix(golden.solution)) < 1e-12)
        #expect(distance(try svd.pseudoInverse(), Matrix(golden.pseudoInverse)) < 1e-12)
        let pivoted = try PivotedQR(a)
        #expect(pivoted.rank == golden.rank)
        let isFullRank = golden.rank == min(a.rows, a.columns)
        if isFullRank {
            #expect(distance(try QR(a).solve(b), Matrix(golden.solution)) < 1e-12)
            if a.rows >= a.columns {
                #expect(distance(try pivoted.solve(b), Matrix(golden.solution)) < 1e-12)
            }
        }
        if let determinant = golden.determinant {
            let qr = try QR(a)
            #expect(abs(qr.determinant - determinant) < 1e-13 * abs(determinant))
            #expect(abs(qr.logAbsoluteDeterminant - Double.log(abs(determinant))) < 1e-13)
            #expect(distance(try qr.inverse(), Matrix(golden.pseudoInverse)) < 1e-12)
        }
    }

    @Test(arguments: FactorizationFixture.shared.symmetric)
    func `symmetric matrices`(golden: FactorizationFixture.Symmetric) throws {
        let a = Matrix(golden.a)
        let scale = a.largestMagnitude
        let eigen = try SymmetricEigen(a)
        #expect(distance(eigen.values, golden.eigenvalues) < 1e-14 * scale * Double(a.rows))
        #expect(abs(eigen.conditionNumber / golden.conditionNumber - 1) < 1e-10)
        #expect(abs(eigen.determinant / golden.determinant - 1) < 1e-11)
        #expect(distance(try eigen.inverse(), Matrix(golden.inverse)) < 1e-11)
        if let l = golden.cholesky {
            let cholesky = try Cholesky(a)
            #expect(distance(cholesky.lower, Matrix(l)) < 1e-14 * scale)
            // The estimate is a lower bound, and usually exact at such sizes.
            #expect(cholesky.conditionNumber <= golden.oneNormConditionNumber * (1 + 1e-10))
            #expect(cholesky.conditionNumber >= golden.oneNormConditionNumber / 3)
            #expect(abs(cholesky.determinant / golden.determinant - 1) < 1e-11)
            #expect(abs(cholesky.logDeterminant - Double.log(golden.determinant)) < 1e-11)
            let inverse = try cholesky.inverse()
            #expect(distance(inverse, Matrix(golden.inverse)) < 1e-11)
            #expect(inverse == inverse.transposed())
        } else {
            #expect(throws: LinearAlgebraError.self) { try Cholesky(a) }
        }
    }

    @Test(arguments: FactorizationFixture.shared.hilbert)
    func `condition numbers of Hilbert's matrices`(golden: FactorizationFixture.Hilbert) throws {
        let a = hilbert(golden.size)
        let exact = golden.oneNormConditionNumber
        // The rounding of the elements alone changes the condition number by about its size times ε.
        let tolerance = 1e-14 + 4 * exact * Double.ulpOfOne
        guard golden.size <= 11 else {
            #expect {
                _ = try QR(a).solve(Array(repeating: 1, count: golden.size))
            } throws: { error in
                guard case LinearAlgebraError.singular(let conditionNumber) = error else { return false }
                return conditionNumber > 1e15 && conditionNumber < 1e18
            }
            return
        }
        let estimate = try Cholesky(a).conditionNumber
        #expect(estimate <= exact * (1 + tolerance) && estimate >= exact / 3 * (1 - tolerance))
        let svd = try SVD(a).conditionNumber
        // In the 2-norm it is within a factor of n of that in the 1-norm.
        #expect(svd <= exact * Double(golden.size) && svd >= exact / Double(golden.size) * (1 - tolerance))
        let qr = try QR(a).conditionNumber
        #expect(qr <= svd * Double(golden.size) * (1 + tolerance))
        #expect(qr >= svd / Double(golden.size) / 3 * (1 - tolerance))
    }
}

@Suite struct FactorizationPropertyTests {
    @Test(arguments: Precision.allCases)
    func `QR: factors, orthogonality, least squares and least norm`(precision: Precision) throws {
        func check<Scalar: MatrixScalar>(_ type: Scalar.Type) throws {
            var noise = Noise(state: 17)
            for (m, n) in shapes {
                let view: MatrixView<Scalar> = noise.paddedView(m, n)
                let a = Matrix(view)
                let k = min(m, n)
                let tolerance = 20 * Scalar(max(m, n)) * Scalar.ulpOfOne
                let qr = try QR(view)
                let (q, t) = (qr.orthogonal, qr.triangle)
                let identity = Matrix<Scalar>.identity(k)
                if m >= n {
                    #expect(distance(q * t, a) < tolerance)
                    #expect(distance(gram(of: q), identity) < tolerance)
                } else {
                    #expect(distance(t * q, a) < tolerance)
                    #expect(distance(gram(of: q, transposed: true), identity) < tolerance)
                }
                for i in 0..<k {
                    for j in 0..<k where m >= n ? j < i : j > i { #expect(t[i, j] == 0) }
                }
                let b: MatrixView<Scalar> = noise.paddedView(m, 3)
                let x = try qr.solve(b)
                let residual = a * x - Matrix(b)
                let growth = tolerance * qr.conditionNumber
                // AᵀA·x = Aᵀb; and x lies in the span of the rows.
                #expect(a.times(residual, transposing: .first).largestMagnitude < growth)
                if m <= n { #expect(residual.largestMagnitude < growth) }
                if m < n { #expect(distance(q.times(q * x, transposing: .first), x) < growth) }
                #expect(distance(try qr.solve(b.column(1)), x.column(1)) < growth)
            }
        }
        try forBoth(precision, { try check(Float.self) }, { try check(Double.self) })
    }

    @Test(arguments: Precision.allCases)
    func `pivoted QR: factors, rank and least squares at any rank`(precision: Precision) throws {
        func check<Scalar: MatrixScalar>(_ type: Scalar.Type) throws {
            var noise = Noise(state: 19)
            for (m, n) in shapes {
                for rank in Set([1, min(m, n), (min(m, n) + 1) / 2]) {
                    let left: Matrix<Scalar> = noise.matrix(m, rank)
                    let right: Matrix<Scalar> = noise.matrix(rank, n)
                    let a = rank == min(m, n) ? noise.matrix(m, n) : left * right
                    let tolerance = 40 * Scalar(max(m, n)) * Scalar.ulpOfOne * max(1, a.largestMagnitude)
                    let qr = try PivotedQR(a)
                    #expect(qr.rank == rank)
                    var permuted = Matrix<Scalar>(rows: m, columns: n)
                    for (j, source) in qr.pivots.enumerated() { permuted.setColumn(j, to: a.column(source)) }
                    #expect(qr.pivots.sorted() == Array(0..<n))
                    #expect(distance(qr.orthogonal * qr.upper, permuted) < tolerance)
                    let b: Matrix<Scalar> = noise.matrix(m, 2)
                    let x = try qr.solve(b)
                    let residual = a * x - b
                    #expect(
                        a.times(residual, transposing: .first).largestMagnitude
                            < tolerance * qr.conditionNumber * max(1, x.largestMagnitude))
                    for source in qr.pivots[rank...] { #expect(x.row(source) == [0, 0]) }
                }
            }
        }
        try forBoth(precision, { try check(Float.self) }, { try check(Double.self) })
    }

    @Test(arguments: Precision.allCases)
    func `SVD: factors, order, orthogonality`(precision: Precision) throws {
        func check<Scalar: MatrixScalar>(_ type: Scalar.Type) throws {
            var noise = Noise(state: 23)
            for (m, n) in shapes {
                let view: MatrixView<Scalar> = noise.paddedView(m, n)
                let tolerance = 20 * Scalar(max(m, n)) * Scalar.ulpOfOne
                let svd = try SVD(view)
                let k = min(m, n)
                #expect(svd.u.rows == m && svd.u.columns == k)
                #expect(svd.vTransposed.rows == k && svd.vTransposed.columns == n)
                #expect(
                    distance(svd.u * Matrix.diagonal(svd.singularValues) * svd.vTransposed, Matrix(view))
                        < tolerance)
                #expect(distance(gram(of: svd.u), .identity(k)) < tolerance)
                #expect(distance(gram(of: svd.vTransposed, transposed: true), .identity(k)) < tolerance)
                #expect(zip(svd.singularValues, svd.singularValues.dropFirst()).allSatisfy { $0 >= $1 })
                #expect(svd.singularValues.last! >= 0)
            }
        }
        try forBoth(precision, { try check(Float.self) }, { try check(Double.self) })
    }

    @Test(arguments: Precision.allCases)
    func `Cholesky and eigenvalues: factors and solutions`(precision: Precision) throws {
        func check<Scalar: MatrixScalar>(_ type: Scalar.Type) throws {
            var noise = Noise(state: 29)
            for n in [1, 2, 5, 40, 90] {
                let x: Matrix<Scalar> = noise.matrix(n + 10, n)
                let a = gram(of: x)
                let tolerance = 20 * Scalar(n) * Scalar.ulpOfOne * a.largestMagnitude
                let cholesky = try Cholesky(a)
                let l = cholesky.lower
                #expect(distance(gram(of: l, transposed: true), a) < tolerance)
                for i in 0..<n { for j in i + 1..<max(n, i + 1) { #expect(l[i, j] == 0) } }
                let eigen = try SymmetricEigen(a)
                #expect(
                    distance(eigen.vectors * .diagonal(eigen.values) * eigen.vectors.transposed(), a)
                        < tolerance)
                #expect(distance(gram(of: eigen.vectors), .identity(n)) < tolerance)
                #expect(zip(eigen.values, eigen.values.dropFirst()).allSatisfy { $0 <= $1 })
                #expect(abs(eigen.conditionNumber / (try SVD(a)).conditionNumber - 1) < 1000 * tolerance)
                let b: MatrixView<Scalar> = noise.paddedView(n, 4)
                for solution in [try cholesky.solve(b), try eigen.solve(b)] {
                    #expect(distance(a * solution, Matrix(b)) < tolerance * cholesky.conditionNumber)
                }
                #expect(
                    distance(try cholesky.solve(b.column(2)), try cholesky.solve(b).column(2)) < tolerance
                        * 10)
            }
        }
        try forBoth(precision, { try check(Float.self) }, { try check(Double.self) })
    }

    @Test(arguments: [(0, 0), (0, 3), (3, 0)])
    func `empty matrices factorize`(rows: Int, columns: Int) throws {
        let a = Matrix<Double>(rows: rows, columns: columns)
        let b = Matrix<Double>(rows: rows, columns: 2, repeating: 1)
        let zero = Matrix<Double>(rows: columns, columns: 2)
        #expect(try QR(a).solve(b) == zero)
        #expect(try PivotedQR(a).solve(b) == zero)
        #expect(try SVD(a).solve(b) == zero)
        #expect(try QR(a).conditionNumber == 1)
        #expect(try SVD(a).conditionNumber == 1)
        #expect(try SVD(a).rank == 0)
        #expect(try PivotedQR(a).pivots == Array(0..<columns))
        #expect(try QR(a).orthogonal == Matrix(rows: rows, columns: columns))
        if rows == columns {
            #expect(try Cholesky(a).solve(b) == zero)
            #expect(try SymmetricEigen(a).solve(b) == zero)
            #expect(try Cholesky(a).determinant == 1)
            #expect(try QR(a).determinant == 1)
        }
    }

    @Test func `no right-hand sides give no solutions`() throws {
        let a: Matrix<Double> = [[2, 1], [1, 3]]
        let none = Matrix<Double>(rows: 2, columns: 0)
        #expect(try QR(a).solve(none).columns == 0)
        #expect(try PivotedQR(a).solve(none).columns == 0)
        #expect(try SVD(a).solve(none).columns == 0)
        #expect(try Cholesky(a).solve(none).columns == 0)
        #expect(try SymmetricEigen(a).solve(none).columns == 0)
    }

    @Test(arguments: [1e300, 1e-300, 1e-305, 1e150])
    func `very large and very small elements change nothing but the scale`(scale: Double) throws {
        let a: Matrix<Double> = [[4, 1, 0.5], [1, 3, 0.25], [0.5, 0.25, 2]]
        let scaled = scale * a
        let b = [1.0, -2, 3].scaled(by: scale)
        let expected = try QR(a).solve([1, -2, 3])
        #expect(distance(try QR(scaled).solve(b), expected) < 1e-14)
        #expect(distance(try PivotedQR(scaled).solve(b), expected) < 1e-14)
        #expect(distance(try Cholesky(scaled).solve(b), expected) < 1e-14)
        #expect(distance(try SVD(scaled).solve(b), expected) < 1e-14)
        #expect(distance(try SymmetricEigen(scaled).solve(b), expected) < 1e-14)
        #expect(abs(try QR(scaled).conditionNumber / QR(a).conditionNumber - 1) < 1e-12)
        #expect(abs(try Cholesky(scaled).conditionNumber / Cholesky(a).conditionNumber - 1) < 1e-12)
        #expect(abs(try SVD(scaled).conditionNumber / SVD(a).conditionNumber - 1) < 1e-12)
        #expect(abs(try SymmetricEigen(scaled).conditionNumber / SVD(a).conditionNumber - 1) < 1e-12)
        let l = try Cholesky(scaled).lower
        #expect(abs(l[0, 0] / scaled[0, 0].squareRoot() - 1) < 1e-14)
        #expect(
            abs(try QR(scaled).triangle[0, 0].magnitude / (scale * (try QR(a).triangle[0, 0].magnitude)) - 1)
                < 1e-14)
        let shift = 3 * Double.log(scale)
        #expect(abs(try Cholesky(scaled).logDeterminant - shift - Cholesky(a).logDeterminant) < 1e-11)
        #expect(abs(try QR(scaled).logAbsoluteDeterminant - shift - QR(a).logAbsoluteDeterminant) < 1e-11)
    }
}

@Suite struct FactorizationErrorTests {
    @Test(arguments: [Double.nan, .infinity, -.infinity], [(0, 0), (2, 1), (2, 2)])
    func `elements that are not finite are named`(bad: Double, position: (Int, Int)) {
        var a = Matrix<Double>.identity(3)
        a[position.0, position.1] = bad
        let expected = LinearAlgebraError.notFinite(.matrix, row: position.0, column: position.1)
        #expect(throws: expected) { try QR(a) }
        #expect(throws: expected) { try PivotedQR(a) }
        #expect(throws: expected) { try SVD(a) }
        #expect(throws: expected) { try SVD.singularValues(of: a) }
        #expect(throws: expected) { try SymmetricEigen(a) }
        #expect(throws: expected) { try Cholesky(a) }
        let b: [Double] = [1, bad, 2]
        let wrongSide = LinearAlgebraError.notFinite(.rightHandSide, row: 1, column: 0)
        let good = Matrix<Double>.identity(3)
        #expect(throws: wrongSide) { try QR(good).solve(b) }
        #expect(throws: wrongSide) { try PivotedQR(good).solve(b) }
        #expect(throws: wrongSide) { try SVD(good).solve(b) }
        #expect(throws: wrongSide) { try SymmetricEigen(good).solve(b) }
        #expect(throws: wrongSide) { try Cholesky(good).solve(b) }
    }

    @Test func `what surrounds a block does not matter`() throws {
        var a = Matrix<Double>(rows: 4, columns: 4, repeating: .infinity)
        for i in 0..<2 { for j in 0..<2 { a[i + 1, j + 1] = i == j ? 2 : 1 } }
        #expect(distance(try QR(a[rows: 1...2, columns: 1...2]).solve([3, 3]), [1, 1]) < 1e-15)
    }

    @Test(arguments: [1, 2, 3])
    func `the first leading block that is not positive definite is named`(order: Int) {
        var a = Matrix<Double>.identity(3)
        a[order - 1, order - 1] = -1
        #expect(throws: LinearAlgebraError.notPositiveDefinite(leadingMinor: order)) { try Cholesky(a) }
        #expect(throws: LinearAlgebraError.notPositiveDefinite(leadingMinor: 1)) {
            try Cholesky(Matrix<Double>(rows: 2, columns: 2))
        }
    }

    @Test func `a matrix that is not symmetric is refused, rounding is not`() throws {
        var a: Matrix<Double> = [[2, 1, 0], [1, 2, 1], [0, 1, 2]]
        a[2, 0] = 1e-10
        #expect(throws: LinearAlgebraError.notSymmetric(row: 2, column: 0)) { try Cholesky(a) }
        #expect(throws: LinearAlgebraError.notSymmetric(row: 2, column: 0)) { try SymmetricEigen(a) }
        a[2, 0] = 4e-16
        #expect(try Cholesky(a).determinant > 0)
        var noise = Noise(state: 31)
        let x: Matrix<Double> = noise.matrix(500, 60)
        // Rounded differently above and below the diagonal.
        #expect(try Cholesky(x.times(x, transposing: .first)).conditionNumber > 1)
    }

    @Test func `a singular matrix is never solved`() throws {
        let singular: [Matrix<Double>] = [
            [[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[0, 0], [0, 0]], [[1, 1], [1, 1 + 1e-16]], [[0]],
            [[1, 0], [0, 1e-17]], [[1, 2], [2, 4], [3, 6]], [[1, 2, 3], [2, 4, 6]],
        ]
        for a in singular {
            let b = [Double](repeating: 1, count: a.rows)
            let qr = try QR(a)
            #expect(qr.conditionNumber >= 1 / Double.ulpOfOne)
            #expect(throws: LinearAlgebraError.singular(conditionNumber: qr.conditionNumber)) {
                try qr.solve(b)
            }
        }
        let symmetric: [Matrix<Double>] = [
            [[0, 0], [0, 0]], [[1, 1], [1, 1 + 1e-16]], [[0]], [[1, 0], [0, 1e-17]], [[1, 2], [2, 4]],
        ]
        for a in symmetric {
            let eigen = try SymmetricEigen(a)
            #expect(throws: LinearAlgebraError.singular(conditionNumber: eigen.conditionNumber)) {
                try eigen.solve([Double](repeating: 1, count: a.rows))
            }
        }
        // Positive definite, but to no use: 1e-17 is below ε.
        let thin = try Cholesky([[1, 0], [0, 1e-17]] as Matrix<Double>)
        #expect(abs(thin.conditionNumber / 1e17 - 1) < 1e-14)
        #expect(throws: LinearAlgebraError.singular(conditionNumber: thin.conditionNumber)) {
            try thin.solve([1, 1])
        }
        #expect(throws: LinearAlgebraError.self) {
            try QR([[1, 1], [1, 1 + 1e-7]] as Matrix<Float>).solve([1, 1])
        }
    }

    @Test func `a solution beyond the range is an error, not an infinity`() throws {
        let a = 1e-200 * Matrix<Double>.identity(2)
        let b = [1e200, 1]
        let expected = LinearAlgebraError.solutionOverflows(conditionNumber: 1)
        #expect(throws: expected) { try QR(a).solve(b) }
        #expect(throws: expected) { try Cholesky(a).solve(b) }
        #expect(throws: expected) { try SVD(a).solve(b) }
        #expect(throws: expected) { try PivotedQR(a).solve(b) }
        #expect(throws: expected) { try SymmetricEigen(a).solve(b) }
    }

    @Test func `a tolerance decides what counts towards the rank`() throws {
        let a = Matrix<Double>.diagonal([1, 1e-6, 0])
        #expect(try SVD(a).rank == 2)
        #expect(try SVD(a).rank(tolerance: 1e-3) == 1)
        #expect(
            try SVD(a).solve(Matrix(rows: 3, columns: 1, repeating: 1), tolerance: 1e-3).elements == [
                1, 0, 0,
            ])
        #expect(try PivotedQR(a).rank == 2)
        #expect(try PivotedQR(a, tolerance: 1e-3).rank == 1)
        #expect(try SVD(Matrix<Double>(rows: 2, columns: 2)).rank == 0)
        #expect(try SVD(Matrix<Double>(rows: 2, columns: 2)).conditionNumber == .infinity)
    }

    @Test func `errors speak to people`() {
        let errors: [(LinearAlgebraError, String)] = [
            (
                .notFinite(.rightHandSide, row: 3, column: 1),
                "right-hand side has an element that is not finite in row 3, column 1"
            ),
            (.notSymmetric(row: 2, column: 0), "[2, 0] and [0, 2]"),
            (.notPositiveDefinite(leadingMinor: 4), "4 × 4"),
            (.singular(conditionNumber: 1e20), "1e+20"),
            (.solutionOverflows(conditionNumber: 12), "12"),
            (.notConverged("the iteration"), "did not converge"),
        ]
        for (error, part) in errors { #expect(error.description.contains(part)) }
    }
}
