/// A model file of any kind: the model, and what it says of the data.
///
/// ```swift
/// let file = try ModelFile(contentsOf: "mnist.npz")
/// if case .mlp(let network) = file.model { print(network) }
/// ```
public struct ModelFile: Sendable {
    /// The model.
    public var model: SavedModel

    /// What the file says of the data.
    public var notes: ModelNotes

    /// A file to be written.
    public init(_ model: SavedModel, notes: ModelNotes = ModelNotes()) {
        self.model = model
        self.notes = notes
    }

    /// Reads a model of any kind, from npz or safetensors.
    ///
    /// - Throws: `ModelFileError` where the file cannot be read, is damaged, of a later version, or of an unknown kind.
    public init(contentsOf path: String) throws(ModelFileError) {
        (model, notes) = try ModelStorage.load(path) { contents throws(ModelFileError.Reason) in
            let model = try SavedModel(contents)
            try contents.checkCoding(featureCount: model.featureCount)
            return (model, contents.metadata.notes)
        }
    }

    /// Writes the model; see `SavableModel.save(to:notes:)`.
    ///
    /// - Throws: `ModelFileError` where the file cannot be written, or the model has parameters that are not finite.
    public func save(to path: String) throws(ModelFileError) {
        try model.savable.save(to: path, notes: notes)
    }
}
