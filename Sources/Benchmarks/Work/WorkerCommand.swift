import ArgumentParser
import Descent
import FoundationEssentials
import Glibc

/// Does our part of the timed work, as it is asked to on standard input; what `jobs` and `growth` start.
struct WorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker", abstract: "Do timed work when asked on standard input, in lines of JSON.",
        shouldDisplay: false)

    @Option(help: "Threads to work on.")
    var threads: Int

    mutating func validate() throws {
        guard threads >= 1 else { throw ValidationError("--threads must be 1 or more, not \(threads)") }
    }

    mutating func run() throws {
        Compute.threadCount = threads
        OpenBLAS.threadCount = threads
        var worker = Worker()
        while let line = readLine() {
            var answer: WorkerAnswer
            do {
                answer = try worker.answer(
                    to: JSONDecoder().decode(WorkerRequest.self, from: Data(line.utf8)))
            } catch {
                answer = WorkerAnswer(error: "\(error)")
            }
            let text = String(decoding: try JSONEncoder().encode(answer), as: UTF8.self)
            let bytes = Array((text + "\n").utf8)
            _ = bytes.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress!, $0.count) }
        }
    }
}

/// What has been prepared, by the names of the jobs.
struct Worker {
    private var prepared: [String: PreparedWork] = [:]
    private var work = OwnWork()

    /// Does what a request says.
    mutating func answer(to request: WorkerRequest) throws -> WorkerAnswer {
        switch request.kind {
        case .about:
            let (train, _) = try MNIST.load(request.data)
            return WorkerAnswer(facts: [
                ["kernels", "\(OpenBLAS.version), \(OpenBLAS.core)"], ["data", train.source],
                ["examples", "\(train.count)"],
            ])
        case .prepare:
            prepared[request.job ?? ""] = nil
            prepared[request.job ?? ""] = try work.prepare(request)
            return WorkerAnswer()
        case .run:
            guard let work = prepared[request.job ?? ""] else {
                throw PeerError("'\(request.job ?? "")' has not been prepared")
            }
            let seconds = try work.seconds(atLeast: request.atLeast ?? 0)
            let (note, value) = try work.check()
            return WorkerAnswer(seconds: seconds, value: value, note: note)
        case .forget:
            prepared = [:]
            return WorkerAnswer()
        }
    }
}
