import Foundation
import Testing

/// The command while it runs, to be watched and sent signals.
///
/// Foundation's `Process` leaves a weak reference behind when its child is killed, which the leak detector reports.
final class RunningCommand {
    private let child: pid_t
    private let folder: String
    private var status: Int32?

    /// How the command ended.
    enum End: Equatable {
        case exit(Int32)
        case signal(Int32)
    }

    init(_ arguments: [String]) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "descent-\(UUID())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var argv = ([Command.url.path] + arguments).map { strdup($0) } + [nil]
        var envp = ProcessInfo.processInfo.environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for pointer in argv + envp { free(pointer) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        for (descriptor, name) in [(STDOUT_FILENO, "output"), (STDERR_FILENO, "errors")] {
            posix_spawn_file_actions_addopen(
                &actions, descriptor, "\(folder)/\(name)", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        }
        // The test program may ignore signals that a command from a shell does not.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in [SIGINT, SIGTERM] { sigaddset(&signals, number) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        // This runs on a thread of Dispatch, which has signals blocked, and a child inherits that.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        var child: pid_t = 0
        try #require(posix_spawn(&child, Command.url.path, &actions, &attributes, &argv, &envp) == 0)
        self.child = child
    }

    deinit {
        if status == nil {
            kill(child, SIGKILL)
            waitpid(child, nil, 0)
        }
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// What it has written so far.
    var output: String { text("output") }
    var errors: String { text("errors") }

    private func text(_ name: String) -> String {
        let handle = FileHandle(forReadingAtPath: "\(folder)/\(name)")
        return String(decoding: handle?.readDataToEndOfFile() ?? Data(), as: UTF8.self)
    }

    /// Waits until its output has so many whole lines.
    func waitForLines(_ count: Int) throws {
        while output.split(separator: "\n", omittingEmptySubsequences: false).count - 1 < count {
            var status: Int32 = 0
            if waitpid(child, &status, WNOHANG) == child {
                self.status = status
                // It may have ended with just these lines.
                try #require(
                    output.split(separator: "\n", omittingEmptySubsequences: false).count > count,
                    "the command ended by itself: \(errors)")
                return
            }
            usleep(2000)
        }
    }

    func send(_ signal: Int32) { if status == nil { kill(child, signal) } }

    /// Waits for its end; after two minutes, ends it.
    func wait() -> End {
        var status = self.status ?? 0
        if self.status == nil {
            let deadline = ContinuousClock.now + .seconds(120)
            while waitpid(child, &status, WNOHANG) != child {
                if ContinuousClock.now > deadline { kill(child, SIGKILL) }
                usleep(2000)
            }
        }
        self.status = status
        return status & 0x7F == 0 ? .exit(status >> 8 & 0xFF) : .signal(status & 0x7F)
    }
}
