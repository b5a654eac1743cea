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
            "digits-tour", ["--splits", "2", "--mnist-examples", "200"],
            ["holds", "holds", "does not hold"]
        ),
        ("sgd-versus-gd", ["--epochs", "20", "--race-epochs", "2", "--replicates", "2"], []),
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

    /// What the shared rate hides: more updates at rate 0.01 beat fewer, and a larger rate beats both.
    @Test func oneSharedRateIsUnfair() throws {
        let type = try #require(Experiments.named("sgd-versus-gd"))
        let report = try type.parse(["--epochs", "20", "--race-epochs", "2", "--replicates", "2"])
            .report(ExperimentProgress())
        let losses = report.tables[0].rows.compactMap { row -> Double? in
            if case .number(let loss, _) = row[3] { loss } else { nil }
        }
        // SGD at 0.01, then gradient descent at 0.01, 1 and 3.
        #expect(losses.count == 4)
        #expect(losses[0] < losses[1] && losses[3] < losses[2] && losses[2] < losses[1])
    }
}
