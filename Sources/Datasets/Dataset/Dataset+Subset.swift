import DescentLinearAlgebra

extension Dataset {
    /// A data set of some of the examples, copied, in the order of the indices.
    ///
    /// - Parameter indices: Rows of this data set, at least one; an index that stands twice gives two examples.
    public func subset(_ indices: [Int32]) -> Dataset {
        precondition(!indices.isEmpty, "a data set has at least one example")
        let rowBytes = featureCount * features.elementType.size
        let storage = features.withUnsafeBytes { source in
            ByteStorage.allocate(count: indices.count * rowBytes) { target in
                for (row, index) in indices.enumerated() {
                    checkIndex(index)
                    (target.baseAddress! + row * rowBytes).copyMemory(
                        from: source.baseAddress! + Int(index) * rowBytes, byteCount: rowBytes)
                }
            }
        }
        guard let storage else { preconditionFailure("no memory for \(indices.count) examples") }
        return Dataset(
            storable: NumericArray(
                storage: storage, shape: [indices.count, featureCount], elementType: features.elementType),
            exampleShape: exampleShape, labels: isLabelled ? indices.map { labels[Int($0)] } : [],
            classNames: classNames, targets: targets.map { $0.rows(indices) }, targetNames: targetNames,
            weights: weights.map { weights in indices.map { weights[Int($0)] } },
            nominalRange: nominalRange, name: name, source: source, sha256: sha256)
    }

    /// The first examples, at most `maximum` of them; the features are shared, not copied.
    public func prefix(_ maximum: Int) -> Dataset {
        precondition(maximum >= 1, "a data set has at least one example, not \(maximum)")
        guard maximum < count else { return self }
        return Dataset(
            storable: NumericArray(
                storage: features.storage, offset: features.offset, shape: [maximum, featureCount],
                elementType: features.elementType),
            exampleShape: exampleShape, labels: Array(labels.prefix(maximum)), classNames: classNames,
            targets: targets.map { Matrix($0[rows: 0..<maximum]) }, targetNames: targetNames,
            weights: weights.map { Array($0.prefix(maximum)) },
            nominalRange: nominalRange, name: name, source: source, sha256: sha256)
    }

    /// Stops the program for an index that is no row.
    @inline(__always)
    func checkIndex(_ index: Int32) {
        precondition(
            index >= 0 && Int(index) < count, "example \(index) of a data set of \(count) examples")
    }
}

extension Matrix<Double> {
    /// Some of the rows, in the order of the indices.
    fileprivate func rows(_ indices: [Int32]) -> Matrix {
        Matrix(
            rows: indices.count, columns: columns, elements: indices.flatMap { row(Int($0)) })
    }
}
