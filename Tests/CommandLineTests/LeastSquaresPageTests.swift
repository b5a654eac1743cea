import Foundation
import Testing

/// The page about the command shows what the command prints.
@Suite struct LeastSquaresPageTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The commands on the page with the lines beneath them.
    private static func examples() throws -> [(command: String, output: [String])] {
        let page = try String(contentsOf: root.appending(path: "docs/lstsq.md"), encoding: .utf8)
        var examples: [(command: String, output: [String])] = []
        var isInside = false
        for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                isInside = line == "```console"
            } else if isInside, line.hasPrefix("$ ") {
                examples.append((String(line.dropFirst(2)), []))
            } else if isInside {
                examples[examples.count - 1].output.append(String(line))
            }
        }
        return examples
    }

    /// Numbers may differ in their last digits from machine to machine, and rounding errors are what they are.
    private func isSame(_ a: String, _ b: String) -> Bool {
        func words(_ text: String) -> [Substring] {
            text.split { $0 == " " || $0 == "," || $0 == ";" }
        }
        let (a, b) = (words(a), words(b))
        guard a.count == b.count else { return false }
        return a.indices.allSatisfy { index in
            let isRounding = index > 1 && a[index - 1] == "test" && a[index - 2] == "residual"
            if a[index] == b[index] || isRounding { return true }
            guard let x = Double(a[index]), let y = Double(b[index]) else { return false }
            return abs(x - y) <= 1e-6 * max(abs(x), abs(y))
        }
    }

    @Test func showsWhatIsPrinted() throws {
        let examples = try Self.examples()
        #expect(examples.count == 10)
        try withTemporaryFolder { folder in
            // A model is written there, and the fixtures are read.
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/Tests", withDestinationPath: Self.root.appending(path: "Tests").path)
            for (command, expected) in examples {
                let outcome = try Command.runInShell(command, in: URL(filePath: folder))
                let printed = (outcome.output + outcome.errors).split(
                    separator: "\n", omittingEmptySubsequences: false)
                #expect(printed.count == expected.count + 1, "\(command)")
                for (line, wanted) in zip(printed, expected) {
                    #expect(isSame(String(line), wanted), "\(command)")
                }
            }
        }
    }
}

extension Command {
    /// Runs a line of shell that calls the command by its name.
    static func runInShell(_ line: String, in folder: URL) throws -> Outcome {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", line]
        process.currentDirectoryURL = folder
        var environment = ProcessInfo.processInfo.environment
        environment["PATH"] =
            url.deletingLastPathComponent().path + ":" + (environment["PATH"] ?? "/usr/bin:/bin")
        process.environment = environment
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        // Both are a few lines, which a pipe holds.
        process.waitUntilExit()
        func text(_ pipe: Pipe) -> String {
            String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        }
        return Outcome(status: process.terminationStatus, output: text(output), errors: text(errors))
    }
}
