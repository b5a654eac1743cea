import ArgumentParser
import Descent

/// A schedule of the learning rate as a person names it: `cosine`, `step:5:0.5`.
enum ScheduleChoice: Equatable, Sendable {
    case constant
    case cosine(end: Double)
    case linear(end: Double)
    case step(epochs: Double, factor: Double)
    case multistep(epochs: [Double], factor: Double)
    case exponential(factor: Double)
    case inverseTime(epochs: Double)
    case restarts(epochs: Double, growth: Double)
    case oneCycle
    case plateau(patience: Int, factor: Double)

    /// Each name with what may be said.
    private static let usage: KeyValuePairs = [
        "constant": "constant", "cosine": "cosine or cosine:1e-5", "linear": "linear or linear:1e-5",
        "step": "step:5 or step:5:0.5", "multistep": "multistep:8,12 or multistep:8,12:0.5",
        "exponential": "exponential:0.9", "inverse-time": "inverse-time:5",
        "restarts": "restarts:10 or restarts:10:2", "one-cycle": "one-cycle",
        "plateau": "plateau, plateau:3 or plateau:3:0.1",
    ]

    /// A name and its numbers, separated by colons.
    init(parsing text: String) throws {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let name = try WordList.choice(parts[0], of: Self.usage.map(\.key), as: "schedule")
        var numbers = Numbers(
            values: parts.dropFirst(), usage: Self.usage.first { $0.key == name }!.value)
        switch name {
        case "cosine": self = .cosine(end: try numbers.next("a final rate", standard: 0) { $0 >= 0 })
        case "linear": self = .linear(end: try numbers.next("a final rate", standard: 0) { $0 >= 0 })
        case "step": self = .step(epochs: try numbers.epochs(), factor: try numbers.factor(standard: 0.1))
        case "multistep":
            self = .multistep(epochs: try numbers.moments(), factor: try numbers.factor(standard: 0.1))
        case "exponential": self = .exponential(factor: try numbers.factor())
        case "inverse-time": self = .inverseTime(epochs: try numbers.epochs())
        case "restarts":
            self = .restarts(
                epochs: try numbers.epochs(), growth: try numbers.next("a growth", standard: 1) { $0 >= 1 })
        case "plateau":
            let patience = try numbers.next("a number of epochs", standard: 3) {
                $0 >= 0 && $0 == $0.rounded() && $0 < 1e9
            }
            self = .plateau(patience: Int(patience), factor: try numbers.factor(standard: 0.1))
        case "one-cycle": self = .oneCycle
        default: self = .constant
        }
        if !numbers.values.isEmpty { throw ValidationError("'\(text)' says too much: \(numbers.usage).") }
    }

    /// The numbers that follow a name.
    private struct Numbers {
        var values: ArraySlice<String>
        let usage: String

        mutating func next(
            _ meaning: String, standard: Double? = nil, where isRight: (Double) -> Bool
        ) throws -> Double {
            guard let text = values.popFirst() else {
                if let standard { return standard }
                throw ValidationError("\(meaning) is missing, as in \(usage).")
            }
            guard let value = Double(text), value.isFinite, isRight(value) else {
                throw ValidationError("'\(text)' is not \(meaning), as in \(usage).")
            }
            return value
        }

        mutating func epochs() throws -> Double { try next("a number of epochs") { $0 > 0 } }

        mutating func factor(standard: Double? = nil) throws -> Double {
            try next("a factor below 1", standard: standard) { $0 > 0 && $0 < 1 }
        }

        mutating func moments() throws -> [Double] {
            var list = Numbers(values: WordList.words(values.popFirst() ?? "")[...], usage: usage)
            var moments: [Double] = []
            repeat { moments.append(try list.epochs()) } while !list.values.isEmpty
            return moments
        }
    }

    /// The schedule; `nil` for those that follow the loss or do nothing.
    ///
    /// - Parameters:
    ///   - rate: The rule's learning rate: the first one, or of one cycle the greatest.
    ///   - epochs: The length of the training.
    func schedule(from rate: Double, over epochs: Double) -> Schedule? {
        let whole = TrainingLength.epochs(epochs)
        switch self {
        case .constant, .plateau: return nil
        case .cosine(let end): return .cosine(from: rate, to: end, over: whole)
        case .linear(let end): return .linear(from: rate, to: end, over: whole)
        case .step(let epochs, let factor):
            return .steps(from: rate, every: .epochs(epochs), factor: factor)
        case .multistep(let epochs, let factor):
            return .multistep(from: rate, at: epochs.map { .epochs($0) }, factor: factor)
        case .exponential(let factor): return .steps(from: rate, every: .epochs(1), factor: factor)
        case .inverseTime(let epochs): return .inverseTime(from: rate, per: .epochs(epochs))
        case .restarts(let epochs, let growth):
            return .cosineRestarts(from: rate, every: .epochs(epochs), growth: growth)
        case .oneCycle: return .oneCycle(peak: rate, over: whole)
        }
    }

    /// What follows the loss, where something does.
    var plateau: ReduceOnPlateau? {
        guard case .plateau(let patience, let factor) = self else { return nil }
        return ReduceOnPlateau(factor: factor, patience: patience)
    }
}
