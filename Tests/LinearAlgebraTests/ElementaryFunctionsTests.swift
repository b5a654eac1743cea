import CKernels
import Glibc
import Testing

@testable import DescentLinearAlgebra

/// exp, tanh and the logistic function against the C library's, in more digits.
@Suite struct ElementaryFunctionsTests {
    struct Function: CustomTestStringConvertible, Sendable {
        var testDescription: String
        /// The largest error, in units in the last place.
        var bound: Double
        var run:
            @Sendable (UnsafeRawPointer, UnsafeMutableRawPointer, Int, Bool, descent_instructions) -> Void
        var reference: @Sendable (Double) -> Double
    }

    static let functions = [
        Function(
            testDescription: "exp", bound: 1.03, run: { descent_exponential($0, $1, $2, $3, $4) },
            reference: { exp($0) }),
        Function(
            testDescription: "tanh", bound: 2.5, run: { descent_hyperbolic_tangent($0, $1, $2, $3, $4) },
            reference: { tanh($0) }),
        Function(
            testDescription: "logistic", bound: 2.5, run: { descent_logistic($0, $1, $2, $3, $4) },
            reference: { $0 < 0 ? exp($0) / (1 + exp($0)) : 1 / (1 + exp(-$0)) }),
    ]

    func apply<Scalar: MatrixScalar>(
        _ function: Function, _ x: [Scalar],
        _ instructions: descent_instructions = descent_best_instructions()
    ) -> [Scalar] {
        var y = [Scalar](repeating: .nan, count: x.count)
        x.withUnsafeBytes { x in
            y.withUnsafeMutableBytes { y in
                function.run(
                    x.baseAddress!, y.baseAddress!, x.count / MemoryLayout<Scalar>.size,
                    Scalar.self == Double.self, instructions)
            }
        }
        return y
    }

    /// The error in units in the last place of the type, those of subnormal results being all the same.
    func error<Scalar: MatrixScalar>(_ found: Scalar, _ expected: Double) -> Double {
        if expected.isNaN { return found.isNaN ? 0 : .infinity }
        let rounded = Scalar(expected)
        if !rounded.isFinite || !found.isFinite { return found == rounded ? 0 : .infinity }
        return abs(Double(found) - expected) / Double(max(rounded.magnitude.ulp, .leastNonzeroMagnitude))
    }

    /// One `Float` in 16,411, of all there are: both signs, subnormal, infinite, NaN.
    ///
    /// The bounds were found with one in eight.
    @Test(arguments: functions)
    func floatsAreWithinTheBound(function: Function) {
        let x = stride(from: UInt32(0), to: .max - 16_411, by: 16_411).map { Float(bitPattern: $0) }
        let y = apply(function, x)
        var worst = (error: 0.0, at: Float(0))
        for (x, y) in zip(x, y) {
            let error = error(y, function.reference(Double(x)))
            if error > worst.error { worst = (error, x) }
        }
        #expect(worst.error <= function.bound, "at \(worst.at)")
        #expect(worst.error > 0.5, "no error at all is not believable")
    }

    /// Doubles against the C library's, itself within one unit.
    @Test(arguments: functions)
    func doublesAreWithinTheBound(function: Function) {
        var noise = Noise(state: 5)
        let x: [Double] = [1e-5, 0.1, 1, 6, 30, 700, 760].flatMap { scale in
            (0..<3000).map { _ in scale * noise.next() }
        }
        for (x, y) in zip(x, apply(function, x)) {
            let error = error(y, function.reference(x))
            #expect(error <= function.bound + 1, "at \(x)")
        }
    }

    @Test(arguments: functions)
    func instructionSetsAgreeToTheBit(function: Function) {
        let single = stride(from: UInt32(0), to: .max - 99_991, by: 99_991).map { Float(bitPattern: $0) }
        let double = single.map { Double($0) * 1.000000001 }
        for instructions in NarrowProductTests.instructionSets {
            for (a, b) in zip(
                apply(function, single, instructions), apply(function, single, descent_baseline))
            {
                #expect(a.bitPattern == b.bitPattern || (a.isNaN && b.isNaN))
            }
            for (a, b) in zip(
                apply(function, double, instructions), apply(function, double, descent_baseline))
            {
                #expect(a.bitPattern == b.bitPattern || (a.isNaN && b.isNaN))
            }
        }
    }

    @Test func anyLengthAndInPlace() {
        for count in 1...40 {
            let x = (0..<count).map { Float($0) / 7 - 2 }
            var inPlace = x + [42]
            inPlace.withUnsafeMutableBufferPointer {
                ElementaryFunctions.exp(UnsafePointer($0.baseAddress!), $0.baseAddress!, count: count)
            }
            let alone = x.map { apply(Self.functions[0], [$0])[0] }
            #expect(inPlace == alone + [42])
        }
    }

    @Test func theEndsAreExact() {
        let ends: [Double] = [0, -.infinity, .infinity, -1e300, 1e300]
        #expect(apply(Self.functions[0], ends) == [1, 0, .infinity, 0, .infinity])
        #expect(apply(Self.functions[1], ends) == [0, -1, 1, -1, 1])
        #expect(apply(Self.functions[2], ends) == [0.5, 0, 1, 0, 1])
        #expect(apply(Self.functions[1], [-0.0])[0].sign == .minus)
    }
}
