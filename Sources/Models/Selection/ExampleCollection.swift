import DescentDatasets

/// Examples that can be split into parts: what cross-validation asks of data.
///
/// `Dataset` is one; a table of features with numbers as targets becomes one by these three members.
public protocol ExampleCollection: Sendable {
    /// The number of examples.
    var count: Int { get }

    /// The group that each example is to be kept in proportion by, such as its class; `nil` where there is none.
    var strata: [Int32]? { get }

    /// Some of the examples, in the order of the indices.
    func subset(_ indices: [Int32]) -> Self
}

extension Dataset: ExampleCollection {
    /// The classes of the examples.
    public var strata: [Int32]? { labels }
}
