import DescentDatasets

extension Dataset {
    /// The same examples, the weight of each multiplied by that of its class.
    ///
    /// - Precondition: the examples have classes; names are those of classes; weights are finite and not negative, and
    ///   some example keeps a positive one.
    func weighted(by classWeights: ClassWeights) -> Dataset {
        let factors: [Double]
        switch classWeights {
        case .none: return self
        case .balanced:
            let totals = classTotals
            let present = totals.filter { $0 > 0 }
            let sum = present.reduce(0, +)
            factors = totals.map { $0 > 0 ? sum / (Double(present.count) * $0) : 0 }
        case .custom(let named):
            for name in named.keys {
                precondition(classNames.contains(name), "no class \"\(name)\" among \(classNames)")
            }
            factors = classNames.map { named[$0] ?? 1 }
        }
        precondition(isLabelled, "weights of classes for examples without classes")
        let products = labels.indices.map { (weights?[$0] ?? 1) * factors[Int(labels[$0])] }
        do {
            return try weighted(by: products)
        } catch {
            preconditionFailure("\(error)")
        }
    }

    /// Σ wᵢ of each class.
    private var classTotals: [Double] {
        var totals = [Double](repeating: 0, count: classCount)
        for (index, label) in labels.enumerated() { totals[Int(label)] += weights?[index] ?? 1 }
        return totals
    }
}
