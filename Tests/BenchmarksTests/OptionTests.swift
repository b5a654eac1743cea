import ArgumentParser
import Testing

@testable import descent_perf

@Suite struct MeasuringOptionTests {
    @Test(arguments: [
        ["--runs", "0"], ["--threads", "3"], ["--threads", "0"], ["--python", "python3", "--no-peers"],
    ]) func whatMakesNoSenseIsRefused(arguments: [String]) {
        #expect(throws: (any Error).self) { try MeasuringOptions.parse(arguments) }
    }

    @Test func jobsAreChosenByPartsOfTheirNames() throws {
        let options = try MeasuringOptions.parse(["--only", "least", "--only", "csv"])
        #expect(options.wants("least-squares-50") && options.wants("csv"))
        #expect(!options.wants("mlp"))
        #expect(try MeasuringOptions.parse([]).wants("mlp"))
    }

    @Test func theNumberOfRunsIsThatOfTheOptions() throws {
        #expect(try MeasuringOptions.parse([]).runCount.count == 5)
        #expect(try MeasuringOptions.parse(["--quick"]).runCount.count == 2)
        let asked = try MeasuringOptions.parse(["--runs", "9"]).runCount
        // Also where it takes long.
        #expect(asked.goesOn(after: 8, seconds: 1e6))
    }

    @Test func threadsAreThoseThatThereAreProcessorsFor() throws {
        let job = Job(name: "a", title: "A", contenders: [])
        #expect(try MeasuringOptions.parse(["--threads", "1"]).threadCounts(job) == [1])
        let counts = try MeasuringOptions.parse([]).threadCounts(job)
        #expect(counts == (ProcessorSet.allowed.count > 1 ? [2, 1] : [1]))
    }

    @Test func withoutPeersThereIsNoPython() throws {
        #expect(try MeasuringOptions.parse(["--no-peers"]).pool().python == nil)
        let wrong = try MeasuringOptions.parse(["--python", "no/such/python"])
        #expect(throws: ValidationError.self) { try wrong.pool() }
    }
}
