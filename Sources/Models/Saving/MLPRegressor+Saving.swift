import DescentDatasets
import DescentLinearAlgebra

extension MLPRegressor: SavableModel {
    /// Writes the model; see `SavableModel`.
    public func save(to path: String, notes: ModelNotes) throws(ModelFileError) {
        var metadata = ModelMetadata(.mlpRegressor, elementType(of: Scalar.self))
        metadata.targetNames = targetNames
        metadata.scaling = scaling
        metadata.targetScaling = targetScaling
        var parts = ModelParts(metadata)
        parts.add(network)
        try ModelStorage.save(parts, to: path, notes: notes)
    }

    /// Reads a network for quantities; see `SavableModel`.
    public init(contentsOf path: String) throws(ModelFileError) {
        self = try ModelStorage.load(path, .mlpRegressor, [elementType(of: Scalar.self)]) {
            contents throws(ModelFileError.Reason) in try MLPRegressor(contents)
        }
    }

    init(_ contents: ModelFileContents) throws(ModelFileError.Reason) {
        let metadata = contents.metadata
        let network = try contents.network(as: Scalar.self)
        let names = try contents.require(metadata.targetNames, "targetNames")
        guard names.count == network.layout.outputCount else {
            throw .inconsistent("\(names.count) target names for \(network.layout.outputCount) outputs")
        }
        guard network.loss.isRegression || network.loss == .binaryCrossEntropy else {
            throw .inconsistent("its loss, \(network.loss), is between classes, not quantities")
        }
        self.init(
            network: network, targetNames: names, scaling: try contents.require(metadata.scaling, "scaling"),
            targetScaling: try contents.require(metadata.targetScaling, "targetScaling"))
    }
}
