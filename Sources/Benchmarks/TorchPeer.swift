import Foundation

/// A Python process that times PyTorch's optimizers when asked, so that the two can be measured in turn.
final class TorchPeer {
    private let process = Process()
    private let questions = Pipe()
    private let answers = Pipe()
    private var pending = Data()

    /// Starts the process; the script lies beside this file's folder, and the command runs in the package's.
    ///
    /// - Throws: What is wrong with the Python or the script.
    init(python: String) throws {
        let script = "Sources/Benchmarks/Peers/update_rules.py"
        guard FileManager.default.fileExists(atPath: script) else {
            throw PeerError(description: "\(script) is not here: run this in the package's folder")
        }
        process.executableURL = URL(filePath: python)
        process.arguments = [script]
        process.standardInput = questions
        process.standardOutput = answers
        do { try process.run() } catch {
            throw PeerError(description: "\(python) does not start: \(error.localizedDescription)")
        }
        guard try line() == "ready" else {
            throw PeerError(description: "\(python) cannot import PyTorch")
        }
    }

    deinit { try? questions.fileHandleForWriting.close() }

    /// Seconds of processor time a step, and which of PyTorch's paths took it.
    func seconds(rule: String, count: Int, steps: Int) throws -> (path: String, seconds: Double) {
        try questions.fileHandleForWriting.write(contentsOf: Data("\(rule),\(count),\(steps)\n".utf8))
        let answer = try line()
        let fields = answer.split(separator: " ")
        guard fields.count == 2, let seconds = Double(fields[1]) else {
            throw PeerError(description: "PyTorch's answer to \(rule) was '\(answer)'")
        }
        return (String(fields[0]), seconds)
    }

    private func line() throws -> String {
        while true {
            if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
                defer { pending = Data(pending[(end + 1)...]) }
                return String(decoding: pending[..<end], as: UTF8.self)
            }
            let more = answers.fileHandleForReading.availableData
            guard !more.isEmpty else { throw PeerError(description: "the Python process has ended") }
            pending.append(more)
        }
    }
}

/// Why there is no comparison.
struct PeerError: Error, CustomStringConvertible {
    let description: String
}
