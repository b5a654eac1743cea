import DescentDatasets
import DescentOptimization
import Testing

@testable import DescentModels

/// The doctor on real runs that were made to fail, and on runs that were not.
@Suite struct TrainingDoctorTests {
    static let split = Digits.load().split(validation: 0.25, stratified: true, seed: 0)

    func run<Rule: UpdateRule>(
        _ rule: Rule, sizes: [Int] = [64, 32, 10], batch: Int = 32, epochs: Int, seed: UInt64 = 0,
        examples: Int = .max, scaling: Scaling = .automatic
    ) -> (history: History, error: TrainingError?) {
        var network = MLP<Float>(sizes: sizes, scaling: scaling, seed: seed)
        var history = History()
        do throws(TrainingError) {
            try network.train(
                on: Self.split.train.prefix(examples), validating: Self.split.validation, with: rule,
                batchSize: .examples(batch), for: .epochs(epochs), seed: seed,
                onRecord: { history.records.append($0) })
        } catch {
            return (history, error)
        }
        return (history, nil)
    }

    func problems(_ run: (history: History, error: TrainingError?)) -> [TrainingProblem] {
        TrainingDoctor().examine(run.history, endedBy: run.error).findings.map(\.problem)
    }

    @Test(arguments: 0..<5 as Range<UInt64>)
    func healthyNetworksAreLeftAlone(seed: UInt64) {
        #expect(problems(run(Adam(learningRate: 1e-2), epochs: 20, seed: seed)) == [])
    }

    @Test func aHealthySoftmaxRegressionIsLeftAlone() throws {
        let model = try SoftmaxRegression(penalty: .l2(1e-3), scaling: .standardize).fit(
            Self.split.train, validating: Self.split.validation, with: Adam(learningRate: 0.01),
            for: .epochs(30))
        let diagnosis = TrainingDoctor().examine(model.history)
        #expect(diagnosis.isHealthy, "\(diagnosis)")
    }

    @Test func divergenceToInfinity() {
        let run = run(SGD(learningRate: 1e30), sizes: [64, 20, 10], epochs: 3, scaling: .none)
        #expect(run.error != nil)
        #expect(problems(run) == [.diverged])
    }

    /// Finite all the way, and hundreds of times as bad as before training.
    @Test func divergenceWithoutOverflow() throws {
        let model = try SoftmaxRegression(scaling: .none).fit(
            Self.split.train, validating: Self.split.validation, with: SGD(learningRate: 100),
            for: .epochs(10))
        let diagnosis = TrainingDoctor().examine(model.history)
        #expect(diagnosis.findings.map(\.problem) == [.diverged], "\(diagnosis)")
    }

    @Test func jitterOfTooLargeARate() {
        #expect(problems(run(SGD(learningRate: 0.5), batch: 4, epochs: 15)) == [.jittery])
    }

    @Test(arguments: [1e-5, 1e-4, 3e-4])
    func stoppingBeforeConvergence(rate: Double) {
        #expect(problems(run(Adam(learningRate: rate), epochs: 5)) == [.stoppedBeforeConvergence])
    }

    @Test(arguments: [40, 150])
    func overfittingFewExamples(count: Int) {
        let run = run(
            Adam(learningRate: 3e-3), sizes: [64, 128, 10], batch: 16, epochs: 100, examples: count,
            scaling: .standardize)
        #expect(problems(run) == [.overfitting])
    }

    @Test func differentResultsEveryRun() throws {
        let histories = (0..<5 as Range<UInt64>).map {
            run(
                SGD(learningRate: 0.3, momentum: 0.9), sizes: [64, 8, 10], batch: 16, epochs: 3, seed: $0,
                examples: 100
            ).history
        }
        let finding = try #require(TrainingDoctor().examine(histories)[.irreproducible])
        #expect(finding.severity == .severe)
    }

    @Test func healthyRunsEndAlike() {
        let histories = (0..<3 as Range<UInt64>).map {
            run(Adam(learningRate: 1e-2), epochs: 20, seed: $0).history
        }
        #expect(TrainingDoctor().examine(histories).isHealthy)
        let again = run(Adam(learningRate: 1e-2), epochs: 20, seed: 0).history
        #expect(TrainingDoctor().examine([histories[0], again], sameSeed: true).isHealthy)
        #expect(!TrainingDoctor().examine(histories, sameSeed: true).isHealthy)
    }
}
