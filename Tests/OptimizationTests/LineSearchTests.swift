import DescentOptimization
import Foundation
import Testing

/// A function of one variable as a closure, with a count of its own.
struct ClosureLine: LineFunction {
    let function: (Double) -> (Double, Double)
    var evaluations = 0
    var largestStep = 0.0

    init(_ function: @escaping (Double) -> (Double, Double)) {
        self.function = function
    }

    mutating func value(at step: Double) -> Double {
        evaluations += 1
        largestStep = max(largestStep, step)
        return function(step).0
    }

    mutating func point(at step: Double) -> LinePoint {
        evaluations += 1
        largestStep = max(largestStep, step)
        let (value, slope) = function(step)
        return LinePoint(step: step, value: value, slope: slope)
    }

    var origin: LinePoint {
        let (value, slope) = function(0)
        return LinePoint(step: 0, value: value, slope: slope)
    }
}

/// The six functions of section 5 of Moré and Thuente's paper.
struct HardLine: Sendable, CustomTestStringConvertible {
    let name: String
    let function: @Sendable (Double) -> (Double, Double)
    var testDescription: String { name }

    static let all: [HardLine] = [
        HardLine(name: "5.1") { a in
            (-a / (a * a + 2), (a * a - 2) / ((a * a + 2) * (a * a + 2)))
        },
        HardLine(name: "5.2") { a in
            let b = a + 0.004
            return (pow(b, 5) - 2 * pow(b, 4), 5 * pow(b, 4) - 8 * pow(b, 3))
        },
        HardLine(name: "5.3") { a in
            let (beta, l) = (0.01, 39.0)
            let smooth =
                a <= 1 - beta
                ? (1 - a, -1)
                : a >= 1 + beta ? (a - 1, 1) : ((a - 1) * (a - 1) / (2 * beta) + beta / 2, (a - 1) / beta)
            let phase = l * Double.pi / 2 * a
            return (
                smooth.0 + 2 * (1 - beta) / (l * Double.pi) * sin(phase), smooth.1 + (1 - beta) * cos(phase)
            )
        },
        yanai(0.001, 0.001, "5.4"), yanai(0.01, 0.001, "5.5"), yanai(0.001, 0.01, "5.6"),
    ]

    private static func yanai(_ b1: Double, _ b2: Double, _ name: String) -> HardLine {
        func gamma(_ b: Double) -> Double { (1 + b * b).squareRoot() - b }
        let (g1, g2) = (gamma(b1), gamma(b2))
        return HardLine(name: name) { a in
            let left = ((1 - a) * (1 - a) + b2 * b2).squareRoot()
            let right = (a * a + b1 * b1).squareRoot()
            return (g1 * left + g2 * right, -g1 * (1 - a) / left + g2 * a / right)
        }
    }
}

@Suite struct LineSearchTests {
    static let firstSteps = [1e-3, 1e-1, 1e1, 1e3]

    @Test(arguments: HardLine.all)
    func derivativesOfTheHardLinesAreRight(_ line: HardLine) {
        for a in [0.0, 0.3, 0.995, 1.2, 2] {
            let h = 1e-6
            let quotient = (line.function(a + h).0 - line.function(a - h).0) / (2 * h)
            #expect(abs(quotient - line.function(a).1) < 1e-5)
        }
    }

    /// With the tolerances of the paper's tables, and with those of every day.
    @Test(arguments: HardLine.all, [(1e-3, 0.1), (0.1, 0.11), (1e-3, 0.9), (1e-4, 1e-3)])
    func strongWolfeHolds(_ hard: HardLine, _ constants: (Double, Double)) {
        for firstStep in Self.firstSteps {
            var line = ClosureLine(hard.function)
            let origin = line.origin
            let search = StrongWolfe(decrease: constants.0, curvature: constants.1)
            let result = search.search(&line, from: origin, firstStep: firstStep)
            let (value, slope) = hard.function(result.point.step)
            #expect(result.outcome == .satisfied, "\(hard.name) from \(firstStep): \(result)")
            #expect(value == result.point.value && slope == result.point.slope)
            #expect(value <= origin.value + constants.0 * result.point.step * origin.slope)
            #expect(abs(slope) <= constants.1 * abs(origin.slope))
            #expect(result.evaluations == line.evaluations)
            #expect(result.evaluations <= 20, "\(hard.name) from \(firstStep): \(result.evaluations)")
        }
    }

    @Test(arguments: HardLine.all)
    func hagerZhangHoldsWolfe(_ hard: HardLine) {
        for firstStep in Self.firstSteps {
            var line = ClosureLine(hard.function)
            let origin = line.origin
            let result = HagerZhang().search(&line, from: origin, firstStep: firstStep)
            let (value, slope) = hard.function(result.point.step)
            #expect(result.outcome == .satisfied, "\(hard.name) from \(firstStep): \(result)")
            #expect(value == result.point.value && slope == result.point.slope)
            #expect(slope >= 0.9 * origin.slope)
            let wolfe = value <= origin.value + 0.1 * result.point.step * origin.slope
            let approximate = slope <= -0.8 * origin.slope && value <= origin.value
            #expect(wolfe || approximate)
            #expect(result.evaluations == line.evaluations)
        }
    }

