import Descent
import DescentReports
import RealModule

// What Newton's method does on functions of one and two variables: its one step, and where it goes wrong.

extension SecondOrder {
    // MARK: The bowl

    func onBowl() throws -> (table: ExperimentTable, picture: ExperimentPicture, newton: Int) {
        let bowl = PlaneFunction.bowl
        var table = ExperimentTable(
            "bowl", caption: "Iterations until the value on the bowl, whose minimum is 0, is below 10⁻¹⁰",
            columns: ["method", "iterations", "values", "value at the end"])
        var paths: [ContourPicture.Path] = []
        var newton = 0
        func add(
            _ name: String, _ minimize: ((MinimizerProgress<Double>) -> Void) throws -> Solution<Double>
        ) throws -> Int {
            var steps: [MinimizerProgress<Double>] = []
            let solution = try minimize { steps.append($0) }
            let arrived = steps.first { $0.value < 1e-10 }?.counts
            table.append(
                .text(name), arrived.map { .count($0.iterations) } ?? .none,
                arrived.map { .count($0.values) } ?? .none, .number(solution.value, digits: 2))
            paths.append(
                ContourPicture.Path(
                    title: name,
                    note: arrived.map { "\($0.iterations) iterations, \($0.values) values" } ?? "not there",
                    points: steps.map { .init($0.point[0], $0.point[1]) }))
            return arrived?.iterations ?? 0
        }
        let start = bowl.start
        _ = try add("steepest descent") {
            try SteepestDescent().minimize(bowl, from: start, observing: $0)
        }
        _ = try add("conjugate gradients") {
            try ConjugateGradient().minimize(bowl, from: start, observing: $0)
        }
        _ = try add("L-BFGS") { try LBFGS().minimize(bowl, from: start, observing: $0) }
        newton = try add("Newton") { try Newton().minimize(bowl, from: start, observing: $0) }
        let picture = ContourPicture(
            title: "On a bowl of condition 25", subtitle: "dots are iterations", on: bowl.ground,
            paths: paths,
            columns: 4, marking: 1)
        return (
            table,
            ExperimentPicture(
                "bowl", caption: "Paths on a bowl: Newton's method arrives in one step", picture.figure),
            newton
        )
    }

    // MARK: Newton's method without a line search

    /// √(1 + x²), on which Newton's bare step goes from x to −x³.
    private struct RootOfSquares: HessianObjective {
        var parameterCount: Int { 1 }
        func value(at x: [Double]) -> Double { (1 + x[0] * x[0]).squareRoot() }
        func valueAndGradient(at x: [Double], gradient: inout [Double]) -> Double {
            gradient[0] = x[0] / value(at: x)
            return value(at: x)
        }
        func hessianProduct(at x: [Double], along direction: [Double], product: inout [Double]) {
            product[0] = direction[0] / .pow(value(at: x), 3)
        }
    }

    func bareSteps(
        _ logistic: LogisticObjective<Double>
    ) throws -> (table: ExperimentTable, failures: Int, count: Int) {
        var table = ExperimentTable(
            "bare",
            caption: "Newton's method without and with a line search and care for the signs of curvature",
            columns: ["function", "start", "bare steps", "the minimizer"])
        var (failures, count) = (0, 0)
        func add<O: HessianObjective<Double>>(
            _ name: String, _ start: String, _ objective: O, from point: [Double]
        ) throws {
            let solution = try Newton().minimize(objective, from: point)
            var bare = point
            var steps = 0
            while steps < 50, bare.allSatisfy(\.isFinite),
                objective.gradient(at: bare).norm(.infinity) > 1e-8,
                let step = try? QR(objective.hessian(at: bare)).solve(objective.gradient(at: bare))
            {
                bare.add(step, scaledBy: -1)
                steps += 1
            }
            let value = objective.value(at: bare)
            let fails = !(value <= solution.value + 1e-6)
            let length = objective.gradient(at: bare).norm(.infinity)
            let end =
                !value.isFinite || value > objective.value(at: point)
                ? "diverges"
                : length <= 1e-8
                    ? (fails ? "stops at a saddle" : "minimum after \(steps)") : "not there after \(steps)"
            failures += fails ? 1 : 0
            count += 1
            table.append(
                .text(name), .text(start), .text(end),
                .text(
                    solution.isConverged ? "minimum after \(solution.counts.iterations)" : "not converged"))
        }
        let saddle = PlaneFunction.saddle
        let zero = [Double](repeating: 0, count: logistic.parameterCount)
        let far = zero.indices.map { $0 % 2 == 0 ? 1.0 : -1.0 }
        try add("bowl", "(−1.6, 0.7)", PlaneFunction.bowl, from: PlaneFunction.bowl.start)
        try add("√(1 + x²)", "½", RootOfSquares(), from: [0.5])
        try add("√(1 + x²)", "2", RootOfSquares(), from: [2])
        try add("saddle", "(−1.5, 0.02)", saddle, from: saddle.start)
        try add("logistic regression", "0", logistic, from: zero)
        try add("logistic regression", "±1", logistic, from: far)
        return (table, failures, count)
    }
}
