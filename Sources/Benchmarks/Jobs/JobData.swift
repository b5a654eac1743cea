import DescentReports

/// The files that the jobs read.
struct JobData: Equatable {
    /// The npz file with MNIST, or with its sample.
    let mnist: String
    /// The number of its training pictures.
    let exampleCount: Int
    /// The CSV file, made when it is needed.
    let csv: String
    /// Its rows; it has 20 columns.
    let csvRows: Int

    /// The sample in the package's folder, for where the whole is not there.
    static let samplePath = "Modules/CBundledData/mnist-sample.npz"

    /// Whether it is the whole of MNIST.
    var isWhole: Bool { exampleCount == 60_000 }

    /// What to call it in titles.
    var name: String { isWhole ? "MNIST" : "\(NumberFormat.count(exampleCount)) pictures of MNIST" }
}
