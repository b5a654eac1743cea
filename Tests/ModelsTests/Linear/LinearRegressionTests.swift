import DescentLinearAlgebra
import DescentOptimization
import Foundation
import Testing

@testable import DescentModels

/// Linear regression by whatever finds the minimum.
@Suite struct LinearRegressionTests {
    private let features = LinearFixture.diabetes.features
    private let target = LinearFixture.diabetes.target

    @Test func everyWayLeadsToLeastSquares() throws {
        let exact = try LinearRegression().fit(features, target, names: LinearFixture.diabetes.names)
        #expect(exact.leastSquares?.rank == 11)
        let (quasi, search) = try LinearRegression().fit(
            features, target,
            by: LBFGS(stopping: StoppingRule(gradientTolerance: 1e-6, relativeGradientTolerance: 0)))
        #expect(search.isConverged)
        #expect(relativeDistance(quasi.coefficients, exact.coefficients) < 1e-7)
        #expect(abs(quasi.intercept / exact.intercept - 1) < 1e-7)
        let (descended, history) = try LinearRegression().fit(
            features, target, with: SGD(learningRate: 0.3, momentum: 0.9), for: .epochs(1500))
        #expect(relativeDistance(descended.coefficients, exact.coefficients) < 1e-4)
        #expect(history.records.count == 1501)
        let loss = zip(exact.predict(features), target).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / 884
        #expect(abs(search.value / loss - 1) < 1e-10)
        #expect(abs(exact.rSquared(features, target) - exact.leastSquares!.rSquared) < 1e-12)
    }

    @Test func weightsAndMissingIntercepts() throws {
        let weights = LinearFixture.weights(442)
        let regression = LinearRegression(fitsIntercept: false)
        let exact = try regression.fit(features, target, weights: weights)
        let (quasi, _) = try regression.fit(
            features, target, weights: weights,
            by: LBFGS(stopping: StoppingRule(gradientTolerance: 1e-6, relativeGradientTolerance: 0)))
        #expect(exact.intercept == 0 && quasi.intercept == 0)
        #expect(relativeDistance(quasi.coefficients, exact.coefficients) < 1e-6)
    }

    @Test(arguments: [true, false])
    func derivativesAreThoseOfTheValue(hasIntercept: Bool) {
        let objective = LinearObjective<Double>(
            Matrix(features[rows: 0..<50]), Array(target.prefix(50)), weights: LinearFixture.weights(50),
            hasIntercept: hasIntercept, ridge: 0.7)
        let point = (0..<objective.parameterCount).map { 0.1 * Double($0) - 0.3 }
        #expect(GradientCheck(of: objective, at: point).relativeError < 1e-7)
        #expect(HessianCheck(of: objective, at: point).relativeError < 1e-6)
        var (whole, twice) = (point, point)
        let value = objective.valueAndGradient(at: point, gradient: &whole)
        let indices = (0..<100).map { Int32($0 % 50) }
        let again = indices.withUnsafeBufferPointer {
            objective.valueAndGradient(at: point, examples: Span(_unsafeElements: $0), gradient: &twice)
        }
        #expect(abs(value / again - 1) < 1e-13 && relativeDistance(twice, whole) < 1e-12)
    }

    @Test func aModelIsRememberedWhole() throws {
        let model = try LinearRegression().fit(features, target, names: LinearFixture.diabetes.names)
        let copy = try JSONDecoder().decode(LinearModel.self, from: JSONEncoder().encode(model))
        #expect(copy.predict(features) == model.predict(features))
        #expect(copy.leastSquares?.rank == 11 && copy.featureNames == LinearFixture.diabetes.names)
    }

    @Test func badInput() {
        #expect(throws: LinearRegressionError.data(.noRows)) {
            _ = try LinearRegression().fit(Matrix<Double>(rows: 0, columns: 1), [], by: LBFGS())
        }
        #expect(throws: LinearRegressionError.self) {
            _ = try LinearRegression().fit(features, target, with: SGD(learningRate: 1e3), for: .epochs(500))
        }
    }
}
