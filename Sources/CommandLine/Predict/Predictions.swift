import Descent

/// What a model says of examples, to be written in several ways.
protocol Predictions {
    /// The number of examples.
    var count: Int { get }
    /// Where the examples stand in the file, counted from 0; `nil` where none of its rows was left out.
    var rows: [Int]? { get }
    /// A row for each example.
    var table: TextTable { get }
    /// A header, and a record for each example.
    var csv: String { get }
    /// An array with an object for each example.
    var json: String { get }
}

extension Predictions {
    /// The number of an example's row in the file, counted from 1.
    func number(_ example: Int) -> Int { (rows?[example] ?? example) + 1 }
}
