import Glibc

/// A program started by this one, found in the folders of `PATH` unless its name has a slash.
struct ChildProcess {
    /// The number of the process.
    let identifier: pid_t

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - arguments: The program and what it is told.
    ///   - environment: All of its environment variables.
    ///   - processors: On how many processors it may run; on all of ours if `nil`.
    ///   - input: What its standard input is; nothing if `nil`.
    ///   - output: What its standard output is.
    ///   - errors: What its standard error is.
    /// - Throws: ``PeerError`` if there is no such program or no process can be made.
    init(
        _ arguments: [String], environment: [String: String], processors: Int? = nil, input: Int32? = nil,
        output: Int32, errors: Int32
    ) throws(PeerError) {
        let arguments = ProcessorSet.arguments(arguments, limitedTo: processors)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let input {
            posix_spawn_file_actions_adddup2(&actions, input, 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, errors, 2)
        var words = Self.pointers(arguments)
        var variables = Self.pointers(environment.map { "\($0.key)=\($0.value)" })
        defer { for word in words + variables { free(word) } }
        var child: pid_t = 0
        let failure = posix_spawnp(&child, arguments[0], &actions, nil, &words, &variables)
        guard failure == 0 else {
            throw PeerError("\(arguments[0]) does not start: \(String(cString: strerror(failure)))")
        }
        identifier = child
    }

    /// Waits until it ends.
    ///
    /// - Returns: The exit code, or 128 and the signal that ended it; what it used of the machine.
    func wait() -> (code: Int32, usage: rusage) {
        var status: Int32 = 0
        var usage = rusage()
        while wait4(identifier, &status, 0, &usage) < 0 && errno == EINTR {}
        let signal = status & 0x7f
        return (signal == 0 ? (status >> 8) & 0xff : 128 + signal, usage)
    }

    /// Ends it by force.
    func kill() { _ = Glibc.kill(identifier, SIGKILL) }

    private static func pointers(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
        texts.map { strdup($0) } + [nil]
    }
}
