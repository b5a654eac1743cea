import Foundation

/// Runs the command as a person does.
enum Command {
    struct Outcome {
        let status: Int32
        let output: String
        let errors: String
    }

    /// The command lies beside the tests.
    static let url: URL = {
        let tests = Bundle.allBundles.map(\.bundleURL) + [URL(filePath: CommandLine.arguments[0])]
        for folder in tests.map({ $0.deletingLastPathComponent() }) {
            let candidate = folder.appending(path: "descent")
            if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
        }
        fatalError("the command is not beside the tests")
    }()

    static func run(_ arguments: String..., input: [UInt8]? = nil) throws -> Outcome {
        try run(arguments, input: input)
    }

    static func run(_ arguments: [String], input: [UInt8]? = nil) throws -> Outcome {
        let process = Process()
        process.executableURL = url
        process.arguments = arguments
        // Files rather than pipes: nothing waits for anybody who has to read.
        let folder = FileManager.default.temporaryDirectory.appending(path: "descent-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func file(_ name: String, _ contents: [UInt8] = []) throws -> FileHandle {
            let url = folder.appending(path: name)
            try Data(contents).write(to: url)
            return try FileHandle(forUpdating: url)
        }
        process.standardInput = try file("input", input ?? [])
        process.standardOutput = try file("output")
        process.standardError = try file("errors")
        try process.run()
        process.waitUntilExit()
        func text(_ name: String) throws -> String {
            // Not Data(contentsOf:), which leaks a buffer when the file is empty.
            let handle = try FileHandle(forReadingFrom: folder.appending(path: name))
            return String(decoding: try handle.readToEnd() ?? Data(), as: UTF8.self)
        }
        return Outcome(
            status: process.terminationStatus, output: try text("output"), errors: try text("errors"))
    }
}

/// The path of a file in the fixtures of the data formats.
func dataFixture(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "DatasetsTests/Fixtures/numpy/\(name)").path
}

/// Runs `body` with the path of a folder that exists only meanwhile.
func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "descent-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder.path)
}
