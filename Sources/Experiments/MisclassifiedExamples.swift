import Descent
import DescentReports

/// The examples that a model takes for another class, the surest mistakes first.
struct MisclassifiedExamples {
    /// One of them.
    struct Mistake {
        /// Which example.
        var row: Int
        /// The class that it is.
        var actual: Int
        /// The class that it was taken for.
        var predicted: Int
        /// The probability that the model gave to that.
        var probability: Double
    }

    /// The mistakes.
    let mistakes: [Mistake]

    private let dataset: Dataset

    init<Model: Classifier>(of model: Model, on dataset: Dataset) {
        let probabilities = model.probabilities(for: dataset)
        self.dataset = dataset
        mistakes = model.predictions(for: dataset).enumerated().compactMap { row, predicted -> Mistake? in
            let actual = Int(dataset.labels[row])
            guard predicted != actual else { return nil }
            return Mistake(
                row: row, actual: actual, predicted: predicted,
                probability: Double(probabilities[row, predicted]))
        }
        .sorted { ($1.probability, $0.row) < ($0.probability, $1.row) }
    }

    /// The first of them as pictures in raw pixels.
    func tiles(first count: Int) -> [PictureSheet.Tile] {
        mistakes.prefix(count).map { mistake in
            PictureSheet.Tile(
                of: dataset, example: mistake.row,
                caption: [
                    "is \(dataset.classNames[mistake.actual]), taken for \(dataset.classNames[mistake.predicted])",
                    "with \(NumberFormat.fixed(mistake.probability, decimals: 3))",
                ])
        }
    }
}
