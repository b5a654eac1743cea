/// Lowers the learning rate when a loss has stopped falling.
///
/// What has been seen so far is a value of its own, `State`, so this too can be saved and goes on as if nothing had
/// happened. A loss counts as better if it is below best · (1 − threshold) (for a loss below zero, below
/// best · (1 + threshold)); after `patience` + 1 losses in a row that are not, the factor is applied.
///
/// `torch.optim.lr_scheduler.ReduceLROnPlateau`, in its relative mode for losses of zero or more.
public struct ReduceOnPlateau: Codable, Equatable, Sendable {
    /// What the rate is multiplied by.
    public var factor: Double

    /// How many losses that are no better are let pass.
    public var patience: Int

    /// How much better a loss has to be, as a share of the best.
    public var threshold: Double

    /// How many losses after a reduction are not counted.
    public var cooldown: Int

    /// The smallest product of factors.
    public var smallestMultiplier: Double

    /// Reduction on a plateau, with PyTorch's defaults.
    public init(
        factor: Double = 0.1, patience: Int = 10, threshold: Double = 1e-4, cooldown: Int = 0,
        smallestMultiplier: Double = 0
    ) {
        precondition(factor > 0 && factor < 1, "ReduceOnPlateau: a factor of \(factor) is not within 0 and 1")
        precondition(
            patience >= 0 && cooldown >= 0,
            "ReduceOnPlateau: a patience of \(patience) and a cooldown of \(cooldown)")
        requireNotNegative(threshold, "threshold", of: Self.self)
        self.factor = factor
        self.patience = patience
        self.threshold = threshold
        self.cooldown = cooldown
        self.smallestMultiplier = smallestMultiplier
    }

    /// What has been seen.
    public struct State: Codable, Equatable, Sendable {
        /// The best loss so far.
        public var best: Double?
        /// How many losses since have been no better.
        public var worse = 0
        /// How many losses more are not counted.
        public var cooldown = 0
        /// The product of the factors applied.
        public var multiplier = 1.0

        /// Nothing seen yet.
        public init() {}
    }

    /// Takes in a loss; afterwards `state.multiplier` is what the rate is to be multiplied by.
    ///
    /// A loss that is NaN is no better.
    public func observe(_ loss: Double, _ state: inout State) {
        if isBetter(loss, than: state.best) {
            state.best = loss
            state.worse = 0
        } else {
            state.worse += 1
        }
        if state.cooldown > 0 {
            state.cooldown -= 1
            state.worse = 0
        }
        if state.worse > patience {
            state.multiplier = max(state.multiplier * factor, smallestMultiplier)
            state.cooldown = cooldown
            state.worse = 0
        }
    }

    private func isBetter(_ loss: Double, than best: Double?) -> Bool {
        guard let best else { return !loss.isNaN }
        return loss < best - threshold * abs(best)
    }
}
