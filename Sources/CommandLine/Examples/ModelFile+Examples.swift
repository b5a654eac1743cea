import Descent
import DescentDatasets

extension ModelFile {
    /// The shape of one example: two numbers for a picture.
    private var exampleShape: [Int] { notes.exampleShape ?? [model.featureCount] }

    /// Rows and columns of the model's pictures; `nil` where its examples are none.
    var pictureShape: (rows: Int, columns: Int)? {
        exampleShape.count == 2 ? (exampleShape[0], exampleShape[1]) : nil
    }

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
        guard let white = white ?? notes.nominalRange?.upperBound else {
            throw Misuse(
                "the model does not say which number is white in a picture: --white does, as in --white 255.")
        }
        return Examples(
            name: name, source: name,
            features: NumericArray(picture.values(white: white), shape: [1, picture.height, picture.width]))
    }

    /// The size of the model's pictures.
    func frame(of name: String) throws -> (width: Int, height: Int) {
        if let shape = pictureShape { return (shape.columns, shape.rows) }
        let side = Int(Double(model.featureCount).squareRoot().rounded())
        guard notes.featureNames == nil, side > 1, side * side == model.featureCount else {
            throw Refusal(
                "\(name): is a picture, and the model takes \(model.featureCount) features of a table")
        }
        return (side, side)
    }
}
