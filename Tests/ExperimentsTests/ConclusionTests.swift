import ArgumentParser
import DescentExperiments
import Testing

/// What the experiments say follows from what they found: other figures, other sentences.
@Suite struct ConclusionTests {
    private func report(_ name: String, _ arguments: String...) throws -> ExperimentReport {
        try #require(Experiments.named(name)).parse(arguments).report(ExperimentProgress())
    }

    private func number(_ cell: ExperimentTable.Cell) -> Double? {
        switch cell {
        case .number(let value, _), .estimate(let value, _): value
        case .count(let count): Double(count)
        case .text, .none: nil
        }
    }

    private func column(_ table: ExperimentTable, _ name: String) throws -> [Double?] {
        let index = try #require(table.columns.firstIndex(of: name), "\(table.columns)")
        return table.rows.map { number($0[index]) }
    }

    /// A stated figure among those of other runs might have been one of them, a far one not.
    @Test func aStatedFigureIsHeldAgainstTheSpread() {
        func claim(_ stated: Double) -> ExperimentReport.Claim {
            .init("loss", stated: stated, found: 1, others: [0.9, 1.0, 1.1, 1.0])
        }
        // The mean is 1, s = 0.0816, t₃ = 3.182: one more run lies within 1 ± 0.2905.
        #expect(claim(1.28).holds && claim(0.72).holds)
        #expect(!claim(1.3).holds && !claim(0.7).holds)
        #expect(claim(1).found == "1.00; another start and split: 0.709 to 1.29")
        #expect(!ExperimentReport.Claim("loss", stated: 1, found: 1, others: [1]).holds)
    }

    /// From a start that is wrong and sure the squared error learns nothing; from one that is right it does.
    @Test func attenuatedGradient() throws {
        let wrong = try report("attenuated-gradient")
        #expect(wrong.answer[1].contains("squared error classifies 0 %"))
        let right = try report("attenuated-gradient", "--start", "-1", "--learning-rate", "5")
        #expect(right.answer[1].contains("squared error classifies 100 %"))
        #expect(!right.claims[1].holds)
        // A gradient that is 0 to the last bit is no ratio.
        let dead = try report("attenuated-gradient", "--start", "-2000")
        #expect(dead.answer[0].contains("0 to the last bit"))
    }

    @Test func gradientDescentSaysWhichRatesRise() throws {
        let report = try report(
            "gradient-descent", "--learning-rates", "0.1", "1", "1e300", "--updates", "30")
        #expect(report.answer[0].contains("falls in every update at rates 0.1, 1"))
        #expect(report.answer[0].contains("rises at times at rate 1e+300"))
        // Figures for a thousand updates are not held against thirty.
        #expect(report.claims.isEmpty)
    }

    /// Momentum pays where descent needs more steps than √μ allows, and only there.
    @Test func momentumPaysOnAnIllConditionedBowl() throws {
        func steps(_ condition: String, of most: String) throws -> [Double?] {
            let report = try report(
                "momentum", "--condition", condition, "--steps", most, "--momentum", "0.8")
            return try column(report.tables[0], "steps")
        }
        // √0.8 a step: 41 steps for two digits at best, where descent at its best rate takes 57 and 9.
        let (bad, good) = (try steps("25", of: "60"), try steps("4", of: "30"))
        #expect(try #require(bad[1]) < #require(bad[0]) && #require(bad[2]) < #require(bad[1]))
        #expect(good[0] != nil && good[1] == nil)
        #expect(bad[3] == 1 && good[3] == 1)
    }

    /// The figures of the lecture's two conventions are claimed for the lecture's figures alone.
    @Test func momentumConventions() throws {
        let other = try report("momentum", "--momentum", "0.5", "--rates", "0.1", "0.1", "--steps", "20")
        #expect(other.claims.isEmpty)
        // At a constant rate the conventions are one path.
        let displacements = try column(other.tables[2], "displacement")
        #expect(abs(try #require(displacements[0]) - #require(displacements[1])) < 1e-12)
    }

