import DescentOptimization
import Foundation
import Testing

@testable import DescentModels

/// The doctor on curves made up for it, on both sides of every threshold.
@Suite struct SyntheticHistoryTests {
    static let doctor = TrainingDoctor()

    /// A history from losses by epoch, the first before training.
    static func history(
        training: [Double]? = nil, validation: [Double]? = nil, accuracy: Double? = nil
    ) -> History {
        let count = training?.count ?? validation!.count
        return History(
            records: (0..<count).map { epoch in
                History.Record(
                    epoch: Double(epoch), updates: 10 * epoch, samples: 100 * epoch, seconds: 0.5,
                    trainingLoss: training?[epoch], validationLoss: validation?[epoch],
                    validationAccuracy: epoch == count - 1 ? accuracy : nil)
            })
    }

    /// 0.1 + 2 e^(−kt), t from 0 to 1.
    static func decay(_ constants: Double, count: Int = 21, floor: Double = 0.1, fall: Double = 2) -> [Double]
    {
        (0..<count).map { floor + fall * exp(-constants * Double($0) / Double(count - 1)) }
    }

    func problems(_ history: History) -> [TrainingProblem] {
        Self.doctor.examine(history).findings.map(\.problem)
    }

    @Test(arguments: [0.001, 1, 1e6])
    func aSmoothFallIsHealthyInAnyUnit(scale: Double) {
        let training = Self.decay(8).map { $0 * scale }
        let validation = Self.decay(8, floor: 0.15).map { $0 * scale }
        let diagnosis = Self.doctor.examine(Self.history(training: training, validation: validation))
        #expect(diagnosis.isHealthy && diagnosis.limitations.isEmpty, "\(diagnosis)")
        #expect(diagnosis.description == "Nothing wrong was found with this training.")
    }

    @Test func risingAboveTheStartIsDivergence() throws {
        var losses = Self.decay(8)
        let start = losses[0]
        losses.replaceSubrange(18...20, with: repeatElement(1.51 * start, count: 3))
        let finding = try #require(Self.doctor.examine(Self.history(training: losses))[.diverged])
        #expect(finding.severity == .severe)
        guard case .lossRose(let from, let to, let epoch) = finding.evidence[0] else {
            Issue.record("\(finding)")
            return
        }
        #expect(from == losses[17] && to == 1.51 * start && epoch == 17)
    }

    @Test(arguments: [(0.45, false), (0.55, true)])
    func losingMostOfTheGainIsDivergence(lost: Double, diverges: Bool) {
        var losses = Self.decay(8)
        let lowest = losses[17]
        let end = lowest + lost * (losses[0] - lowest)
        losses.replaceSubrange(18...20, with: [end, end, end])
        let found = problems(Self.history(training: losses))
        #expect(found.contains(.diverged) == diverges, "\(found)")
        // One spike, from which the run comes back, is none.
        var spike = Self.decay(8)
        spike[10] = 2 * spike[0]
        #expect(!problems(Self.history(training: spike)).contains(.diverged))
    }

    /// Up at once, and then never down to where it began: no such run has learned anything.
    @Test(arguments: [(1.4, false), (1.6, true)])
    func blowingUpAndSettlingAboveTheStartIsDivergence(peak: Double, diverges: Bool) {
        let start = 2.3
        let losses = [start, peak * start] + (0..<10).map { start * ($0 % 2 == 0 ? 1.2 : 1.3) }
        let found = problems(Self.history(training: losses))
        #expect(found == [diverges ? .diverged : .stoppedBeforeConvergence])
        // What comes back below its start has learned something in spite of a bad beginning.
        let back = [start, peak * start] + Self.decay(8, fall: start - 0.1)
        #expect(!problems(Self.history(training: back)).contains(.diverged))
    }

    @Test(arguments: [Double.nan, .infinity])
    func aLossThatIsNoNumberIsDivergence(value: Double) {
        var losses = Self.decay(8)
        losses[15] = value
        let diagnosis = Self.doctor.examine(Self.history(training: losses))
        #expect(diagnosis.findings.map(\.evidence) == [[.lossNotFinite(update: 150)]])
        let error = TrainingError.diverged(update: 7, loss: .nan, gradientNorm: .nan, lastGoodUpdate: 0)
        let ended = Self.doctor.examine(History(), endedBy: error)
        #expect(ended.findings.map(\.evidence) == [[.lossNotFinite(update: 7)]])
    }

