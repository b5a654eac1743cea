import Descent

/// What a model says of examples, to be written in several ways.
protocol Predictions {
    /// The number of examples.
    var count: Int { get }
    /// A row for each example.
    var table: TextTable { get }
    /// A header, and a record for each example.
    var csv: String { get }
    /// An array with an object for each example.
    var json: String { get }
}
