import ArgumentParser
import DescentExperiments
import Testing

/// Each experiment with its own figures, or with smaller ones where those take long.
@Suite struct ExperimentTests {
    @Test func namesAreUniqueAndSpeakable() {
        let names = Experiments.all.map { $0.name }
        #expect(Set(names).count == names.count)
        for name in names {
            #expect(name.allSatisfy { $0.isLowercase || $0 == "-" }, "\(name)")
            #expect(Experiments.named(name) != nil)
        }
    }

    @Test(arguments: [
        ("softmax-temperature", [], ["holds"]),
        ("gradient-descent", ["--learning-rates", "1"], ["holds", "holds", "holds", "does not hold"]),
        ("attenuated-gradient", [], ["holds", "holds"]),
        ("momentum", [], ["holds", "holds"]),
        ("exact-least-squares", [], ["holds", "holds"]),
        ("power-loss", ["--gamma", "2", "--replicates", "4"], ["holds", "holds", "holds"]),
        ("numeric-gradient", [], Array(repeating: "holds", count: 5)),
        ("five-failures", ["--replicates", "1"], ["holds", "holds"]),
        ("optimizer-race", [], ["holds", "does not hold"]),
        ("loss-line", ["--replicates", "2", "--points", "20"], ["holds", "holds"]),
        ("hinge", ["--updates", "400", "--penalty", "0.1"], ["holds", "holds", "holds", "holds"]),
        ("newton-and-lbfgs", ["--iterations", "50", "--learning-rates", "1"], ["holds", "does not hold"]),
    ])
    func claims(name: String, arguments: [String], verdicts: [String]) throws {
        let type = try #require(Experiments.named(name))
        let report = try type.parse(arguments).report(ExperimentProgress())
        #expect(report.claims.map { $0.holds ? "holds" : "does not hold" } == verdicts, "\(report.claims)")
        #expect(!report.answer.isEmpty && !report.pictures.isEmpty)
        #expect(report.tables.allSatisfy { !$0.rows.isEmpty })
    }
}
