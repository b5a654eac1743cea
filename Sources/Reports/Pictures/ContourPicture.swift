/// Paths on the contours of a function of two variables: a small square panel for each, all of the same ground.
public struct ContourPicture: Sendable {
    /// One way downhill.
    public struct Path: Sendable {
        /// Whose it is; stands above the panel.
        public var title: String
        /// What is to be known of it; stands beneath the panel.
        public var note: String
        /// The points, the start first.
        ///
        /// A path that leaves the ground is cut off there.
        public var points: [SIMD2<Double>]

        /// A path.
        public init(title: String, note: String = "", points: [SIMD2<Double>]) {
            self.title = title
            self.note = note
            self.points = points
        }
    }

    /// The ground that paths lie on.
    public struct Ground: Sendable {
        /// The function.
        public var value: @Sendable (Double, Double) -> Double
        /// The range of the first variable, from left to right.
        public var x: ClosedRange<Double>
        /// The range of the second variable, upwards.
        public var y: ClosedRange<Double>
        /// The values at which contours are drawn.
        public var levels: [Double]
        /// The minima.
        public var minima: [SIMD2<Double>]
        /// Lines that limit where a path may go, each drawn through its points.
        public var borders: [[SIMD2<Double>]]

        /// A ground.
        public init(
            value: @escaping @Sendable (Double, Double) -> Double, x: ClosedRange<Double>,
            y: ClosedRange<Double>, levels: [Double], minima: [SIMD2<Double>],
            borders: [[SIMD2<Double>]] = []
        ) {
            self.value = value
            self.x = x
            self.y = y
            self.levels = levels
            self.minima = minima
            self.borders = borders
        }

        /// Whether a point is in sight.
        public func contains(_ x: Double, _ y: Double) -> Bool {
            self.x.contains(x) && self.y.contains(y)
        }
    }

    /// The width and height of a panel in pixels.
    private static let side = 190

    /// The picture.
    public let figure: Figure

    /// The picture of paths on one ground.
    ///
    /// - Parameters:
    ///   - title: The first line.
    ///   - subtitle: A smaller line beneath it.
    ///   - ground: Where the paths lie.
    ///   - paths: One panel each, row by row.
    ///   - columns: Panels in a row.
    ///   - marking: Every so many steps get a dot; none if 0.
    public init(
        title: String, subtitle: String, on ground: Ground, paths: [Path], columns: Int, marking: Int = 10
    ) {
        let contours = Self.contours(of: ground)
        self.init(
            title, subtitle, paths.map { Self.panel(ground, contours, $0, marking: marking) }, columns)
    }

    /// The picture of paths each of which has its own ground.
    ///
    /// - Parameters:
    ///   - title: The first line.
    ///   - subtitle: A smaller line beneath it.
    ///   - panels: Grounds with their paths, row by row.
    ///   - columns: Panels in a row.
    ///   - marking: Every so many steps get a dot; none if 0.
    public init(
        title: String, subtitle: String, panels: [(ground: Ground, path: Path)], columns: Int,
        marking: Int = 10
    ) {
        self.init(
            title, subtitle,
            panels.map { Self.panel($0.ground, Self.contours(of: $0.ground), $0.path, marking: marking) },
            columns)
    }

    /// The picture of paths that share their grounds, in the colours of the palette: which path is whose is told by the
    /// legend.
    ///
    /// - Parameters:
    ///   - title: The first line.
    ///   - subtitle: A smaller line beneath it.
    ///   - races: Titles and grounds with their paths, side by side; a path's note is not drawn.
    ///   - side: The width and height of a panel in pixels.
    public init(
        title: String, subtitle: String, races: [(title: String, ground: Ground, paths: [Path])], side: Int
    ) {
        let panels = races.map { race in
            let ground = race.ground
            var curves = [Self.contours(of: ground)]
            curves[0].label = ""
            for (color, path) in race.paths.enumerated() {
                curves.append(
                    Curve(
                        label: path.title, color: color,
                        points: Self.inSight(path.points, on: ground).map { .init(x: $0.x, y: $0.y) }))
            }
            curves.append(
                Curve(
                    label: "minimum", color: 6, form: .crosses,
                    points: ground.minima.map { .init(x: $0.x, y: $0.y) }))
            return Panel(
                title: race.title, x: Axis("", range: ground.x, step: 1),
                y: Axis("", range: ground.y, step: 1), curves: curves)
        }
        self.init(title, subtitle, panels, races.count, side: side)
    }

