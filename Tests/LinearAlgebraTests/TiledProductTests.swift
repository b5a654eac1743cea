import CKernels
import Testing

@testable import DescentLinearAlgebra

/// The kernel for parts of products against sums taken in `Double`.
@Suite struct TiledProductTests {
    static var instructionSets: [descent_instructions] { NarrowProductTests.instructionSets }

    /// Rows, columns, depth: around the sizes of vectors, tiles and blocks, and none at all.
    static let shapes = [
        (0, 5, 5), (1, 1, 1), (5, 3, 0), (3, 16, 7), (13, 17, 9), (14, 32, 33), (15, 33, 40), (29, 10, 64),
        (64, 64, 30), (7, 257, 20), (30, 300, 270), (200, 258, 12), (3, 530, 5), (6, 4, 4200), (20, 256, 8),
    ]

    @Test(arguments: Precision.allCases, shapes)
    func agreesWithPlainSums(precision: Precision, shape: (Int, Int, Int)) {
        switch precision {
        case .single: check(shape, as: Float.self)
        case .double: check(shape, as: Double.self)
        }
    }

    /// What a call is asked for.
    struct Call {
        var transposesA = false
        var transposesB = false
        var adding = false
        var stretches: [SumStretch]?
        var instructions: descent_instructions
    }

    static func calls(depth: Int) -> [Call] {
        let some =
            depth < 4
            ? [SumStretch(start: 0, count: depth)]
            : [SumStretch(start: 1, count: depth / 3), SumStretch(start: depth / 2, count: 1)]
        return instructionSets.flatMap { set in
            [
                Call(instructions: set), Call(adding: true, instructions: set),
                Call(transposesA: true, instructions: set), Call(transposesB: true, instructions: set),
                Call(transposesA: true, transposesB: true, adding: true, instructions: set),
            ]
                + (depth <= 4096
                    ? [
                        Call(stretches: some, instructions: set),
                        Call(transposesB: true, stretches: some, instructions: set),
                        Call(adding: true, stretches: [], instructions: set),
                    ] : [])
        }
    }

    func check<Scalar: MatrixScalar>(_ shape: (Int, Int, Int), as type: Scalar.Type) {
        let (m, n, k) = shape
        var noise = Noise(state: UInt64(m * 31 + n * 7 + k))
        for call in Self.calls(depth: k) {
            // Strides beyond the widths, where NaN lies in wait.
            let (aRows, aColumns) = call.transposesA ? (k, m) : (m, k)
            let (bRows, bColumns) = call.transposesB ? (n, k) : (k, n)
            let a = padded(aRows, aColumns, by: 3, &noise) as [Scalar]
            let b = padded(bRows, bColumns, by: 2, &noise) as [Scalar]
            let start = padded(m, n, by: 1, &noise) as [Scalar]
            var c = start
            multiply(m, n, k, a, aColumns + 3, b, bColumns + 2, call, &c)
            var counts = [Bool](repeating: call.stretches == nil, count: k)
            for stretch in call.stretches ?? [] {
                for l in stretch.start..<stretch.start + stretch.count { counts[l] = true }
            }
            var worst = 0.0
            for i in 0..<m {
                for j in 0..<n {
                    let old = call.adding ? Double(start[i * (n + 1) + j]) : 0
                    var (sum, size) = (old, abs(old))
                    for l in 0..<k where counts[l] {
                        let x = call.transposesA ? a[l * (aColumns + 3) + i] : a[i * (aColumns + 3) + l]
                        let y = call.transposesB ? b[j * (bColumns + 2) + l] : b[l * (bColumns + 2) + j]
                        sum += Double(x) * Double(y)
                        size += Double(abs(x * y))
                    }
                    let error = abs(Double(c[i * (n + 1) + j]) - sum)
                    let bound = Double(k + 2) * Double(Scalar.ulpOfOne) * size
                    worst = error <= bound ? max(worst, error) : .infinity
                }
                #expect(c[i * (n + 1) + n].isNaN, "wrote beside the matrix")
            }
            #expect(worst < .infinity, "\(m) × \(n) × \(k), \(call)")
        }
    }

