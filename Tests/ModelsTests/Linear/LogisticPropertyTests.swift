import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization
import Foundation
import Testing

@testable import DescentModels

/// What holds of every logistic and softmax regression.
@Suite struct LogisticPropertyTests {
    static let penalties: [Penalty] = [
        .none, .l2(0.01), .l2(1, scale: .sum), .l1(0.02), .elasticNet(0.05, l1Ratio: 0.4),
    ]

    /// The diabetes data, in two or three classes.
    private func data(_ classes: Int) -> (features: Matrix<Double>, labels: [Int]) {
        (LinearFixture.diabetes.features, LinearFixture.diabetesClasses(classes))
    }

    @Test func twoClassSoftmaxIsLogisticRegression() throws {
        let (features, labels) = data(2)
        let logistic = try LogisticRegression().fit(features, labels: labels)
        let softmax = try SoftmaxRegression().fit(features, labels: labels)
        let difference = (0..<10).map { softmax.weights[$0, 1] - softmax.weights[$0, 0] }
        #expect(relativeDistance(difference, logistic.weights) < 1e-9)
        #expect(abs(softmax.intercepts[1] - softmax.intercepts[0] - logistic.intercept) < 1e-8)
        // With weights ±w/2, Σ w² is half as large: λ is twice as large for the same model.
        let ridge = try LogisticRegression(penalty: .l2(0.02)).fit(features, labels: labels)
        let ridgeSoftmax = try SoftmaxRegression(penalty: .l2(0.04)).fit(features, labels: labels)
        let dataset = try Dataset(features: features, labels: labels)
        #expect(
            relativeDistance(
                ridge.probabilities(for: dataset).elements, ridgeSoftmax.probabilities(for: dataset).elements)
                < 1e-9)
        #expect(ridge.evaluate(on: dataset).accuracy == ridgeSoftmax.evaluate(on: dataset).accuracy)
        #expect(abs(ridge.evaluate(on: dataset).loss - ridgeSoftmax.evaluate(on: dataset).loss) < 1e-10)
    }

    /// Weights that a data set brings along are those of the fit, and scores are by them.
    @Test func weightsOfADataSetCount() throws {
        for classes in [2, 3] {
            let (features, labels) = data(classes)
            let weights = (0..<features.rows).map { Double($0 % 4) }
            let rows = (0..<features.rows).flatMap { Array(repeating: $0, count: Int(weights[$0])) }
            let weighted = try Dataset(features: features, labels: labels).weighted(by: weights)
            let repeated = try Dataset(
                features: Matrix(rows.map { features.row($0) }), labels: rows.map { labels[$0] })
            func check<Model: Classifier>(_ fit: (Dataset, [Double]?) throws -> Model) throws {
                let model = try fit(weighted, nil)
                #expect(
                    try relativeDistance(
                        wide(model.probabilities(for: repeated)),
                        wide(fit(repeated, nil).probabilities(for: repeated)))
                        < 1e-7)
                // What is said in the call goes before what the data set has.
                let plain = try fit(weighted, Array(repeating: 1, count: weights.count))
                #expect(
                    relativeDistance(
                        wide(model.probabilities(for: repeated)), wide(plain.probabilities(for: repeated)))
                        > 1e-3)
                let (a, b) = (model.evaluate(on: weighted), model.evaluate(on: repeated))
                #expect(abs(a.loss - b.loss) < 1e-12 && abs(a.accuracy - b.accuracy) < 1e-12)
            }
            if classes == 2 { try check { try LogisticRegression().fit($0, weights: $1) } }
            try check { try SoftmaxRegression().fit($0, weights: $1) }
        }
    }

    private func wide<Scalar: MatrixScalar>(_ matrix: Matrix<Scalar>) -> [Double] {
        matrix.elements.map { Double($0) }
    }

    @Test(arguments: penalties)
    func weightTwoIsTheExampleTwice(_ penalty: Penalty) throws {
        let (features, labels) = data(3)
        let weights = (0..<features.rows).map { $0 % 4 == 0 ? 2.0 : $0 % 7 == 3 ? 0 : 1 }
        let rows = (0..<features.rows).flatMap { Array(repeating: $0, count: Int(weights[$0])) }
        let regression = SoftmaxRegression(penalty: penalty)
        let weighted = try regression.fit(features, labels: labels, weights: weights)
        let repeated = try regression.fit(
            Matrix(rows.map { features.row($0) }), labels: rows.map { labels[$0] })
        #expect(relativeDistance(weighted.weights.elements, repeated.weights.elements) < 1e-7)
        #expect(abs(weighted.report!.objective - repeated.report!.objective) < 1e-10)
        if let a = weighted.inference, let b = repeated.inference {
            #expect(
                relativeDistance(
                    a.coefficients.map { $0.standardError! }, b.coefficients.map { $0.standardError! }) < 1e-7
            )
        }
    }

    @Test func withoutAPenaltyUnitsDoNotMatter() throws {
        let (features, labels) = data(2)
        let factors = (0..<10).map { Double.exp(Double($0 * 4 - 18)) }
        let rescaled = Matrix(
            (0..<features.rows).map { row in
                zip(features.row(row), factors).map { $0 * $1 + 3 * $1 }
            })
        let plain = try LogisticRegression().fit(features, labels: labels)
        let other = try LogisticRegression().fit(rescaled, labels: labels)
        #expect(other.report.isConverged && other.report.warnings.isEmpty)
        let a = plain.probabilities(for: try Dataset(features: features, labels: labels)).elements
        let b = other.probabilities(for: try Dataset(features: rescaled, labels: labels)).elements
        #expect(relativeDistance(a, b) < 1e-8)
        #expect(componentDistance(zip(other.weights, factors).map { $0 * $1 }, plain.weights) < 1e-7)
        // Nor does it matter what scaling the penalty would have been measured in.
        let standardized = try LogisticRegression(scaling: .standardize).fit(features, labels: labels)
        #expect(relativeDistance(standardized.weights, plain.weights) < 1e-12)
    }

    @Test(arguments: penalties)
    func theOrderOfClassesDoesNotMatter(_ penalty: Penalty) throws {
        let (features, labels) = data(3)
        let names = ["low", "middle", "high"]
        let shuffled = ["x-low", "a-middle", "m-high"]
        let regression = SoftmaxRegression(penalty: penalty)
        let a = try regression.fit(features, labels: labels.map { names[$0] })
        let b = try regression.fit(features, labels: labels.map { shuffled[$0] })
        #expect(
            a.classNames == ["high", "low", "middle"] && b.classNames == ["a-middle", "m-high", "x-low"])
        for (k, l) in [(0, 1), (1, 2), (2, 0)] {
            #expect(relativeDistance(a.weights.column(k), b.weights.column(l)) < 1e-6)
        }
    }

    @Test func penaltyConventionsAgree() throws {
        let (features, labels) = data(3)
        let n = Double(features.rows)
        let mean = try SoftmaxRegression(penalty: .l2(0.5 / n)).fit(features, labels: labels)
        for same in [
            Penalty.l2(0.5, scale: .sum), .inverseStrength(2), .elasticNet(0.5, l1Ratio: 0, scale: .sum),
        ] {
            let model = try SoftmaxRegression(penalty: same).fit(features, labels: labels)
            #expect(relativeDistance(model.weights.elements, mean.weights.elements) < 1e-12)
        }
        // glmnet's: the penalty on weights of standardized features, which is what standardizing them beforehand gives.
        let dataset = try Dataset(features: features, labels: labels)
        let scaler = Scaler(.standardize, fittedOn: dataset)
        for penalty in [Penalty.l2(0.1), .l1(0.02)] {
            let inside = try SoftmaxRegression(penalty: penalty, scaling: .standardize).fit(dataset)
            let outside = try SoftmaxRegression(penalty: penalty, scaling: .none).fit(
                dataset.matrix(scaledBy: scaler, as: Double.self), labels: labels)
            let back = (0..<10).flatMap { j in outside.weights.row(j).map { $0 * scaler.factor[j] } }
            #expect(relativeDistance(inside.weights.elements, back) < 1e-8)
        }
    }

    @Test func bytesArePenalizedAsFractionsOfTheirRange() throws {
        let digits = Digits.load().prefix(300)
        let bytes = digits.matrix(as: Double.self).elements.map { UInt8($0 * 15) }
        let labels = digits.labels.map { Int($0) }
        let asBytes = try Dataset(
            features: NumericArray(bytes, shape: [300, 64]), labels: NumericArray(labels),
            nominalRange: 0...255)
        let asFractions = Matrix(rows: 300, columns: 64, elements: bytes.map { Double($0) / 255 })
        let regression = SoftmaxRegression(penalty: .inverseStrength(0.1))
        let a = try regression.fit(asBytes)
        let b = try regression.fit(asFractions, labels: labels)
        #expect(asBytes.features.elementType == .uint8)
        #expect(relativeDistance(a.weights.elements.map { $0 * 255 }, b.weights.elements) < 1e-8)
    }

    @Test func aWarmStartBeginsWhereTheOtherEnded() throws {
        let (features, labels) = data(3)
        for solver in [LogisticSolver.newton, .firstOrder] {
            let regression = SoftmaxRegression(penalty: .l2(0.01), solver: solver, tolerance: 1e-7)
            let cold = try regression.fit(features, labels: labels)
            let warm = try regression.fit(features, labels: labels, from: cold)
            #expect(warm.report!.iterations <= 1 && cold.report!.iterations > 2)
            #expect(relativeDistance(warm.weights.elements, cold.weights.elements) < 1e-5)
        }
        let binary = data(2)
        let cold = try LogisticRegression().fit(binary.features, labels: binary.labels)
        let warm = try LogisticRegression().fit(binary.features, labels: binary.labels, from: cold)
        #expect(warm.report.iterations <= 1)
    }

    @Test func theSameBitsOnAnyNumberOfThreads() throws {
        let before = Compute.threadCount
        defer { Compute.threadCount = before }
        let digits = Digits.load()
        let regression = SoftmaxRegression(penalty: .l2(0.1), solver: .firstOrder, tolerance: 1e-4)
        Compute.threadCount = 1
        let one = try regression.fit(digits)
        Compute.threadCount = 3
        let three = try regression.fit(digits)
        #expect(one.weights == three.weights && one.intercepts == three.intercepts)
    }

    @Test func aModelIsRememberedWhole() throws {
        let flowers = try LinearFixture.classes("iris")
        let model = try SoftmaxRegression(penalty: .inverseStrength(1)).fit(
            flowers, names: ["a", "b", "c", "d"])
        let copy = try JSONDecoder().decode(
            SoftmaxClassifier<Double>.self, from: JSONEncoder().encode(model))
        #expect(copy == model)
        #expect(copy.classNames == ["setosa", "versicolor", "virginica"])
        #expect(copy.predictions(for: flowers) == model.predictions(for: flowers))
        #expect(model.accuracy(on: flowers) > 0.95)
        #expect(model.history.records.count == model.report!.iterations + 1)
        let losses = model.history.records.map { $0.trainingLoss! }
        #expect(zip(losses, losses.dropFirst()).allSatisfy { $1 <= $0 })
        let cancer = try LinearFixture.classes("breast-cancer")
        let binary = try LogisticRegression(penalty: .l2(0.01)).fit(cancer)
        #expect(
            try JSONDecoder().decode(LogisticClassifier.self, from: JSONEncoder().encode(binary)) == binary)
        #expect(binary.summary.contains("L2 0.01 on the mean loss"))
    }

    @Test func iterationsThatDoNotSufficeAreSaid() throws {
        let (features, labels) = data(3)
        let model = try SoftmaxRegression(solver: .firstOrder, maximumIterations: 3).fit(
            features, labels: labels)
        #expect(!model.report!.isConverged && model.report!.reason == .iterationLimit)
        #expect(
            model.report!.warnings.contains {
                if case .notConverged(.iterationLimit, _) = $0 { true } else { false }
            })
    }
}
