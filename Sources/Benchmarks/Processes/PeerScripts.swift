import Glibc

/// The Python that runs the peers, and their scripts.
enum PeerScripts {
    /// The folder of the scripts; the command runs in the package's folder.
    static let folder = "Sources/Benchmarks/Peers"

    /// Where `make peers` puts the environment.
    static let environmentPython = ".build/peers/bin/python"

    /// The Python to use: the one that was asked for, else the one of `make peers`, if it is there.
    static func python(_ wanted: String?) -> String? {
        wanted ?? (access(environmentPython, X_OK) == 0 ? environmentPython : nil)
    }

    /// The path of a script.
    ///
    /// - Throws: ``PeerError`` if it is not there.
    static func path(of script: String, in folder: String = folder) throws(PeerError) -> String {
        let path = "\(folder)/\(script).py"
        guard access(path, R_OK) == 0 else {
            throw PeerError("\(path) is not here: run this in the package's folder")
        }
        return path
    }

    /// Starts a peer that answers requests.
    static func start(
        _ script: String, in folder: String = folder, python: String, threads: Int
    ) throws(PeerError) -> WorkerProcess {
        try WorkerProcess(
            [python, path(of: script, in: folder), "\(threads)"], environment: ProcessEnvironment.ofPeers)
    }
}