    /// Rows that are computed apart are those that are computed together, to the bit.
    @Test(arguments: shapes)
    func rowsDoNotDependOnEachOther(shape: (Int, Int, Int)) {
        let (m, n, k) = shape
        guard m > 1 else { return }
        var noise = Noise(state: 5)
        let a = noise.vector(m * k) as [Float]
        let b = noise.vector(k * n) as [Float]
        for instructions in Self.instructionSets {
            var whole = [Float](repeating: 0, count: m * n)
            multiply(m, n, k, a, k, b, n, stride: n, Call(instructions: instructions), &whole)
            let cut = m / 2 + 1
            var top = [Float](repeating: 0, count: cut * n)
            multiply(cut, n, k, a, k, b, n, stride: n, Call(instructions: instructions), &top)
            var bottom = [Float](repeating: 0, count: (m - cut) * n)
            multiply(
                m - cut, n, k, Array(a[(cut * k)...]), k, b, n, stride: n, Call(instructions: instructions),
                &bottom)
            #expect(top + bottom == whole)
        }
    }

    func multiply<Scalar: MatrixScalar>(
        _ m: Int, _ n: Int, _ k: Int, _ a: [Scalar], _ lda: Int, _ b: [Scalar], _ ldb: Int,
        stride: Int? = nil, _ call: Call, _ c: inout [Scalar]
    ) {
        // An empty array has no address.
        let (a, b) = (a + [0], b + [0])
        c.append(.nan)
        a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                c.withUnsafeMutableBufferPointer { c in
                    let x =
                        call.transposesA
                        ? TiledProduct.Factor(transposing: a.baseAddress!, stride: lda)
                        : TiledProduct.Factor(a.baseAddress!, stride: lda)
                    let y =
                        call.transposesB
                        ? TiledProduct.Factor(transposing: b.baseAddress!, stride: ldb)
                        : TiledProduct.Factor(b.baseAddress!, stride: ldb)
                    func run(_ stretches: UnsafeBufferPointer<SumStretch>?) {
                        TiledProduct.multiply(
                            rows: m, columns: n, depth: k, x, y, adding: call.adding, into: c.baseAddress!,
                            stride: stride ?? n + 1, stretches: stretches, instructions: call.instructions)
                    }
                    if let stretches = call.stretches {
                        stretches.withUnsafeBufferPointer { run($0) }
                    } else {
                        run(nil)
                    }
                }
            }
        }
        c.removeLast()
    }
}

/// What is done with bytes, and the rectifier's derivative, by every instruction set.
@Suite struct SmallKernelTests {
    @Test(arguments: [0, 1, 7, 16, 33, 784])
    func bytesAreScaledAlikeByEveryInstructionSet(count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) }
        let shift = (0..<count).map { Float($0 % 5) / 3 } + [0.25]
        let factor = (0..<count).map { Float($0 % 7) / 9 } + [0.125]
        for (instructions, each) in TiledProductTests.instructionSets.flatMap({ [($0, false), ($0, true)] }) {
            var numbers = [Float](repeating: .nan, count: count + 1)
            (bytes + [0]).withUnsafeBufferPointer { from in
                shift.withUnsafeBufferPointer { shift in
                    factor.withUnsafeBufferPointer { factor in
                        numbers.withUnsafeMutableBufferPointer { numbers in
                            var call = descent_scaled_bytes(
                                is_double: false, each_its_own: each, count: count, bytes: from.baseAddress!,
                                next: from.baseAddress!, shift: shift.baseAddress!,
                                factor: factor.baseAddress!, numbers: numbers.baseAddress!)
                            descent_scale_bytes(&call, instructions)
                        }
                    }
                }
            }
            let expected = (0..<count).map {
                (Float(bytes[$0]) - shift[each ? $0 : 0]) * factor[each ? $0 : 0]
            }
            #expect(Array(numbers[..<count]) == expected)
            #expect(numbers[count].isNaN, "wrote beside the row")
        }
    }

    @Test(arguments: [0, 1, 15, 16, 50])
    func onlyDerivativesOfWhatPassedRemain(count: Int) {
        let a: [Double] = (0..<count).map { [-1, 0, 2, .nan, 0.5][$0 % 5] }
        for instructions in TiledProductTests.instructionSets {
            var derivative = (0..<count).map { Double($0) + 1 } + [.nan]
            descent_rectify_derivative(a + [1], &derivative, count, true, instructions)
            #expect(
                Array(derivative[..<count]) == (0..<count).map { a[$0] > 0 ? Double($0) + 1 : 0 })
            #expect(derivative[count].isNaN)
        }
    }
}
