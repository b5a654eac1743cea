/// Which jump of a seed's generator serves what, so that no two uses share random numbers.
///
/// The numbers are part of what a seed means and never change.
package enum RandomStream {
    /// Initial parameters.
    package static let parameters = 0
    /// The order of the examples.
    package static let shuffles = 1
    /// The split into training and validation sets.
    package static let splits = 2
    /// Noise on gradients.
    package static let noise = 3
    /// The seeds of a comparison's runs.
    package static let replicates = 4
    /// What dropout drops.
    package static let dropout = 8
    /// Examples drawn again for intervals.
    package static let resamples = 10
    /// The folds of a cross-validation.
    package static let folds = 11
    /// The trials of a random search.
    package static let search = 12
}