    @Test(arguments: [(0.8, false), (1.2, true), (6, true)])
    func jitterIsMeasuredAgainstTheFall(limits: Double, jittery: Bool) throws {
        // Up and down by a whole amplitude: over the flat part of the curve every record is a turn.
        let amplitude = limits * Self.doctor.jitterLimit * 2
        let losses = Self.decay(60, count: 41).enumerated().map { $1 + ($0 % 2 == 0 ? 0 : amplitude) }
        let diagnosis = Self.doctor.examine(Self.history(training: losses))
        #expect((diagnosis[.jittery] != nil) == jittery, "\(diagnosis)")
        if jittery {
            #expect(diagnosis[.jittery]?.severity == (limits > 5 ? .severe : .warning))
            #expect(diagnosis[.stoppedBeforeConvergence] == nil)
        }
    }

    @Test(arguments: [(2.4, true), (3.2, false), (0.3, true), (8, false)])
    func anExponentialConvergesAfterThreeTimeConstants(constants: Double, stopped: Bool) {
        let history = Self.history(training: Self.decay(constants, count: 6))
        #expect(problems(history).contains(.stoppedBeforeConvergence) == stopped)
        // The validation loss decides where there is one: training that only memorizes need not go on.
        let both = Self.history(
            training: Self.decay(constants, count: 6), validation: Self.decay(20, count: 6, floor: 0.2))
        #expect(!problems(both).contains(.stoppedBeforeConvergence))
    }

    @Test(arguments: [(0.015, true), (0.03, false)])
    func aLossThatHardlyFallsHasNotBegun(fall: Double, hardly: Bool) throws {
        let losses = (0...20).map { 2 * (1 - fall * (1 - exp(-Double($0)))) }
        let diagnosis = Self.doctor.examine(Self.history(training: losses))
        let evidence = diagnosis[.stoppedBeforeConvergence]?.evidence.first
        var found = false
        if case .hardlyFell = evidence { found = true }
        #expect(found == hardly, "\(diagnosis)")
        if hardly {
            #expect(diagnosis.findings[0].advice[0].hasPrefix("raise the learning rate"))
            let turning = losses.enumerated().map { $1 + ($0 % 2 == 0 ? 0 : 0.1) }
            let other = Self.doctor.examine(Self.history(training: turning))
            #expect(other.findings.first?.advice[0].hasPrefix("lower the learning rate") == true)
        }
    }

    @Test(arguments: [(1.05, false), (1.15, true)])
    func aValidationLossThatRisesIsOverfitting(factor: Double, overfits: Bool) throws {
        let training = Self.decay(10)
        var validation = Self.decay(40, floor: 0.5)
        let (best, rise) = (validation[10], validation[10] * (factor - 1))
        for epoch in 11...20 { validation[epoch] = best + rise * min(1, Double(epoch - 10) / 8) }
        let diagnosis = Self.doctor.examine(Self.history(training: training, validation: validation))
        #expect((diagnosis[.overfitting] != nil) == overfits, "\(diagnosis)")
        if overfits {
            guard
                case .validationRose(let from, let epoch, let last, _, _) = diagnosis.findings[0].evidence[0]
            else {
                Issue.record("\(diagnosis)")
                return
            }
            #expect(from == best && epoch == 10 && (last / (best * factor) - 1).magnitude < 1e-12)
            let restored = Self.doctor.examine(
                Self.history(training: training, validation: validation), restoredBest: true)
            #expect(restored.isHealthy)
        }
        // Where the training loss rises as well, it is something else.
        let both = Self.history(training: validation, validation: validation)
        #expect(!problems(both).contains(.overfitting))
    }

    /// One record far below its neighbours is luck, and the return from it no rise.
    @Test func aLuckyRecordIsNoMinimum() {
        var validation = Self.decay(40, floor: 0.5)
        validation[12] = 0.4
        #expect(problems(Self.history(training: Self.decay(10), validation: validation)) == [])
        validation[13] = 0.4
        #expect(problems(Self.history(training: Self.decay(10), validation: validation)) == [.overfitting])
    }

    /// A rise by half of next to nothing.
    @Test func aTinyRiseIsNoOverfitting() {
        var validation = Self.decay(40, floor: 0.02)
        for epoch in 15...20 { validation[epoch] = 0.03 }
        #expect(problems(Self.history(training: Self.decay(10, floor: 0.01), validation: validation)) == [])
    }

    @Test(arguments: [(0.9, false), (1.2, true)])
    func aWideGapIsOverfitting(floor: Double, overfits: Bool) {
        // Training ends at 0.1 from 2.1: half of what is learned is 1.
        let history = Self.history(
            training: Self.decay(10), validation: Self.decay(10, floor: floor, fall: 2.1 - floor))
        #expect(problems(history) == (overfits ? [.overfitting] : []))
    }