    /// Every γ has its noise floor, diverged runs are counted and enter no mean, noise on gradients does something.
    @Test func powerLoss() throws {
        let run = try report(
            "power-loss", "--gamma", "1", "5", "--replicates", "2", "--updates", "200", "--learning-rate",
            "0.03")
        let shared = run.tables[0]
        let diverged = try column(shared, "diverged")
        let losses = try column(shared, "test loss")
        #expect(diverged.contains(2))
        for (count, loss) in zip(diverged, losses) { #expect((count == 2) == (loss == nil)) }
        for (lowest, loss) in zip(try column(shared, "lowest on the way"), losses) {
            if let lowest, let loss { #expect(lowest <= loss) }
        }
        let floors = try column(shared, "noise floor")
        #expect(abs(try #require(floors[0]) - 0.0797885) < 1e-6)
        #expect(abs(try #require(floors[9]) - 6.38308e-5) < 1e-9)
        #expect(run.claims.allSatisfy { !$0.subject.hasPrefix("mean coefficient") })
        let plain = ["--gamma", "2", "--replicates", "2", "--updates", "100"]
        let type = try #require(Experiments.named("power-loss"))
        func ends(_ arguments: [String]) throws -> [Double?] {
            try column(type.parse(plain + arguments).report(ExperimentProgress()).tables[0], "test loss")
        }
        #expect(try ends([]) != ends(["--sign-noise", "0.5"]))
        #expect(try ends([]) == ends(["--sign-noise", "0"]))
    }

    @Test func exactSolutionAndItsErrors() throws {
        let report = try report("exact-least-squares", "--count", "400", "--width", "3", "--updates", "400")
        let errors = try column(report.tables[0], "standard error")
        // σ/√(n/3) = 0.1/√133.
        for error in errors { #expect(abs(try #require(error) / 0.00866 - 1) < 0.15) }
        for estimate in try column(report.tables[0], "exact") {
            #expect(abs(try #require(estimate) - 1) < 4 * 0.00866)
        }
    }

    /// L-BFGS that is stopped says so, and standardized pixels need fewer iterations.
    @Test func digitsTour() throws {
        let report = try report("digits-tour", "--splits", "2", "--mnist-examples", "100")
        let stops = report.tables[1]
        let converged = try #require(stops.columns.firstIndex(of: "converged"))
        #expect(
            stops.rows.map { $0[converged] } == ["no", "no", "yes", "no", "yes", "yes"].map { .text($0) })
        let made = try column(stops, "iterations made")
        #expect(try #require(made[4]) < #require(made[2]) && made[0] == 10)
        #expect(report.tables[2].rows.count == 3)
        // Constant pixels, training accuracy, and the warnings; two splits are too few for the accuracies.
        #expect(report.claims.map(\.holds) == [true, true, true, false, true])
        #expect(report.answer[2].contains("on standardized ones"))
        #expect(report.pictures.count == 7)
    }

    @Test func trainingAndValidation() throws {
        let report = try report("train-and-validation", "--splits", "2", "--epochs", "8")
        let (training, validation) = (
            try column(report.tables[0], "training loss"), try column(report.tables[0], "validation loss")
        )
        // The same model, whichever way the validation set is scaled; another loss of it.
        #expect(training[0] == training[1] && training[2] == training[3])
        #expect(validation[0] != validation[1])
        // A penalty keeps the training loss from falling as far.
        #expect(try #require(training[0]) < #require(training[2]))
        #expect(report.claims.isEmpty)
    }

    /// The quadratic is solved in one step, and on logistic regression second order takes fewer iterations.
    @Test func secondOrder() throws {
        let report = try report("newton-and-lbfgs", "--iterations", "60", "--learning-rates", "1")
        let bowl = report.tables[1]
        #expect(try column(bowl, "iterations").last == 1)
        let iterations = try column(report.tables[0], "iterations to 0.001")
        #expect(try #require(iterations[7]) < #require(iterations[5]))
        #expect(report.answer[1].contains("SGD with batches is"))
    }

    /// Error falls with h until rounding, and central differences come nearer.
    @Test func differences() throws {
        let report = try report("numeric-gradient", "--step", "1e-3", "--steps-per-decade", "2")
        let table = report.tables[0]
        let (best, noted) = (
            try column(table, "relative error there"), try column(table, "at h = 0.001")
        )
        for (best, noted) in zip(best, noted) { #expect(try #require(best) <= #require(noted) * 1.01) }
        #expect(try #require(best[1]) < #require(best[0]) && #require(best[3]) < #require(best[2]))
        #expect(try column(table, "evaluations") == [651, 1300, 651, 1300])
    }
}
