import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization

/// The JSON of a model file; keys that a kind of model has no use for are left out.
struct ModelMetadata: Codable {
    static let format = "descent model"
    /// The latest version: the first, plus `notes.coding` (2), plus reports of update rules (3).
    static let currentVersion = 3

    /// What the metadata of every version begin with.
    struct Header: Codable {
        var format: String
        var version: Int
        var kind: String
    }

    var format = Self.format
    var version = 1
    var kind: ModelKind
    /// The type of the parameters, as NumPy names it.
    var scalar: ElementType
    var notes = ModelNotes()

    var classNames: [String]?
    var targetNames: [String]?
    var featureNames: [String]?

    // Networks.
    var inputs: Int?
    var layers: [LayerRecord]?
    var loss: NetworkLoss?
    var scaling: Scaling?
    var targetScaling: Scaling?
    var scaler: ScalerRecord?
    var targetScaler: ScalerRecord?

    // Linear and logistic models.
    var hasIntercept: Bool?
    var penalty: Penalty?

    // How the fit went.
    var history: History?
    var report: SolverReport?
    var inference: LogisticInference?
    var leastSquares: LeastSquaresFit?

    /// The first version that can say it all, so that earlier releases read what they can.
    var firstVersion: Int { report?.method == .updateRule ? 3 : notes.coding != nil ? 2 : 1 }

    init(_ kind: ModelKind, _ scalar: ElementType) {
        self.kind = kind
        self.scalar = scalar
    }
}

/// What of a scaler does not lie in arrays.
struct ScalerRecord: Codable {
    var limit: Double?
    var constantColumns: [Int]
}
