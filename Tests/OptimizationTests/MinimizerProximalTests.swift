import DescentLinearAlgebra
import DescentOptimization
import Foundation
import Testing

/// What `Fixtures/make_proximal_fixture.py` has computed.
struct ProximalFixture: Decodable {
    struct Penalty: Decodable, CustomTestStringConvertible {
        var l1: Double
        var l2: Double
        var coefficients: [Double]
        var value: Double
        var testDescription: String { "l1 \(l1), l2 \(l2)" }
    }
    var features: [[Double]]
    var targets: [Double]
    var penalties: [Penalty]
    var nonnegative: [Double]
    var simplex: [Double]
    var simplexValue: Double
    var ball: [Double]

    static let shared: ProximalFixture = {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let data = try! Data(contentsOf: folder.appending(path: "Fixtures/proximal.json"))
        return try! JSONDecoder().decode(ProximalFixture.self, from: data)
    }()
}

/// ‖y − Xβ‖² / 2n.
struct LinearFit<Scalar: MatrixScalar>: Objective {
    let features: Matrix<Scalar>
    let targets: [Scalar]
    var parameterCount: Int { features.columns }

    static var shared: LinearFit {
        let fixture = ProximalFixture.shared
        return LinearFit(
            features: Matrix(fixture.features.map { $0.map { Scalar($0) } }),
            targets: fixture.targets.map { Scalar($0) })
    }

    func value(at beta: [Scalar]) -> Double {
        var gradient = [Scalar](repeating: 0, count: beta.count)
        return valueAndGradient(at: beta, gradient: &gradient)
    }

    func valueAndGradient(at beta: [Scalar], gradient: inout [Scalar]) -> Double {
        let residuals = zip(features.times(beta), targets).map { $0 - $1 }
        let n = Double(targets.count)
        gradient = features.times(residuals.map { $0 / Scalar(n) }, transposed: true)
        return residuals.reduce(0) { $0 + Double($1) * Double($1) } / (2 * n)
    }
}

private func gap<Scalar: MatrixScalar>(_ a: [Scalar], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { max($0, abs(Double($1.0) - $1.1)) }
}

@Suite struct MinimizerProximalTests {
    static let zero = [Double](repeating: 0, count: 8)

