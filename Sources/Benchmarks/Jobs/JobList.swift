import DescentReports

/// The jobs of `descent-perf jobs`.
enum JobList {
    /// All of them.
    ///
    /// - Parameters:
    ///   - data: The files to read.
    ///   - isQuick: Smaller problems, for trying it.
    static func all(_ data: JobData, isQuick: Bool = false) -> [Job] {
        networks(data) + softmax(data) + leastSquares(isQuick: isQuick) + files(data) + processes(data)
    }

    private static func networks(_ data: JobData) -> [Job] {
        func request(_ hidden: [Int], batch: Int) -> WorkerRequest {
            .preparing("mlp", data: data.mnist, hidden: hidden, ["batch": batch])
        }
        func work(_ hidden: [Int]) -> Work {
            .epoch(examples: data.exampleCount, widths: [784] + hidden + [10])
        }
        let (narrow, wide) = (request([128, 64], batch: 64), request([1024, 1024], batch: 256))
        return [
            Job(
                name: "mlp", title: "MLP 784-128-64-10, batch 64, Adam: an epoch of \(data.name)",
                work: work([128, 64]),
                contenders: [
                    .own(narrow), Contender(name: "JAX", way: .worker(.python("jax_peer"), narrow)),
                    Contender(name: "PyTorch", way: .worker(.python("torch_peer"), narrow)),
                ]),
            Job(
                name: "wide-mlp", title: "MLP 784-1024-1024-10, batch 256, Adam: an epoch of \(data.name)",
                work: work([1024, 1024]),
                contenders: [
                    .own(wide), Contender(name: "PyTorch", way: .worker(.python("torch_peer"), wide)),
                ]),
        ]
    }

    private static func softmax(_ data: JobData) -> [Job] {
        func peer(_ name: String, _ job: String) -> Contender {
            Contender(
                name: name, way: .worker(.python("sklearn_peer"), .preparing(job, data: data.mnist)))
        }
        return [
            Job(
                name: "softmax-pass", title: "Softmax regression: loss and gradient over \(data.name)",
                work: .softmaxPass(examples: data.exampleCount, features: 784, classes: 10),
                contenders: [
                    .own(.preparing("softmax-pass", data: data.mnist)),
                    peer("scikit-learn, an L-BFGS iteration", "softmax-pass"),
                ]),
            Job(
                name: "softmax-fit",
                title: "Softmax regression: fit to \(data.name), C = 1, tolerance 5e-5",
                reference: .preparing("softmax-optimum", data: data.mnist),
                contenders: [
                    .own(.preparing("softmax-fit", data: data.mnist)),
                    // Its default number of iterations, which ends before its default tolerance of 1e-4.
                    peer("scikit-learn, 100 iterations", "softmax-fit"),
                ]),
            Job(
                name: "softmax-fit-default", title: "The same fit to the default tolerance, 1e-6",
                reference: .preparing("softmax-optimum", data: data.mnist),
                contenders: [.own(.preparing("softmax-fit-default", data: data.mnist))]),
        ]
    }

    private static func leastSquares(isQuick: Bool) -> [Job] {
        [(1_000_000, 50), (100_000, 100), (20_000, 1000)].map { (rows, columns) in
            let rows = isQuick ? rows / 10 : rows
            let sizes = ["rows": rows, "columns": columns]
            return Job(
                name: "least-squares-\(columns)",
                title: "Least squares with standard errors, \(NumberFormat.count(rows)) × \(columns)",
                work: .leastSquares(rows: rows, columns: columns),
                contenders: [
                    .own(.preparing("least-squares", sizes)),
                    Contender(
                        name: "np.linalg.lstsq",
                        way: .worker(.python("numpy_peer"), .preparing("lstsq", sizes))),
                    Contender(
                        name: "solve(A.T@A, A.T@y)",
                        way: .worker(.python("numpy_peer"), .preparing("normal", sizes))),
                ])
        }
    }

    private static func files(_ data: JobData) -> [Job] {
        let request = WorkerRequest.preparing("load", data: data.mnist)
        return [
            Job(
                name: "load", title: "npz of \(data.name) into memory",
                contenders: [
                    .own(request), Contender(name: "np.load", way: .worker(.python("numpy_peer"), request)),
                ])
        ]
    }

    private static func processes(_ data: JobData) -> [Job] {
        func csv(_ reader: String) -> Contender {
            Contender(name: "\(reader) + NumPy", way: .process(.python("csv_process"), [reader, data.csv]))
        }
        return [
            Job(
                name: "digits", title: "Digits, standardized: softmax regression, whole process",
                contenders: [
                    // The penalty is scikit-learn's C = 1 for 1,347 examples.
                    .command(
                        "train", "softmax", "digits", "--scaling", "standardize", "--l2", "7.4239e-4"),
                    Contender(name: "scikit-learn", way: .process(.python("digits_process"), [])),
                ]),
            Job(
                name: "csv",
                title: "CSV of \(NumberFormat.count(data.csvRows)) × 20 to the report, whole process",
                contenders: [
                    .command("lstsq", data.csv, "--target", "y"), csv("polars"), csv("pandas"),
                ]),
            Job(
                name: "mlp-process", title: "The first job as a whole process, with the test at its end",
                threadCounts: [2],
                contenders: [
                    .command(
                        "train", "mlp", data.mnist, "--hidden", "128,64", "--optimizer", "adam",
                        "--batch-size",
                        "64", "--epochs", "1", "--scaling", "symmetric-range"),
                    Contender(
                        name: "PyTorch", way: .process(.python("mnist_process"), [data.mnist])),
                ]),
            Job(
                name: "start-up", title: "Start-up: descent --help", threadCounts: [2],
                contenders: [.command("--help")]),
        ]
    }
}
