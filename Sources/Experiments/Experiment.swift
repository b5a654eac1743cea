import ArgumentParser

/// A question about learning, answered by a run: with a picture, a table and a conclusion.
///
/// A conforming type holds its options, each a figure of the experiment, and is a short program over `import Descent`.
/// Writing, drawing and documenting are not its business.
package protocol Experiment: ParsableArguments, Sendable {
    /// What it is called in commands and file names: words joined by hyphens.
    static var name: String { get }

    /// What it shows, in a line.
    static var summary: String { get }

    /// Runs the experiment.
    ///
    /// The same options give the same report, apart from what is measured in seconds.
    ///
    /// - Parameter progress: Told how far it is.
    /// - Throws: What the data or the run brought about.
    func report(_ progress: ExperimentProgress) throws -> ExperimentReport
}

/// How far an experiment is.
package struct ExperimentProgress: Sendable {
    private let show: @Sendable (_ fraction: Double, _ what: String) -> Void

    /// A progress that tells `show` the share of the work that is done, from 0 to 1, and what is being done.
    package init(_ show: @escaping @Sendable (_ fraction: Double, _ what: String) -> Void = { _, _ in }) {
        self.show = show
    }

    /// Tells that so much of the work is done.
    package func callAsFunction(_ fraction: Double, _ what: String) { show(fraction, what) }
}
