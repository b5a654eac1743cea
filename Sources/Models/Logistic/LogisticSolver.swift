/// How a logistic or softmax regression is fitted.
public enum LogisticSolver: String, Codable, CaseIterable, Sendable {
    /// By size: Newton's method while its Hessian is cheap, else L-BFGS; with an L1 part, their proximal kin.
    case automatic
    /// Newton's method with the whole Hessian by Cholesky: iteratively reweighted least squares.
    ///
    /// With an L1 part, the quadratic model is minimized by coordinate descent instead.
    case newton
    /// L-BFGS in coordinates in which the features are uncorrelated.
    ///
    /// With an L1 part, accelerated proximal gradients.
    case firstOrder
}
