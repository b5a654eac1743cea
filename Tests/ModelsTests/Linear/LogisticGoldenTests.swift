import DescentDatasets
import DescentLinearAlgebra
import Testing

@testable import DescentModels

/// Coefficients of logistic and softmax regression against scikit-learn's, run until the gradient was rounding error.
@Suite struct LogisticGoldenTests {
    struct Golden: Decodable {
        var cases: [Case]
        struct Case: Decodable, CustomTestStringConvertible {
            var data: String
            var c: Double
            var l1Ratio: Double
            /// Whether scikit-learn was given standardized features.
            var standardizes: Bool
            var isBalanced: Bool
            var isWeighted: Bool
            var fitsIntercept: Bool
            /// Classes × features, or 1 × features.
            var coefficients: [[Double]]
            var intercepts: [Double]

            var testDescription: String {
                "\(data), C \(c), ρ \(l1Ratio)\(isBalanced ? ", balanced" : "")\(isWeighted ? ", weighted" : "")"
                    + (fitsIntercept ? "" : ", no intercept")
            }
        }
    }

    static let cases = LinearFixture.load("logistic", as: Golden.self).cases

    /// Weights (classes × features) and intercepts of the fit that the case asks for.
    static func fit(
        _ golden: Golden.Case, _ solver: LogisticSolver, tolerance: Double = 1e-6
    ) throws -> (weights: [Double], intercepts: [Double], report: SolverReport) {
        let data = try LinearFixture.classes(golden.data, standardized: golden.standardizes)
        let weights = golden.isWeighted ? LinearFixture.weights(data.count) : nil
        let penalty = Penalty.inverseStrength(golden.c, l1Ratio: golden.l1Ratio)
        let classWeights: ClassWeights = golden.isBalanced ? .balanced : .none
        if data.classCount == 2 {
            let model = try LogisticRegression(
                penalty: penalty, scaling: .none, fitsIntercept: golden.fitsIntercept,
                classWeights: classWeights,
                solver: solver, tolerance: tolerance, maximumIterations: 20_000
            ).fit(data, weights: weights)
            return (model.weights, [model.intercept], model.report)
        }
        let model = try SoftmaxRegression(
            penalty: penalty, scaling: .none, fitsIntercept: golden.fitsIntercept, classWeights: classWeights,
            solver: solver, tolerance: tolerance, maximumIterations: 20_000
        ).fit(data, weights: weights)
        return (model.weights.transposed().elements, model.intercepts, model.report!)
    }

    @Test(arguments: cases.filter { $0.data != "digits" || $0.c == 1 })
    func coefficientsAreThoseOfScikitLearn(_ golden: Golden.Case) throws {
        let (weights, intercepts, report) = try Self.fit(golden, .automatic)
        #expect(
            report.isConverged
                && report.warnings.allSatisfy { if case .constantFeatures = $0 { true } else { false } })
        #expect(report.method == (golden.l1Ratio > 0 ? .proximalNewton : .newton))
        let tolerance = golden.l1Ratio > 0 ? 1e-6 : 1e-8
        #expect(relativeDistance(weights, golden.coefficients.flatMap { $0 }) < tolerance)
        // scikit-learn leaves the constant that softmax intercepts share where its solver put it.
        let mean =
            intercepts.count == 1 ? 0 : golden.intercepts.reduce(0, +) / Double(golden.intercepts.count)
        #expect(relativeDistance(intercepts, golden.intercepts.map { $0 - mean }) < tolerance)
        if golden.l1Ratio > 0 {
            // The same coefficients are 0, and not almost.
            for (ours, theirs) in zip(weights, golden.coefficients.flatMap({ $0 })) {
                #expect((ours == 0) == (abs(theirs) < 1e-9))
            }
        }
    }

    // The raw digits at C = 1 are all but separable, and take too long without optimization.
    @Test(arguments: cases.filter { $0.data != "digits" || $0.c < 1 })
    func firstOrderMethodsFindTheSame(_ golden: Golden.Case) throws {
        let (weights, _, report) = try Self.fit(golden, .firstOrder, tolerance: 1e-10)
        #expect(report.method == (golden.l1Ratio > 0 ? .proximalGradient : .lbfgs))
        #expect(relativeDistance(weights, golden.coefficients.flatMap { $0 }) < 1e-6)
    }
}
