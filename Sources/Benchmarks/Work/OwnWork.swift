import Descent

/// Everything of ours that is timed within a process, by the names of the jobs, through the library's public API.
struct OwnWork {
    /// The pictures that were read last, and from where.
    private var pictures: (path: String?, train: Dataset)?

    /// Makes what a request needs.
    ///
    /// - Throws: An error for a job that there is not, and whatever the library throws.
    mutating func prepare(_ request: WorkerRequest) throws -> PreparedWork {
        func size(_ name: String) throws(PeerError) -> Int {
            guard let size = request.sizes?[name] else { throw PeerError("the request has no '\(name)'") }
            return size
        }
        switch request.job {
        case "mlp":
            return try network(
                on: mnist(request), hidden: request.hidden ?? [128, 64], batchSize: size("batch"))
        case "softmax-pass": return softmaxPass(over: try mnist(request))
        case "softmax-fit": return softmaxFit(to: try mnist(request), tolerance: 5e-5)
        case "softmax-fit-default": return softmaxFit(to: try mnist(request), tolerance: nil)
        case "softmax-optimum": return softmaxFit(to: try mnist(request), tolerance: 1e-7)
        case "load":
            let path = request.data
            return PreparedWork { _ = try MNIST.load(path) }
        case "least-squares": return leastSquares(rows: try size("rows"), columns: try size("columns"))
        case "gemm-float": return product(Float.self, size: try size("size"))
        case "gemm-double": return product(Double.self, size: try size("size"))
        case "csv":
            guard let path = request.data else { throw PeerError("the request names no file") }
            try RandomCSV.write(rows: size("rows"), columns: size("columns"), to: path)
            return PreparedWork {}
        case "read": return reading(count: try size("count"))
        case "softmax-rows": return softmaxPass(over: digits(count: try size("rows")))
        case "adam-step": return adamStep(parameterCount: try size("parameters"))
        case let job: throw PeerError("there is no job '\(job ?? "")'")
        }
    }

    // MARK: Data

    /// The training pictures, at most `examples` of them.
    private mutating func mnist(_ request: WorkerRequest) throws -> Dataset {
        let train: Dataset
        if let pictures, pictures.path == request.data {
            train = pictures.train
        } else {
            train = try MNIST.load(request.data).train
            pictures = (request.data, train)
        }
        return request.sizes?["examples"].map { train.prefix($0) } ?? train
    }

    /// The bundled digits over and over.
    private func digits(count: Int) -> Dataset {
        let digits = Digits.load()
        return digits.subset((0..<count).map { Int32($0 % digits.count) })
    }

    // MARK: Models

    /// An epoch of training with Adam, pixels from −1 to 1; each run goes on from where the one before ended.
    private func network(on train: Dataset, hidden: [Int], batchSize: Int) -> PreparedWork {
        var network = MLP<Float>(
            sizes: [train.featureCount] + hidden + [train.classCount], scaling: .symmetricRange)
        var history = History()
        return PreparedWork {
            history = try network.train(
                on: train, with: Adam(learningRate: 1e-3), batchSize: .examples(batchSize), for: .epochs(1))
        } check: {
            (history.last?.runningLoss.map { "loss \(NumberFormat.fixed($0, decimals: 3))" }, nil)
        }
    }

    /// Loss and gradient of softmax regression over the whole set.
    private func softmaxPass(over train: Dataset) -> PreparedWork {
        let layout = NetworkLayout(sizes: [train.featureCount, train.classCount])
        let objective = CrossEntropyObjective<Float>(
            layout, on: train, scaler: Scaler(.automatic, fittedOn: train))
        let parameters: [Float] = layout.randomParameters(seed: 0)
        var gradient = parameters
        return PreparedWork { _ = objective.valueAndGradient(at: parameters, gradient: &gradient) }
    }

    /// A fit with scikit-learn's penalty at C = 1.
    private func softmaxFit(to train: Dataset, tolerance: Double?) -> PreparedWork {
        var configuration = SoftmaxRegression(penalty: .inverseStrength(1))
        if let tolerance { configuration.tolerance = tolerance }
        var report: SolverReport?
        return PreparedWork {
            report = try configuration.fit(train).report
        } check: {
            let note = report.map { report in
                let passes = report.passes + report.hessianPasses
                return "\(passes) passes, \(TimeText.text(report.seconds / Double(passes))) each"
            }
            return (note, report?.objective)
        }
    }

    /// A fit with standard errors, without a constant term.
    private func leastSquares(rows: Int, columns: Int) -> PreparedWork {
        var generator = RandomGenerator(seed: 0)
        let features = Matrix<Double>(rows: rows, columns: columns) {
            generator.fillUniform($0, in: -1...1)
        }
        var target = features * [Double](repeating: 1, count: columns)
        for row in target.indices { target[row] += 0.1 * generator.nextNormal() }
        let observed = target
        let configuration = LeastSquares(fitsIntercept: false)
        var fit: LeastSquaresFit?
        return PreparedWork {
            let result = try configuration.fit(features, observed)
            precondition(result.coefficients.allSatisfy { $0.standardError != nil })
            fit = result
        } check: {
            // The coefficients behind the data are 1.
            let error = fit?.estimates.map { abs($0 - 1) }.max()
            return (fit.map { "\($0.method.rawValue)" }, error)
        }
    }

    /// A step of Adam.
    private func adamStep(parameterCount: Int) -> PreparedWork {
        let rule = Adam(learningRate: 1e-3)
        var parameters = [Float](repeating: 0.5, count: parameterCount)
        let gradient = (0..<parameterCount).map { Float($0 % 17) - 8 }
        var state = rule.initialState(parameterCount: parameterCount, of: Float.self)
        return PreparedWork { rule.update(&parameters, gradient: gradient, state: &state) }
    }

    // MARK: Limits

    /// A product of square matrices.
    private func product<Scalar: MatrixScalar>(_ type: Scalar.Type, size: Int) -> PreparedWork {
        let a = Matrix<Scalar>(rows: size, columns: size, repeating: 0.5)
        let b = Matrix<Scalar>(rows: size, columns: size, repeating: 0.25)
        var c = Matrix<Scalar>(rows: size, columns: size)
        return PreparedWork { multiply(a, b, into: &c) }
    }

    /// The sum of so many Doubles, which is as fast as they come from memory.
    private func reading(count: Int) -> PreparedWork {
        let matrix = Matrix<Double>(rows: 1, columns: count, repeating: 1)
        var total = 0.0
        return PreparedWork {
            total = memorySum(of: matrix)
        } check: {
            (nil, total)
        }
    }
}
