import DescentLinearAlgebra

/// Products of features, with the ranges that the features had on a training set.
public struct PolynomialExpansion: Codable, Equatable, Sendable {
    /// What is made.
    public let configuration: PolynomialFeatures

    /// The names of the features that go in.
    public let featureNames: [String]

    /// What is subtracted from each feature first: the middle of its range, or 0.
    public let centers: [Double]

    /// What each feature is then multiplied by: 2 over its range, or 1.
    public let scales: [Double]

    /// The power of each feature in each column, columns × features: by degree, and within a degree a² before ab.
    public let powers: [[Int]]

    /// Each column is an earlier one times a feature; −1 for a column of ones.
    private let parents: [Int]
    private let lastFeatures: [Int]

    init(_ configuration: PolynomialFeatures, featureNames: [String], centers: [Double], scales: [Double]) {
        self.configuration = configuration
        self.featureNames = featureNames
        self.centers = centers
        self.scales = scales
        let p = featureNames.count
        var (powers, parents, last): ([[Int]], [Int], [Int]) = ([], [], [])
        // The columns of one degree, with −1 for the empty product.
        var frontier = [-1]
        if configuration.includesBias {
            powers.append([Int](repeating: 0, count: p))
            parents.append(-1)
            last.append(-1)
        }
        for _ in 0..<configuration.degree {
            var next: [Int] = []
            for parent in frontier {
                let first = parent < 0 ? 0 : last[parent] + (configuration.interactionsOnly ? 1 : 0)
                for feature in first..<max(first, p) {
                    var power = parent < 0 ? [Int](repeating: 0, count: p) : powers[parent]
                    power[feature] += 1
                    next.append(powers.count)
                    powers.append(power)
                    parents.append(parent)
                    last.append(feature)
                }
            }
            frontier = next
        }
        self.powers = powers
        self.parents = parents
        lastFeatures = last
    }

    /// The names of the columns, as in `a`, `a b`, `a^2 b`, `1`.
    ///
    /// Where features are taken to −1…1 first, `a` stands for the feature so scaled.
    public var names: [String] {
        powers.map { powers in
            let factors = zip(featureNames, powers).filter { $1 > 0 }.map { $1 == 1 ? $0 : "\($0)^\($1)" }
            return factors.isEmpty ? "1" : factors.joined(separator: " ")
        }
    }

    /// The products for each row of features.
    ///
    /// - Precondition: as many columns as the expansion has features.
    public func transform(_ features: Matrix<Double>) -> Matrix<Double> {
        let p = featureNames.count
        precondition(
            features.columns == p,
            "an expansion of \(p) features cannot take \(features.rows) × \(features.columns) features")
        let width = powers.count
        return Matrix(rows: features.rows, columns: width) { target in
            features.withUnsafeElements { source in
                for row in 0..<features.rows {
                    let target = UnsafeMutableBufferPointer(rebasing: target[row * width..<(row + 1) * width])
                    for column in 0..<width {
                        let feature = lastFeatures[column]
                        guard feature >= 0 else {
                            target[column] = 1
                            continue
                        }
                        let value = (source[row * p + feature] - centers[feature]) * scales[feature]
                        target[column] = parents[column] < 0 ? value : target[parents[column]] * value
                    }
                }
            }
        }
    }
}
