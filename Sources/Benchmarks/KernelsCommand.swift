import ArgumentParser
import Descent

/// Times what the package spends its time in.
///
/// The numbers go to whoever reads them; nothing is judged.
struct KernelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kernels",
        abstract: "Time the kernels: best and median of several runs, and the rate of the best.")

    @Argument(help: "Run only the benchmarks whose name contains this.")
    var name = ""

    @Option(help: "Seconds to spend on each benchmark, at least.")
    var seconds = 1.0

    @Option(
        help:
            "The npz file to read and train on; the default is there when this runs in the package's folder.")
    var data = "Modules/CBundledData/mnist-sample.npz"

    mutating func validate() throws {
        guard seconds >= 0, seconds.isFinite else {
            throw ValidationError("--seconds must be 0 or more, not \(seconds)")
        }
    }

    mutating func run() throws {
        let wanted = name.lowercased()
        let benchmarks =
            try Benchmark.reading(npz: data) + Benchmark.csv + Benchmark.passes(over: MNIST.load(data).train)
            + Benchmark.products + Benchmark.leastSquares
        let chosen = benchmarks.filter { wanted.isEmpty || $0.name.lowercased().contains(wanted) }
        guard !chosen.isEmpty else {
            throw ValidationError("no benchmark is called '\(name)'")
        }
        print("\(OpenBLAS.version), \(OpenBLAS.core), \(OpenBLAS.threadCount) BLAS threads,")
        print("\(Compute.threadCount) threads of our own. Milliseconds a run, and the rate of the best.\n")
        print(Self.row("", "best", "median", "runs", "rate"))
        for benchmark in chosen {
            let timing = try benchmark.measure(for: .seconds(seconds))
            print(
                Self.row(
                    benchmark.name, Self.number(timing.best * 1e3), Self.number(timing.median * 1e3),
                    "\(timing.seconds.count)",
                    "\(Self.number(benchmark.amount / timing.best)) \(benchmark.unit)/s"))
        }
    }

    private static func row(_ name: String, _ columns: String...) -> String {
        let width = 14
        return name + String(repeating: " ", count: max(1, 44 - name.count))
            + columns.map { String(repeating: " ", count: max(1, width - $0.count)) + $0 }.joined()
    }

    /// A number with four digits that mean something.
    private static func number(_ value: Double) -> String {
        var digits = 3
        var bound = 10.0
        while digits > 0, value >= bound {
            digits -= 1
            bound *= 10
        }
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let rounded = Int((value * scale).rounded())
        guard digits > 0 else { return "\(rounded)" }
        let fraction = "\(rounded % Int(scale))"
        return "\(rounded / Int(scale)).\(String(repeating: "0", count: digits - fraction.count))\(fraction)"
    }
}
