import Descent
import DescentDatasets

/// A model from a file, whatever its kind, with what is known of its features.
struct StoredModel {
    /// What a model does.
    enum Kind {
        case classifier(any Classifier)
    }

    let kind: Kind
    /// The model in a word or two.
    let title: String
    /// The number of features.
    let featureCount: Int
    /// The names of the features; `nil` where they have none.
    let featureNames: [String]?
    /// The shape of one example: two numbers for a picture.
    let exampleShape: [Int]
    /// The value that is white in the pictures that the model was trained on; `nil` where that is not known.
    let white: Double?

    init(path: String) throws {
        let model = try TrainedNetwork(path: path)
        kind = .classifier(model)
        title = "network"
        featureCount = model.layout.sizes[0]
        featureNames = model.featureNames
        exampleShape = model.exampleShape
        white = model.nominalRange?.upperBound
    }
}

extension StoredModel {
    /// Refuses examples of another shape than the model's.
    func check(_ examples: Examples) throws {
        guard examples.featureCount != featureCount else { return }
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
        let side = Int(Double(featureCount).squareRoot().rounded())
        guard featureNames == nil, side > 1, side * side == featureCount else {
            throw Refusal("\(name): is a picture, and the model takes \(featureCount) features of a table")
        }
        return (side, side)
    }

    /// Probabilities, examples × classes, and the names of the classes.
    func probabilities(of examples: Examples, _ classifier: any Classifier) throws -> [[Double]] {
        func rows(_ classifier: some Classifier) throws -> [[Double]] {
            let matrix = classifier.probabilities(
                for: try examples.unlabelled(classNames: classifier.classNames))
            return (0..<matrix.rows).map { row in (0..<matrix.columns).map { Double(matrix[row, $0]) } }
        }
        return try rows(classifier)
    }
}
