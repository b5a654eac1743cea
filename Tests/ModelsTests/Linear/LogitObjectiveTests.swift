import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization
import Testing

@testable import DescentModels

/// The objective of logistic and softmax regression, and its coordinates.
@Suite struct LogitObjectiveTests {
    @Test func whiteningMakesTheMomentsTheUnitMatrix() throws {
        let data = try LinearFixture.classes("wine")
        let objective = LogitObjective<Double>(
            data, scaler: Scaler(.standardize, fittedOn: data), loss: .softmax, hasIntercept: true,
            columnPenalties: (0..<13).map { 0.01 * Double($0) } + [0])
        let moments = objective.gramMatrix()
        let x = data.matrix(scaledBy: objective.scaler, as: Double.self)
        for i in 0..<13 {
            #expect(abs(moments[i, 13]) < 1e-12)
            for j in 0..<13 {
                #expect(abs(moments[i, j] - x.column(i).dot(x.column(j)) / 178) < 1e-12)
            }
        }
        let map = try #require(SolverRun.whitening(objective))
        let model = SolverRun.curvatureModel(objective)
        let product = map.times(model).times(map, transposing: .second)
        for i in 0..<14 {
            for j in 0..<14 { #expect(abs(product[i, j] - (i == j ? 1 : 0)) < 1e-10) }
        }
        let working = WhitenedObjective(objective, map: map)
        let point = (0..<42).map { Double($0 % 5) - 2 }
        #expect(relativeDistance(working.image(of: working.preimage(of: point)), point) < 1e-12)
        #expect(GradientCheck(of: working, at: point.map { $0 / 10 }).relativeError < 1e-7)
    }
}
