import DescentLinearAlgebra
import DescentOptimization
import Testing

@Suite struct GradientCheckTests {
    @Test func acceptsARightGradient() {
        #expect(GradientCheck(of: MeanSquares<Double>.small, at: [0.3, -1, 40]).relativeError < 1e-8)
        #expect(GradientCheck(of: MeanSquares<Float>.small, at: [0.3, -1, 4]).relativeError < 1e-2)
    }

    @Test func namesTheWrongCoordinate() {
        struct Wrong: Objective {
            let parameterCount = 3
            func value(at x: [Double]) -> Double { x[0] * x[0] + x[1] * x[2] }
            func valueAndGradient(at x: [Double], gradient: inout [Double]) -> Double {
                gradient = [2 * x[0], 0, x[1]]
                return value(at: x)
            }
        }
        let check = GradientCheck(of: Wrong(), at: [1, 2, 3])
        #expect(check.worstCoordinate == 1)
        #expect(check.gradient == 0)
        #expect(abs(check.differenceQuotient - 3) < 1e-8)
        #expect(check.relativeError > 0.9)
        #expect(check.description.contains("worst at coordinate 1: the gradient has 0.0, differences"))
        #expect(GradientCheck(of: Wrong(), at: [1, 2, 3], coordinates: [0, 2]).relativeError < 1e-8)
    }

    @Test func aGradientThatIsNotANumberIsNotAccepted() {
        struct Broken: Objective {
            let parameterCount = 2
            func value(at x: [Double]) -> Double { x[0] + x[1] }
            func valueAndGradient(at x: [Double], gradient: inout [Double]) -> Double {
                gradient = [1, .nan]
                return value(at: x)
            }
        }
        let check = GradientCheck(of: Broken(), at: [1, 2])
        #expect(!(check.relativeError < 1))
        #expect(check.worstCoordinate == 1)
    }
}
