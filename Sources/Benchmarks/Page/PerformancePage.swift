import DescentReports

/// The page docs/performance.md.
struct PerformancePage {
    let report: PerformanceReport

    /// How far above the arithmetic a slope may be before the page points at it.
    static let toleratedExcess = 0.15

    /// The page in Markdown; the pictures are in the folder `images` beside it.
    var text: String {
        var page = Self.opening
        page += report.machineTable.markdown + "\n"
        for remark in report.remarks { page += "\(remark)\n\n" }
        page += Self.limitsText + report.limitTable.markdown + "\n"
        page += Self.jobsText + report.jobTable.markdown + "\n"
        if !report.findingTable.rows.isEmpty {
            page += Self.findingsText + report.findingTable.markdown + "\n"
        }
        page += memoryText + report.memoryTable.markdown + "\n"
        page += Self.growthText + report.growthTable.markdown + "\n" + growthJudgement + "\n\n"
        return page + Self.methodText
    }

    /// Which slopes are above what the arithmetic predicts.
    var growthJudgement: String {
        let steep = report.growth.filter { result in
            guard let slope = result.exponent, let predicted = result.predictedExponent else { return false }
            return slope > predicted + Self.toleratedExcess
        }
        if steep.isEmpty {
            return "No slope is more than \(Self.toleratedExcess) above that of the arithmetic in this run."
        }
        let names = steep.map { "*\($0.title)*, by \($0.sizeName)" }.joined(separator: "; ")
        return "More than \(Self.toleratedExcess) above the arithmetic in this run: \(names)."
    }

    private var memoryText: String {
        let floor = TimeText.megabytes(report.memoryFloor)
        return """
            ## Memory

            The most memory that each whole process had at a time (`ru_maxrss` of `wait4`), on two threads where there are so many processors; medians. \
            The kernel counts from the copy of the measuring process that becomes the program, so nothing below \
            \(floor) can be seen; such figures have a ≤.


            """
    }

    private static let opening = """
        # Performance

        How long Descent takes beside what one would use instead, beside what the machine allows, and how that grows. \
        `make perf` measures everything on this page and writes it, with its pictures; `make peers` fetches the peers \
        before. `make perf ARGS="jobs --only mlp"` measures one job and prints it, \
        `make perf ARGS="growth"` the growth.

        ## Machine and programs


        """

    private static let limitsText = """
        ## What the machine allows

        Arithmetic: a product of square matrices of 1536 rows, by whichever library has the fastest kernels for this \
        processor. Memory: the sum of a quarter of a gigabyte. Best of six runs each, on the spot.


        """

    private static let jobsText = """
        ## Side by side

        ![Bars of the times of each job: Descent, the peers, and the machine's limit](images/performance.svg)

        Medians, in parentheses the shortest and the longest run. The *ratio* is how many times as long as Descent the \
        peer takes. The *limit* is the time that the machine needs for the least of arithmetic, or for reading the \
        data once, whichever is longer: products of a training step, half a Gram matrix, logits and gradient; where \
        the amount depends on the method there is none.


        """

    private static let findingsText = """
        What the runs found, so that it can be seen that they did the same work: the mean loss over the first \
        epoch, the distance of coefficients from those that made \
        the data, and of an objective (mean loss plus penalty) from the least that a much longer run of ours found.


        """

    private static let growthText = """
        ## Growth

        ![Time against rows, batch size, width and parameters, on logarithmic axes](images/performance-growth.svg)

        Descent alone, on two threads where there are so many processors; medians. The *slope* is that of the straight line through the upper half of \
        the sizes, both axes logarithmic: 1 where time is proportional to size. Beside it the slope that the number \
        of operations has over the same sizes. What the arithmetic predicts:

        - **Rows.** Every row is touched a fixed number of times, by least squares and by a pass of softmax \
        regression: slope 1. Small problems lie above the line, for what does not grow: starting the threads, and \
        the factorization and the report of least squares. Data that leave the caches cost a little more a row.
        - **Batch size.** An epoch has a fixed number of products, and as many steps of the optimizer as there are \
        batches: time an example falls like 1/batch while the step over the 109,386 parameters outweighs the \
        products, and is level from there on. Small batches also have thin products, which reach less of the limit; \
        very large ones leave the caches.
        - **Width.** The first layer has 784·w weights, the second w²: the slope goes from 1 to 2. Narrow layers \
        reach less of the limit than wide ones, so that the measured slope may be smaller than predicted.
        - **Parameters.** A step of Adam reads and writes four arrays once: slope 1. The step gets dearer by a \
        factor where these leave a cache, which makes the slope steeper than 1 across that size, and 1 again beyond.


        """

    private static let methodText = """
        ## How it is measured

        - Our runs and the peers' take turns (A B A B …), so that whatever else the machine does hits all alike. \
        Each job is run five times, three times where it takes long; the column *runs* says it. A run before them \
        does not count, unless it is long itself.
        - Work inside a process is done by one that stays and is asked through a pipe: start, imports, compilation \
        and reading the data do not count. What takes less than a fifth of a second is repeated for so long, and a \
        run's time is the mean. Whole processes are timed from outside, start and imports included; the \
        files that they read are in the page cache.
        - Threads: Descent by `Compute.threadCount`, NumPy and scikit-learn by threadpoolctl, PyTorch by \
        `torch.set_num_threads`; JAX and whole processes, ours too, by the processors that they may run on. A tenth \
        of a second passes between two runs, for the threads of the one before to stop waiting busily.
        - `OPENBLAS_CORETYPE` and `OPENBLAS_L2_SIZE`, which some machines set for the OpenBLAS of the system, are \
        taken away from the peers: NumPy brings a newer one of its own, which they slow down.
        - Networks, on pixels from −1 to 1: Descent through `network.train`, loss and history included; PyTorch as a loop over batches of \
        one tensor, with `Adam(fused=True)`; JAX as one jitted scan over the batches of an epoch, without the last, \
        smaller one.
        - Softmax regression: the pass is `CrossEntropyObjective`'s, in Float, as in a minimization: \
        the third and later ones, which read the lists that the second has kept. An iteration of scikit-learn's L-BFGS is \
        the difference between fits of 8 and of 2 iterations, divided by 6; one that needs a second evaluation for \
        its line search has it inside. The fit is `SoftmaxRegression(penalty: .inverseStrength(1), tolerance: 5e-5).fit`, \
        which ends within 1e-6 of the least objective, as the table above shows, beside \
        `LogisticRegression(C=1, max_iter=100)` on the same pixels from 0 to 1 in Float; the fit to the default \
        tolerance has no peer, since that one needs more than a thousand iterations for it.
        - Least squares: `LeastSquares(fitsIntercept: false).fit`, coefficients and standard errors; the peers give \
        coefficients only. From CSV: the whole report with standard errors, on both sides.
        - Reading: `MNIST.load`, which also checks the data and takes their SHA-256.

        The scripts of the peers are in `Sources/Benchmarks/Peers`.

        """
}

extension PerformanceReport {
    /// The machine and the programs.
    var machineTable: TextTable {
        var table = TextTable(columns: [.init("", alignment: .left), .init("", alignment: .left)])
        for fact in machine.facts { table.append([fact.name, fact.value]) }
        return table
    }
}