    private init(
        _ title: String, _ subtitle: String, _ panels: [Panel], _ columns: Int, side: Int = Self.side
    ) {
        let rows = max(1, (panels.count + columns - 1) / columns)
        let notes = panels.contains { !$0.x.label.isEmpty }
        var figure = Figure(
            title: title, subtitle: subtitle, columns: columns, panels: panels,
            width: 16 + columns * (52 + side))
        // Panels are square, whatever room the legend takes.
        figure.height =
            92 + Int(figure.legendHeight) + rows * ((notes ? 52 : 34) + Int(Figure.panelTitleHeight) + side)
        self.figure = figure
    }

    private static func contours(of ground: Ground) -> Curve {
        let lines = ContourLines(of: ground.value, x: ground.x, y: ground.y)
        let points = ground.levels.flatMap { lines.lines(at: $0).flatMap { broken($0) } }
        return Curve(label: "contour", color: 7, form: .contour, points: points)
    }

    private static func panel(
        _ ground: Ground, _ contours: Curve, _ path: Path, marking: Int
    ) -> Panel {
        var curves = [contours]
        if !ground.borders.isEmpty {
            let points = ground.borders.flatMap { broken($0) }
            curves.append(Curve(label: "border", color: 1, form: .line, points: points))
        }
        let points = inSight(path.points, on: ground).map { Curve.Point(x: $0.x, y: $0.y) }
        curves.append(Curve(label: "path", color: 0, points: points))
        if marking > 0 {
            let marked = Self.apart(
                points.indices.filter { $0 > 0 && $0 % marking == 0 }.map { points[$0] }, on: ground)
            let label = marking == 1 ? "step" : "every \(marking)th step"
            curves.append(Curve(label: label, color: 0, form: .steps, points: marked))
        }
        curves.append(Curve(label: "start", color: 6, form: .smallRings, points: Array(points.prefix(1))))
        curves.append(
            Curve(
                label: "minimum", color: 1, form: .crosses,
                points: ground.minima.map { .init(x: $0.x, y: $0.y) }))
        return Panel(
            title: path.title, x: Axis(path.note, range: ground.x, step: 1),
            y: Axis("", range: ground.y, step: 1),
            curves: curves)
    }

    /// The points up to the first that lies far outside: a line to infinity would be drawn across other panels.
    private static func inSight(
        _ points: [SIMD2<Double>], on ground: Ground
    ) -> ArraySlice<SIMD2<Double>> {
        points.prefix { point in
            let reach = 0.25
            let width = ground.x.upperBound - ground.x.lowerBound
            let height = ground.y.upperBound - ground.y.lowerBound
            return point.x > ground.x.lowerBound - reach * width
                && point.x < ground.x.upperBound + reach * width
                && point.y > ground.y.lowerBound - reach * height
                && point.y < ground.y.upperBound + reach * height
        }
    }

    /// Those of the points that can be told from the one before them.
    private static func apart(_ points: [Curve.Point], on ground: Ground) -> [Curve.Point] {
        let width = ground.x.upperBound - ground.x.lowerBound
        let height = ground.y.upperBound - ground.y.lowerBound
        var kept: [Curve.Point] = []
        for point in points {
            if let last = kept.last,
                abs(point.x - last.x) < 0.015 * width, abs(point.y - last.y) < 0.015 * height
            {
                continue
            }
            kept.append(point)
        }
        return kept
    }

    /// A line and a gap behind it.
    private static func broken(_ line: [SIMD2<Double>]) -> [Curve.Point] {
        line.map { .init(x: $0.x, y: $0.y) } + [.init(x: .nan, y: .nan)]
    }
}
