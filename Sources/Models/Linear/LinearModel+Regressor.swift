import DescentDatasets
import DescentLinearAlgebra

extension LinearModel {
    /// The coefficients of a network of one layer for features and target as they are given; `nil` for other networks,
    /// before any training, and where the scaler clips, which no coefficients could stand for.
    ///
    /// With z = (x − a) c the scaled features, s and m the target's scale and shift, the network says
    /// s (z·w + b) + m: hence βⱼ = s cⱼ wⱼ and β₀ = m + s (b − Σ aⱼ cⱼ wⱼ).
    ///
    /// - Parameters:
    ///   - network: Trained on one target.
    ///   - featureNames: The names of the features; `x1`, `x2`, … when nil.
    package init?<Scalar: MatrixScalar>(_ network: MLPRegressor<Scalar>, featureNames: [String]?) {
        guard network.layout.outputCount == 1, network.loss.isRegression,
            let parameters = network.network.unscaledParameters
        else { return nil }
        var (scale, shift) = (1.0, 0.0)
        if let targetScaler = network.targetScaler {
            guard targetScaler.limit == nil else { return nil }
            // A target that was constant is predicted to stay so.
            scale = targetScaler.factor[0] == 0 ? 0 : 1 / targetScaler.factor[0]
            shift = targetScaler.shift[0]
        }
        self.init(
            coefficients: parameters.dropLast().map { scale * $0 },
            intercept: shift + scale * parameters[parameters.count - 1], featureNames: featureNames)
    }
}
