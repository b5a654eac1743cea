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

/// Values and derivatives of the losses.
@Suite struct LogitLossTests {
    private func data(_ classes: Int, _ count: Int = 150) throws -> Dataset {
        let (features, _, _) = LinearFixture.diabetes
        let scaled = Scaler(
            .standardize, fittedOn: try Dataset(features: features, labels: [Int](repeating: 0, count: 442)))
        let all = try Dataset(features: features, labels: LinearFixture.diabetesClasses(classes))
        return try Dataset(
            features: Matrix(all.matrix(scaledBy: scaled, as: Double.self)[rows: 0..<count]),
            labels: all.labels.prefix(count).map { Int($0) })
    }

    @Test(arguments: [LogitLoss.softmax, .logistic, .squaredError], [true, false])
    func derivativesAreThoseOfTheValue(_ loss: LogitLoss, hasIntercept: Bool) throws {
        let data = try data(loss == .softmax ? 3 : 2)
        let objective = LogitObjective<Double>(
            data, scaler: .identity(featureCount: 10), loss: loss, hasIntercept: hasIntercept,
            rowWeights: (0..<150).map { Double($0 % 3) },
            columnPenalties: (0..<10).map { 0.1 * Double($0) }
                + (hasIntercept ? [0] : []), gauge: loss == .softmax ? 0.3 : 0)
        let point = (0..<objective.parameterCount).map { 0.3 * Double(($0 * 7) % 5) - 0.5 }
        #expect(GradientCheck(of: objective, at: point).relativeError < 1e-8)
        #expect(HessianCheck(of: objective, at: point).relativeError < 1e-7)
        // The whole Hessian and its products are computed by different sums.
        let direction = (0..<point.count).map { Double($0 % 4) - 1.5 }
        var product = point
        objective.hessianProduct(at: point, along: direction, product: &product)
        #expect(relativeDistance(objective.hessian(at: point).times(direction), product) < 1e-12)
        // The mean over a subset is that over all, where the subset is all; twice all is the same.
        var (whole, twice) = (point, point)
        let value = objective.valueAndGradient(at: point, gradient: &whole)
        let indices = (0..<300).map { Int32($0 % 150) }
        let again = indices.withUnsafeBufferPointer {
            objective.valueAndGradient(at: point, examples: Span(_unsafeElements: $0), gradient: &twice)
        }
        #expect(abs(value - again) < 1e-13 && relativeDistance(twice, whole) < 1e-13)
        #expect(abs(objective.value(at: point) - value) < 1e-13)
    }

    @Test func theSigmoidKeepsItsDigits() {
        for z in [-800.0, -745, -40, -1e-9, 0, 1e-9, 3, 40, 800] {
            #expect(abs(Sigmoid.value(z) + Sigmoid.value(-z) - 1) <= .ulpOfOne)
        }
        #expect(abs(Sigmoid.value(-700.0) / .exp(-700) - 1) < 1e-14)
        #expect(Sigmoid.softplus(1000.0) == 1000 && Sigmoid.softplus(-1000.0) == 0)
        #expect(abs(Sigmoid.softplus(-50.0) / .exp(-50) - 1) < 1e-14)
        #expect(abs(Sigmoid.softplus(0.0) - .log(2)) < 1e-15)
        #expect(Sigmoid.value(Float(-200)) == 0 && Sigmoid.softplus(Float(200)) == 200)
    }

    /// With the squared error an example that is badly wrong hardly pulls: the gradient is x (ŷ − y) ŷ (1 − ŷ).
    @Test func theSquaredErrorAttenuatesTheGradient() throws {
        let data = try Dataset(features: [[1.0], [-1.0]] as Matrix<Double>, labels: [1, 0])
        let squared = LogisticObjective<Double>(on: data, loss: .squaredError)
        let entropy = LogisticObjective<Double>(on: data, loss: .crossEntropy)
        // As wrong as can be: ŷ = 4.5e-5 where y = 1.
        let start = [-10.0, 0]
        let p = Sigmoid.value(-10.0)
        #expect(abs(entropy.gradient(at: start)[0] / (p - 1) - 1) < 1e-12)
        #expect(abs(squared.gradient(at: start)[0] / ((p - 1) * p * (1 - p)) - 1) < 1e-12)
        func trained(_ objective: LogisticObjective<Double>) throws -> Double {
            var loop = TrainingLoop(
                minimizing: objective, with: GradientDescent(learningRate: 1), from: start, batchSize: .all)
            try loop.run(for: .epochs(100))
            return loop.parameters[0]
        }
        #expect(try trained(entropy) > 3)
        #expect(try trained(squared) < -9.9)
    }
}
