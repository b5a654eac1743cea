import DescentLinearAlgebra

extension Dataset {
    /// What the data are and a checksum over them: features, classes or targets, and weights.
    ///
    /// Two sets of one digest are the same, but for one chance in four thousand million; names and sources of the data
    /// have no part in it.
    package var digest: String {
        var sum = CRC32()
        sum.add(features)
        labels.withUnsafeBytes { sum.add($0) }
        for name in classNames { sum.add(name) }
        targets?.withUnsafeElements { sum.add(UnsafeRawBufferPointer($0)) }
        weights?.withUnsafeBytes { sum.add($0) }
        return "\(count) × \(featureCount), checksum \(sum.text)"
    }
}
