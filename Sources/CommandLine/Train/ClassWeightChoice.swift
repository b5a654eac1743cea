import ArgumentParser
import Descent

/// `--class-weight`: how much the examples of each class count.
enum ClassWeightChoice {
    /// `balanced`, `none`, or factors by class: `cat=2,dog=0.5`.
    static func parse(_ text: String) throws -> ClassWeights {
        if text == "balanced" { return .balanced }
        if text == "none" { return .none }
        var weights: [String: Double] = [:]
        for word in text.split(separator: ",") {
            let sides = word.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
            guard sides.count == 2, let weight = Double(sides[1]), weight >= 0, weight.isFinite else {
                throw ValidationError(
                    "'\(word)' is neither balanced nor a class and its weight, as in cat=2.")
            }
            if weights.updateValue(weight, forKey: sides[0]) != nil {
                throw ValidationError("\(sides[0]) has two weights.")
            }
        }
        if weights.isEmpty { throw ValidationError("no weight is given, as in cat=2.") }
        return .custom(weights)
    }

    /// Refuses a weight for a class that there is not.
    static func check(_ weights: ClassWeights, of classNames: [String]) throws {
        guard case .custom(let factors) = weights else { return }
        for name in factors.keys.sorted() where !classNames.contains(name) {
            throw Misuse(
                "--class-weight: there is no class \"\(name)\"; there are \(ColumnList.described(classNames))."
            )
        }
    }
}
