import RealModule

/// A number that changes as training goes on: a learning rate, a momentum, a batch size.
///
/// A schedule is a pure function of progress, so a run that was stopped goes on with no memory of its own, and the value
/// at any moment can be asked for, or drawn. Lengths say their unit: `.updates(1000)`, `.epochs(30)`, `.samples(n)`.
///
///     let rate = Schedule.cosine(from: 0.1, to: 0, over: .epochs(85)).warmingUp(over: .epochs(5))
///     rate.value(at: TrainingProgress(updates: 0, epochs: 0, samples: 0))    // 0
///
/// In what follows t is the progress in the unit of the length T that is given, η₀ the value at `from`.
public struct Schedule: Codable, Equatable, Sendable {
    var shape: Shape

    indirect enum Shape: Codable, Equatable, Sendable {
        case constant(Double)
        case steps(from: Double, every: TrainingLength, factor: Double)
        case multistep(from: Double, at: [TrainingLength], factor: Double)
        case exponential(from: Double, every: TrainingLength, factor: Double)
        case inverseTime(from: Double, per: TrainingLength, power: Double)
        case polynomial(from: Double, to: Double, over: TrainingLength, power: Double)
        case cosine(from: Double, to: Double, over: TrainingLength)
        case cosineRestarts(from: Double, to: Double, every: TrainingLength, growth: Double)
        case oneCycle(from: Double, peak: Double, to: Double, over: TrainingLength, rise: Double)
        case growingMomentum(limit: Double, every: TrainingLength)
        case warmUp(Shape, over: TrainingLength, from: Double, delaying: Bool)
        case scaled(Shape, by: Double)
        case clamped(Shape, lower: Double, upper: Double)
    }

    /// The value at a point of a run.
    public func value(at progress: TrainingProgress) -> Double { shape.value(at: progress) }
}

extension Schedule {
    /// The same value throughout.
    public static func constant(_ value: Double) -> Schedule { Schedule(shape: .constant(value)) }

    /// η₀ γ^⌊t/T⌋: another factor γ after every T.
    ///
    /// With `.epochs(1)` the exponential decay by the epoch; `torch.optim.lr_scheduler.StepLR` and `ExponentialLR`. With
    /// a factor above 1 a batch size that grows.
    public static func steps(from value: Double, every length: TrainingLength, factor: Double) -> Schedule {
        require(length)
        return Schedule(shape: .steps(from: value, every: length, factor: factor))
    }

    /// η₀ γⁿ, n being how many of the given moments have come; `MultiStepLR`.
    public static func multistep(from value: Double, at moments: [TrainingLength], factor: Double) -> Schedule
    {
        moments.forEach { require($0) }
        return Schedule(shape: .multistep(from: value, at: moments, factor: factor))
    }

    /// η₀ γ^(t/T), without steps.
    public static func exponential(from value: Double, every length: TrainingLength, factor: Double)
        -> Schedule
    {
        require(length)
        return Schedule(shape: .exponential(from: value, every: length, factor: factor))
    }

    /// η₀ / (1 + t/T)ᵖ: Robbins and Monro's 1/t for p = 1, halved after T; 1/√t for p = ½.
    public static func inverseTime(from value: Double, per length: TrainingLength, power: Double = 1)
        -> Schedule
    {
        require(length)
        return Schedule(shape: .inverseTime(from: value, per: length, power: power))
    }

    /// η₁ + (η₀ − η₁)(1 − t/T)ᵖ until T, then η₁; `PolynomialLR`.
    public static func polynomial(
        from value: Double, to end: Double = 0, over length: TrainingLength, power: Double
    ) -> Schedule {
        require(length)
        return Schedule(shape: .polynomial(from: value, to: end, over: length, power: power))
    }

    /// A straight line from η₀ to η₁ until T, then η₁; `LinearLR`.
    public static func linear(from value: Double, to end: Double = 0, over length: TrainingLength) -> Schedule
    {
        polynomial(from: value, to: end, over: length, power: 1)
    }

    /// η₁ + ½(η₀ − η₁)(1 + cos πt/T) until T, then η₁; `CosineAnnealingLR`.
    ///
    /// Loshchilov and Hutter, *SGDR: Stochastic Gradient Descent with Warm Restarts*, ICLR 2017.
    public static func cosine(from value: Double, to end: Double = 0, over length: TrainingLength) -> Schedule
    {
        require(length)
        return Schedule(shape: .cosine(from: value, to: end, over: length))
    }

    /// The cosine again and again, each time over a length that is `growth` times the one before;
    /// `CosineAnnealingWarmRestarts`.
    public static func cosineRestarts(
        from value: Double, to end: Double = 0, every length: TrainingLength, growth: Double = 1
    ) -> Schedule {
        require(length)
        precondition(growth >= 1, "a schedule whose cycles grow by \(growth), which is below 1")
        return Schedule(shape: .cosineRestarts(from: value, to: end, every: length, growth: growth))
    }

    /// From a start to a peak and down again to an end, in two half cosines; `OneCycleLR`.
    ///
    /// - Parameters:
    ///   - peak: The value after the share `rise` of the length.
    ///   - length: The whole length, T; the end's value stays afterwards.
    ///   - start: The value at the start; a 25th of the peak if `nil`.
    ///   - end: The value at the end; a 10,000th of the start if `nil`.
    ///   - rise: The share of T before the peak, above 0 and below 1.
    ///
    /// Momentum goes the other way: `oneCycle(peak: 0.85, over: length, from: 0.95, to: 0.95)`.
    ///
    /// Smith and Topin, *Super-Convergence: Very Fast Training of Neural Networks Using Large Learning Rates*, 2018.
    public static func oneCycle(
        peak: Double, over length: TrainingLength, from start: Double? = nil, to end: Double? = nil,
        rise: Double = 0.3
    ) -> Schedule {
        require(length)
        precondition(rise > 0 && rise < 1, "a schedule whose peak is at \(rise) of its length")
        let start = start ?? peak / 25
        return Schedule(
            shape: .oneCycle(from: start, peak: peak, to: end ?? start / 10_000, over: length, rise: rise))
    }

