/// What a comparison tells of its progress.
public enum ComparisonEvent: Sendable {
    /// One training run of a comparison.
    public struct Run: Sendable, Equatable {
        /// The method's place in the comparison.
        public var method: Int
        /// Its learning rate.
        public var learningRate: Double
        /// The measured run's number, from 0; `nil` while the learning rate is being chosen.
        public var replicate: Int?

        /// A run.
        public init(method: Int, learningRate: Double, replicate: Int? = nil) {
            self.method = method
            self.learningRate = learningRate
            self.replicate = replicate
        }
    }

    /// These runs will try learning rates; more follow where a grid is widened.
    case willTune([Run])
    /// A run has done this share of its epochs.
    case advanced(Run, fraction: Double)
    /// A run is over, after so many seconds, evaluations included.
    case finished(Run, OptimizerComparisonResult.Outcome, seconds: Double)
    /// A method's learning rate has been chosen; `nil` if every one tried diverged.
    case chose(method: Int, learningRate: Double?, widening: OptimizerComparisonResult.Widening?)
}
