import Descent
import DescentDatasets

/// How a run that is to be resumed differs from the one that wrote the checkpoint, in words of the command line.
enum ResumedDifference {
    /// What is said, a line for each difference.
    static func message(_ differences: [CheckpointError.Difference], _ file: String) -> String {
        var lines: [String] = []
        for difference in differences {
            let name = words(difference.name)
            func value(_ text: String?) -> String { text.map(DataFileError.printable) ?? "not there" }
            let line =
                isStructure(difference.name)
                ? "\(name) is another"
                : "\(name): \(value(difference.inFile)) in the checkpoint, \(value(difference.inLoop)) now"
            if !lines.contains(line) { lines.append(line) }
        }
        return """
            \(DataFileError.printable(file)): is a checkpoint of another run:
            \(lines.map { "  \($0)" }.joined(separator: "\n"))
            To go on with that run, say the same as then; to begin another, give it a folder of its own with --checkpoint
            """
    }

    /// Whether the values are parts of something that only makes sense as a whole, such as a schedule.
    private static func isStructure(_ name: String) -> Bool {
        name.hasPrefix("learningRateSchedule") || name.hasPrefix("plateau")
    }

    private static let options = [
        "exampleCount": "training examples", "parameterCount": "parameters", "ruleType": "--optimizer",
        "batchSize": "--batch-size", "seed": "--seed", "learningRate": "--learning-rate",
        "momentum": "--momentum", "weightDecay": "--weight-decay", "averaging": "--average",
    ]

    /// The option that sets something, or its own name.
    private static func words(_ name: String) -> String {
        if isStructure(name) { return "--schedule" }
        if name.hasPrefix("earlyStopping") { return "--early-stopping" }
        let parts = name.split(separator: ".").map(String.init)
        // Parts of a rule: rule.learningRate, rule.rule.averaging.exponential.decay.
        for part in parts.reversed() { if let option = options[part] { return option } }
        return parts.first == "rule" ? "--optimizer, \(parts.last ?? name)" : name
    }
}
