import Descent
import Glibc

/// What a reader has to know of the machine and the programs, as names and values.
struct MachineFacts: Codable, Equatable, Sendable {
    /// One of them.
    struct Fact: Codable, Equatable, Sendable {
        var name: String
        var value: String
    }

    /// All, in the order of the page.
    var facts: [Fact] = []

    /// Adds one.
    mutating func add(_ name: String, _ value: String?) {
        if let value, !value.isEmpty { facts.append(Fact(name: name, value: value)) }
    }

    /// The machine and our own part.
    static func own(kernels: String?) -> MachineFacts {
        var facts = MachineFacts()
        let processor = SystemFile.contents("/proc/cpuinfo")
        let name = value(of: "model name", in: processor) ?? value(of: "CPU implementer", in: processor)
        let numbers = [("cpu family", "family"), ("model", "model")].compactMap { key, word in
            value(of: key, in: processor).map { "\(word) \($0)" }
        }
        facts.add(
            "processor", name.map { $0 + (numbers.isEmpty ? "" : " (\(numbers.joined(separator: ", ")))") })
        facts.add("vector instructions", vectors(in: flags(in: processor)))
        facts.add("processors to run on", "\(ProcessorSet.allowed.count)")
        if let kilobytes = value(of: "MemTotal", in: SystemFile.contents("/proc/meminfo"))?.split(
            separator: " "
        ).first
            .flatMap({ Double($0) })
        {
            facts.add("memory", NumberFormat.fixed(kilobytes / 1024 / 1024, decimals: 1) + " GiB")
        }
        facts.add("system", systemName)
        facts.add("Swift", swiftVersion)
        facts.add("Descent's BLAS", kernels)
        let choice = ProcessEnvironment.kernelChoice
        facts.add("set for it, and taken away for Python", choice.joined(separator: ", "))
        return facts
    }

    /// The instruction sets of the processor.
    static var processorFlags: Set<String> { flags(in: SystemFile.contents("/proc/cpuinfo")) }

    /// The value in a line `name : value`.
    static func value(of name: String, in text: String) -> String? {
        for line in text.split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            func trimmed(_ part: Substring) -> String {
                part.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            }
            if trimmed(line[..<colon]) == name { return trimmed(line[line.index(after: colon)...]) }
        }
        return nil
    }

    private static func flags(in processor: String) -> Set<String> {
        Set((value(of: "flags", in: processor) ?? "").split(separator: " ").map(String.init))
    }

    private static func vectors(in flags: Set<String>) -> String {
        [("avx512f", "AVX-512"), ("avx2", "AVX2"), ("fma", "FMA")].filter { flags.contains($0.0) }.map(\.1)
            .joined(separator: ", ")
    }

    private static var systemName: String? {
        for line in SystemFile.contents("/etc/os-release").split(separator: "\n")
        where line.hasPrefix("PRETTY_NAME=") {
            return String(line.dropFirst("PRETTY_NAME=".count).filter { $0 != "\"" })
        }
        return nil
    }

    /// The first line of what the toolchain says of itself.
    private static var swiftVersion: String? {
        let swift = ProcessEnvironment.own["SWIFT"] ?? "swift"
        let run = try? ProcessRun([swift, "--version"], environment: ProcessEnvironment.own, processors: nil)
        let words = run?.output.split(whereSeparator: \.isWhitespace).map(String.init) ?? []
        guard let index = words.firstIndex(of: "version"), index + 1 < words.count else { return nil }
        return words[index + 1]
    }
}
