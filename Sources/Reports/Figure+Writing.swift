extension Figure {
    /// Draws the figure into a file, SVG or PNG by the ending of its name.
    ///
    /// - Throws: ``ReportError`` when the ending is another, gnuplot is missing or fails, or the file cannot be written.
    public func write(to path: String) throws(ReportError) {
        try Gnuplot.drawing(to: path, endings: [".svg", ".png"]).draw(self, to: path)
    }
}

extension FigureAnimation {
    /// Draws the animation into a file by the ending of its name: GIF moves, SVG and PNG are its last frame.
    ///
    /// - Throws: ``ReportError`` when the ending is another, gnuplot is missing or fails, or the file cannot be written.
    public func write(to path: String) throws(ReportError) {
        try Gnuplot.drawing(to: path, endings: [".gif", ".svg", ".png"]).draw(self, to: path)
    }
}

extension ContourPicture {
    /// Draws the picture into a file, SVG or PNG by the ending of its name.
    ///
    /// - Throws: ``ReportError`` when the ending is another, gnuplot is missing or fails, or the file cannot be written.
    public func write(to path: String) throws(ReportError) { try figure.write(to: path) }
}
