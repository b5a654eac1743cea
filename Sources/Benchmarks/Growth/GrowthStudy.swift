/// How the time of something grows with a size.
struct GrowthStudy {
    /// What is timed, for tables.
    let title: String
    /// What grows, for axes.
    let sizeName: String
    /// The sizes, ascending.
    let sizes: [Int]
    /// How work of a size is asked for.
    let request: (Int) -> WorkerRequest
    /// What the time of a run is divided by.
    var share: (Int) -> Double = { _ in 1 }
    /// Operations in a run, in any unit: what the arithmetic predicts.
    let operations: (Int) -> Double

    /// All of them, in the order of the panels of the picture.
    static func all(_ data: JobData, isQuick: Bool = false) -> [GrowthStudy] {
        let rows = [1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000]
        let shownRows = isQuick ? Array(rows.prefix(5)) : rows
        return [
            GrowthStudy(
                title: "Least squares, 20 columns", sizeName: "rows", sizes: shownRows,
                request: { .preparing("least-squares", ["rows": $0, "columns": 20]) },
                operations: { Work.leastSquares(rows: $0, columns: 20).doubleOperations }),
            GrowthStudy(
                title: "Softmax pass, 64 × 10", sizeName: "rows",
                sizes: shownRows,
                request: { .preparing("softmax-rows", ["rows": $0]) },
                operations: {
                    Work.softmaxPass(examples: $0, features: 64, classes: 10).floatOperations
                }),
            batches(data, isQuick: isQuick), widths(data, isQuick: isQuick),
            GrowthStudy(
                title: "Step of Adam", sizeName: "parameters",
                sizes: [10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000, 10_000_000],
                request: { .preparing("adam-step", ["parameters": $0]) }, operations: { Double($0) }),
        ]
    }

    /// Operations of Adam for each parameter.
    private static let adamOperations = 12.0

    private static func batches(_ data: JobData, isQuick: Bool) -> GrowthStudy {
        let sizes = (0...12).map { 1 << $0 }.filter { !isQuick || [1, 8, 64, 512].contains($0) }
        let parameters = 109_386.0
        // Enough examples for several steps.
        func examples(_ batch: Int) -> Int { min(data.exampleCount, max(1024, 8 * batch)) }
        return GrowthStudy(
            title: "Training an MLP 784-128-64-10, an example", sizeName: "batch size",
            sizes: sizes,
            request: {
                .preparing(
                    "mlp", data: data.mnist, hidden: [128, 64], ["batch": $0, "examples": examples($0)])
            },
            share: { Double(examples($0)) },
            operations: {
                Work.epoch(examples: 1, widths: [784, 128, 64, 10]).floatOperations
                    + adamOperations * parameters / Double($0)
            })
    }

    private static func widths(_ data: JobData, isQuick: Bool) -> GrowthStudy {
        let sizes = [16, 32, 64, 128, 256, 512, 1024, 2048].filter { !isQuick || $0 <= 256 }
        let examples = min(data.exampleCount, isQuick ? 1024 : 2048)
        return GrowthStudy(
            title: "Training an MLP 784-w-w-10, batch 256, an example", sizeName: "width w",
            sizes: sizes,
            request: {
                .preparing(
                    "mlp", data: data.mnist, hidden: [$0, $0], ["batch": 256, "examples": examples])
            },
            share: { _ in Double(examples) },
            operations: { width in
                let parameters = Double(785 * width + (width + 1) * width + (width + 1) * 10)
                return Work.epoch(examples: 1, widths: [784, width, width, 10]).floatOperations
                    + adamOperations * parameters / 256
            })
    }
}
