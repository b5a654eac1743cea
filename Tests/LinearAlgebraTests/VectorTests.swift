import Testing

@testable import DescentLinearAlgebra

@Suite struct VectorTests {
    @Test func `products, sums and norms are those of the definitions`() {
        let x: [Double] = [3, -4, 0]
        #expect(x.dot([1, 2, 3]) == -5)
        #expect(x.norm == 5)
        #expect(x.norm(.one) == 7)
        #expect(x.norm(.infinity) == 4)
        #expect(x.scaled(by: -2) == [-6, 8, 0])
        var y: [Double] = [1, 1, 1]
        y.add(x, scaledBy: 2)
        #expect(y == [7, -7, 1])
    }

    @Test(arguments: VectorNorm.allCases)
    func `an empty vector has norm zero and NaN is never lost`(norm: VectorNorm) {
        #expect([Double]().norm(norm) == 0)
        #expect([Float]().norm(norm) == 0)
        #expect([1, Double.nan, 2].norm(norm).isNaN)
        #expect([.infinity, Float.nan].norm(norm).isNaN)
        #expect([Float.nan, .infinity].norm(norm).isNaN)
        #expect([1, -Double.infinity].norm(norm) == .infinity)
        #expect([Float.infinity, 1].norm(norm) == .infinity)
        #expect([0, -0.0].norm(norm) == 0)
    }

    @Test func `NaN times zero stays NaN`() {
        #expect([Double.nan].scaled(by: 0)[0].isNaN)
        #expect([Double]().dot([]) == 0)
    }

    @Test(arguments: [1e300, 1e-300, 1e160, 1e-160, 0x1p-1040, 1.5e308, .leastNonzeroMagnitude])
    func `the Euclidean norm neither overflows nor underflows`(scale: Double) {
        #expect(abs([0, scale].norm / scale - 1) < 1e-15)
        if scale < 1e308 {
            // At the bottom of the range only the spacing of the numbers limits it.
            let tolerance = max(1e-15, Double.leastNonzeroMagnitude / scale)
            #expect(abs([3 * scale, 4 * scale].norm / scale - 5) <= 5 * tolerance)
        }
    }

    @Test func `the Euclidean norm of Floats neither overflows nor underflows`() {
        for scale: Float in [1e38 / 2, 1e-38, 1e25, 1e-25] {
            #expect(abs([3 * scale / 5, 4 * scale / 5].norm / scale - 1) < 1e-6)
        }
    }

    @Test func `a few large elements do not hide many small ones`() {
        // 10⁶ elements whose squares underflow, beside nothing larger than their sum.
        let x = [Double](repeating: 1e-170, count: 1_000_000)
        #expect(abs(x.norm / 1e-167 - 1) < 1e-12)
        let y = [Double](repeating: 1e170, count: 1_000_000)
        #expect(abs(y.norm / 1e173 - 1) < 1e-12)
    }

    @Test(arguments: [1, 7, 8191, 8192, 8193, 30_000])
    func `long vectors are summed whole`(count: Int) {
        let ones = [Double](repeating: 1, count: count)
        #expect(ones.dot(ones) == Double(count))
        #expect(ones.norm(.one) == Double(count))
        var sum = ones
        sum.add(ones, scaledBy: 3)
        #expect(sum == [Double](repeating: 4, count: count))
    }

    @Test func `the bits do not depend on OpenBLAS' threads`() {
        var noise = Noise(state: 3)
        let x: [Double] = noise.vector(100_001)
        let y: [Double] = noise.vector(100_001)
        func results() -> [Double] {
            var z = y
            z.add(x, scaledBy: 0.1)
            return [x.dot(y), x.norm, x.norm(.one)] + z
        }
        let before = OpenBLAS.threadCount
        defer { OpenBLAS.threadCount = before }
        OpenBLAS.threadCount = 1
        let serial = results()
        OpenBLAS.threadCount = 2
        #expect(results() == serial)
    }

    @Test func `the first element that is not finite is found`() {
        for count in [1, 7, 8, 9, 40] {
            for position in 0..<count {
                for bad in [Double.nan, .infinity, -.infinity] {
                    var x = [Double](repeating: 1e308, count: count)
                    x[position] = bad
                    x[count - 1] = position == count - 1 ? bad : .nan
                    #expect(x.withUnsafeBufferPointer { firstNonFinite($0) } == position)
                }
            }
            #expect(
                [Double](repeating: -1e308, count: count).withUnsafeBufferPointer { firstNonFinite($0) }
                    == nil)
        }
    }
}
