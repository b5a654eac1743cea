import Descent
import DescentReports

extension PictureSheet {
    /// The surest mistakes of a classifier, in raw pixels: what each is, and what it was taken for.
    init<Model: Classifier>(
        title: String, mistakesOf model: Model, on dataset: Dataset, first count: Int,
        palette: Palette = .gray
    ) {
        let tiles = model.misclassifications(on: dataset).prefix(count).map { mistake in
            PictureSheet.Tile(
                of: dataset, example: mistake.example,
                caption: [
                    "is \(model.classNames[mistake.label]), taken for \(model.classNames[mistake.prediction])",
                    "with \(NumberFormat.fixed(mistake.probability, decimals: 3))",
                ])
        }
        self.init(title: title, tiles: tiles, palette: palette)
    }
}
