import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization

/// A model of any kind that a file can hold.
public enum SavedModel: Sendable {
    /// A linear model.
    case linear(LinearModel)
    /// A logistic regression.
    case logistic(LogisticClassifier)
    /// A softmax regression in `Double`, as the solver fits it.
    case softmax(SoftmaxClassifier<Double>)
    /// A softmax regression in `Float`.
    case softmaxFloat(SoftmaxClassifier<Float>)
    /// A network for classes in `Float`.
    case mlp(MLP<Float>)
    /// A network for classes in `Double`.
    case mlpDouble(MLP<Double>)
    /// A network for quantities in `Float`.
    case regressor(MLPRegressor<Float>)
    /// A network for quantities in `Double`.
    case regressorDouble(MLPRegressor<Double>)

    /// The kind, as files name it.
    package var kind: ModelKind {
        switch self {
        case .linear: .linear
        case .logistic: .logistic
        case .softmax, .softmaxFloat: .softmax
        case .mlp, .mlpDouble: .mlp
        case .regressor, .regressorDouble: .mlpRegressor
        }
    }

    /// The model itself.
    public var savable: any SavableModel {
        switch self {
        case .linear(let model): model
        case .logistic(let model): model
        case .softmax(let model): model
        case .softmaxFloat(let model): model
        case .mlp(let model): model
        case .mlpDouble(let model): model
        case .regressor(let model): model
        case .regressorDouble(let model): model
        }
    }

    /// Writes the model as an ONNX file; see `ONNXExportable`.
    ///
    /// - Throws: `ModelFileError` where the file cannot be written.
    public func exportONNX(to path: String, precision: ONNXPrecision? = nil) throws(ModelFileError) {
        guard let model = savable as? any ONNXExportable else {
            throw ModelFileError(file: path, reason: .notExpressible("\(kind.title) has no graph"))
        }
        try model.exportONNX(to: path, precision: precision)
    }

    /// The model as a classifier; `nil` for one that predicts quantities.
    public var classifier: (any Classifier)? { savable as? any Classifier }

    /// The number of features.
    public var featureCount: Int {
        switch self {
        case .linear(let model): model.coefficients.count
        case .logistic(let model): model.weights.count
        case .softmax(let model): model.network.layout.inputCount
        case .softmaxFloat(let model): model.network.layout.inputCount
        case .mlp(let model): model.layout.inputCount
        case .mlpDouble(let model): model.layout.inputCount
        case .regressor(let model): model.layout.inputCount
        case .regressorDouble(let model): model.layout.inputCount
        }
    }

    init(_ contents: ModelFileContents) throws(ModelFileError.Reason) {
        let isSingle = contents.metadata.scalar == .float32
        switch contents.metadata.kind {
        case .linear: self = .linear(try LinearModel(contents))
        case .logistic: self = .logistic(try LogisticClassifier(contents))
        case .softmax:
            self =
                isSingle
                ? .softmaxFloat(try SoftmaxClassifier(contents)) : .softmax(try SoftmaxClassifier(contents))
        case .mlp:
            self = isSingle ? .mlp(try MLP(contents)) : .mlpDouble(try MLP(contents))
        case .mlpRegressor:
            self =
                isSingle
                ? .regressor(try MLPRegressor(contents)) : .regressorDouble(try MLPRegressor(contents))
        }
    }
}
