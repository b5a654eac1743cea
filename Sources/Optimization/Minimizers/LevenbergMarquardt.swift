import DescentLinearAlgebra

/// Levenberg's and Marquardt's method for nonlinear least squares.
///
/// Each step p minimizes ‖Jp + r‖² + λ‖Dp‖², by a QR factorization of J stacked on √λ D, so that JᵀJ with its
/// squared condition number is never formed. D holds the largest norm that each column of J has had:
/// rescaling a parameter changes nothing. λ follows the ratio of decrease and prediction as Nielsen has it.
///
/// Source: Moré, The Levenberg-Marquardt algorithm, Lecture Notes in Mathematics 630 (1978); Nielsen, Damping
/// parameter in Marquardt's method, IMM-REP-1999-05.
public struct LevenbergMarquardt: Sendable {
    /// The first λ.
    public let initialDamping: Double

    /// When to stop; a Jacobian counts as a gradient.
    public var stopping: StoppingRule

    /// The method with its first λ: small for a good start, 1 for a bad one.
    ///
    /// - Precondition: `initialDamping` > 0.
    public init(initialDamping: Double = 1e-3, stopping: StoppingRule = StoppingRule()) {
        precondition(
            initialDamping > 0 && initialDamping.isFinite,
            "LevenbergMarquardt: an initial damping of \(initialDamping) is not positive")
        self.initialDamping = initialDamping
        self.stopping = stopping
    }

    /// Minimizes ½ Σ rᵢ².
    ///
    /// - Parameters:
    ///   - problem: Residuals and Jacobian.
    ///   - start: Where to begin, `parameterCount` numbers.
    ///   - observe: Called at the start and after each iteration.
    /// - Returns: The lowest point found; its value is ½ Σ rᵢ².
    /// - Throws: `MinimizerError` if value or gradient at the start is not finite.
    public func minimize<O: ResidualObjective>(
        _ problem: O, from start: [O.Scalar],
        observing observe: (MinimizerProgress<O.Scalar>) -> Void = { _ in }
    ) throws(MinimizerError) -> Solution<O.Scalar> {
        let linearization = Linearization(problem)
        let evaluator = ObjectiveEvaluator(linearization)
        var state = try MinimizerState(evaluator, from: start, stopping: stopping)
        var model = DampedModel(jacobian: linearization.jacobian, residuals: linearization.residuals)
        var trial = start
        var trialGradient = state.gradient
        var (damping, growth) = (initialDamping, 2.0)
        let precision = 10 * Double(O.Scalar.ulpOfOne)
        observe(state.progress())
        while true {
            if let reason = state.reasonToStop() { return state.solution(reason) }
            guard damping.isFinite else {
                return state.solution(state.metOnlyNonNumbers ? .notFinite : .noLowerPoint)
            }
            guard let step = model.step(damping: damping) else {
                (damping, growth) = (damping * growth, growth * 2)
                continue
            }
            move(state.point, along: step, by: 1, into: &trial)
            guard trial != state.point else {
                return state.solution(state.metOnlyNonNumbers ? .notFinite : .noLowerPoint)
            }
            let value = evaluator.value(at: trial)
            let predicted = model.predictedDecrease(step, damping: damping)
            let ratio = (state.value - value) / predicted
            let isRounding = predicted <= precision * state.value
            var accepted = false
            if value.isFinite, value < state.value || (value == state.value && isRounding),
                isRounding || ratio > 1e-4
            {
                // Only a step that is worth it costs a Jacobian.
                evaluator.counts.gradients += 1
                _ = linearization.valueAndGradient(at: trial, gradient: &trialGradient)
                accepted = state.accept(&trial, value: value, gradient: &trialGradient)
            }
            if accepted {
                model.update(jacobian: linearization.jacobian, residuals: linearization.residuals)
                let cube = 2 * min(ratio, 1) - 1
                damping *= ratio.isFinite ? max(1.0 / 3, 1 - cube * cube * cube) : 1
                growth = 2
                observe(state.progress())
            } else {
                state.note(finite: value.isFinite)
                (damping, growth) = (damping * growth, growth * 2)
            }
        }
    }
}

/// A problem that remembers the residuals and the Jacobian it computed last.
private final class Linearization<O: ResidualObjective>: Objective, @unchecked Sendable {
    // Unchecked: one call of `minimize` makes it and nothing else sees it.
    let problem: O
    private(set) var residuals: [O.Scalar]
    private(set) var jacobian: Matrix<O.Scalar>

    init(_ problem: O) {
        self.problem = problem
        residuals = [O.Scalar](repeating: 0, count: problem.residualCount)
        jacobian = Matrix(rows: 0, columns: 0)
    }

    var parameterCount: Int { problem.parameterCount }

    func value(at parameters: [O.Scalar]) -> Double {
        problem.residuals(at: parameters, into: &residuals)
        return dot(residuals, residuals) / 2
    }

    func valueAndGradient(at parameters: [O.Scalar], gradient: inout [O.Scalar]) -> Double {
        let value = value(at: parameters)
        jacobian = problem.jacobian(at: parameters)
        precondition(
            jacobian.rows == residuals.count && jacobian.columns == parameters.count,
            """
            LevenbergMarquardt: a \(jacobian.rows) × \(jacobian.columns) Jacobian for \(residuals.count) residuals of \
            \(parameters.count) parameters
            """)
        gradient = jacobian.times(residuals, transposed: true)
        return value
    }
}

/// The linear model r + Jp with its damping.
private struct DampedModel<Scalar: MatrixScalar> {
    private var jacobian: Matrix<Scalar>
    private var residuals: [Scalar]
    /// The diagonal of D.
    private var scale: [Scalar]

    init(jacobian: Matrix<Scalar>, residuals: [Scalar]) {
        self.jacobian = jacobian
        self.residuals = residuals
        scale = [Scalar](repeating: 0, count: jacobian.columns)
        grow()
    }

    mutating func update(jacobian: Matrix<Scalar>, residuals: [Scalar]) {
        self.jacobian = jacobian
        self.residuals = residuals
        grow()
    }

    private mutating func grow() {
        for j in scale.indices {
            let column = jacobian.column(j)
            scale[j] = max(scale[j], Scalar(dot(column, column).squareRoot()))
        }
    }

    /// A column that has always been zero is damped as if it had norm 1.
    private func weight(_ j: Int) -> Scalar { scale[j] == 0 ? 1 : scale[j] }

    /// The step, `nil` if the damping is too small for a solution.
    func step(damping: Double) -> [Scalar]? {
        let (m, n) = (jacobian.rows, jacobian.columns)
        let root = Scalar(damping.squareRoot())
        var elements = jacobian.elements
        elements.append(contentsOf: repeatElement(0, count: n * n))
        for j in 0..<n { elements[(m + j) * n + j] = root * weight(j) }
        var right = residuals
        negate(&right)
        right.append(contentsOf: repeatElement(0, count: n))
        let stacked = Matrix(rows: m + n, columns: n, elements: elements)
        guard let step = try? QR(stacked).solve(right), largestMagnitude(step).isFinite else { return nil }
        return step
    }

    /// ½‖r‖² − ½‖r + Jp‖² for the minimizer p of the damped problem: ½‖Jp‖² + λ‖Dp‖², a sum of squares.
    func predictedDecrease(_ step: [Scalar], damping: Double) -> Double {
        let product = jacobian.times(step)
        var damped = 0.0
        for j in step.indices {
            let scaled = Double(weight(j)) * Double(step[j])
            damped += scaled * scaled
        }
        return dot(product, product) / 2 + damping * damped
    }
}
