import DescentLinearAlgebra
import DescentOptimization
import Testing

/// The mean of ½ (θ − c)² over points c: minimized by their mean.
private struct Bowl: FiniteSumObjective {
    var points: [Double]
    var parameterCount: Int { 1 }
    var exampleCount: Int { points.count }

    func value(at parameters: [Double]) -> Double {
        points.reduce(0) { $0 + (parameters[0] - $1) * (parameters[0] - $1) / 2 } / Double(points.count)
    }

    func valueAndGradient(at parameters: [Double], gradient: inout [Double]) -> Double {
        gradient[0] = points.reduce(0) { $0 + (parameters[0] - $1) } / Double(points.count)
        return value(at: parameters)
    }

    func valueAndGradient(at parameters: [Double], examples: Span<Int32>, gradient: inout [Double]) -> Double
    {
        var (value, slope) = (0.0, 0.0)
        for index in examples.indices {
            let difference = parameters[0] - points[Int(examples[index])]
            value += difference * difference / 2
            slope += difference
        }
        gradient[0] = slope / Double(examples.count)
        return value / Double(examples.count)
    }
}

@Suite struct OptimizerComparisonTests {
    private static func comparison(
        _ methods: [ComparedMethod] = ComparedMethod.standard, offset: Double = 1
    ) -> OptimizerComparison<Bowl> {
        let points = (0..<40).map { Double($0 % 8) / 8 + offset }
        let task = ComparisonTask(Bowl(points: points)) { seed in
            var generator = RandomGenerator(seed: seed)
            return [5 + generator.nextUnit()]
        }
        var comparison = OptimizerComparison(methods, tuning: task, measuring: task)
        comparison.batchSize = 8
        comparison.epochs = 6
        comparison.replicates = 3
        return comparison
    }

    private static func withoutSeconds(
        _ findings: OptimizerComparison<Bowl>.Findings
    ) -> OptimizerComparison<Bowl>.Findings {
        var findings = findings
        for method in findings.methods.indices {
            for run in findings.methods[method].replicates.indices {
                for record in findings.methods[method].replicates[run].history.records.indices {
                    findings.methods[method].replicates[run].history.records[record].seconds = 0
                }
            }
        }
        return findings
    }

    @Test func replicatesArePaired() {
        let findings = Self.comparison().run()
        #expect(findings.methods.map(\.name) == ["gd", "sgd", "momentum", "adam"])
        let seeds = findings.methods[0].replicates.map(\.seed)
        #expect(Set(seeds).count == 3)
        for method in findings.methods {
            #expect(method.replicates.map(\.seed) == seeds)
            // The same starting point, so the same loss before any update.
            let starts = method.replicates.map { $0.history.records[0].trainingLoss }
            #expect(starts == findings.methods[0].replicates.map { $0.history.records[0].trainingLoss })
            #expect(Set(starts.map { $0!.bitPattern }).count == 3)
        }
    }

    @Test func sameSeedSameShufflesForEveryMethod() {
        // Two methods that are the same rule under two names must run alike to the last bit.
        let twin = ComparedMethod(name: "twin", rule: "SGD") { SGD(learningRate: $0) }
        let methods = Self.comparison([.sgd, twin]).run().methods
        let losses = methods.map { $0.replicates.map { $0.history.records.map(\.trainingLoss) } }
        #expect(methods[0].learningRate == methods[1].learningRate)
        #expect(losses[0] == losses[1])
    }

    @Test func sameSeedSameBitsOnAnyThreadCount() {
        let before = Compute.threadCount
        defer { Compute.threadCount = before }
        Compute.threadCount = 1
        let one = Self.withoutSeconds(Self.comparison().run())
        Compute.threadCount = 3
        let three = Self.withoutSeconds(Self.comparison().run())
        #expect(one == three)
        var other = Self.comparison()
        other.seed = 1
        #expect(Self.withoutSeconds(other.run()) != one)
    }

    @Test func gradientDescentMakesOneUpdateAnEpoch() throws {
        let findings = Self.comparison().run()
        let gd = try #require(findings.methods[0].replicates[0].history.last)
        #expect(gd.updates == 6)
        #expect(gd.samples == 240)
        #expect(findings.methods[0].batchSize == 40)
        let sgd = try #require(findings.methods[1].replicates[0].history.last)
        #expect(sgd.updates == 30)
        #expect(sgd.samples == 240)
    }

