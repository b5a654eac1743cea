/// The interval of uncertainty of Moré and Thuente's search, and the rule for the next trial.
struct StrongWolfeBracket {
    /// The end with the lowest value so far.
    private(set) var best: LinePoint
    /// The other end, once there is one.
    private(set) var other: LinePoint
    /// Whether a wanted step is known to lie between the two.
    private(set) var isClosed = false
    /// c₁ φ′(0), the slope of the line below which values have fallen enough.
    let decreaseSlope: Double

    private let origin: LinePoint
    private var isFirstStage = true
    private var width = Double.infinity
    private var widthBefore = Double.infinity

    init(origin: LinePoint, decreaseSlope: Double) {
        self.origin = origin
        self.decreaseSlope = decreaseSlope
        best = origin
        other = origin
    }

    /// Takes a trial in and returns the next step to try, at most `limit`.
    mutating func narrowed(by trial: LinePoint, limit: Double) -> Double {
        let line = origin.value + decreaseSlope * trial.step
        if trial.value <= line, trial.slope >= 0 { isFirstStage = false }
        var step: Double
        if isFirstStage, trial.value <= best.value, trial.value > line {
            // Interpolates ψ instead of φ, and puts back what was taken off.
            shift(by: -1)
            step = advance(with: shifted(trial, by: -1), limit: limit)
            shift(by: 1)
        } else {
            step = advance(with: trial, limit: limit)
        }
        if isClosed {
            let length = abs(other.step - best.step)
            if length >= 0.66 * widthBefore { step = best.step + (other.step - best.step) / 2 }
            widthBefore = width
            width = length
            let (lower, upper) = (min(best.step, other.step), max(best.step, other.step))
            if step <= lower || step >= upper { step = lower + (upper - lower) / 2 }
            if step <= lower || step >= upper { return best.step }
        }
        return min(step, limit)
    }

    private func shifted(_ point: LinePoint, by sign: Double) -> LinePoint {
        LinePoint(
            step: point.step, value: point.value + sign * decreaseSlope * point.step,
            slope: point.slope + sign * decreaseSlope)
    }

    private mutating func shift(by sign: Double) {
        best = shifted(best, by: sign)
        other = shifted(other, by: sign)
    }

    /// The four cases of section 4 of the paper: the next trial, and the interval that it lies in.
    private mutating func advance(with trial: LinePoint, limit: Double) -> Double {
        let distance = trial.step - best.step
        let turned = trial.slope * (best.slope < 0 ? -1 : 1) < 0
        var next: Double
        if trial.value > best.value {
            // Higher: a minimum lies between. The quadratic through both values leans towards the best end.
            let cubic = best.step + cubicFraction(from: best, to: trial).fraction * distance
            let quadratic =
                best.step + best.slope / ((best.value - trial.value) / distance + best.slope) / 2 * distance
            next =
                abs(cubic - best.step) < abs(quadratic - best.step) ? cubic : cubic + (quadratic - cubic) / 2
            isClosed = true
        } else if turned {
            // Lower, and the slope has changed its sign: between again. The farther of the two is taken.
            let cubic = trial.step - cubicFraction(from: trial, to: best).fraction * distance
            let secant = trial.step - trial.slope / (trial.slope - best.slope) * distance
            next = abs(cubic - trial.step) > abs(secant - trial.step) ? cubic : secant
            isClosed = true
        } else if abs(trial.slope) < abs(best.slope) {
            // Lower and flatter: beyond the trial, if the cubic turns up there at all.
            let (fraction, turnsUp) = cubicFraction(from: trial, to: best)
            let secant = trial.step - trial.slope / (trial.slope - best.slope) * distance
            let farthest = isClosed ? other.step : farthestOutward(from: trial, limit: limit)
            let cubic = fraction < 0 && turnsUp ? trial.step - fraction * distance : farthest
            if isClosed {
                next = abs(cubic - trial.step) < abs(secant - trial.step) ? cubic : secant
                let guarded = trial.step + 0.66 * (other.step - trial.step)
                next = distance > 0 ? min(guarded, next) : max(guarded, next)
            } else {
                next = abs(cubic - trial.step) > abs(secant - trial.step) ? cubic : secant
                next = min(max(next, trial.step + 1.1 * distance), farthest)
            }
        } else if isClosed {
            // Lower and no flatter, with a far end known.
            next = trial.step + cubicFraction(from: trial, to: other).fraction * (other.step - trial.step)
        } else {
            next = farthestOutward(from: trial, limit: limit)
        }
        if trial.value > best.value {
            other = trial
        } else {
            if turned { other = best }
            best = trial
        }
        return next
    }

    /// Four times the last advance beyond the trial, as far as that is allowed.
    private func farthestOutward(from trial: LinePoint, limit: Double) -> Double {
        min(trial.step + 4 * (trial.step - best.step), limit)
    }
}

/// The minimum of the cubic through two points with their slopes.
///
/// - Returns: Its place as a fraction of the way from `base` to `end`, and whether the cubic has a minimum at
///   all.
func cubicFraction(from base: LinePoint, to end: LinePoint) -> (fraction: Double, hasMinimum: Bool) {
    let distance = end.step - base.step
    let theta = 3 * (base.value - end.value) / distance + base.slope + end.slope
    // Scaled, so that squares of very large and very small slopes stay numbers.
    let scale = max(abs(theta), abs(base.slope), abs(end.slope))
    let radicand = (theta / scale) * (theta / scale) - (base.slope / scale) * (end.slope / scale)
    var gamma = scale * max(0, radicand).squareRoot()
    if distance < 0 { gamma = -gamma }
    let fraction = ((gamma - base.slope) + theta) / (((gamma - base.slope) + gamma) + end.slope)
    return (fraction, radicand > 0)
}
