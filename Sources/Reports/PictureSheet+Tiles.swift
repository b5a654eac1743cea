import DescentDatasets

extension PictureSheet.Tile {
    /// An example of a data set of pictures.
    ///
    /// Black and white are the ends of the data set's nominal range, or where it has none the smallest and the largest
    /// number of the example itself.
    ///
    /// - Parameters:
    ///   - dataset: One whose examples have two axes, rows and columns.
    ///   - row: Which example.
    ///   - caption: Lines above the picture.
    ///   - range: The numbers that are black and white, in place of those.
    public init(
        of dataset: Dataset, example row: Int, caption: [String] = [], range: ClosedRange<Double>? = nil
    ) {
        precondition(
            dataset.exampleShape.count == 2,
            "examples of shape \(dataset.exampleShape) are no pictures: a picture has rows and columns")
        self.init(
            width: dataset.exampleShape[1], height: dataset.exampleShape[0], values: dataset.example(row),
            caption: caption, range: range ?? dataset.nominalRange)
    }

    /// Any numbers as a picture, such as the weights that a model gives to pixels.
    ///
    /// - Parameters:
    ///   - width: Pixels in a row.
    ///   - height: Rows.
    ///   - values: The numbers, row by row from the top; what lies outside the range is shown as its nearer end.
    ///   - caption: Lines above the picture.
    ///   - range: The numbers of brightness 0 and 1; from the smallest to the largest if `nil`.
    public init(
        width: Int, height: Int, values: [Double], caption: [String] = [], range: ClosedRange<Double>? = nil
    ) {
        let low = range?.lowerBound ?? values.min() ?? 0
        let high = range?.upperBound ?? values.max() ?? 1
        self.init(
            width: width, height: height,
            brightness: values.map { high > low ? min(max(($0 - low) / (high - low), 0), 1) : 0 },
            caption: caption)
    }

    /// Many pictures of one size as a single one, row by row with a gap between them; captions are left out.
    ///
    /// A sheet of sixty pictures is then drawn as one, in a tenth of the time and of the file's size.
    ///
    /// - Parameters:
    ///   - tiles: At least one, all of one size.
    ///   - columns: How many stand in a row.
    ///   - gap: Pixels between two of them.
    ///   - background: The brightness of the gaps, and of places that are left over.
    public static func mosaic(
        of tiles: [Self], columns: Int, gap: Int = 1, background: Double = 0.5
    ) -> Self {
        precondition(columns >= 1 && gap >= 0, "a mosaic of \(columns) columns with gaps of \(gap)")
        guard let first = tiles.first else { preconditionFailure("a mosaic of no pictures") }
        precondition(
            tiles.allSatisfy { $0.width == first.width && $0.height == first.height },
            "a mosaic of pictures that differ in size")
        let columns = min(columns, tiles.count)
        let rows = (tiles.count + columns - 1) / columns
        let width = columns * (first.width + gap) - gap
        let height = rows * (first.height + gap) - gap
        var brightness = [Double](repeating: background, count: width * height)
        for (index, tile) in tiles.enumerated() {
            let (top, left) = (index / columns * (tile.height + gap), index % columns * (tile.width + gap))
            for row in 0..<tile.height {
                let start = (top + row) * width + left
                brightness.replaceSubrange(
                    start..<start + tile.width,
                    with: tile.brightness[row * tile.width..<(row + 1) * tile.width])
            }
        }
        return Self(width: width, height: height, brightness: brightness)
    }
}
