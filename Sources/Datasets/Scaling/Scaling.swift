/// How features are to be brought to one scale; `Scaler` is what comes of it on a training set.
///
/// Gradient methods want features of similar magnitude: the curvature of the loss along a weight grows with the square
/// of its feature.
public indirect enum Scaling: Codable, Equatable, Sendable {
    /// Features are taken as they are.
    case none

    /// Each feature to mean 0 and standard deviation 1 on the training set (population variance, ddof = 0).
    ///
    /// A feature that is constant on the training set up to rounding becomes 0 everywhere. One that is *nearly*
    /// constant, such as a pixel that is lit in one training image of a thousand, is kept, has a small standard
    /// deviation, and can then be many standard deviations away in new data: 290 have been seen on the 1,797 digits.
    /// `clipped(_:limit:)` bounds that.
    case standardize

    /// Each feature to 0…1: the data set's nominal range where it has one, and otherwise the feature's own minimum and
    /// maximum on the training set.
    ///
    /// New data outside that range come out below 0 or above 1.
    case range

    /// Each feature to −1…1: as `range`, and then doubled and moved down by 1.
    ///
    /// Pixels come out as PyTorch's examples have them, with `Normalize(0.5, 0.5)`.
    case symmetricRange

    /// `range` for a data set with a nominal range, such as pictures, and `standardize` for others.
    case automatic

    /// As another scaling, and then everything beyond ±`limit` set to ±`limit`.
    ///
    /// For standardized features a limit of 5 to 10 leaves ordinary values alone.
    case clipped(Scaling, limit: Double)
}
