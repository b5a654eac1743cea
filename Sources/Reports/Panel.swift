/// One pair of axes and what is drawn between them.
public struct Panel: Codable, Sendable, Equatable {
    /// What stands above it; empty for nothing.
    public var title: String
    /// The horizontal axis.
    public var x: Axis
    /// The vertical axis.
    public var y: Axis
    /// The curves, the first one lowest.
    public var curves: [Curve]

    /// A panel of curves.
    public init(title: String = "", x: Axis, y: Axis, curves: [Curve]) {
        self.title = title
        self.x = x
        self.y = y
        self.curves = curves
    }
}
