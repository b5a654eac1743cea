/// What a model file can hold; the names stand in files and never change.
package enum ModelKind: String, Codable, CaseIterable, Sendable {
    /// `LinearModel`.
    case linear
    /// `LogisticClassifier`.
    case logistic
    /// `SoftmaxClassifier`.
    case softmax
    /// `MLP`.
    case mlp
    /// `MLPRegressor`.
    case mlpRegressor

    /// The kind in words.
    package var title: String {
        switch self {
        case .linear: "a linear model"
        case .logistic: "a logistic regression"
        case .softmax: "a softmax regression"
        case .mlp: "a multilayer perceptron for classes"
        case .mlpRegressor: "a multilayer perceptron for quantities"
        }
    }
}
