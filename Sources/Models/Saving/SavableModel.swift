import DescentDatasets
import DescentLinearAlgebra

/// A fitted model that files can hold: `save(to:)` writes it, `init(contentsOf:)` reads it back with the same bits.
///
/// ```swift
/// try network.save(to: "mnist.npz")
/// let copy = try MLP<Float>(contentsOf: "mnist.npz")
/// ```
/// Names that end in `.safetensors` make safetensors files, and all others npz files, which NumPy opens. What is read is
/// told from the contents. See `ModelFile` for reading models of any kind, and `exportONNX(to:)` for other programs.
public protocol SavableModel: Sendable {
    /// Writes the model.
    ///
    /// The file appears under its name only when it is complete, in place of one that had it. The same model gives the
    /// same bytes.
    ///
    /// - Parameters:
    ///   - path: Where to write: `.safetensors` for that format, any other name for npz.
    ///   - notes: What is worth knowing of the data.
    /// - Throws: `ModelFileError` where the file cannot be written, or the model has parameters that are not finite.
    func save(to path: String, notes: ModelNotes) throws(ModelFileError)

    /// Reads a model of this kind.
    ///
    /// - Throws: `ModelFileError` where the file cannot be read, is damaged, of a later version, or holds another kind of
    ///   model or numbers of another type.
    init(contentsOf path: String) throws(ModelFileError)
}

extension SavableModel {
    /// Writes the model, without notes.
    public func save(to path: String) throws(ModelFileError) { try save(to: path, notes: ModelNotes()) }
}
