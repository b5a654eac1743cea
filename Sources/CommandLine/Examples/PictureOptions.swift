import ArgumentParser
import Descent
import DescentDatasets

/// How a picture in a file becomes one of the kind that a model was trained on.
struct PictureOptions: ParsableArguments {
    @Flag(
        help: "Exchange black and white in the picture: for ink on paper, where a model knows white on black."
    )
    var invert = false

    @Flag(
        help: """
            Cut out what is drawn, bright on dark, scale it to 5/7 of the model's picture and centre it by its mass, \
            as the digits of MNIST were.
            """)
    var fit = false

    @Option(help: ArgumentHelp("The number that is white in the model's training data.", valueName: "number"))
    var white: Double?

    func validate() throws {
        if let white, !(white > 0 && white.isFinite) {
            throw ValidationError("--white must be positive, not \(white).")
        }
    }

    /// Whether anything was asked for.
    var isUsed: Bool { invert || fit || white != nil }

    /// The picture as the model takes it.
    func prepared(_ picture: GrayImage, for model: StoredModel, named name: String) throws -> GrayImage {
        var picture = picture
        if invert { picture = picture.inverted }
        if fit {
            let frame = try model.frame(of: name)
            picture = picture.fitted(width: frame.width, height: frame.height)
        }
        return picture
    }
}
