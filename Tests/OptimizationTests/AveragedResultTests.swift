import DescentLinearAlgebra
import Testing

@testable import DescentOptimization

/// Rules whose result is another point than that of the next gradient.
@Suite struct AveragedResultTests {
    @Test func plainRulesComeToTheirPoint() throws {
        var loop = checkpointedLoop(Adam().clipping(norm: 1), as: Double.self)
        try loop.run(for: .updates(4))
        #expect(!loop.rule.averages && loop.result == loop.parameters)
    }

    @Test func theAverageIsEvaluated() throws {
        let rule = SGD(learningRate: 0.1).averaging(.polyakRuppert(from: 3))
        var loop = checkpointedLoop(rule, as: Double.self)
        var seen: [[Double]] = []
        try loop.run(for: .updates(9), evaluating: .updates(1)) { point in
            seen.append(point)
            return Evaluation()
        }
        var plain = checkpointedLoop(SGD(learningRate: 0.1), as: Double.self)
        var points: [[Double]] = []
        try plain.run(for: .updates(9), evaluating: .updates(1)) { point in
            points.append(point)
            return Evaluation()
        }
        #expect(plain.parameters == loop.parameters, "the path is the same")
        // The start, and two updates before the average begins.
        #expect(Array(seen[..<3]) == Array(points[..<3]))
        for last in 3..<points.count {
            let behind = points[3...last]
            for k in 0..<6 {
                let mean = behind.reduce(0) { $0 + $1[k] } / Double(behind.count)
                #expect(abs(seen[last][k] - mean) < 1e-14)
            }
        }
        #expect(loop.result == seen.last)
        #expect(loop.result == loop.rule.averagedParameters(in: loop.state))
    }

    @Test func wrappersGiveTheResultOfTheRuleInside() throws {
        func check<Rule: UpdateRule>(
            _ rule: Rule, _ expected: (Rule, [Double], RuleState<Double>) -> [Double]
        ) throws {
            var loop = checkpointedLoop(rule, as: Double.self)
            #expect(loop.result == loop.parameters, "no step has been taken")
            try loop.run(for: .updates(8))
            #expect(rule.averages)
            let mean = expected(loop.rule, loop.parameters, loop.state)
            #expect(loop.result == mean)
            #expect(mean != loop.parameters)
        }
        let free = ScheduleFreeSGD(learningRate: 0.3)
        try check(free) { $0.averagedParameters($1, in: $2) }
        try check(free.clipping(norm: 1)) { $0.rule.averagedParameters($1, in: $2.inner[0]) }
        try check(free.accumulating(over: 2)) { $0.rule.averagedParameters($1, in: $2.inner[0]) }
        try check(free.varied(in: [2..<4]) { $0.learningRate = 0.1 }) { rule, point, state in
            [0..<2, 2..<4, 4..<6].enumerated().flatMap { index, range in
                rule.rule.averagedParameters(Array(point[range]), in: state.inner[index])
            }
        }
        try check(ScheduleFreeAdamW(learningRate: 0.1)) { $0.averagedParameters($1, in: $2) }
    }

    /// An average that has been made is saved, and the best one is put back by early stopping.
    @Test func theAverageIsRestored() throws {
        try withCheckpointPath { path in
            let rule = Adam(learningRate: 0.05).averaging(.exponential(decay: 0.7))
            var loop = checkpointedLoop(rule, as: Float.self)
            try loop.run(for: .updates(7))
            try loop.save(to: path)
            var other = checkpointedLoop(rule, as: Float.self)
            try other.restore(from: path)
            #expect(other.result == loop.result)
            try loop.run(for: .updates(6))
            try other.run(for: .updates(6))
            #expect(other.result == loop.result)
        }
        var loop = checkpointedLoop(
            SGD(learningRate: 0.1).averaging(.exponential(decay: 0.5)), as: Double.self)
        loop.earlyStopping = EarlyStopping(patience: 1)
        var points: [[Double]] = []
        try loop.run(for: .updates(50), evaluating: .updates(1)) { point in
            points.append(point)
            // Best after the third update.
            return Evaluation(validationLoss: abs(Double(points.count) - 4))
        }
        #expect(loop.result == points[3])
    }

    // MARK: Whose run it is

    @Test func anotherRunIsKnownByWhatTheCallerSays() throws {
        try withCheckpointPath { path in
            var loop = checkpointedLoop(Adam(), as: Double.self)
            loop.identity = ["data": "1.5", "target": "price"]
            try loop.run(for: .updates(3))
            try loop.save(to: path)
            func differences(_ identity: [String: String], seed: UInt64 = 4) -> [CheckpointError.Difference] {
                var other = checkpointedLoop(Adam(), as: Double.self, seed: seed)
                other.identity = identity
                do throws(CheckpointError) {
                    try other.restore(from: path)
                    return []
                } catch {
                    guard case .differs(let list) = error.reason else {
                        return [.init("?", inFile: nil, inLoop: nil)]
                    }
                    return list
                }
            }
            #expect(differences(loop.identity).isEmpty)
            #expect(differences([:]).isEmpty, "whoever says nothing is asked for nothing")
            #expect(
                differences(["data": "2", "target": "price", "missing": "drop"]) == [
                    .init("data", inFile: "1.5", inLoop: "2"), .init("missing", inFile: nil, inLoop: "drop"),
                ])
            // All that differs is told at once.
            #expect(differences(["data": "1.5"], seed: 5).map(\.name) == ["target", "seed"])
            var fresh = checkpointedLoop(Adam(), as: Double.self)
            fresh.identity = ["data": "another"]
            try fresh.restore(from: path, settings: .ofThisLoop)
            #expect(fresh.parameters == loop.parameters)
        }
    }
}
