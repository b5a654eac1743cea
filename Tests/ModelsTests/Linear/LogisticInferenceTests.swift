import DescentDatasets
import DescentLinearAlgebra
import Testing

@testable import DescentModels

/// Standard errors, z, p, intervals and likelihoods against statsmodels' Logit, GLM and MNLogit.
@Suite struct LogisticInferenceTests {
    struct Golden: Decodable {
        struct Fit: Decodable {
            var estimates, errors, z, p, lower, upper: [Double]
            var logLikelihood, aic: Double
            var nullLogLikelihood, pseudoRSquared, bic, deviance, nullDeviance: Double?
        }
        var binary, weighted, multinomial: Fit
    }

    static let golden = LinearFixture.load("logistic-inference", as: Golden.self)

    private func compare(_ inference: LogisticInference, _ golden: Golden.Fit) {
        let c = inference.coefficients
        #expect(componentDistance(c.map(\.estimate), golden.estimates) < 1e-7)
        #expect(componentDistance(c.map { $0.standardError! }, golden.errors) < 1e-8)
        #expect(componentDistance(c.map { $0.z! }, golden.z) < 1e-7)
        #expect(componentDistance(c.map { $0.p! }, golden.p) < 1e-6)
        #expect(relativeDistance(c.map { $0.lower! }, golden.lower) < 1e-8)
        #expect(relativeDistance(c.map { $0.upper! }, golden.upper) < 1e-8)
        #expect(abs(inference.logLikelihood / golden.logLikelihood - 1) < 1e-12)
        #expect(abs(inference.akaikeInformationCriterion / golden.aic - 1) < 1e-12)
        if let value = golden.nullLogLikelihood {
            #expect(abs(inference.nullLogLikelihood / value - 1) < 1e-9)
        }
        if let value = golden.pseudoRSquared { #expect(abs(inference.pseudoRSquared - value) < 1e-9) }
        if let value = golden.bic { #expect(abs(inference.bayesianInformationCriterion / value - 1) < 1e-12) }
        if let value = golden.deviance { #expect(abs(inference.deviance / value - 1) < 1e-12) }
        if let value = golden.nullDeviance { #expect(abs(inference.nullDeviance / value - 1) < 1e-12) }
    }

    @Test func twoClassesAsLogit() throws {
        let (features, _, names) = LinearFixture.diabetes
        let model = try LogisticRegression().fit(
            features, labels: LinearFixture.diabetesClasses(2), names: names)
        compare(try #require(model.inference), Self.golden.binary)
        #expect(model.report.warnings.isEmpty)
        #expect(model.inference!.coefficients.map(\.name) == ["(Intercept)"] + names)
        // The covariance belongs to the coefficients.
        let covariance = try #require(model.inference!.covariance)
        for (i, c) in model.inference!.coefficients.enumerated() {
            #expect(abs(covariance[i, i].squareRoot() / c.standardError! - 1) < 1e-14)
        }
        // The same model in the report as in the predictions.
        #expect(model.inference!.coefficients.map(\.estimate) == [model.intercept] + model.weights)
        #expect(model.summary.contains("Std. Error") && model.summary.contains("pseudo-R²"))
    }

    @Test func weightsAsFrequenciesOfGLM() throws {
        let (features, _, _) = LinearFixture.diabetes
        let model = try LogisticRegression().fit(
            features, labels: LinearFixture.diabetesClasses(2), weights: LinearFixture.weights(features.rows))
        compare(try #require(model.inference), Self.golden.weighted)
    }

    @Test func threeClassesAsMNLogit() throws {
        let (features, _, _) = LinearFixture.diabetes
        let model = try SoftmaxRegression().fit(features, labels: LinearFixture.diabetesClasses(3))
        compare(try #require(model.inference), Self.golden.multinomial)
        #expect(model.inference!.parameterCount == 22)
        #expect(model.summary.contains("against \"0\""))
    }

    @Test func penaltiesAndClassWeightsLeaveNoInference() throws {
        let (features, _, _) = LinearFixture.diabetes
        let labels = LinearFixture.diabetesClasses(2)
        #expect(try LogisticRegression(penalty: .l2(0.1)).fit(features, labels: labels).inference == nil)
        #expect(
            try LogisticRegression(classWeights: .balanced).fit(features, labels: labels).inference == nil)
    }

    @Test func dependentColumnsHaveNoErrors() throws {
        let (features, _, _) = LinearFixture.diabetes
        // A column that is the sum of two others: coefficients are free, predictions are not.
        let doubled = Matrix(
            (0..<features.rows).map { row in
                let x = features.row(row)
                return x + [x[2] + x[3]]
            })
        let labels = LinearFixture.diabetesClasses(2)
        let model = try LogisticRegression().fit(doubled, labels: labels)
        #expect(model.report.warnings == [.dependentFeatures(rank: 11, columns: 12)])
        #expect(model.report.isConverged)
        #expect(model.inference?.covariance == nil)
        #expect(model.inference!.coefficients.allSatisfy { $0.standardError == nil && $0.p == nil })
        #expect(abs(model.inference!.logLikelihood / Self.golden.binary.logLikelihood - 1) < 1e-10)
        #expect(model.inference!.parameterCount == 11)
    }
}
