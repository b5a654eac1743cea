/// A picture: panels in rows, one legend for all of them beneath, a title above.
///
/// A description only; ``write(to:)`` has gnuplot draw it. Labels are plain text: nothing in them is markup.
public struct Figure: Codable, Sendable, Equatable {
    /// The first line above the panels.
    public var title: String
    /// A smaller line beneath the title.
    public var subtitle: String
    /// Smaller lines at the foot: what a reader has to know to read the curves right.
    public var notes: [String]
    /// Panels in a row.
    public var columns: Int
    /// The panels, row by row.
    public var panels: [Panel]
    /// The width in pixels.
    public var width: Int
    /// The height in pixels.
    public var height: Int

    /// A figure of panels.
    public init(
        title: String, subtitle: String = "", notes: [String] = [], columns: Int = 1, panels: [Panel],
        width: Int = 900, height: Int = 640
    ) {
        precondition(columns > 0, "a figure needs at least one column, not \(columns)")
        self.title = title
        self.subtitle = subtitle
        self.notes = notes
        self.columns = columns
        self.panels = panels
        self.width = width
        self.height = height
    }

    /// The room in pixels for a panel's title.
    static let panelTitleHeight = 34.0

    /// The room in pixels for the legend: gnuplot breaks it into rows when it is too wide for one.
    ///
    /// An entry takes its label's characters and some nine more for the line and the gaps, at about eight pixels each; all
    /// entries take the width of the widest.
    var legendHeight: Double {
        let entries = legend
        let widest = Double((entries.map(\.label.count).max() ?? 0) + 9) * 8.1
        let columns = max(1, Int(Double(width) / widest))
        return 30 + 19 * Double(max(0, (entries.count - 1) / columns))
    }

    /// One entry of the legend.
    struct LegendEntry: Equatable {
        var label: String
        var color: Int
        var form: Curve.Form
    }

    /// Every label once, lines before marks, otherwise in the order in which the curves bring them up.
    var legend: [LegendEntry] {
        var entries: [LegendEntry] = []
        for curve in panels.flatMap(\.curves) where !curve.label.isEmpty {
            if !entries.contains(where: { $0.label == curve.label }) {
                entries.append(LegendEntry(label: curve.label, color: curve.color, form: curve.form))
            }
        }
        return entries.filter { !$0.form.isMark } + entries.filter(\.form.isMark)
    }
}
