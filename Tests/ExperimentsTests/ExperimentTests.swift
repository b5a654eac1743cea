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
        ("sgd-versus-gd", ["--epochs", "20", "--race-epochs", "2", "--replicates", "2"], []),
        ("train-and-validation", ["--splits", "2", "--epochs", "4"], []),
        ("softmax-temperature", [], ["holds", "holds"]),
        (
            "gradient-descent", ["--learning-rates", "1", "--replicates", "2"],
            ["holds", "holds", "holds", "does not hold"]
        ),
        ("attenuated-gradient", [], ["holds", "holds"]),
        ("momentum", ["--steps", "20"], ["holds", "holds"]),
        ("exact-least-squares", [], ["holds", "holds"]),
        (
            "power-loss", ["--gamma", "2", "--replicates", "4"],
            ["holds", "holds", "holds", "holds", "does not hold"]
        ),
        ("numeric-gradient", [], Array(repeating: "holds", count: 6)),
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
        for table in report.tables {
            // Headings are keys in JSON.
            #expect(Set(table.columns).count == table.columns.count, "\(table.columns)")
        }
    }

    /// Every update rule is in the race, and each ends lower than it began, on both functions.
    @Test func everyRacerDescends() throws {
        let type = try #require(Experiments.named("optimizer-race"))
        let table = try #require(type.parse(["--steps", "40"]).report(ExperimentProgress()).tables.first)
        #expect(table.rows.count == 22)
        for row in table.rows {
            for column in table.columns.indices where table.columns[column].hasPrefix("left") {
                guard case .number(let left, _) = row[column] else {
                    Issue.record("\(row)")
                    continue
                }
                #expect(left >= 0 && left < 0.2, "\(row[0])")
            }
        }
    }

    /// The doctor on the failures that are made on purpose: each of them under its own name, and nothing else.
    @Test func theDoctorFindsWhatWasMade() throws {
        let type = try #require(Experiments.named("five-failures"))
        let report = try type.parse(["--replicates", "1", "--seed", "7"]).report(ExperimentProgress())
        #expect(report.claims.count == 2 && report.claims.allSatisfy(\.holds), "\(report.claims)")
        let table = try #require(report.tables.first)
        let expected = [
            "healthy": "nothing", "diverged": "diverged", "too jittery": "jittery",
            "stopped before convergence": "stopped", "overfitting": "overfits",
            "different every run": "differs",
            "healthy, 5 seeds": "nothing", "healthy, one seed twice": "nothing",
            "healthy, momentum": "nothing",
        ]
        #expect(table.rows.count == expected.count)
        for row in table.rows {
            guard case .text(let made) = row[0] else { continue }
            let found = table.columns.indices.filter { row[$0] == .count(1) }.map { table.columns[$0] }
            #expect(found == [expected[made]], "\(made)")
        }
    }

    @Test(arguments: [
        ("five-failures", ["--epochs", "3"]), ("optimizer-race", ["--steps", "9"]),
        ("optimizer-race", ["--learning-rate", "-1"]), ("loss-line", ["--points", "9"]),
        ("loss-line", ["--hidden", "0"]), ("hinge", ["--penalty", "0"]), ("hinge", ["--digit", "10"]),
        ("numeric-gradient", ["--step", "1"]),
        ("momentum", ["--rates", "0.1"]), ("momentum", ["--drop-after", "0"]),
        ("attenuated-gradient", ["--start", "nan"]), ("power-loss", ["--sign-noise", "-1"]),
        ("loss-line", ["--batch-size", "0"]), ("digits-tour", ["--iterations", "0"]),
        ("gradient-descent", ["--replicates", "1"]), ("sgd-versus-gd", ["--others", "1"]),
        ("newton-and-lbfgs", ["--learning-rates", "0"]), ("momentum", ["--learning-rate", "0"]),
        ("power-loss", ["--batch-size", "0"]), ("power-loss", ["--gradient-noise", "-1"]),
    ])
    func figuresThatMakeNoSenseAreRefused(name: String, arguments: [String]) throws {
        let type = try #require(Experiments.named(name))
        #expect(throws: (any Error).self) { try type.parse(arguments) }
    }

    /// The page of an experiment with a picture that moves shows the animation and points to the still.
    @Test func aPageShowsWhatMoves() throws {
        let type = try #require(Experiments.named("optimizer-race"))
        let report = try type.parse(["--steps", "10", "--learning-rate", "0.01"]).report(ExperimentProgress())
        let page = report.page(command: "c", pictureFolder: "images")
        #expect(page.contains("](images/classic.gif)\n\n[The same, standing still](images/classic.svg)"))
        #expect(report.claims.isEmpty)
        #expect(report.answer.joined().contains("All at the rate 0.01"))
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
