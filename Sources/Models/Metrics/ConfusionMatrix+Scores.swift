// The scores that follow from counts alone. With the sums of a class's row tᵢ (its examples), of its column pᵢ (taken
// for it), and the count cᵢ on the diagonal (rightly so): precision cᵢ/pᵢ, recall cᵢ/tᵢ.

extension ConfusionMatrix {
    /// The share of the examples that were classified rightly.
    public var accuracy: Double { correct / total }

    /// The mean recall of the classes that have examples: the accuracy if all of them had equally many.
    ///
    /// K. H. Brodersen et al., *The Balanced Accuracy and Its Posterior Distribution*, ICPR 2010.
    public var balancedAccuracy: Double {
        let recalls = classNames.indices.compactMap(recall(ofClass:))
        return recalls.reduce(0, +) / Double(recalls.count)
    }

    /// Of the examples taken for a class, the share that is of it; `nil` where none was.
    public func precision(ofClass index: Int) -> Double? {
        share(counts[index][index], predictedCount(ofClass: index))
    }

    /// Of the examples of a class, the share that was taken for it; `nil` where there is none.
    public func recall(ofClass index: Int) -> Double? {
        share(counts[index][index], support(ofClass: index))
    }

    /// The harmonic mean of precision and recall, 2cᵢ / (pᵢ + tᵢ); `nil` for a class that does not occur at all.
    public func f1(ofClass index: Int) -> Double? { fScore(ofClass: index, beta: 1) }

    /// The mean of precision and recall in which recall counts β times as much.
    ///
    /// F_β = (1 + β²) c / (β² t + p) for the class's examples t, those taken for it p, and those rightly so c (C. J. van
    /// Rijsbergen, *Information Retrieval*, 1979); `nil` for a class that does not occur at all.
    public func fScore(ofClass index: Int, beta: Double) -> Double? {
        precondition(beta >= 0 && beta.isFinite, "F_β for β = \(beta): β is not negative")
        let squared = beta * beta
        return share(
            (1 + squared) * counts[index][index],
            squared * support(ofClass: index) + predictedCount(ofClass: index))
    }

    /// The average precision of the classes.
    ///
    /// - Parameters:
    ///   - average: How classes become one number.
    ///   - undefined: What counts for a class that was never predicted.
    public func precision(_ average: ScoreAverage, undefined: UndefinedScore = .zero) -> Double {
        averaged(average, undefined, precision(ofClass:))
    }

    /// The average recall of the classes.
    ///
    /// - Parameters:
    ///   - average: How classes become one number.
    ///   - undefined: What counts for a class that was predicted and has no examples.
    public func recall(_ average: ScoreAverage, undefined: UndefinedScore = .zero) -> Double {
        averaged(average, undefined, recall(ofClass:))
    }

    /// The average F₁ of the classes.
    ///
    /// Macro, this is the mean of the classes' F₁, not the F₁ of the mean precision and recall.
    ///
    /// - Parameters:
    ///   - average: How classes become one number.
    ///   - undefined: What counts for 0/0; F₁ of a class that occurs is always defined.
    public func f1(_ average: ScoreAverage, undefined: UndefinedScore = .zero) -> Double {
        averaged(average, undefined, f1(ofClass:))
    }

    /// The average F_β of the classes.
    public func fScore(
        _ average: ScoreAverage, beta: Double, undefined: UndefinedScore = .zero
    ) -> Double {
        averaged(average, undefined) { fScore(ofClass: $0, beta: beta) }
    }

    /// The correlation of labels and predictions, −1…1: Matthews' coefficient, for any number of classes.
    ///
    /// (c s − Σ pₖtₖ) / √((s² − Σ pₖ²)(s² − Σ tₖ²)) for s examples of which c are right; 0 where all examples are of one
    /// class or all were taken for one, as a constant is correlated with nothing.
    ///
    /// J. Gorodkin, *Comparing two K-category assignments by a K-category correlation coefficient*, 2004.
    public var matthewsCorrelation: Double {
        let labels = classNames.indices.map(support(ofClass:))
        let predictions = classNames.indices.map(predictedCount(ofClass:))
        let s = total
        func product(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
        let spread = (s * s - product(predictions, predictions)) * (s * s - product(labels, labels))
        guard spread > 0, labels.count(where: { $0 > 0 }) > 1, predictions.count(where: { $0 > 0 }) > 1
        else { return 0 }
        return (correct * s - product(predictions, labels)) / spread.squareRoot()
    }

    /// How much a disagreement counts in Cohen's κ.
    public enum Disagreement: String, Codable, CaseIterable, Sendable {
        /// Each the same.
        case equal
        /// By the distance |i − j| of the classes: for classes that are in order.
        case linear
        /// By the squared distance (i − j)².
        case quadratic
    }

    /// Agreement beyond chance: Cohen's κ, 1 − (observed disagreement) / (disagreement expected by chance).
    ///
    /// 0 where labels and predictions are all of one and the same class: chance alone would agree as well.
    ///
    /// J. Cohen, *A coefficient of agreement for nominal scales*, 1960, and *Weighted kappa*, 1968.
    public func cohensKappa(_ disagreement: Disagreement = .equal) -> Double {
        let labels = classNames.indices.map(support(ofClass:))
        let predictions = classNames.indices.map(predictedCount(ofClass:))
        var (observed, expected) = (0.0, 0.0)
        for i in classNames.indices {
            for j in classNames.indices where i != j {
                let distance = Double(i - j)
                let cost =
                    switch disagreement {
                    case .equal: 1.0
                    case .linear: distance.magnitude
                    case .quadratic: distance * distance
                    }
                observed += cost * counts[i][j]
                expected += cost * labels[i] * predictions[j] / total
            }
        }
        return expected > 0 ? 1 - observed / expected : 0
    }

    /// Σ of the diagonal.
    var correct: Double { classNames.indices.reduce(0) { $0 + counts[$1][$1] } }

    private func share(_ part: Double, _ whole: Double) -> Double? { whole > 0 ? part / whole : nil }

    private func averaged(
        _ average: ScoreAverage, _ undefined: UndefinedScore, _ score: (Int) -> Double?
    ) -> Double {
        // Each example has one label and one prediction, so the pooled counts are c, s and s.
        if average == .micro { return accuracy }
        var (sum, weights) = (0.0, 0.0)
        for index in classNames.indices {
            let support = support(ofClass: index)
            guard support > 0 || predictedCount(ofClass: index) > 0 else { continue }
            let value: Double? =
                switch undefined {
                case .zero: score(index) ?? 0
                case .one: score(index) ?? 1
                case .leftOut: score(index)
                }
            guard let value else { continue }
            let weight = average == .weighted ? support : 1
            sum += weight * value
            weights += weight
        }
        return weights > 0 ? sum / weights : 0
    }
}
