import DescentLinearAlgebra
import DescentOptimization

/// What a fit gives.
struct LogisticFit {
    /// Weights for features as they are given, features × columns, then the intercepts.
    var parameters: [Double]
    var report: SolverReport
    var history: History
    var inference: LogisticInference?
}

/// Chooses a solver and runs it.
struct LogisticFitting {
    let solver: LogisticSolver
    let tolerance: Double
    let maximumIterations: Int

    func solve(
        _ problem: LogisticProblem, from start: [Double]?, onRecord: (History.Record) -> Void
    ) throws(LogisticError) -> LogisticFit {
        fatalError()
    }
}
