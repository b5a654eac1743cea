import Descent

/// The exact minimum of the mean hinge loss with an L2 penalty, with a certificate.
///
///     min (1/n) Σ max(0, 1 − yᵢ w·xᵢ) + (λ/2) ‖w‖²   =   max (1/n) Σ αᵢ − (λ/2) ‖w(α)‖²,   0 ≤ αᵢ ≤ 1,
///
/// w(α) = Σ αᵢ yᵢ xᵢ / (λn). One αᵢ after the other is set to its best value, in an order that is drawn anew in each pass.
///
/// Source: Hsieh, Chang, Lin, Keerthi and Sundararajan, *A Dual Coordinate Descent Method for Large-scale Linear SVM*,
/// ICML 2008.
struct SupportVectors {
    /// w.
    let weights: [Double]
    /// How much the value at `weights` is above the dual value, and hence at most above the minimum.
    let gap: Double
    /// Passes over the examples.
    let passes: Int
    /// Examples on the margin or on the wrong side of it: those with αᵢ > 0.
    let supportCount: Int

    /// The minimum over a data set of two classes, y being 1 for the second and −1 for the first.
    init(_ data: Dataset, penalty: Double, tolerance: Double = 1e-10, maximumPasses: Int = 20_000) {
        let features: Matrix<Double> = data.matrix()
        let rows = (0..<data.count).map { row in (0..<data.featureCount).map { features[row, $0] } }
        let signs = data.labels.map { $0 == 1 ? 1.0 : -1.0 }
        let squares = rows.map { $0.dot($0) }
        let scale = 1 / (penalty * Double(data.count))
        var generator = RandomGenerator(seed: 0)
        var alpha = [Double](repeating: 0, count: data.count)
        var weights = [Double](repeating: 0, count: data.featureCount)
        var gap = Double.infinity
        var passes = 0
        while gap > tolerance, passes < maximumPasses {
            passes += 1
            for index in generator.permutation(of: data.count).map(Int.init) where squares[index] > 0 {
                // The dual is a parabola in αᵢ, with its top where the margin is 1.
                let margin = signs[index] * rows[index].dot(weights)
                let better = min(max(alpha[index] + (1 - margin) / (scale * squares[index]), 0), 1)
                if better != alpha[index] {
                    weights.add(rows[index], scaledBy: scale * signs[index] * (better - alpha[index]))
                    alpha[index] = better
                }
            }
            guard passes % 10 == 0 else { continue }
            let hinges = zip(rows, signs).reduce(0) { $0 + max(0, 1 - $1.1 * $1.0.dot(weights)) }
            gap = (hinges - alpha.reduce(0, +)) / Double(data.count) + penalty * weights.dot(weights)
        }
        self.weights = weights
        self.gap = gap
        self.passes = passes
        supportCount = alpha.count { $0 > 0 }
    }
}
