import Testing

@testable import DescentLinearAlgebra

/// Probabilities to 17 digits; `Fixtures/make_distribution_fixture.py` writes them.
private struct DistributionFixture: Decodable, Sendable {
    struct Probability: Decodable, Sendable {
        var degreesOfFreedom: Double?
        var t: Double
        var upperTail: Double
        var cumulative: Double
    }
    struct Quantile: Decodable, Sendable {
        var degreesOfFreedom: Double
        var probability: Double
        var quantile: Double
    }
    var student: [Probability]
    var normal: [Probability]
    var quantiles: [Quantile]

    static let shared = fixture("distributions.json", as: DistributionFixture.self)
}

private func relativeError(_ value: Double, _ exact: Double) -> Double { abs(value - exact) / abs(exact) }

@Suite struct DistributionTests {
    @Test func `Student's probabilities, tails included`() {
        #expect(DistributionFixture.shared.student.count > 100)
        for golden in DistributionFixture.shared.student {
            let student = StudentT(degreesOfFreedom: golden.degreesOfFreedom!)
            #expect(
                relativeError(student.cumulativeProbability(golden.t), golden.cumulative) < 1e-14, "\(golden)"
            )
            #expect(
                relativeError(student.cumulativeProbability(-golden.t), golden.upperTail) < 2e-12, "\(golden)"
            )
        }
    }

    @Test func `Student's quantiles undo his probabilities`() {
        for golden in DistributionFixture.shared.student {
            let nu = golden.degreesOfFreedom!
            let student = StudentT(degreesOfFreedom: nu)
            // The lower tail names the point exactly wherever it is not one half itself.
            guard golden.upperTail < 0.49 else { continue }
            // An error of the probability grows by tail / (t · density).
            let growth = max(1, golden.upperTail / (golden.t * student.density(golden.t)))
            let tolerance = growth.isFinite ? 2e-12 * growth : 1e-10 / nu
            #expect(relativeError(student.quantile(golden.upperTail), -golden.t) < tolerance, "\(golden)")
        }
    }

    @Test func `the points that tables print`() {
        for golden in DistributionFixture.shared.quantiles {
            let student = StudentT(degreesOfFreedom: golden.degreesOfFreedom)
            #expect(relativeError(student.quantile(golden.probability), golden.quantile) < 1e-12, "\(golden)")
        }
        #expect(abs(StudentT(degreesOfFreedom: 4).quantile(0.975) - 2.7764451051977987) < 1e-14)
    }

    @Test func `normal probabilities and quantiles`() {
        let normal = StandardNormal()
        for golden in DistributionFixture.shared.normal {
            #expect(relativeError(normal.cumulativeProbability(golden.t), golden.cumulative) < 1e-15 * 4)
            // A tail's relative error is that of z times z².
            #expect(
                relativeError(normal.cumulativeProbability(-golden.t), golden.upperTail) < 1e-15
                    * (4 + golden.t * golden.t))
            if golden.upperTail < 0.49 {
                #expect(relativeError(normal.quantile(golden.upperTail), -golden.t) < 1e-14, "\(golden)")
            }
        }
        #expect(abs(normal.quantile(0.975) - 1.959963984540054) < 1e-15 * 4)
    }

    @Test(arguments: [0.3, 1, 2, 7, 250, 1e9, .infinity])
    func `the ends, the middle and symmetry`(degreesOfFreedom: Double) {
        let student = StudentT(degreesOfFreedom: degreesOfFreedom)
        #expect(student.quantile(0.5) == 0)
        #expect(student.quantile(0) == -.infinity)
        #expect(student.quantile(1) == .infinity)
        #expect(student.cumulativeProbability(0) == 0.5)
        #expect(student.cumulativeProbability(.infinity) == 1)
        #expect(student.cumulativeProbability(-.infinity) == 0)
        #expect(student.cumulativeProbability(.nan).isNaN)
        for probability in [0.001, 0.1, 0.3, 0.45, 0.4999] {
            let point = student.quantile(probability)
            #expect(point < 0)
            #expect(relativeError(student.cumulativeProbability(point), probability) < 1e-13)
            #expect(abs(student.quantile(1 - probability) + point) < 1e-12 * abs(point) * 1000)
        }
        // Close to the middle the quantile is the distance over the density.
        #expect(relativeError(student.quantile(0.5 + 0x1p-40), 0x1p-40 / student.density(0)) < 1e-12)
    }

    @Test func `closed forms at one and two degrees of freedom`() {
        for t in [0.001, 0.5, 1, 3, 1e5, 1e200] {
            let one = StudentT(degreesOfFreedom: 1)
            #expect(relativeError(one.cumulativeProbability(-t), Double.atan(1 / t) / .pi) < 1e-13)
            #expect(relativeError(one.density(t), 1 / (.pi * (1 + t * t))) < 1e-12 || t > 1e150)
            let two = StudentT(degreesOfFreedom: 2)
            let tail = 1 / ((2 + t * t).squareRoot() * ((2 + t * t).squareRoot() + t))
            #expect(relativeError(two.cumulativeProbability(-t), tail) < 1e-13 || t > 1e150)
        }
    }

    @Test func `many degrees of freedom approach the normal distribution`() {
        for t in [0.5, 1.96, 4] {
            // The leading difference is (t³ + t)·density / 4ν.
            let nu = 1e6
            let difference =
                StudentT(degreesOfFreedom: nu).cumulativeProbability(-t)
                - StandardNormal().cumulativeProbability(-t)
            let expected = (t * t * t + t) * StandardNormal().density(t) / (4 * nu)
            #expect(abs(difference / expected - 1) < 1e-4)
        }
    }
}
