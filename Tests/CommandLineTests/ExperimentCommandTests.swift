import Foundation
import Testing

/// The experiments from the command line; what they find is tested beside them.
@Suite struct ExperimentCommandTests {
    @Test func listsWhatThereIs() throws {
        let outcome = try Command.run("experiment")
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("softmax-temperature  "))
        #expect(try Command.run("experiment", "list").output == outcome.output)
        // Each has its own help.
        let help = try Command.run("experiment", "softmax-temperature", "--help")
        #expect(help.output.contains("--factors"))
        let train = try Command.run("train")
        #expect(train.status == 0)
        #expect(train.output.contains("Train a multilayer perceptron."))
        #expect(!train.output.contains("unknown-model"))
    }

    @Test func anUnknownNameIsNamed() throws {
        let outcome = try Command.run("experiment", "nosuch")
        #expect(outcome.status == 64)
        #expect(outcome.errors.contains("no experiment 'nosuch'. Known: digits-tour, softmax-temperature"))
        let near = try Command.run("experiment", "momentun", "--help-me")
        #expect(near.status == 64)
        #expect(near.errors.contains("Did you mean momentum?"))
        let option = try Command.run("experiment", "--nosuch")
        #expect(option.status == 64)
        #expect(option.errors.contains("Unknown option '--nosuch'"))
    }

    @Test func leavesItsFiles() throws {
        try withTemporaryFolder { folder in
            let outcome = try Command.run(
                "experiment", "softmax-temperature", "--factors", "1", "3", "--format", "json", "--output",
                folder)
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.output.contains("\"name\" : \"softmax-temperature\""))
            let table = try String(contentsOfFile: "\(folder)/softmax.csv", encoding: .utf8)
            #expect(table.split(separator: "\n").count == 3)
        }
    }
}
