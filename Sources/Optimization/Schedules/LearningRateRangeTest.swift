import DescentLinearAlgebra
import RealModule

/// What became of the loss while the learning rate was raised from update to update.
///
/// Smith, *Cyclical Learning Rates for Training Neural Networks*, WACV 2017.
public struct LearningRateRangeTest: Codable, Equatable, Sendable {
    /// The rates tried, in geometric progression.
    public var learningRates: [Double]

    /// The loss on the batch that each rate's update was computed from.
    public var losses: [Double]

    /// A running average of the losses, corrected for its start.
    public var smoothedLosses: [Double]

    /// Whether the test ended before its last rate because the loss was no longer finite or four times the best.
    public var diverged: Bool

    /// The rate at which the smoothed loss fell fastest against the logarithm of the rate.
    ///
    /// A first guess: on a noisy loss it is noisy too, so look at the curve. `nil` if the loss never fell.
    public var steepest: Double? {
        var best: (slope: Double, rate: Double)?
        for i in 1..<max(1, smoothedLosses.count - 1) {
            let slope = smoothedLosses[i + 1] - smoothedLosses[i - 1]
            if slope < best?.slope ?? 0 { best = (slope, learningRates[i]) }
        }
        return best?.rate
    }
}

extension TrainingLoop {
    /// Tries ever higher learning rates on a copy of this loop, which itself stays as it is.
    ///
    /// - Parameters:
    ///   - range: The first and the last rate.
    ///   - updates: The number of rates, one update each; at least 2.
    ///   - smoothing: The decay of the running average of losses, in 0..<1.
    public func learningRateRangeTest(
        in range: ClosedRange<Double> = 1e-7...10, updates: Int = 100, smoothing: Double = 0.9
    ) -> LearningRateRangeTest {
        precondition(
            range.lowerBound > 0 && updates >= 2,
            "a test of \(updates) learning rates in \(range): at least 2, all positive, are needed")
        requireFraction(smoothing, "the smoothing", of: LearningRateRangeTest.self)
        var result = LearningRateRangeTest(
            learningRates: [], losses: [], smoothedLosses: [], diverged: false)
        var loop = self
        loop.learningRateSchedule = nil
        loop.plateau = nil
        loop.earlyStopping = nil
        let growth = Double.log(range.upperBound / range.lowerBound) / Double(updates - 1)
        var average = 0.0, best = Double.infinity
        for index in 0..<updates {
            let rate = range.lowerBound * Double.exp(growth * Double(index))
            loop.rule.learningRate = rate
            guard (try? loop.run(for: .updates(1))) != nil, let loss = loop.history.last?.runningLoss else {
                result.diverged = true
                break
            }
            average = smoothing * average + (1 - smoothing) * loss
            let smoothed = average / (1 - Double.pow(smoothing, index + 1))
            result.learningRates.append(rate)
            result.losses.append(loss)
            result.smoothedLosses.append(smoothed)
            best = min(best, smoothed)
            if smoothed > 4 * best, best > 0 {
                result.diverged = true
                break
            }
        }
        return result
    }
}