    @Test func whatIsMissingIsSaid() {
        let short = Self.doctor.examine(Self.history(training: [2, 1, 0.5]))
        #expect(short.isHealthy && short.limitations.count == 2)
        #expect(short.description.contains("Not judged:\n  - jitter and convergence"))
        let alone = Self.doctor.examine(Self.history(training: Self.decay(8)))
        #expect(alone.limitations.count == 1 && alone.limitations[0].hasPrefix("overfitting"))
        #expect(Self.doctor.examine(History()).limitations.count == 2)
        #expect(Self.doctor.examine([Self.history(training: Self.decay(8))]).limitations.count == 2)
    }

    @Test(arguments: [(0.015, false), (0.025, true)])
    func accuraciesOfSeveralRunsAreCompared(deviation: Double, differ: Bool) {
        let runs = [-1.0, 0, 1].map { step in
            Self.history(
                training: Self.decay(8), validation: Self.decay(8), accuracy: 0.9 + step * deviation)
        }
        let diagnosis = Self.doctor.examine(runs)
        #expect(diagnosis.findings.map(\.problem) == (differ ? [.irreproducible] : []))
    }

    /// The last record of one run is an outlier; its level is not.
    @Test func oneBadRecordIsNoDifferentResult() {
        var runs = (0..<5).map { _ in
            var run = Self.history(training: Self.decay(8), validation: Self.decay(8))
            for index in run.records.indices { run.records[index].validationAccuracy = 0.97 }
            return run
        }
        runs[2].records[20].validationAccuracy = 0.5
        #expect(Self.doctor.examine(runs).isHealthy)
        runs[2].records[19].validationAccuracy = 0.5
        #expect(Self.doctor.examine(runs)[.irreproducible] != nil)
    }

    @Test(arguments: [(0.15, false), (0.25, true)])
    func lossesOfSeveralRunsAreCompared(spread: Double, differ: Bool) {
        let runs = [0, 0.5, 1].map { Self.history(training: Self.decay(12, floor: 0.1 + spread * $0)) }
        #expect((Self.doctor.examine(runs)[.irreproducible] != nil) == differ)
    }

    @Test func runsOfOneSeedAreTheSameButForTheTime() {
        let one = Self.history(training: Self.decay(8))
        var other = one
        for index in other.records.indices { other.records[index].seconds *= 2 }
        #expect(Self.doctor.examine([one, other], sameSeed: true).isHealthy)
        other.records[3].trainingLoss!.addProduct(1, .ulpOfOne)
        let diagnosis = Self.doctor.examine([one, one, other], sameSeed: true)
        #expect(
            diagnosis[.irreproducible]?.evidence == [.differsWithOneSeed(record: 3, runs: 3)])
        #expect(Self.doctor.examine([one, other]).isHealthy)
        other = one
        other.records.removeLast()
        #expect(!Self.doctor.examine([one, other], sameSeed: true).isHealthy)
    }

    @Test func aRunThatDivergesAmongOthersIsSaid() {
        var bad = Self.decay(8)
        bad[20] = .nan
        let runs = [Self.history(training: Self.decay(8)), Self.history(training: bad)]
        let diagnosis = Self.doctor.examine(runs)
        #expect(diagnosis.findings.map(\.problem) == [.diverged, .irreproducible])
        #expect(diagnosis[.irreproducible]?.evidence == [.someRunsDiverged(count: 1, of: 2)])
    }

    @Test func aDiagnosisReadsWellAndSurvivesJSON() throws {
        var validation = Self.decay(40, floor: 0.5)
        for epoch in 11...20 { validation[epoch] = 0.7 }
        let diagnosis = Self.doctor.examine(
            Self.history(training: Self.decay(10, floor: 0), validation: validation))
        #expect(
            diagnosis.description == """
                The model overfits (warning).
                  Seen:  the validation loss rose from 0.5 at epoch 10 to 0.7, while the training loss fell from \
                0.01348 to 0.0001497
                  Do:    stop at the lowest validation loss and keep those parameters: EarlyStopping(patience: 5)
                         penalize large weights (.l2), or let units drop out
                         get more training examples, or take a smaller network
                """)
        let copy = try JSONDecoder().decode(Diagnosis.self, from: JSONEncoder().encode(diagnosis))
        #expect(copy == diagnosis)
    }
}
