import DescentLinearAlgebra

/// An objective along a ray, with the buffers of the two points that a minimizer stands on.
struct ObjectiveLine<O: Objective>: LineFunction {
    let evaluator: ObjectiveEvaluator<O>
    /// Where the minimizer is.
    var point: [O.Scalar]
    var gradient: [O.Scalar]
    /// Where it looks.
    var trial: [O.Scalar]
    var trialGradient: [O.Scalar]
    var direction: [O.Scalar]
    private var stepOfTrialGradient = Double.nan

    init(_ evaluator: ObjectiveEvaluator<O>, at start: [O.Scalar], gradient: [O.Scalar]) {
        self.evaluator = evaluator
        self.gradient = gradient
        point = start
        trial = start
        trialGradient = gradient
        direction = gradient
    }

    /// The rounding error of a value follows from that of the parameters.
    var valuePrecision: Double { 10 * Double(O.Scalar.ulpOfOne) }

    mutating func value(at step: Double) -> Double {
        move(point, along: direction, by: step, into: &trial)
        stepOfTrialGradient = .nan
        return evaluator.value(at: trial)
    }

    mutating func point(at step: Double) -> LinePoint {
        move(point, along: direction, by: step, into: &trial)
        let value = evaluator.valueAndGradient(at: trial, gradient: &trialGradient)
        stepOfTrialGradient = step
        return LinePoint(step: step, value: value, slope: dot(trialGradient, direction))
    }

    /// Makes sure that the trial buffers hold a given step, which need not be the last one looked at.
    mutating func revisit(_ step: Double) {
        if stepOfTrialGradient != step { _ = point(at: step) }
    }

    /// Steps onto the trial.
    mutating func accept() {
        swap(&point, &trial)
        swap(&gradient, &trialGradient)
        stepOfTrialGradient = .nan
    }
}
