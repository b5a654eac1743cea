import Foundation

/// One page while it runs, in a folder of its own: runs what is not Swift, and keeps a record.
final class PageRun: @unchecked Sendable {
    /// False, and not known to the compiler to be: guards code that is compiled only.
    let isNever = false
    /// The line of the block or command in hand.
    private(set) var line = 0
    private let record: FileHandle
    /// The folder that the page's commands are in by now.
    private var folder = FileManager.default.currentDirectoryPath

    init(recordingTo record: FileHandle) {
        self.record = record
    }

    /// Notes that a block of Swift begins.
    func begin(line: Int, isHidden: Bool) {
        self.line = line
        note("run", isHidden ? "hidden Swift" : "Swift", line: line)
    }

    func note(_ kind: String, _ text: String, line: Int) {
        record.write(Data("\(line)\t\(kind)\t\(text.replacing("\n", with: " "))\n".utf8))
    }

    /// Runs a command, and throws unless it ends and prints as the page says.
    func shell(
        _ command: String, line: Int, isHidden: Bool = false, exits expected: Int32? = nil,
        mayFail: Bool = false,
        shows: String? = nil, stopsAfter limit: Double? = nil
    ) async throws {
        self.line = line
        if let limit {
            let (status, printed) = try execute("/bin/sh", ["-c", "exec \(command)"], stopsAfter: limit)
            note(status == nil ? "stopped after \(limit) s" : "run", command, line: line)
            guard status ?? 0 == 0 else { throw PageFailure(line: line, description: printed) }
            return
        }
        note("run", (isHidden ? "hidden: " : "") + command, line: line)
        let (status, printed) = try execute(
            "/bin/sh", ["-c", "\(command)\nstatus=$?; pwd >\"$PAGE_PWD\"; exit $status"])
        let code = status.map { "\($0)" } ?? "no code"
        if let expected, status != expected {
            throw PageFailure(
                line: line, description: "ended with \(code), not \(expected):\n\(command)\n\(printed)")
        }
        // An error that the page shows is one: wrong data, or wrong usage.
        guard expected != nil || (mayFail ? status == 1 || status == 64 : status == 0) else {
            throw PageFailure(line: line, description: "ended with \(code):\n\(command)\n\(printed)")
        }
        if let shows, let difference = OutputShape.difference(shown: shows, printed: printed) {
            throw PageFailure(line: line, description: "\(command)\n\(difference)")
        }
    }

    /// Runs Python, or only parses it where a module that it imports is not installed.
    func python(_ code: String, line: Int) async throws {
        self.line = line
        let python = ProcessInfo.processInfo.environment["PYTHON"] ?? "python3"
        guard try execute("/bin/sh", ["-c", "\(python) -c ''"]).status == 0 else {
            note("not run", "Python: there is no \(python) here", line: line)
            return
        }
        try code.write(toFile: "page.py", atomically: true, encoding: .utf8)
        let imports = code.split(separator: "\n").filter { $0.hasPrefix("import ") }.joined(separator: "\n")
        let hasModules = try execute("/usr/bin/env", [python, "-c", imports]).status == 0
        let arguments = hasModules ? ["page.py"] : ["-m", "py_compile", "page.py"]
        note(
            hasModules ? "run" : "compiled only", "Python" + (hasModules ? "" : ": \(imports) fails here"),
            line: line)
        let (status, printed) = try execute("/usr/bin/env", [python] + arguments)
        if status != 0 { throw PageFailure(line: line, description: printed) }
    }

    /// Has SwiftPM read a manifest, of which the page may show no more than what stands within `Package(…)`.
    func manifest(_ code: String, line: Int) async throws {
        self.line = line
        note("run", "swift package dump-package", line: line)
        try FileManager.default.createDirectory(atPath: "manifest", withIntermediateDirectories: true)
        let manifest =
            code.contains("let package")
            ? code
            : """
            // swift-tools-version: 6.2
            import PackageDescription

            let package = Package(
                name: "page",
            \(code)
            )
            """
        try manifest.write(toFile: "manifest/Package.swift", atomically: true, encoding: .utf8)
        let swift = ProcessInfo.processInfo.environment["SWIFT"] ?? "swift"
        let (status, printed) = try execute(
            "/usr/bin/env", [swift, "package", "--package-path", "manifest", "dump-package"])
        if status != 0 { throw PageFailure(line: line, description: printed) }
    }

    /// Runs a program to its end, or for so many seconds: then there is no status.
    private func execute(
        _ path: String, _ arguments: [String], stopsAfter limit: Double? = nil
    ) throws -> (status: Int32?, printed: String) {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: folder)
        let scratch = FileManager.default.temporaryDirectory.appending(path: "page-\(UUID())")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        var environment = ProcessInfo.processInfo.environment
        environment["PAGE_PWD"] = scratch.appending(path: "pwd").path
        process.environment = environment
        func file(_ name: String) throws -> FileHandle {
            try Data().write(to: scratch.appending(path: name))
            return try FileHandle(forUpdating: scratch.appending(path: name))
        }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try file("output")
        process.standardError = try file("errors")
        try process.run()
        let end = limit.map { Date() + $0 } ?? .distantFuture
        while limit != nil, process.isRunning, Date() < end { usleep(20_000) }
        let isStopped = limit != nil && process.isRunning
        if isStopped { process.terminate() }
        process.waitUntilExit()
        func text(_ name: String) -> String {
            (try? String(contentsOf: scratch.appending(path: name), encoding: .utf8)) ?? ""
        }
        let next = text("pwd").trimmingCharacters(in: .newlines)
        if !next.isEmpty { folder = next }
        return (isStopped ? nil : process.terminationStatus, text("output") + text("errors"))
    }
}
