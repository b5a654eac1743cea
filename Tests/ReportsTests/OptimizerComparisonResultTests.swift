import DescentOptimization
import Testing

@testable import DescentReports

@Suite struct OptimizerComparisonResultTests {
    // MARK: Statistics

    @Test func studentIntervalOfFiveValues() throws {
        // scipy.stats: mean 0.914, sem 0.00070711, t.ppf(0.975, 4) = 2.7764451.
        let estimate = try #require(MeanEstimate([0.912, 0.913, 0.914, 0.915, 0.916]))
        #expect(abs(estimate.mean - 0.914) < 1e-15)
        #expect(abs(estimate.standardDeviation! - 0.001_581_138_830_084_19) < 1e-15)
        #expect(abs(estimate.halfWidth! - 0.001_963_243_161_477_6) < 1e-12)
    }

    @Test func fewValues() throws {
        #expect(MeanEstimate([]) == nil)
        let one = try #require(MeanEstimate([3]))
        #expect(
            one.halfWidth == nil && one.standardDeviation == nil && one.interval == nil && !one.excludesZero)
        let alike = try #require(MeanEstimate([0.1, 0.1, 0.1]))
        #expect(alike.mean == 0.1 && alike.halfWidth == 0 && alike.excludesZero)
        // t.ppf(0.975, 1) = 12.706: two values say little.
        let two = try #require(MeanEstimate([1, 2]))
        #expect(abs(two.halfWidth! - 6.353_102_368_087_3) < 1e-9)
        #expect(!two.excludesZero)
    }

    @Test func divergedRunsAreInNoMean() throws {
        let result = SyntheticComparison.result(diverged: 2)
        let summary = result.summaries[1]
        #expect(summary.runs == 5 && summary.diverged == 2)
        #expect(summary.estimates[.trainingLoss]?.count == 3)
        #expect(summary.estimates[.trainingLoss]!.mean < 0.3)
        // Pairs are seeds that both completed.
        let paired = result.pairedDifferences(by: .trainingLoss).first { $0.method == "sgd" }
        #expect(paired?.difference?.count == 3)
        #expect(paired?.best == "adam")
    }

    @Test func pairingRemovesWhatSeedsShare() throws {
        // The second method is 0.01 worse with every seed, while seeds differ by far more.
        let starts = [0.3, 0.4, 0.5, 0.6]
        func runs(_ shift: Double) -> [OptimizerComparisonResult.Replicate] {
            starts.enumerated().map { index, loss in
                .init(
                    seed: UInt64(index), outcome: .completed, history: History(),
                    trainingLoss: loss + shift + (index == 0 ? 1e-4 : 0))
            }
        }
        var result = SyntheticComparison.result()
        result.methods = [
            .init(name: "a", rule: "", batchSize: 1, learningRate: 1, replicates: runs(0)),
            .init(name: "b", rule: "", batchSize: 1, learningRate: 1, replicates: runs(0.01).reversed()),
        ]
        let means = result.summaries.map { $0.estimates[.trainingLoss]!.interval! }
        #expect(means[0].overlaps(means[1]))
        let difference = result.pairedDifferences(by: .trainingLoss)[0]
        #expect(difference.best == "a")
        #expect(difference.difference!.excludesZero)
        #expect(abs(difference.difference!.mean - 0.01) < 1e-12)
    }

    @Test func aRaceThatSomeRunsLoseHasNoMean() {
        var result = SyntheticComparison.result()
        result.commonLoss = .init(value: 0.2755, rule: "as given")
        let sgd = result.summaries[1]
        #expect(sgd.reachedCommonLoss > 0 && sgd.reachedCommonLoss < 5)
        #expect(sgd.estimates[.epochsToCommonLoss] == nil)
        #expect(result.summaries[0].reachedCommonLoss == 0)
        let text = result.text()
        #expect(text.contains("not reached"))
        #expect(text.contains("reached by \(sgd.reachedCommonLoss) of 5"))
    }

    @Test func crossingIsTheFirstPointWithoutInterpolation() {
        let run = SyntheticComparison.result().methods[0].replicates[0]
        let records = run.history.records
        #expect(run.firstRecord(reaching: records[3].trainingLoss!) == records[3])
        #expect(run.firstRecord(reaching: records[3].trainingLoss!.nextDown) == records[4])
        #expect(run.firstRecord(reaching: 0) == nil)
        #expect(SyntheticComparison.diverged(0).firstRecord(reaching: 3) == nil)
    }

    // MARK: Text

    @Test func textOfAnOrdinaryResult() {
        #expect(SyntheticComparison.result(diverged: 2).text() == Golden.ordinaryText)
    }

    @Test func textOfSingleRuns() {
        let text = SyntheticComparison.result(replicates: 1, accuracy: false).text(width: 80)
        #expect(text == Golden.singleRunText)
    }

    @Test func narrowAsciiTextStaysWithinTheLine() {
        let text = SyntheticComparison.result(diverged: 2).text(width: 80, ascii: true)
        #expect(text.allSatisfy { $0.isASCII })
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
        #expect(text.contains("0.2751 +- 0.0028"))
    }

    @Test func nothingIsConcludedFromIntervalsThatHoldZero() {
        var result = SyntheticComparison.result()
        // Noise of either sign around one level.
        for method in result.methods.indices {
            for run in result.methods[method].replicates.indices {
                let noise = [[0, 1, -1, 2, -2], [1, -1, 0, -2, 2], [-1, 0, 2, -2, 1], [2, -2, -1, 1, 0]][
                    method][run]
                result.methods[method].replicates[run].trainingLoss = 0.3 + 0.01 * Double(noise)
            }
        }
        let verdict = result.conclusion[0]
        #expect(verdict.contains("no method can be told from"))
    }

    @Test func aMethodThatNeverWorkedIsSaid() {
        var result = SyntheticComparison.result()
        result.methods[1].learningRate = nil
        result.methods[1].replicates = []
        let text = result.text()
        #expect(text.contains("sgd: diverged at every learning rate tried."))
        #expect(text.contains("not run"))
        #expect(text.contains("Nothing is said of sgd."))
    }

    // MARK: Data

    @Test func jsonReadsBackWhole() throws {
        for result in [
            SyntheticComparison.result(diverged: 2),
            SyntheticComparison.result(replicates: 1, accuracy: false),
        ] {
            let json = try result.json()
            #expect(try OptimizerComparisonResult(json: json) == result)
            #expect(json.contains("\"pairedDifferences\""))
            #expect(json.contains("\"summary\""))
        }
        // The diverged run's last loss is no number that JSON knows.
        #expect(try SyntheticComparison.result(diverged: 1).json().contains("\"Infinity\""))
    }

    @Test func jsonOfALaterVersionIsRefused() throws {
        var result = SyntheticComparison.result()
        result.formatVersion = 2
        let json = try result.json()
        #expect(throws: DecodingError.self) { try OptimizerComparisonResult(json: json) }
    }

    @Test func curvesHaveARowForEachPoint() {
        let result = SyntheticComparison.result(diverged: 1)
        let rows = result.curvesCSV.split(separator: "\n")
        let points = result.methods.flatMap(\.replicates).map(\.history.records.count).reduce(0, +)
        #expect(rows.count == points + 1)
        #expect(rows.allSatisfy { $0.split(separator: ",", omittingEmptySubsequences: false).count == 12 })
        #expect(rows[1] == "gd,0.316,1,0,completed,0,0,0,0,2.3,2.3299999999999996,0.10000000000000009")
        #expect(rows.contains { $0.hasPrefix("sgd,0.1,1,0,diverged at update 100,1.25,100,6250,0.05,inf") })
    }

    @Test func gridHasARowForEachRate() {
        let rows = SyntheticComparison.result().gridCSV.split(separator: "\n")
        #expect(rows.count == 37)
        #expect(rows.count { $0.hasSuffix(",1") } == 4)
        #expect(rows.contains("adam,0.0316,diverged at update 40,,0"))
    }

    @Test func cellsAreQuotedWhereTheyMustBe() {
        var table = CommaSeparated(["a", "b"])
        table.append(["1,5", "say \"x\""])
        table.append([nil, "two\r\nlines"])
        #expect(table.text == "a,b\n\"1,5\",\"say \"\"x\"\"\"\n,\"two\r\nlines\"\n")
    }
}
