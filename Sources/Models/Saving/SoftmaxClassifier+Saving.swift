import DescentDatasets
import DescentLinearAlgebra
import DescentOptimization

extension SoftmaxClassifier: SavableModel {
    /// Writes the model; see `SavableModel`.
    public func save(to path: String, notes: ModelNotes) throws(ModelFileError) {
        var metadata = ModelMetadata(.softmax, elementType(of: Scalar.self))
        metadata.classNames = classNames
        metadata.featureNames = featureNames
        metadata.penalty = penalty == .none ? nil : penalty
        metadata.history = history
        metadata.report = report
        metadata.inference = inference
        var parts = ModelParts(metadata)
        parts.add(network.network)
        try ModelStorage.save(parts, to: path, notes: notes)
    }

    /// Reads a softmax regression; see `SavableModel`.
    public init(contentsOf path: String) throws(ModelFileError) {
        self = try ModelStorage.load(path, .softmax, [elementType(of: Scalar.self)]) {
            contents throws(ModelFileError.Reason) in try SoftmaxClassifier(contents)
        }
    }

    init(_ contents: ModelFileContents) throws(ModelFileError.Reason) {
        let metadata = contents.metadata
        let network = try contents.network(as: Scalar.self)
        guard network.layout.layers.count == 1, !network.layout.layers[0].bias.isEmpty, network.scaler != nil,
            network.layout.outputCount >= 2
        else {
            throw .inconsistent("a softmax regression has one dense layer with biases, and a scaler")
        }
        self.network = NetworkClassifier(
            network: network, classNames: try contents.classNames(network.layout.outputCount))
        featureNames = metadata.featureNames ?? []
        penalty = metadata.penalty ?? .none
        history = metadata.history ?? History()
        report = metadata.report
        inference = metadata.inference
    }
}
