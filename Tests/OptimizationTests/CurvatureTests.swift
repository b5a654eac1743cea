import DescentOptimization
import Testing

@Suite struct CurvatureTests {
    /// ½ (x − 1)ᵀ H (x − 1).
    struct Quadratic: Objective {
        var hessian: [[Double]]
        var parameterCount: Int { hessian.count }

        func value(at x: [Double]) -> Double {
            var gradient = x
            return valueAndGradient(at: x, gradient: &gradient)
        }

        func valueAndGradient(at x: [Double], gradient: inout [Double]) -> Double {
            gradient = hessian.map { row in zip(row, x).reduce(0) { $0 + $1.0 * ($1.1 - 1) } }
            return zip(gradient, x).reduce(0) { $0 + $1.0 * ($1.1 - 1) } / 2
        }
    }

    /// Eigenvalues (5 ± √5)/2 and −7: the largest in size is found, whatever its sign.
    @Test func largestEigenvalueInSize() {
        let mixed = Quadratic(hessian: [[2, 1, 0], [1, 3, 0], [0, 0, -7]])
        #expect(abs(mixed.largestCurvature(at: [0.5, 2, -1]) - 7) < 1e-6)
        let bowl = Quadratic(hessian: [[2, 1], [1, 3]])
        #expect(abs(bowl.largestCurvature(at: [4, -3], seed: 3) - (5 + 5.0.squareRoot()) / 2) < 1e-6)
    }

    @Test func aPlaneHasNone() {
        #expect(Quadratic(hessian: [[0, 0], [0, 0]]).largestCurvature(at: [1, 2]) == 0)
    }
}
