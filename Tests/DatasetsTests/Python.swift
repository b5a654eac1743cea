import Foundation

/// Python with NumPy, where there is one: for the tests that ask NumPy itself.
enum Python {
    private static let path = ProcessInfo.processInfo.environment["PYTHON"] ?? "python3"

    static let hasNumPy = (try? run("import numpy; print(1)", [])) == "1\n"

    /// What a script prints.
    static func run(_ script: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [path, "-c", script] + arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(status: process.terminationStatus) }
        return String(decoding: data, as: UTF8.self)
    }

    struct Failure: Error {
        let status: Int32
    }
}
