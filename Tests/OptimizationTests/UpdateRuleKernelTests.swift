import CKernels
import DescentLinearAlgebra
import Testing

/// The loops in C: the same bits whatever the instruction set, whatever the length.
///
/// That they are the right formulas is for the paths of `RuleTests` to say.
@Suite struct UpdateRuleKernelTests {
    /// A rule's loop with constants of which none is 0 or 1.
    struct Loop: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var run: @Sendable (UnsafePointer<descent_step>, descent_instructions) -> Void

        init<Constants: Sendable>(
            _ name: String, _ constants: Constants,
            _ kernel:
                @escaping @Sendable (
                    UnsafePointer<Constants>, UnsafePointer<descent_step>, descent_instructions
                ) -> Void
        ) {
            testDescription = name
            run = { step, instructions in
                withUnsafePointer(to: constants) { kernel($0, step, instructions) }
            }
        }
    }

    static let adam = descent_adam(
        rate: 0.01, keep: 0.98, coupled: 0.03, keep1: 0.9, take1: 0.1, keep2: 0.99, take2: 0.01, shrink: 1.7,
        epsilon: 1e-7)

    static func rmsprop(centered: Bool, momentum: Bool) -> descent_rmsprop {
        descent_rmsprop(
            inner: 0.3, outer: 0.01, coupled: 0.03, keep: 0.9, take: 0.1, inside: 1e-7, outside: 1e-6,
            momentum: 0.8, centered: centered, has_momentum: momentum)
    }

    static let loops = [
        Loop(
            "momentum",
            descent_momentum(
                rate: 0.01, sign: -1, coupled: 0.03, keep: 0.9, take: 0.7, ahead: 1.1, along: 0.9),
            { descent_momentum_step($0, $1, $2) }),
        Loop("adam", adam, { descent_adam_step($0, $1, $2) }),
        Loop("amsgrad", adam, { descent_amsgrad_step($0, $1, $2) }),
        Loop(
            "nadam",
            descent_nadam(
                rate: 0.01, gradient_rate: 0.002, keep: 0.98, coupled: 0.03, keep1: 0.9, take1: 0.1,
                keep2: 0.99, take2: 0.01, shrink: 1.7, epsilon: 1e-7),
            { descent_nadam_step($0, $1, $2) }),
        Loop("rmsprop", rmsprop(centered: false, momentum: false), { descent_rmsprop_step($0, $1, $2) }),
        Loop(
            "rmsprop centered", rmsprop(centered: true, momentum: false), { descent_rmsprop_step($0, $1, $2) }
        ),
        Loop(
            "rmsprop momentum", rmsprop(centered: false, momentum: true), { descent_rmsprop_step($0, $1, $2) }
        ),
        Loop("rmsprop both", rmsprop(centered: true, momentum: true), { descent_rmsprop_step($0, $1, $2) }),
        Loop(
            "adadelta", descent_adadelta(rate: 0.7, coupled: 0.03, keep: 0.9, take: 0.1, epsilon: 1e-6),
            { descent_adadelta_step($0, $1, $2) }),
        Loop(
            "schedule-free",
            descent_schedule_free(
                rate: 0.01, share: 0.2, along: -0.009, coupled: 0.03, keep2: 0.99, take2: 0.01, shrink: 1.7,
                epsilon: 1e-7, is_first: false),
            { descent_schedule_free_step($0, $1, $2) }),
        Loop(
            "lion",
            descent_lion(rate: 0.01, keep: 0.98, keep1: 0.9, take1: 0.1, keep2: 0.99, take2: 0.01),
            { descent_lion_step($0, $1, $2) }),
        Loop(
            "rprop", descent_rprop(shrink: 0.5, growth: 1.2, shortest: 1e-3, longest: 2),
            { descent_rprop_step($0, $1, $2) }),
    ]

    /// The instruction sets that this processor has beyond the baseline.
    static var others: [descent_instructions] {
        [descent_avx2, descent_avx512].filter { $0.rawValue <= descent_best_instructions().rawValue }
    }

    /// Parameters, gradient and three slots after three steps; a slot may be NaN as the root of a negative number is.
    func walk<Scalar: MatrixScalar>(
        _ loop: Loop, _ start: [[Scalar]], _ instructions: descent_instructions
    ) -> [[Scalar]] {
        var vectors = start
        let count = start[0].count
        for _ in 0..<3 {
            let addresses = vectors.indices.map { i in
                vectors[i].withUnsafeMutableBufferPointer { UnsafeMutableRawPointer($0.baseAddress!) }
            }
            withExtendedLifetime(vectors) {
                var step = descent_step(
                    count: count, is_double: Scalar.self == Double.self, parameters: addresses[0],
                    gradient: UnsafeRawPointer(addresses[1]),
                    slots: (addresses[2], addresses[3], addresses[4]))
                loop.run(&step, instructions)
            }
        }
        return vectors
    }

    /// Five vectors of ordinary numbers among which there are zeros, tiny, huge and infinite ones and a NaN.
    func start<Scalar: MatrixScalar>(count: Int, of type: Scalar.Type) -> [[Scalar]] {
        var generator = RandomGenerator(seed: UInt64(count))
        let odd: [Scalar] = [
            0, -0.0, .leastNonzeroMagnitude, -.leastNormalMagnitude, .greatestFiniteMagnitude, .infinity,
            .nan,
            1e-30, -1e30,
        ]
        return (0..<5).map { vector in
            (0..<count).map { i in
                let value = Scalar(Double.random(in: -2...2, using: &generator))
                if (i + 3 * vector) % 11 == 5 { return odd[(i / 11 + vector) % odd.count] }
                return vector == 3 ? value.magnitude : value
            }
        }
    }

    /// Bits, with one pattern for every NaN: which of two NaNs an operation hands on is not ours to say.
    func bits<Scalar: MatrixScalar>(_ vectors: [[Scalar]]) -> [UInt64] {
        vectors.joined().map { $0.isNaN ? Double.nan.bitPattern : Double($0).bitPattern }
    }

    @Test(arguments: loops)
    func instructionSetsAgreeToTheBit(loop: Loop) {
        check(loop, as: Float.self)
        check(loop, as: Double.self)
    }

    func check<Scalar: MatrixScalar>(_ loop: Loop, as type: Scalar.Type) {
        for count in Array(1...35) + [64, 500] {
            let start = start(count: count, of: Scalar.self)
            let expected = walk(loop, start, descent_baseline)
            for instructions in Self.others {
                let found = walk(loop, start, instructions)
                #expect(bits(found) == bits(expected), "\(type), \(count), \(instructions)")
            }
            // An element's path does not depend on its place, so that a vector may be cut anywhere.
            let cut = count / 3
            let parts = [0..<cut, cut..<count].filter { !$0.isEmpty }.map { range in
                walk(loop, start.map { Array($0[range]) }, descent_best_instructions())
            }
            let joined = (0..<5).map { i in parts.flatMap { $0[i] } }
            #expect(bits(joined) == bits(expected), "\(type), \(count) in two")
        }
    }

    @Test func theGradientIsLeftAlone() {
        let start = start(count: 40, of: Float.self)
        for loop in Self.loops {
            #expect(bits([walk(loop, start, descent_best_instructions())[1]]) == bits([start[1]]))
        }
    }
}
