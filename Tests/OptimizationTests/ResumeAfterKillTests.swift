import DescentLinearAlgebra
import DescentOptimization
import Foundation
import Testing

/// A process that trains is killed again and again; what is lost is the epoch in flight.
@Suite struct ResumeAfterKillTests {
    static let pathVariable = "DESCENT_TEST_KILLED_RUN"
    static var path: String? { ProcessInfo.processInfo.environment[pathVariable] }

    static func makeLoop() -> TrainingLoop<Scattered, Adam> {
        TrainingLoop(
            minimizing: Scattered(), with: Adam(learningRate: 0.01),
            from: Array(repeating: 0, count: Scattered().parameterCount), batchSize: 2, seed: 1)
    }

    /// Trains without end, in the process that is to be killed, and in no other.
    ///
    /// Each checkpoint's epoch is appended to a journal, after the fact.
    @Test(.enabled(if: path != nil)) func trainUntilKilled() throws {
        let path = Self.path!
        var loop = Self.makeLoop()
        if FileManager.default.fileExists(atPath: path) { try loop.restore(from: path) }
        let journal = open(path + ".journal", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        try #require(journal >= 0)
        try loop.run(
            until: .epochs(1_000_000), evaluating: .epochs(1000), checkpointing: .everyEpoch(to: path)
        ) { _ in
            Evaluation()
        } onEvent: {
            guard case .checkpoint(_, let progress) = $0 else { return }
            let line = Array("\(Int(progress.epochs))\n".utf8)
            _ = write(journal, line, line.count)
        }
    }

    @Test(.enabled(if: path == nil)) func atMostTheEpochInFlightIsLost() throws {
        try withCheckpointPath { path in
            var uninterrupted = Self.makeLoop()
            for round in 0..<6 {
                let before = Self.journal(path)
                let child = try Self.startChild(path)
                // The child has resumed and come a few epochs further.
                while Self.journal(path) < before + 2 {
                    try #require(
                        waitpid(child, nil, WNOHANG) == 0, "the process that was to train ended by itself")
                    usleep(2000)
                }
                usleep(UInt32(1000 * round))
                kill(child, SIGKILL)
                waitpid(child, nil, 0)

                let reported = Self.journal(path)
                var loop = Self.makeLoop()
                try loop.restore(from: path)
                // The newest checkpoint may have been complete with no time left to note it.
                let epochs = Int(loop.progress.epochs)
                #expect(loop.progress.epochs == Double(epochs))
                #expect(epochs == reported || epochs == reported + 1)
                try uninterrupted.run(until: .epochs(epochs), evaluating: .epochs(1000))
                #expect(loop.parameters == uninterrupted.parameters)
                #expect(loop.state == uninterrupted.state)
            }
        }
    }

    /// The last epoch in the journal.
    static func journal(_ path: String) -> Int {
        let data = FileHandle(forReadingAtPath: path + ".journal")?.readDataToEndOfFile() ?? Data()
        let text = String(decoding: data, as: UTF8.self)
        // A line that is still being written is none.
        return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().last.flatMap {
            Int($0)
        }
            ?? 0
    }

    /// This test program again, with nothing to do but to train.
    ///
    /// Foundation's `Process` leaves a weak reference behind when its child is killed, which the leak detector reports.
    static func startChild(
        _ path: String, test: String = "ResumeAfterKillTests/trainUntilKilled"
    ) throws -> pid_t {
        let arguments = ["tests", "--testing-library", "swift-testing", "--filter", test]
        let environment = ProcessInfo.processInfo.environment.merging([pathVariable: path]) { $1 }
        var argv = arguments.map { strdup($0) } + [nil]
        var envp = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in argv + envp { free(pointer) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for descriptor in [STDOUT_FILENO, STDERR_FILENO] {
            posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0)
        }
        var child: pid_t = 0
        let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().path(percentEncoded: false)
        try #require(posix_spawn(&child, program, &actions, nil, &argv, &envp) == 0)
        return child
    }
}

/// f(θ) = ¼ Σᵢ ½ ‖θ − cᵢ‖², four centers in so many dimensions that a file takes a while to write.
struct Scattered: FiniteSumObjective {
    typealias Scalar = Double
    var parameterCount: Int { 10_000 }
    var exampleCount: Int { 4 }

    func value(at parameters: [Double]) -> Double {
        var gradient = parameters
        return valueAndGradient(at: parameters, gradient: &gradient)
    }

    func valueAndGradient(at parameters: [Double], gradient: inout [Double]) -> Double {
        let all: [Int32] = [0, 1, 2, 3]
        return valueAndGradient(at: parameters, examples: all.span, gradient: &gradient)
    }

    func valueAndGradient(at parameters: [Double], examples: Span<Int32>, gradient: inout [Double]) -> Double
    {
        for j in gradient.indices { gradient[j] = 0 }
        var value = 0.0
        for position in examples.indices {
            let i = Int(examples[position])
            for j in parameters.indices {
                let distance = parameters[j] - Double((31 * i + 7 * j) % 17) / 17
                value += distance * distance / 2
                gradient[j] += distance / Double(examples.count)
            }
        }
        return value / Double(examples.count)
    }
}