    @Test(arguments: HardLine.all)
    func backtrackingHoldsArmijo(_ hard: HardLine) {
        for firstStep in Self.firstSteps {
            var line = ClosureLine(hard.function)
            let origin = line.origin
            let result = Backtracking().search(&line, from: origin, firstStep: firstStep)
            #expect(result.outcome == .satisfied)
            let (value, slope) = hard.function(result.point.step)
            #expect(value == result.point.value && slope == result.point.slope)
            #expect(value <= origin.value + 1e-4 * result.point.step * origin.slope)
            #expect(result.point.step <= firstStep)
            #expect(result.evaluations == line.evaluations)
        }
    }

    /// −log(1 − α) + (α − 0.9)² and the like: not a number from some step on.
    @Test(arguments: [Double.nan, .infinity], [0.01, 0.5, 3, 1e6])
    func regionsThatAreNotFiniteAreLeft(_ beyond: Double, _ firstStep: Double) {
        let barrier: (Double) -> (Double, Double) = { a in
            a < 1 ? (-log(1 - a) / 100 - a, 0.01 / (1 - a) - 1) : (beyond, beyond)
        }
        for search: any LineSearch in [StrongWolfe(curvature: 0.1), HagerZhang(), Backtracking()] {
            var line = ClosureLine(barrier)
            let origin = line.origin
            let result = search.search(&line, from: origin, firstStep: firstStep)
            #expect(result.outcome == .satisfied, "\(search) from \(firstStep): \(result)")
            #expect(result.point.value < origin.value && result.point.isFinite)
            #expect(result.point.step < 1)
        }
    }

    /// The lowest point is beside the edge, where no condition on the slope can be met.
    @Test(arguments: [0.01, 0.5, 3, 1e6])
    func anEdgeWithoutMinimumGivesTheLowestPointSeen(_ firstStep: Double) {
        for search: any LineSearch in [StrongWolfe(), HagerZhang()] {
            var line = ClosureLine { a in a <= 1 ? (-a * a - a, -2 * a - 1) : (.nan, .nan) }
            let origin = line.origin
            let result = search.search(&line, from: origin, firstStep: firstStep)
            #expect(
                result.outcome == .stepLimit || result.outcome == .evaluationLimit
                    || result.outcome == .satisfied)
            #expect(result.point.isFinite && result.point.value < -0.01)
        }
    }

    @Test func nothingFiniteIsSaid() {
        for search: any LineSearch in [StrongWolfe(), HagerZhang(), Backtracking()] {
            var line = ClosureLine { a in a == 0 ? (1, -1) : (.nan, .nan) }
            let result = search.search(&line, from: line.origin)
            #expect(result.outcome == .notFinite)
            #expect(result.point == line.origin)
            #expect(result.evaluations <= 60)
        }
    }

    @Test func anAscentIsRefused() {
        for search: any LineSearch in [StrongWolfe(), HagerZhang(), Backtracking()] {
            for slope in [0.0, 1, .nan] {
                var line = ClosureLine { a in (a, slope) }
                let result = search.search(&line, from: line.origin)
                #expect(result.outcome == .notDescent)
                #expect(result.point.step == 0)
                #expect(line.evaluations == 0)
            }
        }
    }

    /// A gradient of the wrong sign: the slope promises what the value does not keep.
    @Test func aLyingSlopeEndsWithoutAHigherPoint() {
        for search: any LineSearch in [StrongWolfe(), HagerZhang(), Backtracking()] {
            var line = ClosureLine { a in (1 + a, -1) }
            let result = search.search(&line, from: line.origin)
            #expect(result.outcome != .satisfied)
            #expect(result.point == line.origin)
        }
    }

    @Test func aFunctionWithoutMinimumEnds() {
        for search: any LineSearch in [StrongWolfe(), HagerZhang()] {
            var straight = ClosureLine { a in (-a, -1) }
            let straightResult = search.search(&straight, from: straight.origin)
            #expect(straightResult.outcome == .evaluationLimit || straightResult.outcome == .stepLimit)
            #expect(straightResult.point.value < 0)
            var pit = ClosureLine { a in a < 8 ? (-a, -1) : (-.infinity, -1) }
            #expect(search.search(&pit, from: pit.origin).outcome == .unboundedBelow)
            var limited = ClosureLine { a in (-a, -1) }
            let result = search.search(&limited, from: limited.origin, firstStep: 1, maximumStep: 7)
            #expect(result.outcome == .stepLimit)
            #expect(result.point.step == 7 && limited.largestStep == 7)
        }
    }

    /// Beside a minimum of height 1, all differences are rounding: decrease is judged by slopes.
    @Test func atTheMinimumSlopesDecide() {
        // φ(α) = 1 + (α − 1)² · 1e−18, as it looks in Double.
        let flat: (Double) -> (Double, Double) = { a in (1 + (a - 1) * (a - 1) * 1e-18, 2e-18 * (a - 1)) }
        for search: any LineSearch in [StrongWolfe(curvature: 0.1), HagerZhang()] {
            var line = ClosureLine(flat)
            let result = search.search(&line, from: line.origin, firstStep: 0.4)
            #expect(result.outcome == .satisfied)
            #expect(abs(result.point.slope) < 2e-18)
        }
    }
}
