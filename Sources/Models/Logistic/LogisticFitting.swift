import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization

/// What a fit gives.
struct LogisticFit {
    /// Weights for features as they are given, features × logits, then the intercepts.
    var parameters: [Double]
    var report: SolverReport
    var history: History
    var inference: LogisticInference?
}

/// Chooses a solver, runs it, and looks at what came out.
struct LogisticFitting {
    let solver: LogisticSolver
    let tolerance: Double
    let maximumIterations: Int

    /// A minimum found, in the solvers' coordinates.
    struct Minimum {
        var point: [Double]
        /// Smooth part and penalty.
        var value: Double
        var gradientNorm: Double
        var reason: StoppingReason
        var iterations: Int
        var passes: Int
        var hessianPasses: Int
        /// The last step.
        var lastStep: [Double]?
        /// Whether double precision may go further.
        var isRough = false
    }

    func solve(
        _ problem: LogisticProblem, from start: [Double]?, onRecord: (History.Record) -> Void
    ) throws(LogisticError) -> LogisticFit {
        // OpenBLAS' threads would idle at full speed between its small products, and take turns with ours.
        try OpenBLAS.withOneThread { () throws(LogisticError) in
            try withoutActuallyEscaping(onRecord) { (onRecord) throws(LogisticError) in
                try solveOnOurThreads(
                    problem, from: start,
                    recorder: FitRecorder(exampleCount: problem.dataset.count, onRecord: onRecord))
            }
        }
    }

    private func solveOnOurThreads(
        _ problem: LogisticProblem, from start: [Double]?, recorder: FitRecorder
    ) throws(LogisticError) -> LogisticFit {
        let (method, choice) = method(for: problem)
        let objective = problem.objective(fixesGauge: method == .newton)
        let zero = [Double](repeating: 0, count: objective.parameterCount)
        let origin = start.map { problem.workingParameters($0) } ?? zero
        var gradient = zero
        let valueAtZero = objective.valueAndGradient(at: zero, gradient: &gradient)
        let scale = gradient.reduce(0) { max($0, abs($1)) }
        guard valueAtZero.isFinite, scale.isFinite else {
            throw .notFinite(.startingValueNotFinite(value: valueAtZero))
        }
        recorder.passes = 1

        let run = SolverRun(
            tolerance: tolerance, gradientScale: scale, maximumIterations: maximumIterations,
            recorder: recorder)
        var minimum: Minimum
        do throws(MinimizerError) {
            switch method {
            case .newton where beginsNear(problem):
                minimum = try run.newtonFromNear(
                    objective, free: problem.objective(fixesGauge: false), from: origin)
            case .newton: minimum = try run.newton(objective, from: origin)
            case .lbfgs: minimum = try run.whitened(objective, from: origin)
            case .proximalNewton:
                minimum = try run.proximalNewton(objective, thresholds: problem.thresholds, from: origin)
            case .proximalGradient:
                minimum = try run.proximalGradient(objective, thresholds: problem.thresholds, from: origin)
            case .updateRule: preconditionFailure("an update rule is no solver")
            }
        } catch {
            throw .notFinite(error)
        }
        minimum.passes += 1
        if scale == 0 { minimum.reason = .gradientTolerance }

        var warnings: [LogisticWarning] = []
        if problem.penalty.isNone {
            let logits = objective.logits(at: minimum.point)
            if let separation = Separation(problem, logits: logits, minimum: minimum, objective) {
                throw .separable(separation)
            }
            let spread = logits.rowSpread(isBinary: problem.isBinary)
            if spread > 30 { warnings.append(.nearlySeparable(largestLogit: spread)) }
        }
        let relativeGradient = scale > 0 ? minimum.gradientNorm / scale : 0
        if !minimum.reason.isConverged {
            warnings.append(.notConverged(minimum.reason, relativeGradient: relativeGradient))
        }
        warnings += problem.constantFeatures
        var inference: LogisticInference?
        if problem.penalty.isNone, !problem.hasClassWeights,
            objective.parameterCount <= LogisticInference.largestParameterCount
        {
            inference = LogisticInference(problem, objective, at: minimum.point, warnings: &warnings)
        }
        return LogisticFit(
            parameters: problem.givenParameters(minimum.point),
            report: SolverReport(
                method: method, choice: choice, reason: minimum.reason, iterations: minimum.iterations,
                passes: minimum.passes, hessianPasses: minimum.hessianPasses,
                relativeGradient: relativeGradient, objective: minimum.value,
                meanLoss: problem.meanLoss(at: minimum.point), seconds: recorder.seconds, warnings: warnings),
            history: recorder.history, inference: inference)
    }

    /// Whether Newton's method begins where L-BFGS ends: where a Hessian costs more than the whole way there.
    ///
    /// Not without a penalty, where the last steps must be Newton's own: they tell whether classes are separable.
    private func beginsNear(_ problem: LogisticProblem) -> Bool {
        problem.meanPenalty.l2 > 0 && problem.logitCount * problem.columnCount > 128
            && maximumIterations >= 200
    }

    /// Newton's method costs about (coefficients / 4) passes an iteration, at the speed of matrix products, and takes
    /// about ten; L-BFGS takes a hundred or two.
    private func method(for problem: LogisticProblem) -> (SolverReport.Method, String) {
        let size = problem.logitCount * problem.columnCount
        let work = Double(problem.dataset.count) * Double(size) * Double(size)
        let isSmall = size <= 128 || (size <= 2000 && work <= 4e9)
        let usesHessian = solver == .newton || (solver == .automatic && isSmall)
        let choice =
            solver != .automatic
            ? "asked for" : "\(size) coefficients: the Hessian is " + (isSmall ? "cheap" : "dear")
        if problem.penalty.l1 > 0 { return (usesHessian ? .proximalNewton : .proximalGradient, choice) }
        return (usesHessian ? .newton : .lbfgs, choice)
    }
}

extension LogisticProblem {
    /// The weighted mean of the losses, without the penalty.
    func meanLoss(at working: [Double]) -> Double {
        LogitObjective<Double>(
            dataset, scaler: scaler, loss: isBinary ? .logistic : .softmax, hasIntercept: fitsIntercept,
            rowWeights: rowWeights
        ).value(at: working)
    }
}

extension Matrix<Double> {
    /// The largest difference of two logits of one example.
    fileprivate func rowSpread(isBinary: Bool) -> Double {
        withUnsafeElements { z in
            var largest = 0.0
            for row in 0..<rows {
                var (low, high) = isBinary ? (0.0, 0.0) : (z[row * columns], z[row * columns])
                for k in 0..<columns {
                    low = Swift.min(low, z[row * columns + k])
                    high = Swift.max(high, z[row * columns + k])
                }
                largest = Swift.max(largest, high - low)
            }
            return largest
        }
    }
}
