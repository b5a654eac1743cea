import Glibc

/// The workers that are running, started when they are needed; one for each program and number of threads.
final class WorkerPool {
    private struct Key: Hashable {
        let program: Program
        let threads: Int
        let variant: [String: String]
    }

    /// The Python of the peers; `nil` where there is none.
    let python: String?
    private let scripts: String
    private var workers: [Key: WorkerProcess] = [:]

    /// A pool without any worker yet.
    ///
    /// - Parameters:
    ///   - python: The Python of the peers.
    ///   - scripts: The folder of their scripts.
    init(python: String?, scripts: String = PeerScripts.folder) {
        self.python = python
        self.scripts = scripts
    }

    /// A worker.
    ///
    /// - Parameter variant: Environment variables to be set, or taken away where empty.
    /// - Throws: ``PeerError`` if there is no Python, or it does not start.
    func worker(
        _ program: Program, threads: Int, variant: [String: String] = [:]
    ) throws(PeerError) -> WorkerProcess {
        let key = Key(program: program, threads: threads, variant: variant)
        if let worker = workers[key], worker.isRunning { return worker }
        let worker: WorkerProcess
        switch program {
        case .descent:
            var environment = ProcessEnvironment.own
            for (name, value) in variant { environment[name] = value.isEmpty ? nil : value }
            worker = try WorkerProcess(
                [Self.ownPath, "worker", "--threads", "\(threads)"], environment: environment)
        case .python(let script):
            worker = try PeerScripts.start(script, in: scripts, python: peerPython(), threads: threads)
        }
        workers[key] = worker
        return worker
    }

    /// The program and its arguments, for a process of its own.
    func arguments(_ program: Program, _ arguments: [String]) throws(PeerError) -> [String] {
        switch program {
        case .descent: [try Self.commandPath()] + arguments
        case .python(let script):
            [try peerPython(), try PeerScripts.path(of: script, in: scripts)] + arguments
        }
    }

    /// Lets every worker go of what it has prepared.
    func forget() {
        for worker in workers.values where worker.isRunning {
            _ = try? worker.ask(WorkerRequest(kind: .forget))
        }
    }

    /// Ends the workers.
    func end() {
        for worker in workers.values { worker.end() }
        workers = [:]
    }

    private func peerPython() throws(PeerError) -> String {
        guard let python else { throw PeerError("no Python: make peers") }
        return python
    }

    /// This program.
    private static let ownPath: String = {
        guard let path = realpath("/proc/self/exe", nil) else { return "descent-perf" }
        defer { free(path) }
        return String(cString: path)
    }()

    /// The command, which is built into the same folder.
    private static func commandPath() throws(PeerError) -> String {
        let folder = ownPath.lastIndex(of: "/").map { ownPath[...$0] } ?? ""
        let path = "\(folder)descent"
        guard access(path, X_OK) == 0 else {
            throw PeerError("\(path) is not built: swift build -c release --product descent")
        }
        return path
    }
}
