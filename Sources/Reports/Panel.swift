/// One pair of axes and what is drawn between them.
package struct Panel: Codable, Sendable, Equatable {
    /// What stands above it; empty for nothing.
    package var title: String
    /// The horizontal axis.
    package var x: Axis
    /// The vertical axis.
    package var y: Axis
    /// The curves, the first one lowest.
    package var curves: [Curve]

    /// A panel of curves.
    package init(title: String = "", x: Axis, y: Axis, curves: [Curve]) {
        self.title = title
        self.x = x
        self.y = y
        self.curves = curves
    }
}
