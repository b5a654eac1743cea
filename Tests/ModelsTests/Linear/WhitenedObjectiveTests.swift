import DescentDatasets
import DescentLinearAlgebra
import Testing

@testable import DescentModels

/// Passes in single precision far from the minimum, and what they leave to double precision.
@Suite struct WhitenedObjectiveTests {
    /// So many examples that single precision pays: the same block over and over, with classes that differ.
    private static let dataset: Dataset = {
        var generator = RandomGenerator(seed: 5)
        let (rows, columns, copies) = (1000, 130, 33)
        var block = [UInt8](repeating: 0, count: rows * columns)
        for i in block.indices where generator.next() % 4 == 0 {
            block[i] = UInt8(truncatingIfNeeded: generator.next())
        }
        let labels = (0..<rows * copies).map { ($0 * $0 / 7 + Int(block[$0 % rows * columns]) / 64) % 3 }
        return try! Dataset(
            features: NumericArray(
                Array(repeatElement(block, count: copies).joined()), shape: [rows * copies, columns]),
            labels: NumericArray(labels), nominalRange: 0...255)
    }()

    private func objective(_ dataset: Dataset) -> LogitObjective<Double> {
        LogitObjective(
            dataset, scaler: Scaler(.standardize, fittedOn: dataset), loss: .softmax, hasIntercept: true,
            columnPenalties: [Double](repeating: 1e-4, count: dataset.featureCount) + [0])
    }

    @Test func nearTheMinimumEverythingIsInDoublePrecision() {
        let objective = objective(Self.dataset)
        let point = (0..<objective.parameterCount).map { 0.01 * Double($0 % 7 - 3) }
        var exact = point
        let value = objective.valueAndGradient(at: point, gradient: &exact)
        let size = exact.largestMagnitude

        let far = WhitenedObjective(objective, map: nil, roughTolerance: size / 2)
        var rough = point
        let roughValue = far.valueAndGradient(at: point, gradient: &rough)
        #expect(far.state.rough != nil && far.state.extraPasses == 0)
        #expect(abs(roughValue - value) <= 1e-6 * value)
        #expect(zip(rough, exact).allSatisfy { abs($0 - $1) <= 1e-5 * size })
        #expect(rough != exact)

        let near = WhitenedObjective(objective, map: nil, roughTolerance: 2 * size)
        var found = point
        #expect(near.valueAndGradient(at: point, gradient: &found) == value)
        #expect(near.state.rough == nil && near.state.extraPasses == 1)
        #expect(found == exact && near.state.gradientNorm == size)
        #expect(near.value(at: point) == value)
    }

    @Test func smallAndDistantDataStayInDoublePrecision() throws {
        let small = Self.dataset.prefix(500)
        #expect(WhitenedObjective(objective(small), map: nil, roughTolerance: 1).state.rough == nil)
        // A feature whose mean is many times its deviation loses digits where it is scaled in single precision.
        var bytes = [UInt8](repeating: 0, count: 33_000 * 130)
        for row in 0..<33_000 { bytes[row * 130] = row % 1000 == 0 ? 254 : 255 }
        let distant = try Dataset(
            features: NumericArray(bytes, shape: [33_000, 130]),
            labels: NumericArray((0..<33_000).map { $0 % 3 }), nominalRange: 0...255)
        #expect(WhitenedObjective(objective(distant), map: nil, roughTolerance: 1).state.rough == nil)
        #expect(WhitenedObjective(objective(Self.dataset), map: nil).state.rough == nil)
        #expect(WhitenedObjective(objective(Self.dataset), map: nil, roughTolerance: 1).state.rough != nil)
    }

    /// What begins in single precision ends at the minimum of double precision.
    @Test func fitsEndWhereTheGradientIsSmall() throws {
        let model = try SoftmaxRegression(
            penalty: Penalty(l1: 0, l2: 1e-3), scaling: .standardize, solver: .firstOrder
        ).fit(Self.dataset)
        let report = try #require(model.report)
        #expect(report.isConverged && report.relativeGradient <= 1e-6, "\(report)")
    }
}