    @Test func gridIsWidenedUntilTheBestRateLiesInside() throws {
        var comparison = Self.comparison([.gradientDescent])
        comparison.grid = LearningRateGrid(initial: -6 ... -4)
        let method = comparison.run().methods[0]
        // On ½θ² a step of 1 lands on the minimum: neither 0.316 nor 3.16 (which diverges) does.
        #expect(method.learningRate == 1)
        let widening = try #require(method.widening)
        #expect(widening.initial == 1e-3...1e-2)
        #expect(widening.final.lowerBound == 1e-3)
        #expect(widening.final.upperBound > 1)
        #expect(!widening.endedOnEdge)
        #expect(method.grid.map(\.learningRate) == method.grid.map(\.learningRate).sorted())
        #expect(
            method.grid.contains {
                $0.learningRate == 3.16 && $0.outcome != .completed && $0.validationLoss == nil
            })
    }

    @Test func wideningHasItsLimits() throws {
        var comparison = Self.comparison([.gradientDescent])
        comparison.grid = LearningRateGrid(initial: -8 ... -7, limits: -9 ... -4)
        let method = comparison.run().methods[0]
        #expect(method.learningRate == 1e-2)
        #expect(method.widening?.endedOnEdge == true)
    }

    @Test func divergedRatesAreNeverChosen() {
        var comparison = Self.comparison([.gradientDescent])
        comparison.grid = LearningRateGrid(initial: 2...5, limits: 2...6)
        let method = comparison.run().methods[0]
        #expect(method.learningRate == nil)
        #expect(method.replicates.isEmpty)
        #expect(method.grid.allSatisfy { $0.outcome != .completed })
    }

    @Test func divergedRunsAreCounted() {
        var comparison = Self.comparison([.gradientDescent, .sgd])
        comparison.learningRates = ["gd": 2.5]
        let findings = comparison.run()
        #expect(findings.methods[0].divergedCount == 3)
        #expect(findings.methods[0].replicates.allSatisfy { $0.trainingLoss == nil })
        #expect(findings.methods[0].grid.isEmpty)
        // The loss that others race to is not that of a run that went up.
        let worst = findings.methods[1].replicates.compactMap(\.trainingLoss).max()!
        #expect(findings.commonLoss!.value >= worst)
        #expect(findings.commonLoss!.value <= worst * 1.001)
    }

    @Test func stepOfARunThatIsNoNumberIsReported() {
        var comparison = Self.comparison([.sgd])
        comparison.learningRates = ["sgd": 1e200]
        let runs = comparison.run().methods[0].replicates
        #expect(runs.count == 3)
        for run in runs {
            guard case .diverged(let update) = run.outcome else {
                Issue.record("a run with a rate of 1e200 was taken for completed")
                continue
            }
            #expect((1...10).contains(update))
        }
    }

    @Test func everyCompletedRunReachesTheCommonLoss() throws {
        let findings = Self.comparison().run()
        let loss = try #require(findings.commonLoss?.value)
        for run in findings.methods.flatMap(\.completed) {
            let record = try #require(run.firstRecord(reaching: loss))
            #expect(record.trainingLoss! <= loss)
        }
    }

    @Test func eventsAccountForEveryRun() {
        let counts = Locked((announced: 0, finished: 0, chosen: 0))
        let comparison = Self.comparison()
        let findings = comparison.run { event in
            counts.withLock { counts in
                switch event {
                case .willTune(let runs): counts.announced += runs.count
                case .finished: counts.finished += 1
                case .chose: counts.chosen += 1
                case .advanced(_, let fraction): #expect((0...1).contains(fraction))
                }
            }
        }
        let tried = findings.methods.map(\.grid.count).reduce(0, +)
        counts.withLock { counts in
            #expect(counts.announced == tried)
            #expect(counts.finished == tried + 12)
            #expect(counts.chosen == 4)
        }
    }

    @Test(arguments: [(-8, 1e-4), (-7, 3.16e-4), (-1, 0.316), (0, 1), (1, 3.16), (2, 10), (-16, 1e-8)])
    func ratesAreThePrintedOnes(halfDecades: Int, rate: Double) {
        #expect(LearningRateGrid.rate(halfDecades) == rate)
    }
}