    /// min(μmax, 1 − ½ / (⌊t/T⌋ + 1)): a momentum that grows from ½ towards a limit.
    ///
    /// Sutskever, Martens, Dahl and Hinton, ICML 2013, with T of 250 updates and limits from 0.9 to 0.999.
    public static func growingMomentum(limit: Double, every length: TrainingLength = .updates(250))
        -> Schedule
    {
        require(length)
        return Schedule(shape: .growingMomentum(limit: limit, every: length))
    }

    /// The linear scaling rule: a rate in proportion to the batch size, reached gradually from the small batch's rate.
    ///
    /// - Parameters:
    ///   - baseRate: The rate that is right for `baseBatchSize`.
    ///   - baseBatchSize: The batch size that it is right for.
    ///   - batchSize: The batch size in use.
    ///   - warmUp: How long the rise from `baseRate` takes.
    ///
    /// Goyal et al., *Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour*, arXiv:1706.02677, 2017.
    public static func linearScaling(
        baseRate: Double, baseBatchSize: Int, batchSize: Int, warmUp: TrainingLength = .epochs(5)
    ) -> Schedule {
        precondition(
            baseBatchSize >= 1 && batchSize >= 1,
            "the linear scaling rule for batches of \(baseBatchSize) and \(batchSize) examples")
        let factor = Double(batchSize) / Double(baseBatchSize)
        return constant(baseRate * factor).warmingUp(over: warmUp, from: 1 / factor)
    }

    /// This schedule behind a linear warm-up.
    ///
    /// - Parameters:
    ///   - length: The length of the warm-up.
    ///   - share: Where it begins, as a share of what it leads to.
    ///   - delaying: Whether this schedule's own time begins when the warm-up ends. If not, it begins at once, and the
    ///     warm-up multiplies it: epoch 30 stays epoch 30.
    ///
    /// Where the warm-up is in one unit and this schedule in another, a delay is carried over in proportion, which is
    /// exact while batches have one size.
    public func warmingUp(over length: TrainingLength, from share: Double = 0, delaying: Bool = true)
        -> Schedule
    {
        Self.require(length)
        return Schedule(shape: .warmUp(shape, over: length, from: share, delaying: delaying))
    }

    /// This schedule times a factor.
    public func scaled(by factor: Double) -> Schedule { Schedule(shape: .scaled(shape, by: factor)) }

    /// This schedule confined to a range.
    public func clamped(to range: ClosedRange<Double>) -> Schedule {
        Schedule(shape: .clamped(shape, lower: range.lowerBound, upper: range.upperBound))
    }

    private static func require(_ length: TrainingLength) {
        precondition(length.amount > 0, "a schedule over \(length): a length must be positive")
    }
}

extension Schedule.Shape {
    func value(at progress: TrainingProgress) -> Double {
        switch self {
        case .constant(let value):
            return value
        case .steps(let start, let length, let factor):
            return start * Double.pow(factor, length.fraction(of: progress).rounded(.down))
        case .multistep(let start, let moments, let factor):
            return moments.reduce(start) { $1.fraction(of: progress) >= 1 ? $0 * factor : $0 }
        case .exponential(let start, let length, let factor):
            return start * Double.pow(factor, length.fraction(of: progress))
        case .inverseTime(let start, let length, let power):
            return start / Double.pow(1 + length.fraction(of: progress), power)
        case .polynomial(let start, let end, let length, let power):
            let rest = max(0, 1 - length.fraction(of: progress))
            return end + (start - end) * Double.pow(rest, power)
        case .cosine(let start, let end, let length):
            return Self.cosine(from: start, to: end, at: length.fraction(of: progress))
        case .cosineRestarts(let start, let end, let length, let growth):
            var (place, cycle) = (length.fraction(of: progress), 1.0)
            if growth == 1 {
                place -= place.rounded(.down)
            } else {
                while place >= cycle {
                    place -= cycle
                    cycle *= growth
                }
            }
            return Self.cosine(from: start, to: end, at: place / cycle)
        case .oneCycle(let start, let peak, let end, let length, let rise):
            let place = length.fraction(of: progress)
            return place < rise
                ? Self.cosine(from: start, to: peak, at: place / rise)
                : Self.cosine(from: peak, to: end, at: (place - rise) / (1 - rise))
        case .growingMomentum(let limit, let length):
            return min(limit, 1 - 0.5 / (length.fraction(of: progress).rounded(.down) + 1))
        case .warmUp(let shape, let length, let share, let delaying):
            let place = length.fraction(of: progress)
            if place >= 1 {
                return shape.value(at: delaying ? length.progress(after: progress) ?? progress : progress)
            }
            let start = TrainingProgress(updates: 0, epochs: 0, samples: 0)
            return (share + (1 - share) * place) * shape.value(at: delaying ? start : progress)
        case .scaled(let shape, let factor):
            return factor * shape.value(at: progress)
        case .clamped(let shape, let lower, let upper):
            return min(max(shape.value(at: progress), lower), upper)
        }
    }

    /// From one value to another in half a cosine, `place` running from 0 to 1 and standing still beyond.
    private static func cosine(from start: Double, to end: Double, at place: Double) -> Double {
        guard place < 1 else { return end }
        return end + (start - end) * (1 + Double.cos(.pi * place)) / 2
    }
}
