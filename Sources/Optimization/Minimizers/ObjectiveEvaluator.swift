import DescentLinearAlgebra

/// An objective with its counts.
final class ObjectiveEvaluator<O: Objective> {
    let objective: O
    var counts = EvaluationCounts()
    /// When the minimizer was called.
    let began = ContinuousClock.now

    init(_ objective: O) {
        self.objective = objective
    }

    func value(at point: [O.Scalar]) -> Double {
        counts.values += 1
        return objective.value(at: point)
    }

    func valueAndGradient(at point: [O.Scalar], gradient: inout [O.Scalar]) -> Double {
        counts.values += 1
        counts.gradients += 1
        return objective.valueAndGradient(at: point, gradient: &gradient)
    }

    /// Value and gradient where a minimizer begins.
    func begin(at start: [O.Scalar], gradient: inout [O.Scalar]) throws(MinimizerError) -> Double {
        precondition(
            start.count == objective.parameterCount,
            "minimize: a start of \(start.count) numbers for an objective of \(objective.parameterCount) parameters"
        )
        let value = valueAndGradient(at: start, gradient: &gradient)
        guard value.isFinite else { throw .startingValueNotFinite(value: value) }
        if let coordinate = gradient.firstIndex(where: { !$0.isFinite }) {
            throw .startingGradientNotFinite(coordinate: coordinate, value: Double(gradient[coordinate]))
        }
        return value
    }
}
