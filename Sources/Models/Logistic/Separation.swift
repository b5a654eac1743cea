import DescentLinearAlgebra

/// A direction in which the coefficients can go without end while no example becomes less likely.
///
/// Where there is one, the likelihood has no maximum: estimates, standard errors and p-values do not exist. A penalty
/// makes the fit finite. (A. Albert, J. A. Anderson, On the existence of maximum likelihood estimates in logistic
/// regression models, Biometrika 71, 1984.)
public struct Separation: Codable, Equatable, Sendable, CustomStringConvertible {
    /// Whether the direction separates all examples of different classes; otherwise some lie on the border.
    public let isComplete: Bool

    /// The classes that the direction sets apart from others.
    public let classNames: [String]

    /// The features with the largest parts in the direction, each scaled by its standard deviation; the largest first.
    public let features: [String]

    /// How many examples become more likely without end.
    public let separatedCount: Int

    /// What it means, and what to do.
    public var description: String {
        let classes = classNames.map { "\"\($0)\"" }.joined(separator: ", ")
        return
            (isComplete
            ? "the classes are separable: a linear function of the features tells all examples apart"
            : "the classes are partly separable: a linear function of the features tells \(separatedCount)"
                + " examples (of \(classes)) apart and contradicts no other")
            + (features.isEmpty ? "" : ", above all by \(features.joined(separator: ", "))")
            + "; without a penalty the coefficients grow without end. Add a penalty, such as .l2(1e-3)"
    }
}

extension Separation {
    /// The separation that a fit without a penalty has run into, if it has.
    ///
    /// If all examples are on the right side of the fit, the fit's own direction separates them. Otherwise the last
    /// step of Newton's method, which towards a maximum at infinity keeps its length, is looked at: the direction
    /// separates some examples if it lowers no example's margin, but for rounding.
    init?(
        _ problem: LogisticProblem, logits: Matrix<Double>, minimum: LogisticFitting.Minimum,
        _ objective: LogitObjective<Double>
    ) {
        func margins(_ scores: Matrix<Double>) -> [Double] {
            problem.dataset.labels.enumerated().map { row, label in
                guard problem.rowWeights?[row] != 0 else { return .infinity }
                if problem.isBinary { return label == 1 ? scores[row, 0] : -scores[row, 0] }
                var rival = -Double.infinity
                for k in 0..<scores.columns where k != Int(label) { rival = max(rival, scores[row, k]) }
                return scores[row, Int(label)] - rival
            }
        }
        let own = margins(logits)
        if let least = own.min(), least > 0 {
            self.init(problem, direction: minimum.point, separated: own.map { $0 < .infinity }, isComplete: true)
            return
        }
        guard let step = minimum.lastStep else { return nil }
        let gains = margins(objective.logits(at: step))
        let largest = gains.reduce(0) { $1 < .infinity ? max($0, $1) : $0 }
        // A whole step of Newton's method towards infinity adds about 1 to the margins that it can.
        guard largest > 0.25, gains.allSatisfy({ $0 >= -1e-5 * largest }) else { return nil }
        self.init(
            problem, direction: step, separated: gains.map { $0 > 1e-3 * largest && $0 < .infinity },
            isComplete: false)
    }

    private init(
        _ problem: LogisticProblem, direction: [Double], separated: [Bool], isComplete: Bool
    ) {
        let columns = problem.columnCount
        let sizes = (0..<problem.dataset.featureCount).map { j in
            (0..<problem.logitCount).reduce(0) { max($0, abs(direction[$1 * columns + j])) }
        }
        let largest = sizes.max() ?? 0
        let leading = sizes.indices.sorted { sizes[$0] > sizes[$1] }.prefix(3).filter { sizes[$0] > 0.2 * largest }
        let labels = Set(zip(problem.dataset.labels, separated).compactMap { $1 ? Int($0) : nil })
        self.init(
            isComplete: isComplete, classNames: labels.sorted().map { problem.dataset.classNames[$0] },
            features: leading.map { problem.featureNames[$0] }, separatedCount: separated.count { $0 })
    }
}
