import DescentLinearAlgebra

/// The checks that every metric begins with.
enum MetricInput {
    /// Labels or predictions as indices among the classes.
    static func classes(
        _ values: [some BinaryInteger], _ what: String, classCount: Int
    ) throws(MetricError) -> [Int] {
        var result: [Int] = []
        result.reserveCapacity(values.count)
        for (index, value) in values.enumerated() {
            guard value >= 0, value < classCount else {
                throw .unknownClass(
                    what: what, index: index, value: Int(clamping: value), classCount: classCount)
            }
            result.append(Int(value))
        }
        return result
    }

    /// Stops where two arrays do not belong together, and throws where there is nothing in them.
    static func checkCounts(_ count: Int, _ what: String, _ other: Int, _ otherName: String)
        throws(MetricError)
    {
        precondition(count == other, "\(count) \(what) for \(other) \(otherName)")
        if count == 0 { throw .empty }
    }

    /// Throws for the first value that is not finite.
    ///
    /// - Parameter perExample: How many values belong to one example.
    static func checkFinite(_ values: [Double], _ what: String, perExample: Int = 1) throws(MetricError) {
        if let index = values.firstIndex(where: { !$0.isFinite }) {
            throw .notFinite(what: what, index: index / perExample, value: "\(values[index])")
        }
    }

    /// Throws unless the weights are finite, not negative and not all 0.
    static func checkWeights(_ weights: [Double]?, count: Int) throws(MetricError) {
        guard let weights else { return }
        precondition(weights.count == count, "\(weights.count) weights for \(count) examples")
        for (index, weight) in weights.enumerated() where !(weight >= 0 && weight.isFinite) {
            throw .unusableWeight(index: index, value: "\(weight)")
        }
        if weights.allSatisfy({ $0 == 0 }) { throw .noWeight }
    }
}

/// A sum in which no digits are lost to the number of its terms.
///
/// A. Neumaier, *Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen*, ZAMM 54, 1974.
struct CompensatedSum {
    private var sum = 0.0
    private var rest = 0.0

    mutating func add(_ value: Double) {
        let next = sum + value
        rest += sum.magnitude >= value.magnitude ? (sum - next) + value : (value - next) + sum
        sum = next
    }

    var value: Double {
        // Beyond the largest number, what was lost is no number.
        rest.isFinite ? sum + rest : sum
    }
}

/// Σ wᵢ xᵢ / Σ wᵢ.
func weightedMean(_ values: [Double], _ weights: [Double]?) -> Double {
    var (sum, total) = (CompensatedSum(), CompensatedSum())
    for (index, value) in values.enumerated() {
        let weight = weights?[index] ?? 1
        sum.add(weight * value)
        total.add(weight)
    }
    return sum.value / total.value
}
