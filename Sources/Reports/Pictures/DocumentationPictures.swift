import DescentLinearAlgebra
import DescentOptimization

/// The pictures of the documentation: the path of every update rule and minimizer, the curve of every schedule.
package enum DocumentationPictures {
    /// The pictures by the names of their files.
    package static func all() throws -> [(name: String, figure: Figure)] {
        var pictures: [(name: String, figure: Figure)] = []
        for (name, what, paths) in rules {
            for (suffix, place, function, steps) in [
                ("bowl", "on a bowl of condition 25, turned by 30°", PlaneFunction.bowl, 60),
                ("saddle", "away from a saddle", PlaneFunction.saddle, 60),
            ] {
                let picture = ContourPicture(
                    title: "\(what) \(place)",
                    subtitle:
                        "\(steps) steps; η is the best of 1, 2, 5 × 10ᵏ by the mean value of the last half, in sight",
                    on: function.ground, paths: paths(function, steps), columns: 3)
                pictures.append(("rules-\(name)-\(suffix)", picture.figure))
            }
        }
        pictures.append(("minimizers-valley", try minimizers().figure))
        pictures.append(("minimizers-saddle", try minimizersOnSaddle().figure))
        pictures.append(("minimizers-constraints", try constraints().figure))
        pictures.append(("schedules", schedules))
        return pictures
    }

    // MARK: Update rules

    private typealias Paths = @Sendable (PlaneFunction, Int) -> [ContourPicture.Path]

    private static let rules: [(name: String, title: String, paths: Paths)] = [
        (
            "first-order", "Rules without memory of squares",
            { function, steps in
                [
                    .init("GradientDescent", GradientDescent(learningRate: 1), on: function, steps: steps),
                    .init("SGD, momentum 0.9", SGD(momentum: 0.9), on: function, steps: steps),
                    .init("SGD, Nesterov", SGD(momentum: 0.9, nesterov: true), on: function, steps: steps),
                    .init("Momentum", Momentum(), on: function, steps: steps),
                    .init("Momentum, Nesterov", Momentum(nesterov: true), on: function, steps: steps),
                    .init("Rprop", Rprop(), on: function, steps: steps),
                ]
            }
        ),
        (
            "adaptive", "Rules with a running size of the gradient",
            { function, steps in
                [
                    .init("Adagrad", Adagrad(), on: function, steps: steps),
                    .init("Adadelta", Adadelta(), on: function, steps: steps),
                    .init("RMSprop", RMSprop(), on: function, steps: steps),
                    .init("Adam", Adam(), on: function, steps: steps),
                    .init("Adam, AMSGrad", Adam(amsgrad: true), on: function, steps: steps),
                    .init("AdamW", AdamW(), on: function, steps: steps),
                    .init("AdaMax", AdaMax(), on: function, steps: steps),
                    .init("NAdam", NAdam(), on: function, steps: steps),
                    .init("RAdam", RAdam(), on: function, steps: steps),
                ]
            }
        ),
        (
            "newer", "Newer rules",
            { function, steps in
                let free = ScheduleFreeSGD(), freeAdam = ScheduleFreeAdamW()
                return [
                    .init(
                        "Muon, a matrix of 2 × 1",
                        Muon(matrices: [.init(offset: 0, rows: 2, columns: 1)]), on: function, steps: steps),
                    .init("ScheduleFreeSGD", free, on: function, steps: steps) {
                        free.averagedParameters($0, in: $1)
                    },
                    .init("ScheduleFreeAdamW", freeAdam, on: function, steps: steps) {
                        freeAdam.averagedParameters($0, in: $1)
                    },
                    .init("Lion", Lion(), on: function, steps: steps),
                    .init("LAMB", LAMB(), on: function, steps: steps),
                    .init("LARS", LARS(trust: 1), on: function, steps: steps),
                    .init(
                        "Adam, looking ahead", Adam().lookingAhead(every: 5, keeping: 0.5), on: function,
                        steps: steps),
                ]
            }
        ),
    ]

    // MARK: Minimizers

    private static func minimizers() throws -> ContourPicture {
        let valley = PlaneFunction.rosenbrock
        let start = valley.start
        // A picture of ten thousand steps shows no more than one of some hundred.
        let limited = SteepestDescent(stopping: StoppingRule(maximumIterations: 200))
        return ContourPicture(
            title: "Minimizers in Rosenbrock's valley",
            subtitle:
                "dots are iterations; values are what was asked of the function, line searches included",
            on: valley.ground,
            paths: [
                try .init("SteepestDescent, at most 200") {
                    try limited.minimize(valley, from: start, observing: $0)
                },
                try .init("ConjugateGradient") {
                    try ConjugateGradient().minimize(valley, from: start, observing: $0)
                },
                try .init("LBFGS") { try LBFGS().minimize(valley, from: start, observing: $0) },
                try .init("Newton") { try Newton().minimize(valley, from: start, observing: $0) },
                try .init("NewtonCG") { try NewtonCG().minimize(valley, from: start, observing: $0) },
                try .init("TrustRegion") { try TrustRegion().minimize(valley, from: start, observing: $0) },
                try .init("TrustRegion, dogleg") {
                    try TrustRegion(subproblem: .dogleg).minimize(valley, from: start, observing: $0)
                },
                try .init("LevenbergMarquardt") {
                    try LevenbergMarquardt().minimize(RosenbrockResiduals(), from: start, observing: $0)
                },
            ], columns: 4, marking: 1)
    }

    private static func minimizersOnSaddle() throws -> ContourPicture {
        let saddle = PlaneFunction.saddle
        let start = saddle.start
        return ContourPicture(
            title: "Minimizers near a saddle",
            subtitle:
                "dots are iterations; values are what was asked of the function, line searches included",
            on: saddle.ground,
            paths: [
                try .init("SteepestDescent") {
                    try SteepestDescent().minimize(saddle, from: start, observing: $0)
                },
                try .init("ConjugateGradient") {
                    try ConjugateGradient().minimize(saddle, from: start, observing: $0)
                },
                try .init("LBFGS") { try LBFGS().minimize(saddle, from: start, observing: $0) },
                try .init("Newton") { try Newton().minimize(saddle, from: start, observing: $0) },
                try .init("NewtonCG") { try NewtonCG().minimize(saddle, from: start, observing: $0) },
                try .init("TrustRegion") { try TrustRegion().minimize(saddle, from: start, observing: $0) },
            ], columns: 3, marking: 1)
    }

    private static func constraints() throws -> ContourPicture {
        let bowl = PlaneFunction.bowl, valley = PlaneFunction.rosenbrock
        func panel(
            _ function: PlaneFunction, value: (@Sendable (Double, Double) -> Double)? = nil,
            levels: [Double]? = nil, minimum: [Double], borders: [[ContourLines.Point]],
            path: ContourPicture.Path
        ) -> (ContourPicture.Ground, ContourPicture.Path) {
            var ground = function.ground
            ground.minima = [.init(minimum[0], minimum[1])]
            ground.borders = borders
            ground.value = value ?? ground.value
            ground.levels = levels ?? ground.levels
            return (ground, path)
        }
        let circle = (0...72).map { step in
            let angle = Double(step) * Double.pi / 36
            return ContourLines.Point(Double.cos(angle), Double.sin(angle))
        }
        let bounds = Bounds(lower: [-2, -2], upper: [0.5, 2])
        let ball = ProjectedGradient(onto: Ball<Double>(radius: 1))
        let simplex = ProjectedGradient(onto: Simplex<Double>())
        let lasso = ElasticNetPenalty<Double>(l1: 6)
        let bounded = try LBFGS().minimize(valley, from: valley.start, within: bounds)
        let inBall = try ball.minimize(bowl, from: [-0.6, 0.7])
        let inSimplex = try simplex.minimize(bowl, from: [0, 1])
        let sparse = try ProximalGradient(lasso).minimize(bowl, from: bowl.start)
        let penalized: @Sendable (Double, Double) -> Double = { x, y in
            bowl.function(x, y) + 6 * (abs(x) + abs(y))
        }
        return ContourPicture(
            title: "Minimizers under constraints and with a penalty that has kinks",
            subtitle: "dots are iterations; the crosses are the minima under the constraint",
            panels: [
                panel(
                    valley, minimum: bounded.point, borders: [[.init(0.5, -2), .init(0.5, 3)]],
                    path: try .init("LBFGS within x ≤ ½") {
                        try LBFGS().minimize(valley, from: valley.start, within: bounds, observing: $0)
                    }),
                panel(
                    bowl, minimum: inBall.point, borders: [circle],
                    path: try .init("ProjectedGradient, ball") {
                        try ball.minimize(bowl, from: [-0.6, 0.7], observing: $0)
                    }),
                panel(
                    bowl, minimum: inSimplex.point, borders: [[.init(0, 1), .init(1, 0)]],
                    path: try .init("ProjectedGradient, simplex") {
                        try simplex.minimize(bowl, from: [0, 1], observing: $0)
                    }),
                panel(
                    bowl, value: penalized, levels: [5, 7, 10, 15, 22, 32], minimum: sparse.point,
                    borders: [],
                    path: try .init("ProximalGradient, l₁ (FISTA)") {
                        try ProximalGradient(lasso).minimize(bowl, from: bowl.start, observing: $0)
                    }),
            ], columns: 4, marking: 1)
    }

    // MARK: Schedules

    private static let schedules: Figure = {
        let epochs = TrainingLength.epochs(30)
        let curves: [(String, Schedule)] = [
            (".constant(1)", .constant(1)),
            (".steps, every 10 epochs, factor ⅓", .steps(from: 1, every: .epochs(10), factor: 1.0 / 3)),
            (
                ".multistep at 15 and 25, factor 0.2",
                .multistep(from: 1, at: [.epochs(15), .epochs(25)], factor: 0.2)
            ),
            (
                ".exponential, every 10 epochs, factor ⅓",
                .exponential(from: 1, every: .epochs(10), factor: 1.0 / 3)
            ),
            (".inverseTime, per 5 epochs", .inverseTime(from: 1, per: .epochs(5))),
            (".polynomial, power 2", .polynomial(from: 1, over: epochs, power: 2)),
            (".linear", .linear(from: 1, over: epochs)),
            (".cosine", .cosine(from: 1, over: epochs)),
            (
                ".cosine, .warmingUp over 3 epochs",
                Schedule.cosine(from: 1, over: .epochs(27)).warmingUp(over: .epochs(3))
            ),
            (".cosineRestarts every 4, growth 2", .cosineRestarts(from: 1, every: .epochs(4), growth: 2)),
            (".oneCycle, peak 1", .oneCycle(peak: 1, over: epochs)),
            (
                ".linearScaling, 64 to 256 examples",
                .linearScaling(baseRate: 0.25, baseBatchSize: 64, batchSize: 256)
            ),
        ]
        let moments = (0...120).map { Double($0) / 4 }
        return Figure(
            title: "Schedules", subtitle: "value against epochs, 30 epochs of 100 updates", columns: 3,
            panels: curves.map { name, schedule in
                Panel(
                    title: name, x: Axis("", range: 0...30, step: 10),
                    y: Axis("", range: 0...1.08, step: 0.5),
                    curves: [
                        Curve(
                            label: "", color: 0,
                            points: thinned(
                                moments.map { epoch in
                                    let progress = TrainingProgress(
                                        updates: Int((100 * epoch).rounded()), epochs: epoch,
                                        samples: Int((6400 * epoch).rounded()))
                                    return .init(x: epoch, y: schedule.value(at: progress))
                                }))
                    ])
            }, width: 900, height: 780)
    }()

    /// Points without those in the middle of a straight line.
    private static func thinned(_ points: [Curve.Point]) -> [Curve.Point] {
        points.indices.filter { index in
            guard index > 0, index < points.count - 1 else { return true }
            return abs(points[index - 1].y - 2 * points[index].y + points[index + 1].y) > 1e-6
        }.map { points[$0] }
    }
}
