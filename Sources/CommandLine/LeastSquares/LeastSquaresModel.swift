import Descent
import DescentDatasets
import FoundationEssentials

/// A fitted model as a file: how features are made from columns, and a fit for each target.
struct LeastSquaresModel: Sendable, Codable {
    /// Tells the file from any other JSON.
    private(set) var format = LeastSquaresModel.formatName
    private(set) var formatVersion = 1
    let coding: FeatureCoding
    let fits: [LeastSquaresFit]
    /// The fits by a variant of least squares, in place of the others.
    let variants: [VariantFit]
    /// The name of the column of weights.
    let weights: String?
    /// How many rows were left out for missing values, and how many values had a mean in their place.
    let dropped: Int
    let filled: Int

    private static let formatName = "descent least-squares model"

    /// The model behind a report.
    init(_ output: LeastSquaresOutput) {
        coding = output.coding
        fits = output.fits
        variants = output.variants
        weights = output.weights
        dropped = output.dropped
        filled = output.filled
    }

    /// Reads a model.
    ///
    /// - Throws: `DataFileError` for a file that cannot be read or holds no model.
    init(path: String) throws(DataFileError) {
        let source = try ByteSource(path: path)
        if source.count == 0 { throw source.error(.empty) }
        let bytes = try source.bytes(at: 0, count: source.count)
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
        struct Head: Decodable {
            let format: String
            let formatVersion: Int
        }
        guard let head = try? decoder.decode(Head.self, from: Data(bytes)), head.format == Self.formatName
        else {
            throw source.error(.malformed("is no model that \"descent lstsq --save\" wrote"))
        }
        if head.formatVersion != 1 { throw source.error(.unsupportedVersion("\(head.formatVersion)")) }
        do {
            self = try decoder.decode(Self.self, from: Data(bytes))
        } catch {
            throw source.error(.malformed("is a damaged model: \(Self.words(error))"))
        }
        let names = coding.featureNames
        guard fits.isEmpty != variants.isEmpty, fits.allSatisfy({ $0.featureNames == names }),
            variants.allSatisfy({ $0.model.featureNames == names })
        else {
            throw source.error(.malformed("is a damaged model: fits and features do not belong together"))
        }
    }

    private static func words(_ error: any Error) -> String {
        switch error as? DecodingError {
        case .dataCorrupted(let context), .keyNotFound(_, let context), .typeMismatch(_, let context),
            .valueNotFound(_, let context):
            context.debugDescription
        default: "\(error)"
        }
    }

    /// Writes the model; the file appears under its name only when it is complete.
    func save(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
        try AtomicFile.write(String(decoding: try encoder.encode(self), as: UTF8.self) + "\n", to: path)
    }
}
