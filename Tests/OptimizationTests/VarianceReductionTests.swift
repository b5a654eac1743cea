import DescentLinearAlgebra
import DescentOptimization
import Foundation
import Testing

/// SVRG and SAGA against NumPy's lines from the papers, and against what they promise.
@Suite struct VarianceReductionTests {
    struct Fixture: Decodable {
        var rows: [[Double]]
        var targets: [Double]
        var steps: [Int]
        var svrg, svrgBatches, saga, sagaBlocks: [[Double]]
        var minimum: [Double]

        enum CodingKeys: String, CodingKey {
            case rows, targets, steps, svrg, saga, minimum
            case svrgBatches = "svrg batches"
            case sagaBlocks = "saga blocks"
        }

        var objective: MeanSquares<Double> { MeanSquares(rows: rows, targets: targets) }
    }

    static let fixture: Fixture = {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "Fixtures/variance-reduction.json")
        do {
            return try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: file))
        } catch {
            fatalError("variance-reduction.json: \(error)")
        }
    }()

    func distance(_ a: [Double], _ b: [Double]) -> Double {
        zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }

    @Test(arguments: [(1, 22, 0.05, UInt64(5)), (4, 7, 0.1, 6)])
    func svrgFollowsThePaper(batchSize: Int, every: Int, rate: Double, seed: UInt64) throws {
        let fixture = Self.fixture
        var run = SVRG(
            minimizing: fixture.objective, with: GradientDescent(learningRate: rate), from: [0, 0, 0],
            batchSize: batchSize, updatesPerSnapshot: every, seed: seed)
        for (step, point) in zip(fixture.steps, batchSize == 1 ? fixture.svrg : fixture.svrgBatches) {
            try run.run(updates: step - run.updates)
            #expect(distance(run.parameters, point) < 1e-12, "step \(step)")
        }
        #expect(run.samples == 11 * ((300 + every - 1) / every) + 600 * batchSize)
    }

    @Test(arguments: [(1, 0.05, UInt64(5)), (4, 0.1, 6)])
    func sagaFollowsThePaper(batchSize: Int, rate: Double, seed: UInt64) throws {
        let fixture = Self.fixture
        var run = SAGA(
            minimizing: fixture.objective, with: GradientDescent(learningRate: rate), from: [0, 0, 0],
            batchSize: batchSize, seed: seed)
        for (step, point) in zip(fixture.steps, batchSize == 1 ? fixture.saga : fixture.sagaBlocks) {
            try run.run(updates: step - run.updates)
            #expect(distance(run.parameters, point) < 1e-12, "step \(step)")
        }
    }

    /// With a constant rate both reach the minimum itself; SGD with the same rate stays away from it.
    @Test func variancesVanish() throws {
        let fixture = Self.fixture
        let rule = GradientDescent(learningRate: 0.05)
        var svrg = SVRG(minimizing: fixture.objective, with: rule, from: [0, 0, 0])
        try svrg.run(updates: 6000)
        #expect(distance(svrg.parameters, fixture.minimum) < 1e-10)
        var saga = SAGA(minimizing: fixture.objective, with: rule, from: [0, 0, 0])
        try saga.run(updates: 6000)
        #expect(distance(saga.parameters, fixture.minimum) < 1e-10)
        var sgd = TrainingLoop(minimizing: fixture.objective, with: rule, from: [0, 0, 0], batchSize: 1)
        try sgd.run(for: .updates(6000))
        #expect(distance(sgd.parameters, fixture.minimum) > 1e-4)
    }

    @Test func divergenceKeepsTheLastGoodPoint() throws {
        let rule = GradientDescent(learningRate: 1e9)
        var svrg = SVRG(minimizing: Self.fixture.objective, with: rule, from: [0, 0, 0])
        #expect(throws: TrainingError.self) { try svrg.run(updates: 500) }
        #expect(svrg.parameters == [0, 0, 0])
        #expect(svrg.updates == 0)
        var saga = SAGA(minimizing: Self.fixture.objective, with: rule, from: [0, 0, 0])
        #expect(throws: TrainingError.self) { try saga.run(updates: 500) }
        #expect(saga.parameters == [0, 0, 0])
    }
}
