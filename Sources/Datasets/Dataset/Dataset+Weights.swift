extension Dataset {
    /// The same examples, counting by the given weights.
    ///
    /// An example of weight 2 counts as one that stands twice, one of weight 0 not at all; means over examples are
    /// divided by the sum of the weights, so that a common factor of all weights changes nothing.
    ///
    /// - Parameter weights: One finite number an example, none of them negative and at least one positive; they take the
    ///   place of weights that the data set had.
    /// - Throws: `DatasetError` for other weights.
    public func weighted(by weights: [Double]) throws(DatasetError) -> Dataset {
        guard weights.count == count else {
            throw DatasetError(source, .weightCount(weights.count, examples: count))
        }
        if let row = weights.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
            throw DatasetError(source, .weightNotUsable(row: row, value: "\(weights[row])"))
        }
        guard weights.contains(where: { $0 > 0 }) else { throw DatasetError(source, .noWeight) }
        var result = self
        result.weights = weights
        return result
    }

    /// The same examples, each counting once.
    package var unweighted: Dataset {
        var result = self
        result.weights = nil
        return result
    }
}
