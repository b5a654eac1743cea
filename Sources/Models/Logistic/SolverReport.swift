import DescentLinearAlgebra
import DescentOptimization

/// How a convex fit went: the method and why it was chosen, why it stopped, and what it took.
public struct SolverReport: Codable, Equatable, Sendable, CustomStringConvertible {
    /// The method.
    public enum Method: String, Codable, CaseIterable, Sendable {
        /// Newton's method, the whole Hessian by Cholesky.
        case newton
        /// L-BFGS in whitened coordinates.
        case lbfgs
        /// Newton's method with coordinate descent on the quadratic model plus the L1 penalty.
        case proximalNewton
        /// Accelerated proximal gradients.
        case proximalGradient
        /// An update rule, batch after batch, which approaches the minimum.
        case updateRule
    }

    /// The method.
    public let method: Method

    /// Why this one; of an update rule, which.
    public let choice: String

    /// Why it stopped.
    public let reason: StoppingReason

    /// Steps; of an update rule, updates.
    public let iterations: Int

    /// Passes over the examples for values, with or without a gradient.
    public let passes: Int

    /// Passes over the examples for Hessians.
    public let hessianPasses: Int

    /// The largest component of the gradient at the end, as a share of that where all is 0.
    ///
    /// With an L1 part, of the violation of the optimality conditions. In coordinates with features of deviation 1.
    public let relativeGradient: Double

    /// The objective: the weighted mean of the losses, plus the penalty measured against it.
    public let objective: Double

    /// The weighted mean of the losses alone.
    public let meanLoss: Double

    /// Seconds.
    public let seconds: Double

    /// What to know before believing the fit.
    public let warnings: [LogisticWarning]

    /// Whether the gradient has fallen to the tolerance.
    public var isConverged: Bool { reason.isConverged }

    /// In a line or two, for people.
    public var description: String {
        if method == .updateRule {
            return "\(choice), \(iterations) updates in \(passes) epochs:"
                + " gradient \(significant(relativeGradient, 2)) of the start's"
        }
        let end =
            (isConverged ? "converged" : "not converged (\(reason.rawValue))")
            + " after \(iterations) iterations and \(passes + hessianPasses) passes:"
            + " gradient \(significant(relativeGradient, 2)) of the start's"
        return "\(method.rawValue) (\(choice)), \(end)"
    }
}
