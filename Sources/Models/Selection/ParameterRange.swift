import DescentLinearAlgebra
import Glibc

/// The values that a hyperparameter may take in a search.
public struct ParameterRange<Value: Sendable>: Sendable {
    /// All values, in order; `nil` for a range without gaps, which only a random search can draw from.
    let choices: [Value]?
    let draw: @Sendable (inout RandomGenerator) -> Value

    private init(choices: [Value]?, draw: @escaping @Sendable (inout RandomGenerator) -> Value) {
        self.choices = choices
        self.draw = draw
    }

    /// One of some values, each equally likely.
    public static func choice(_ values: [Value]) -> ParameterRange {
        precondition(!values.isEmpty, "a choice needs at least one value")
        return ParameterRange(choices: values) { values[$0.nextInteger(below: values.count)] }
    }

    /// One of some values, each equally likely.
    public static func choice(_ values: Value...) -> ParameterRange { choice(values) }
}

extension ParameterRange where Value == Double {
    /// Any number between two, each equally likely.
    public static func uniform(_ range: ClosedRange<Double>) -> ParameterRange {
        let width = range.upperBound - range.lowerBound
        precondition(width.isFinite, "the range \(range) has no finite width")
        return ParameterRange(choices: nil) { range.lowerBound + width * $0.nextUnit() }
    }

    /// Any number between two positive ones, each order of magnitude equally likely: for rates and penalties.
    public static func logUniform(_ range: ClosedRange<Double>) -> ParameterRange {
        checkPositive(range)
        let (low, high) = (log(range.lowerBound), log(range.upperBound))
        return ParameterRange(choices: nil) {
            min(max(exp(low + (high - low) * $0.nextUnit()), range.lowerBound), range.upperBound)
        }
    }

    /// So many numbers at equal distances, both ends among them.
    public static func linear(_ range: ClosedRange<Double>, count: Int) -> ParameterRange {
        precondition(count >= 2, "\(count) values from end to end: at least two are needed")
        let step = (range.upperBound - range.lowerBound) / Double(count - 1)
        return choice(
            (0..<count).map { $0 == count - 1 ? range.upperBound : range.lowerBound + Double($0) * step })
    }

    /// So many positive numbers at equal ratios, both ends among them: 1, 10, 100 for 1…100 and 3.
    public static func logarithmic(_ range: ClosedRange<Double>, count: Int) -> ParameterRange {
        checkPositive(range)
        precondition(count >= 2, "\(count) values from end to end: at least two are needed")
        let (low, high) = (log10(range.lowerBound), log10(range.upperBound))
        return choice(
            (0..<count).map { index in
                if index == 0 { return range.lowerBound }
                if index == count - 1 { return range.upperBound }
                return pow(10, low + (high - low) * Double(index) / Double(count - 1))
            })
    }

    private static func checkPositive(_ range: ClosedRange<Double>) {
        precondition(
            range.lowerBound > 0 && range.upperBound.isFinite,
            "the range \(range) has no logarithms: both ends must be positive")
    }
}

extension ParameterRange where Value == Int {
    /// Any whole number between two, each equally likely.
    public static func integers(_ range: ClosedRange<Int>) -> ParameterRange { choice(Array(range)) }
}
