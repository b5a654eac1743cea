import Descent
import DescentDatasets
import FoundationEssentials

/// A model as `descent train` keeps it: what was fitted, and what has to be known of its features.
struct StoredModel: Codable, Sendable {
    let model: TrainedModel
    /// The names of the features; `nil` where they have none.
    let featureNames: [String]?
    /// The shape of one example: two numbers for a picture.
    let exampleShape: [Int]
    /// The value that is white in the pictures that the model was trained on; `nil` where that is not known.
    let white: Double?
    /// The name of what is predicted; `nil` where it has none.
    let targetName: String?

    init(_ model: TrainedModel, trainedOn data: TrainingData) {
        self.model = model
        featureNames = data.featureNames
        exampleShape = data.train.exampleShape
        white = data.train.nominalRange?.upperBound
        targetName = data.targetName
    }

    /// Reads a model.
    init(path: String) throws {
        let source = try ByteSource(path: path)
        if source.count == 0 { throw source.error(.empty) }
        let bytes = try source.bytes(at: 0, count: source.count)
        guard let model = try? JSONDecoder().decode(Self.self, from: Data(bytes)) else {
            throw source.error(.malformed("is no model that \"descent train --save\" wrote"))
        }
        self = model
    }

    /// Writes the model; the file appears under its name only when it is complete.
    func save(to path: String) throws {
        try AtomicFile.write(String(decoding: try JSONEncoder().encode(self), as: UTF8.self) + "\n", to: path)
    }
}

// MARK: - Examples for it

extension StoredModel {
    /// Refuses examples of another shape than the model's.
    func check(_ examples: Examples) throws {
        guard examples.featureCount != model.featureCount else { return }
        func words(_ shape: ArraySlice<Int>) -> String {
            let count = shape.reduce(1, *)
            return "\(count) features"
                + (shape.count > 1 ? " (\(shape.map(String.init).joined(separator: " × ")))" : "")
        }
        throw Refusal(
            """
            \(examples.source): has \(words(examples.features.shape.dropFirst())), and the model takes \
            \(words(exampleShape[...]))
            """)
    }

    /// A picture as an example of the model's.
    ///
    /// - Parameters:
    ///   - picture: Of the size of the model's pictures.
    ///   - white: The value of white, where the person said.
    func examples(_ picture: GrayImage, named name: String, white: Double?) throws -> Examples {
        let frame = try frame(of: name)
        guard picture.width == frame.width, picture.height == frame.height else {
            throw Refusal(
                """
                \(name): is \(picture.width) × \(picture.height) pixels, and the model takes \
                \(frame.width) × \(frame.height); --fit cuts out what is drawn and brings it to that size
                """)
        }
        guard let white = white ?? self.white else {
            throw Misuse(
                "the model does not say which number is white in a picture: --white does, as in --white 255.")
        }
        return Examples(
            name: name, source: name,
            features: NumericArray(picture.values(white: white), shape: [1, picture.height, picture.width]))
    }

    /// The size of the model's pictures.
    func frame(of name: String) throws -> (width: Int, height: Int) {
        if exampleShape.count == 2 { return (exampleShape[1], exampleShape[0]) }
        let side = Int(Double(model.featureCount).squareRoot().rounded())
        guard featureNames == nil, side > 1, side * side == model.featureCount else {
            throw Refusal(
                "\(name): is a picture, and the model takes \(model.featureCount) features of a table")
        }
        return (side, side)
    }
}