    @Test(arguments: ProximalFixture.shared.penalties)
    func threeWaysToTheLassoAgreeWithScikitLearn(_ golden: ProximalFixture.Penalty) throws {
        let fit = LinearFit<Double>.shared
        let descent = CoordinateDescent(l1: golden.l1, l2: golden.l2)
        let penalty = ElasticNetPenalty<Double>(l1: golden.l1, l2: golden.l2)
        let rule = StoppingRule(gradientTolerance: 1e-7)
        var values: [[Double]] = [[], [], []]
        let solutions = [
            ("coordinates", try descent.minimize(fit.features, fit.targets) { values[0].append($0.value) }),
            (
                "FISTA",
                try ProximalGradient(penalty, stopping: rule).minimize(fit, from: Self.zero) {
                    values[1].append($0.value)
                }
            ),
            (
                "ISTA",
                try ProximalGradient(penalty, isAccelerated: false, stopping: rule).minimize(
                    fit, from: Self.zero
                ) {
                    values[2].append($0.value)
                }
            ),
        ]
        for (name, solution) in solutions {
            #expect(solution.reason == .gradientTolerance, "\(name)")
            #expect(gap(solution.point, golden.coefficients) < 1e-6, "\(name)")
            #expect(abs(solution.value - golden.value) <= 1e-12 * golden.value, "\(name)")
            let value = fit.value(at: solution.point) + penalty.value(at: solution.point)
            #expect(abs(value - solution.value) <= 1e-14 * value, "\(name)")
            // The same coefficients are exactly zero.
            #expect(zip(solution.point, golden.coefficients).allSatisfy { ($0 == 0) == ($1 == 0) }, "\(name)")
        }
        for run in values { #expect(zip(run, run.dropFirst()).allSatisfy { $0 >= $1 }) }
    }

    /// Ill-conditioned, where momentum shows.
    @Test func fistaIsFaster() throws {
        let count = 50
        let objective = ClosureObjective(parameterCount: count) { x in
            var (value, gradient) = (0.0, x)
            for i in 0..<count {
                let curvature = 1 / Double((i + 1) * (i + 1))
                value += curvature * (x[i] - 1) * (x[i] - 1) / 2
                gradient[i] = curvature * (x[i] - 1)
            }
            return (value, gradient)
        }
        let rule = StoppingRule(gradientTolerance: 1e-6, maximumIterations: 100_000)
        let penalty = ElasticNetPenalty<Double>(l1: 1e-5)
        let start = [Double](repeating: 0, count: count)
        let ista = try ProximalGradient(penalty, isAccelerated: false, stopping: rule).minimize(
            objective, from: start)
        let fista = try ProximalGradient(penalty, stopping: rule).minimize(objective, from: start)
        #expect(ista.isConverged && fista.isConverged)
        #expect(fista.counts.iterations * 5 < ista.counts.iterations)
    }

    @Test func projectedGradientOnFourSets() throws {
        let (fit, golden) = (LinearFit<Double>.shared, ProximalFixture.shared)
        let positive = try ProjectedGradient(onto: NonNegativeOrthant()).minimize(fit, from: Self.zero)
        #expect(positive.isConverged && gap(positive.point, golden.nonnegative) < 1e-7)
        #expect(zip(positive.point, golden.nonnegative).allSatisfy { ($0 == 0) == ($1 == 0) })

        let simplex = try ProjectedGradient(onto: Simplex()).minimize(fit, from: Self.zero)
        #expect(simplex.isConverged && abs(simplex.value - golden.simplexValue) < 1e-10)
        #expect(gap(simplex.point, golden.simplex) < 1e-5)
        #expect(abs(simplex.point.reduce(0, +) - 1) < 1e-14 && simplex.point.allSatisfy { $0 >= 0 })

        let ball = try ProjectedGradient(onto: Ball(radius: 1)).minimize(fit, from: Self.zero)
        #expect(ball.isConverged && gap(ball.point, golden.ball) < 1e-7)

        let bounds = Bounds<Double>(-0.5...1, count: 8)
        let boxed = try ProjectedGradient(onto: bounds).minimize(fit, from: Self.zero)
        let other = try LBFGS().minimize(fit, from: Self.zero, within: bounds)
        #expect(boxed.isConverged && other.isConverged && gap(boxed.point, other.point) < 1e-6)

        // The indicator's proximal map is the projection: the same answers.
        let third = try ProximalGradient(Indicator(Simplex<Double>())).minimize(fit, from: Self.zero)
        #expect(third.isConverged && gap(third.point, simplex.point) < 1e-6)
    }

    @Test func singlePrecision() throws {
        let (fit, golden) = (LinearFit<Float>.shared, ProximalFixture.shared)
        let zero = [Float](repeating: 0, count: 8)
        let penalty = golden.penalties[1]
        let descent = try CoordinateDescent(l1: penalty.l1).minimize(fit.features, fit.targets)
        #expect(descent.isConverged && gap(descent.point, penalty.coefficients) < 1e-3)
        let fista = try ProximalGradient(ElasticNetPenalty<Float>(l1: penalty.l1)).minimize(fit, from: zero)
        #expect(fista.isConverged && gap(fista.point, penalty.coefficients) < 1e-2)
        let ball = try ProjectedGradient(onto: Ball<Float>(radius: 1)).minimize(fit, from: zero)
        #expect(ball.isConverged && gap(ball.point, golden.ball) < 1e-2)
    }

    /// Nearest: no other point of the set is closer, and the difference makes an obtuse angle with the set.
    @Test func projectionsAreTheNearestPoints() {
        var generator = RandomGenerator(seed: 5)
        func random() -> [Double] { (0..<5).map { _ in 4 * generator.nextUnit() - 2 } }
        let sets: [any ConvexSet<Double>] = [
            Simplex(), Simplex(total: 3), Ball(radius: 0.7), Ball(center: [1, 0, 2, 0, -1], radius: 1),
            Bounds(-0.3...0.8, count: 5), NonNegativeOrthant(),
        ]
        for set in sets {
            for _ in 0..<50 {
                let point = random()
                var nearest = point
                set.project(&nearest)
                var again = nearest
                set.project(&again)
                #expect(gap(again, nearest) < 1e-15)
                for _ in 0..<20 {
                    var other = random()
                    set.project(&other)
                    let angle = (0..<5).reduce(0) {
                        $0 + (point[$1] - nearest[$1]) * (other[$1] - nearest[$1])
                    }
                    #expect(angle < 1e-12)
                }
            }
        }
        var point = [0.5, 3, -1]
        Simplex<Double>().project(&point)
        #expect(point == [0, 1, 0])
        point = [0.6, 0.8, -1]
        Simplex<Double>().project(&point)
        #expect(gap(point, [0.4, 0.6, 0]) < 1e-15)
        point = [3, 4]
        Ball<Double>(radius: 1).project(&point)
        #expect(gap(point, [0.6, 0.8]) < 1e-15)
    }

    /// prox minimizes g(u) + ‖u − x‖² / 2t.
    @Test func proximalMapsAreMinima() {
        let penalty = ElasticNetPenalty<Double>(l1: 0.7, l2: 0.4)
        for x in [-3, -0.2, 0, 0.3, 1.1, 5] {
            for t in [0.1, 1, 2.5] {
                var u = [x]
                penalty.applyProximalMap(&u, step: t)
                func cost(_ u: Double) -> Double { penalty.value(at: [u]) + (u - x) * (u - x) / (2 * t) }
                for h in [-1, -1e-3, 1e-3, 1] { #expect(cost(u[0]) <= cost(u[0] + h)) }
            }
        }
        #expect(Indicator(Simplex<Double>()).value(at: [0.25, 0.75]) == 0)
        #expect(Indicator(Simplex<Double>()).value(at: [0.25, 0.76]) == .infinity)
    }

    @Test func whatIsNotFiniteIsNeverAccepted() throws {
        // −log x + x: NaN at and below 0, and begun where a unit step of momentum leaves the domain.
        let barrier = ClosureObjective(parameterCount: 1) { x in
            x[0] > 0 ? (x[0] - 3 * log(x[0]), [1 - 3 / x[0]]) : (.nan, [.nan])
        }
        let penalty = ElasticNetPenalty<Double>(l1: 0.5)
        for isAccelerated in [true, false] {
            let solution = try ProximalGradient(
                penalty, isAccelerated: isAccelerated, stopping: StoppingRule(gradientTolerance: 1e-7)
            ).minimize(barrier, from: [0.01])
            #expect(solution.isConverged && abs(solution.point[0] - 2) < 1e-6, "\(solution)")
        }
        let projected = try ProjectedGradient(onto: Ball(radius: 100)).minimize(barrier, from: [0.01])
        #expect(projected.isConverged && abs(projected.point[0] - 3) < 1e-6)
        #expect(throws: MinimizerError.self) { try ProximalGradient(penalty).minimize(barrier, from: [-1]) }
        #expect(throws: MinimizerError.self) {
            try ProjectedGradient(onto: Bounds(-2 ... -1, count: 1)).minimize(barrier, from: [3])
        }
        #expect(throws: MinimizerError.self) {
            try CoordinateDescent(l1: 1).minimize([[1, 2], [.nan, 1]] as Matrix<Double>, [1, 2])
        }
        // A column of zeros gets a coefficient of zero.
        let flat = try CoordinateDescent(l1: 0.1).minimize(
            [[1, 0], [2, 0]] as Matrix<Double>, [1, 2], from: [0, 3])
        #expect(flat.isConverged && flat.point[1] == 0)
        let cliff = ClosureObjective(parameterCount: 1) { x in x[0] > -50 ? (x[0], [1]) : (-.infinity, [1]) }
        let none = ElasticNetPenalty<Double>(l1: 0)
        #expect(try ProximalGradient(none).minimize(cliff, from: [0]).reason == .unboundedBelow)
        let budget = StoppingRule(maximumIterations: 2)
        let few = try ProximalGradient(penalty, stopping: budget).minimize(
            LinearFit<Double>.shared, from: Self.zero)
        #expect(few.reason == .iterationLimit && few.counts.iterations == 2)
    }
}
