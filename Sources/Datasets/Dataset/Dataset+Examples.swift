import DescentLinearAlgebra

extension Dataset {
    /// The features of one example, as they are in the data.
    ///
    /// - Parameter row: Below `count`.
    public func example(_ row: Int) -> [Double] {
        precondition(row >= 0 && row < count, "example \(row) of a data set of \(count) examples")
        return [Double](unsafeUninitializedCapacity: featureCount) { target, written in
            gather(row..<row + 1, scaler: nil, into: target.baseAddress!, stride: featureCount)
            written = featureCount
        }
    }

    /// The examples of a class, in their order, to be handed to `subset(_:)`.
    ///
    /// - Parameter name: One of `classNames`; of another there are none.
    public func examples(ofClass name: String) -> [Int32] {
        guard let label = classNames.firstIndex(of: name) else { return [] }
        return labels.indices.filter { Int(labels[$0]) == label }.map { Int32($0) }
    }

    /// The same examples with scaled features: for looking at them, and for models that scale nothing themselves.
    ///
    /// Models that are given the data as they are carry their scaler, and are the safer way: nothing here keeps a test
    /// set from being scaled by a scaler that was fitted on itself.
    ///
    /// - Parameter scaler: Fitted on the training set; one shift and factor a feature.
    /// - Returns: A data set of Double without a nominal range, otherwise the same.
    public func scaled(by scaler: Scaler) -> Dataset {
        let scaled: Matrix<Double> = matrix(scaledBy: scaler)
        return Dataset(
            storable: Self.array(scaled), exampleShape: exampleShape, labels: labels, classNames: classNames,
            targets: targets, targetNames: targetNames, weights: weights, nominalRange: nil, name: name,
            source: source, sha256: nil)
    }
}
