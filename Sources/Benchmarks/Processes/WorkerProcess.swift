import FoundationEssentials
import Glibc

/// A process that stays and does timed work when asked, so that neither its start nor its imports count.
///
/// Questions and answers are lines of JSON on its standard input and output. Our own work is done by such a process
/// as well: the one that measures stays small, and a crash is a line in a table.
final class WorkerProcess {
    private let child: ChildProcess
    private let questions: Int32
    private let answers: Int32
    private let errors: TemporaryFile
    private let name: String
    private var pending: [UInt8] = []
    private var isOver = false

    /// Starts a worker.
    ///
    /// - Throws: ``PeerError`` if it cannot be started.
    init(_ arguments: [String], environment: [String: String], processors: Int? = nil) throws(PeerError) {
        // A worker that is gone is noticed when it does not answer.
        signal(SIGPIPE, SIG_IGN)
        name = String(arguments[0].split(separator: "/").last ?? "worker")
        errors = try TemporaryFile()
        var (down, up): ([Int32], [Int32]) = ([0, 0], [0, 0])
        guard pipe(&down) == 0, pipe(&up) == 0 else {
            throw PeerError("no pipe can be made: \(String(cString: strerror(errno)))")
        }
        // A worker that held another's end open would keep it from noticing that its input is over.
        for end in down + up { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (questions, answers) = (down[1], up[0])
        defer {
            close(down[0])
            close(up[1])
        }
        do throws(PeerError) {
            child = try ChildProcess(
                arguments, environment: environment, processors: processors, input: down[0], output: up[1],
                errors: errors.descriptor)
        } catch {
            close(down[1])
            close(up[0])
            throw error
        }
    }

    deinit { end() }

    /// Whether it can be asked.
    var isRunning: Bool { !isOver }

    /// Asks, and waits for the answer.
    ///
    /// - Parameter patience: Seconds to wait; the worker is ended after that.
    /// - Throws: ``PeerError`` with what the worker says is wrong, or when it has ended or says nothing.
    func ask(_ request: WorkerRequest, patience: Double = 300) throws(PeerError) -> WorkerAnswer {
        guard !isOver else { throw PeerError("\(name) has ended") }
        let question: [UInt8]
        do { question = try JSONEncoder().encode(request) + [UInt8(ascii: "\n")] } catch {
            throw PeerError("the question cannot be written: \(error)")
        }
        let written = question.withUnsafeBytes { write(questions, $0.baseAddress!, $0.count) }
        guard written == question.count else { throw stopped() }
        return try Self.answer(in: line(patience: patience))
    }

    /// The answer in a line; an error that the worker reports is thrown.
    static func answer(in line: String) throws(PeerError) -> WorkerAnswer {
        guard let answer = try? JSONDecoder().decode(WorkerAnswer.self, from: Data(line.utf8)) else {
            throw PeerError("'\(line.prefix(80))' is no answer")
        }
        if let error = answer.error { throw PeerError(error) }
        return answer
    }

    /// Ends the worker; nothing can be asked any more.
    func end() {
        guard !isOver else { return }
        isOver = true
        // Without input it ends by itself; one that hangs does not.
        close(questions)
        close(answers)
        child.kill()
        _ = child.wait()
    }

    private func line(patience: Double) throws(PeerError) -> String {
        let deadline = ContinuousClock.now + .seconds(patience)
        while true {
            if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
                defer { pending.removeSubrange(...end) }
                return String(decoding: pending[..<end], as: UTF8.self)
            }
            let left = (deadline - .now) / .milliseconds(1)
            guard left > 0 else {
                end()
                throw PeerError("\(name) has not answered for \(Int(patience)) seconds")
            }
            var waiting = pollfd(fd: answers, events: Int16(POLLIN), revents: 0)
            let ready = poll(&waiting, 1, Int32(min(left + 1, 60_000)))
            if ready == 0 || (ready < 0 && errno == EINTR) { continue }
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = read(answers, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw stopped() }
            pending += buffer.prefix(count)
        }
    }

    private func stopped() -> PeerError {
        isOver = true
        close(questions)
        close(answers)
        let code = child.wait().code
        return PeerError("\(name) ended with code \(code): \(errors.lastLine ?? "it said nothing")")
    }
}
