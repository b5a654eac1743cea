import DescentLinearAlgebra
import Testing

@testable import DescentModels

/// Products of features against scikit-learn's.
@Suite struct PolynomialFeaturesTests {
    struct Golden: Decodable {
        struct Case: Decodable {
            var degree: Int
            var interactionsOnly: Bool
            var includesBias: Bool
            var values: [[Double]]
            var powers: [[Int]]
        }
        var features: [[Double]]
        var cases: [Case]
    }

    static let golden = LinearFixture.load("polynomial", as: Golden.self)

    @Test(arguments: golden.cases.indices)
    func productsAreThoseOfScikitLearn(_ index: Int) throws {
        let golden = Self.golden.cases[index]
        let x = Matrix(Self.golden.features)
        let configuration = PolynomialFeatures(
            degree: golden.degree, interactionsOnly: golden.interactionsOnly,
            includesBias: golden.includesBias,
            isConditioned: false)
        let expansion = try configuration.fit(x)
        #expect(expansion.powers == golden.powers)
        #expect(configuration.columnCount(of: 3) == golden.powers.count)
        #expect(componentDistance(expansion.transform(x).elements, golden.values.flatMap { $0 }) < 1e-14)
    }

    @Test func namesSayWhatStandsWhere() throws {
        let expansion = try PolynomialFeatures(degree: 2, includesBias: true).fit(
            [[1, 2], [3, 5]], names: ["a", "b"])
        #expect(expansion.names == ["1", "a", "b", "a^2", "a b", "b^2"])
        // −1…1 on the training set, and by the same map anywhere else.
        #expect(expansion.transform([[1, 2], [3, 5]]) == [[1, -1, -1, 1, 1, 1], [1, 1, 1, 1, 1, 1]])
        #expect(expansion.transform([[5, 3.5]]) == [[1, 3, 0, 9, 0, 0]])
    }

    /// Years to the fifth power are all but dependent; taken to −1…1 first they are not.
    @Test func conditioningKeepsTheDigits() throws {
        let years = (0..<60).map { 1960 + Double($0) }
        let target = years.map { Double.exp(($0 - 1990) / 20) }
        let x = Matrix(years.map { [$0] })
        let expansion = try PolynomialFeatures(degree: 7).fit(x)
        let model = try LinearRegression().fit(expansion.transform(x), target)
        #expect(model.leastSquares!.rank == 8)
        #expect(1 - model.rSquared(expansion.transform(x), target) < 1e-9)
        let raw = try PolynomialFeatures(degree: 7, isConditioned: false).fit(x)
        let rawModel = try LinearRegression().fit(raw.transform(x), target)
        #expect(
            rawModel.leastSquares!.workingConditionNumber > 1e4 * model.leastSquares!.workingConditionNumber)
    }

    @Test func badInput() {
        #expect(throws: LeastSquaresError.notFinite(.feature, row: 1, column: "x1", value: .infinity)) {
            try PolynomialFeatures().fit([[1], [.infinity]])
        }
        #expect(throws: LeastSquaresError.noRows) {
            try PolynomialFeatures().fit(Matrix(rows: 0, columns: 2))
        }
        #expect(throws: LeastSquaresError.self) {
            try PolynomialFeatures(degree: 10).fit(Matrix(rows: 1, columns: 100))
        }
        #expect(PolynomialFeatures(degree: 30).columnCount(of: 1 << 40) == nil)
    }
}
