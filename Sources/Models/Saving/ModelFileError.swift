import DescentDatasets

/// Why a model could not be written or read.
public struct ModelFileError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The ways in which a model file can be unusable.
    public enum Reason: Error, Equatable, Sendable {
        /// The file cannot be read or written.
        case file(DataFileError)
        /// The file is damaged, or cut short; it has so many bytes.
        case damaged(DataFileError, byteCount: Int)
        /// The file is something else; what speaks against a model.
        case notAModel(String)
        /// The file is of a later version of the format than is known here.
        case newerVersion(Int)
        /// The file says a version that no release has written.
        case noSuchVersion(Int)
        /// The file holds a kind of model that is not known here.
        case unknownKind(String)
        /// The file holds another kind of model than was asked for.
        case otherKind(found: String, wanted: String)
        /// The file holds numbers of a type that the model asked for cannot hold exactly.
        case otherType(found: String, wanted: String)
        /// The file's parts do not fit together.
        case inconsistent(String)
        /// A number is NaN or infinite, so that the model could predict nothing.
        case notFinite(array: String)
        /// The model has no counterpart in the format.
        case notExpressible(String)
    }

    /// The file's path.
    public var file: String

    /// What was wrong.
    public var reason: Reason

    /// An error about a file.
    public init(file: String, reason: Reason) {
        self.file = file
        self.reason = reason
    }

    /// The file, what was wrong and, where it helps, what to do.
    public var description: String {
        let file = DataFileError.printable(file)
        switch reason {
        case .file(let error): return error.description
        case .damaged(let error, let byteCount):
            return """
                \(file): is a damaged model file, or one cut short: \(error.detail). The file has \
                \(byteCount) byte\(byteCount == 1 ? "" : "s"); copy it again from where it is whole, or train and save \
                the model again
                """
        case .notAModel(let what): return "\(file): is no model: \(what)"
        case .newerVersion(let version):
            return """
                \(file): is a model file of format version \(version), and this release reads up to version \
                \(ModelMetadata.currentVersion); a newer release of Descent reads it
                """
        case .noSuchVersion(let version):
            return "\(file): says to be of format version \(version), which there never was; it is damaged"
        case .unknownKind(let kind):
            return """
                \(file): holds a model of the kind "\(DataFileError.printable(kind))", which is none of \
                \(ModelKind.allCases.map(\.rawValue).joined(separator: ", "))
                """
        case .otherKind(let found, let wanted): return "\(file): holds \(found), not \(wanted)"
        case .otherType(let found, let wanted):
            return "\(file): holds numbers of type \(found), which \(wanted) does not hold exactly"
        case .inconsistent(let what):
            return "\(file): is a damaged model file: \(what). Train and save the model again"
        case .notFinite(let array):
            return "\(file): \"\(DataFileError.printable(array))\" has values that are not finite numbers"
        case .notExpressible(let what): return "\(file): cannot be written: \(what)"
        }
    }
}
