import DescentDatasets
import DescentLinearAlgebra

/// The examples of an objective, ready to be brought into a scratch: scaled, with targets and weights.
struct NetworkExamples<Scalar: MatrixScalar>: Sendable {
    private let dataset: Dataset
    private let scaler: Scaler
    private let outputs: Int

    /// Scaled, examples × outputs; `nil` where targets are the classes'.
    private let targets: [Scalar]?
    private let needsTargets: Bool

    /// Σ wᵢ over all examples.
    let totalWeight: Double

    /// The examples of one pass.
    enum Selection: @unchecked Sendable {
        case all(Int)
        case indices(UnsafeBufferPointer<Int32>)

        var count: Int {
            switch self {
            case .all(let count): count
            case .indices(let indices): indices.count
            }
        }

        /// How many pieces sums are split into: a matter of their length alone.
        var pieceCount: Int { min(PartialSums<Scalar>.pieceLimit, (count + 511) / 512) }

        func piece(_ index: Int) -> Range<Int> {
            count * index / pieceCount..<count * (index + 1) / pieceCount
        }
    }

    init(_ dataset: Dataset, scaler: Scaler, targetScaler: Scaler?, loss: NetworkLoss, outputs: Int) {
        self.dataset = dataset
        self.scaler = scaler
        self.outputs = outputs
        needsTargets = !loss.goesByLabel
        totalWeight = dataset.weights?.reduce(0, +) ?? Double(dataset.count)
        if let given = dataset.targets {
            precondition(!loss.goesByLabel, "the loss \(loss) needs examples with classes, not targets")
            precondition(
                given.columns == outputs, "a network of \(outputs) outputs for \(given.columns) targets")
            targets = given.withUnsafeElements { values in
                values.indices.map { index in
                    let column = index % outputs
                    guard let targetScaler else { return Scalar(values[index]) }
                    return Scalar(
                        (values[index] - targetScaler.shift[column]) * targetScaler.factor[column])
                }
            }
        } else {
            precondition(dataset.isLabelled, "examples without classes or targets have no loss")
            let oneForTwo = outputs == 1 && dataset.classCount == 2 && !loss.goesByLabel
            precondition(
                outputs == dataset.classCount || oneForTwo,
                "a network of \(outputs) outputs for \(dataset.classCount) classes")
            precondition(
                outputs > 1 || loss != .hinge(.crammerSinger), "a margin between classes needs two of them")
            precondition(targetScaler == nil, "a scaler of targets for examples with classes")
            targets = nil
        }
    }

    /// Whether examples count by weights.
    var hasWeights: Bool { dataset.weights != nil }

    /// Whether examples have classes.
    var hasLabels: Bool { dataset.targets == nil }

    /// Σ wᵢ over the examples of a pass.
    func weight(of selection: Selection) -> Double {
        guard let weights = dataset.weights else { return Double(selection.count) }
        switch selection {
        case .all: return totalWeight
        case .indices(let indices):
            return weights.withUnsafeBufferPointer { weights in
                var sum = 0.0
                for index in indices { sum += weights[Int(index)] }
                return sum
            }
        }
    }

    /// Brings the features of a stretch of a pass, scaled, into rows one after the other.
    func loadFeatures(
        _ selection: Selection, _ stretch: Range<Int>, _ rows: UnsafeMutablePointer<Scalar>
    ) {
        switch selection {
        case .all: dataset.gather(stretch, scaler: scaler, into: rows, stride: dataset.featureCount)
        case .indices(let all):
            dataset.gather(
                UnsafeBufferPointer(rebasing: all[stretch]), scaler: scaler, into: rows,
                stride: dataset.featureCount)
        }
    }

    /// Brings some features, scaled, of all examples of a pass into rows.
    func loadFeatures(
        _ selection: Selection, columns: Range<Int>, _ rows: UnsafeMutablePointer<Scalar>, stride: Int
    ) {
        switch selection {
        case .all(let count):
            dataset.gather(0..<count, columns: columns, scaler: scaler, into: rows, stride: stride)
        case .indices(let all):
            dataset.gather(all, columns: columns, scaler: scaler, into: rows, stride: stride)
        }
    }

    /// Marks the features that are not the same in all examples of a pass; false if that cannot be told cheaply.
    func findDifferences(
        _ selection: Selection, columns: Range<Int>, into differences: UnsafeMutablePointer<UInt8>
    ) -> Bool {
        guard case .indices(let all) = selection else { return false }
        return dataset.findDifferences(among: all, columns: columns, into: differences)
    }

    /// Brings features, scaled, labels or targets, and weights of a stretch of a pass into rows of a scratch.
    func load(
        _ selection: Selection, _ stretch: Range<Int>, into scratch: NetworkScratch<Scalar>, at start: Int
    ) {
        loadFeatures(selection, stretch, scratch.buffers[0] + start * dataset.featureCount)
        loadAnswers(selection, stretch, into: scratch, at: start)
    }

    /// Brings labels or targets, and weights of a stretch of a pass into rows of a scratch.
    func loadAnswers(
        _ selection: Selection, _ stretch: Range<Int>, into scratch: NetworkScratch<Scalar>, at start: Int
    ) {
        let labels = scratch.labels + start
        if hasLabels {
            switch selection {
            case .all:
                dataset.labels.withUnsafeBufferPointer {
                    labels.update(from: $0.baseAddress! + stretch.lowerBound, count: stretch.count)
                }
            case .indices(let all):
                dataset.gatherLabels(UnsafeBufferPointer(rebasing: all[stretch]), into: labels)
            }
        }
        if needsTargets { loadTargets(selection, stretch, labels, scratch.targets + start * outputs) }
        if let weights = dataset.weights {
            for (row, position) in stretch.enumerated() {
                scratch.weights[start + row] = Scalar(weights[example(selection, position)])
            }
        }
    }

    private func loadTargets(
        _ selection: Selection, _ stretch: Range<Int>, _ labels: UnsafePointer<Int32>,
        _ target: UnsafeMutablePointer<Scalar>
    ) {
        if let targets {
            targets.withUnsafeBufferPointer { source in
                for (row, position) in stretch.enumerated() {
                    (target + row * outputs).update(
                        from: source.baseAddress! + example(selection, position) * outputs, count: outputs)
                }
            }
        } else if outputs == 1 {
            for row in 0..<stretch.count { target[row] = Scalar(labels[row]) }
        } else {
            target.update(repeating: 0, count: stretch.count * outputs)
            for row in 0..<stretch.count { target[row * outputs + Int(labels[row])] = 1 }
        }
    }

    @inline(__always)
    private func example(_ selection: Selection, _ position: Int) -> Int {
        switch selection {
        case .all: position
        case .indices(let indices): Int(indices[position])
        }
    }
}
