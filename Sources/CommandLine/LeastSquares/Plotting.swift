import Descent

/// The picture of `descent lstsq`.
enum Plotting {
    /// That there is nothing to draw with.
    struct MissingProgram: Error, CustomStringConvertible {
        let description = "--plot needs gnuplot, which is not installed (Debian: apt install gnuplot-nox)"
    }

    /// The drawing program.
    static func program() throws(MissingProgram) -> Gnuplot {
        guard let gnuplot = Gnuplot() else { throw MissingProgram() }
        return gnuplot
    }

    /// Draws residuals and leverages.
    static func draw(_ result: LeastSquaresOutput, to path: String) throws {
        let pictured = zip(result.fits, result.rows).map { fit, rows in
            LeastSquaresFigure.Part(
                target: fit.targetName, rank: fit.rank, diagnostics: rows.diagnostics,
                rowNumbers: rows.rows.map { $0 + 1 })
        }
        try program().draw(LeastSquaresFigure(pictured).figure, to: path)
    }
}
