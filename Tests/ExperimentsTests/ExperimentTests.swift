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
        (
            "digits-tour", ["--splits", "4", "--mnist-examples", "200"],
            ["holds", "holds", "does not hold", "holds", "holds"]
        ),
        (
            "sgd-versus-gd", ["--race-epochs", "4", "--replicates", "2"],
            ["holds", "holds", "holds", "does not hold"]
        ),
        ("train-and-validation", ["--splits", "2", "--epochs", "4"], []),
        ("softmax-temperature", [], ["holds"]),
        ("gradient-descent", ["--learning-rates", "1"], ["holds", "holds", "holds", "does not hold"]),
        ("attenuated-gradient", [], ["holds", "holds"]),
        ("momentum", [], ["holds", "holds"]),
        ("exact-least-squares", [], ["holds", "holds"]),
        ("power-loss", ["--gamma", "2", "--replicates", "4"], ["holds", "holds", "holds"]),
        ("numeric-gradient", [], Array(repeating: "holds", count: 5)),
    ])
    func claims(name: String, arguments: [String], verdicts: [String]) throws {
        let type = try #require(Experiments.named(name))
        let report = try type.parse(arguments).report(ExperimentProgress())
        #expect(report.claims.map { $0.holds ? "holds" : "does not hold" } == verdicts, "\(report.claims)")
        #expect(!report.answer.isEmpty && !report.pictures.isEmpty)
        #expect(report.tables.allSatisfy { !$0.rows.isEmpty })
    }
}
