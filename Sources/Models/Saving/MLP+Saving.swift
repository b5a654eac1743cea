import DescentDatasets
import DescentLinearAlgebra

extension MLP: SavableModel {
    /// Writes the model; see `SavableModel`.
    public func save(to path: String, notes: ModelNotes) throws(ModelFileError) {
        var metadata = ModelMetadata(.mlp, elementType(of: Scalar.self))
        metadata.classNames = classNames
        metadata.scaling = scaling
        var parts = ModelParts(metadata)
        parts.add(classifier.network)
        try ModelStorage.save(parts, to: path, notes: notes)
    }

    /// Reads a network for classes; see `SavableModel`.
    public init(contentsOf path: String) throws(ModelFileError) {
        self = try ModelStorage.load(path, .mlp, [elementType(of: Scalar.self)]) {
            contents throws(ModelFileError.Reason) in try MLP(contents)
        }
    }

    init(_ contents: ModelFileContents) throws(ModelFileError.Reason) {
        let network = try contents.network(as: Scalar.self)
        guard network.layout.outputCount > 1 || !network.loss.goesByLabel else {
            throw .inconsistent("a network of one output tells no classes apart by \(network.loss)")
        }
        self.init(
            network: network, classNames: try contents.classNames(max(network.layout.outputCount, 2)),
            scaling: try contents.require(contents.metadata.scaling, "scaling"))
    }
}
