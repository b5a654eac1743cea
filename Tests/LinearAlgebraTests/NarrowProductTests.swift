import CKernels
import Testing

@testable import DescentLinearAlgebra

/// The kernel for products with few columns against sums taken in `Double`.
@Suite struct NarrowProductTests {
    /// The instruction sets of this processor.
    static var instructionSets: [descent_instructions] {
        [descent_baseline, descent_avx2, descent_avx512].filter {
            $0.rawValue <= descent_best_instructions().rawValue
        }
    }

    @Test(arguments: Precision.allCases, 1...16)
    func agreesWithPlainSums(precision: Precision, columns: Int) {
        switch precision {
        case .single: check(columns: columns, as: Float.self)
        case .double: check(columns: columns, as: Double.self)
        }
    }

    func check<Scalar: MatrixScalar>(columns n: Int, as type: Scalar.Type) {
        var noise = Noise(state: UInt64(n))
        // Rows and depths around the sizes of vectors, tiles and blocks, and none at all.
        for (m, k) in [
            (0, 5), (1, 1), (5, 0), (3, 7), (4, 16), (9, 33), (17, 64), (2, 1100), (33, 65), (70, 259),
            (300, 31),
        ] {
            for transposeA in [false, true] {
                // Strides beyond the widths, where NaN lies in wait.
                let (aRows, aColumns) = transposeA ? (k, m) : (m, k)
                let a = padded(aRows, aColumns, by: 3, &noise) as [Scalar]
                let b = padded(k, n, by: 2, &noise) as [Scalar]
                let start = padded(m, n, by: 1, &noise) as [Scalar]
                for (instructions, adding) in Self.instructionSets.flatMap({ [($0, false), ($0, true)] }) {
                    var c = start
                    run(transposeA, m, n, k, a, aColumns + 3, b, adding, &c, instructions)
                    for i in 0..<m {
                        for j in 0..<n {
                            var (sum, size) = (0.0, 0.0)
                            for l in 0..<k {
                                let x = transposeA ? a[l * (aColumns + 3) + i] : a[i * (aColumns + 3) + l]
                                sum += Double(x) * Double(b[l * (n + 2) + j])
                                size += Double(abs(x * b[l * (n + 2) + j]))
                            }
                            let old = adding ? Double(start[i * (n + 1) + j]) : 0
                            let bound = Double(k + 2) * Double(Scalar.ulpOfOne) * (size + abs(old))
                            #expect(abs(Double(c[i * (n + 1) + j]) - (sum + old)) <= bound)
                        }
                        #expect(c[i * (n + 1) + n].isNaN, "wrote beside the matrix")
                    }
                }
            }
        }
    }

    func run<Scalar: MatrixScalar>(
        _ transposeA: Bool, _ m: Int, _ n: Int, _ k: Int, _ a: [Scalar], _ lda: Int, _ b: [Scalar],
        _ adding: Bool, _ c: inout [Scalar], _ instructions: descent_instructions
    ) {
        a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                c.withUnsafeMutableBufferPointer { c in
                    NarrowProduct.run(
                        transposeA, m, n, k, a.baseAddress!, lda, b.baseAddress!, n + 2, adding: adding,
                        c.baseAddress!, n + 1, instructions: instructions)
                }
            }
        }
    }

    /// The door to the kernel: a product that is large enough takes it, and is as right as BLAS's.
    @Test func aWideEnoughProductGoesThrough() {
        OpenBLAS.withOneThread {
            #expect(
                NarrowProduct.pays(false, 128, 10, 784) == (descent_best_instructions() != descent_baseline))
            #expect(!NarrowProduct.pays(false, 128, 16, 784))
            #expect(!NarrowProduct.pays(false, 64, 10, 64))
            var noise = Noise(state: 1)
            let x: Matrix<Double> = noise.matrix(160, 700)
            let w: Matrix<Double> = noise.matrix(700, 10)
            let narrow = x * w
            // The same numbers among twenty columns, which BLAS multiplies.
            var wide = Matrix<Double>(rows: 700, columns: 20)
            for i in 0..<700 { for j in 0..<10 { wide[i, j] = w[i, j] } }
            let expected = x * wide
            for i in 0..<160 {
                for j in 0..<10 { #expect(abs(narrow[i, j] - expected[i, j]) <= 1e-12 * 26) }
            }
        }
    }
}
