import DescentDatasets
import DescentLinearAlgebra
import Testing

@testable import DescentModels

/// Data that have no answer, or one with a catch.
@Suite struct LogisticBadInputTests {
    @Test func oneClass() throws {
        let x: Matrix<Double> = [[1], [2], [3]]
        #expect(throws: LogisticError.oneClass(["a"])) {
            try SoftmaxRegression().fit(x, labels: ["a", "a", "a"])
        }
        #expect(throws: LogisticError.notTwoClasses(["a", "b", "c"])) {
            try LogisticRegression().fit(x, labels: ["a", "b", "c"])
        }
        // Two classes, one of which counts for nothing.
        #expect(throws: LogisticError.oneClass(["b"])) {
            try LogisticRegression().fit(x, labels: ["a", "b", "b"], weights: [0, 1, 1])
        }
        let three = try Dataset(features: x, labels: ["a", "b", "a"], classNames: ["a", "b", "c"])
        #expect(throws: LogisticError.emptyClasses(["c"])) {
            try SoftmaxRegression(penalty: .l2(1)).fit(three)
        }
    }

    @Test func numbersThatAreNone() {
        let x: Matrix<Double> = [[1], [.nan], [3], [4]]
        #expect {
            try LogisticRegression().fit(x, labels: [0, 1, 0, 1])
        } throws: { error in
            "\(error)".contains("row 1, column 0 is nan")
        }
        let y: Matrix<Double> = [[1], [2], [3], [4]]
        #expect(throws: LogisticError.invalidWeight(row: 2, value: -1)) {
            try LogisticRegression().fit(y, labels: [0, 1, 0, 1], weights: [1, 1, -1, 1])
        }
        #expect(throws: LogisticError.invalidWeight(row: 0, value: .infinity)) {
            try LogisticRegression().fit(y, labels: [0, 1, 0, 1], weights: [.infinity, 1, 1, 1])
        }
        #expect(throws: LogisticError.invalidClassWeight("z", 2)) {
            try LogisticRegression(classWeights: .custom(["z": 2])).fit(y, labels: ["a", "b", "a", "b"])
        }
    }

    @Test(arguments: [LogisticSolver.automatic, .firstOrder])
    func separableClassesAreSaid(_ solver: LogisticSolver) throws {
        let flowers = try LinearFixture.classes("wine")
        do throws(LogisticError) {
            _ = try SoftmaxRegression(solver: solver).fit(flowers)
            Issue.record("separable classes were fitted")
        } catch {
            guard case .separable(let separation) = error else { throw error }
            #expect(separation.isComplete && separation.separatedCount == 178)
            #expect(separation.classNames == ["class_0", "class_1", "class_2"])
            #expect(separation.description.contains("Add a penalty"))
        }
        // A penalty makes it a problem with an answer.
        #expect(
            try SoftmaxRegression(penalty: .l2(1e-4), solver: solver).fit(flowers).accuracy(on: flowers) == 1)
    }

    @Test func partlySeparableClassesAreSaid() throws {
        let x: Matrix<Double> = [
            [1, 5], [1, 4], [2, 6], [2, 5], [3, 5], [3, 4], [4, 6], [5, 5], [6, 4], [7, 5],
        ]
        let labels = ["no", "yes", "no", "no", "yes", "no", "yes", "yes", "no", "yes"]
        #expect(try LogisticRegression().fit(x, labels: labels).inference?.covariance != nil)
        // An indicator that only ever goes with "yes": its coefficient has no estimate.
        let indicated = Matrix((0..<10).map { x.row($0) + [$0 == 1 || $0 == 6 ? 1.0 : 0] })
        do throws(LogisticError) {
            _ = try LogisticRegression().fit(indicated, labels: labels, names: ["dose", "age", "smoker"])
            Issue.record("partly separable classes were fitted")
        } catch {
            guard case .separable(let separation) = error else { throw error }
            #expect(!separation.isComplete)
            #expect(separation.features.first == "smoker")
            #expect(separation.classNames == ["yes"] && separation.separatedCount == 2)
        }
    }

    @Test func ofThreeClassesOneMayBeSeparable() throws {
        // Setosa stands apart; the other two species overlap.
        let iris = try LinearFixture.classes("iris")
        do throws(LogisticError) {
            _ = try SoftmaxRegression().fit(iris)
            Issue.record("setosa was fitted")
        } catch {
            guard case .separable(let separation) = error else { throw error }
            #expect(!separation.isComplete)
            #expect(separation.classNames.contains("setosa"))
        }
    }

    @Test func moreFeaturesThanRows() throws {
        let elements = (0..<120).map { (index: Int) -> Double in
            let (i, j) = index.quotientAndRemainder(dividingBy: 20)
            return Double((7 * i + 3 * j * j + i * j) % 11)
        }
        let x = Matrix<Double>(rows: 6, columns: 20, elements: elements)
        let labels = [0, 1, 0, 1, 1, 0]
        #expect {
            try LogisticRegression().fit(x, labels: labels)
        } throws: { error in
            if case LogisticError.separable(let separation) = error { separation.isComplete } else { false }
        }
        let ridge = try LogisticRegression(penalty: .l2(0.1)).fit(x, labels: labels)
        #expect(ridge.report.isConverged && ridge.report.relativeGradient < 1e-9)
    }

    @Test func constantColumns() throws {
        let (features, _, names) = LinearFixture.diabetes
        let labels = LinearFixture.diabetesClasses(2)
        let wider = Matrix((0..<features.rows).map { features.row($0) + [1e6] })
        let plain = try LogisticRegression().fit(features, labels: labels)
        let model = try LogisticRegression().fit(wider, labels: labels, names: names + ["one"])
        #expect(model.weights[10] == 0)
        #expect(model.report.warnings == [.constantFeatures(["one"])])
        #expect(relativeDistance(Array(model.weights.prefix(10)), plain.weights) < 1e-10)
        #expect(model.inference!.coefficients[11].standardError == nil)
        #expect(
            relativeDistance(
                model.inference!.coefficients.prefix(11).map { $0.standardError! },
                plain.inference!.coefficients.map { $0.standardError! }) < 1e-8)
        // Without an intercept a constant column is one.
        let instead = try LogisticRegression(fitsIntercept: false).fit(
            Matrix((0..<features.rows).map { features.row($0) + [1] }), labels: labels)
        #expect(abs(instead.weights[10] - plain.intercept) < 1e-6 && instead.intercept == 0)
    }
}
