import Foundation

/// Starts the process of a page and prints its record.
struct Runner {
    let root: URL
    /// The folder that `descent` is in.
    let command: URL
    /// A page takes seconds; one that takes minutes is stopped, and has failed.
    private let limit = 300.0

    /// Runs a page; false if it failed, or was to fail and did not.
    func run(_ page: PageProgram) throws -> Bool {
        let path = page.path
        let manager = FileManager.default
        let scratch = manager.temporaryDirectory.appending(path: "pages-\(UUID())")
        let folder = scratch.appending(path: "folder")
        try manager.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? manager.removeItem(at: scratch) }
        try furnish(folder)

        let process = Process()
        process.executableURL = URL(filePath: CommandLine.arguments[0]).absoluteURL
        let record = scratch.appending(path: "record")
        process.arguments = ["--page", path, record.path]
        process.currentDirectoryURL = folder
        process.environment = environment(scratch)
        try Data().write(to: record)
        let log = scratch.appending(path: "log")
        try Data().write(to: log)
        let output = try FileHandle(forUpdating: log)
        process.standardOutput = output
        process.standardError = output
        let begin = Date()
        try process.run()
        let clock = DispatchSource.makeTimerSource()
        clock.schedule(deadline: .now() + limit)
        clock.setEventHandler { process.terminate() }
        clock.resume()
        process.waitUntilExit()
        clock.cancel()

        let hasPassed = process.terminationReason == .exit && process.terminationStatus == 0
        let seconds = String(format: "%.1f", Date().timeIntervalSince(begin))
        let lines = try String(contentsOf: record, encoding: .utf8).split(separator: "\n")
        if let line = page.failsAt, !hasPassed, lines.last?.hasPrefix("\(line)\t") == true {
            print("\(path): fails in line \(line), as it should")
            return true
        }
        print("\(path): \(hasPassed ? "passed" : "FAILED") in \(seconds) s")
        for line in lines {
            let parts = line.split(separator: "\t", maxSplits: 2, omittingEmptySubsequences: false)
            print("  \(path):\(parts[0]): \(parts[1])\(parts[2].isEmpty ? "" : ", \(parts[2])")")
        }
        if !hasPassed {
            let text = String(decoding: (try? Data(contentsOf: log)) ?? Data(), as: UTF8.self)
            print(text.suffix(4000))
            if process.terminationReason == .uncaughtSignal {
                print("\(path): stopped by signal \(process.terminationStatus) after the line above")
            }
        }
        return hasPassed && page.failsAt == nil
    }

    /// The repository's folders under their names; docs is a copy, since pages may write there.
    private func furnish(_ folder: URL) throws {
        let manager = FileManager.default
        for name in try manager.contentsOfDirectory(atPath: root.path)
        where ![".git", ".build"].contains(name) {
            let (source, target) = (root.appending(path: name), folder.appending(path: name))
            if name == "docs" {
                try manager.copyItem(at: source, to: target)
            } else if name != "results" {
                try manager.createSymbolicLink(at: target, withDestinationURL: source)
            }
        }
        let release = folder.appending(path: ".build/release")
        try manager.createDirectory(at: release, withIntermediateDirectories: true)
        try manager.createSymbolicLink(
            at: release.appending(path: "descent"), withDestinationURL: command.appending(path: "descent"))
    }

    /// The user's, but for what would have a page find more data, or less, than it has elsewhere.
    private func environment(_ scratch: URL) -> [String: String] {
        var environment = ProcessInfo.processInfo.environment
        environment["DESCENT_DATA"] = nil
        environment["SWIFT_BACKTRACE"] = "enable=no"
        environment["XDG_CACHE_HOME"] = scratch.appending(path: "cache").path
        environment["PATH"] = command.path + ":" + (environment["PATH"] ?? "/usr/bin:/bin")
        return environment
    }
}
