import ArgumentParser
import Descent

/// What commands with a `--plot` have in common.
enum Plotting {
    /// Refuses a file of another kind than can be drawn.
    static func validate(_ path: String?, option: String = "plot") throws {
        guard let path else { return }
        if !path.lowercased().hasSuffix(".svg") && !path.lowercased().hasSuffix(".png") {
            throw ValidationError("--\(option) draws .svg and .png, and \"\(path)\" ends in neither.")
        }
    }

    /// That there is nothing to draw with.
    struct MissingProgram: Error, CustomStringConvertible {
        let description = "a picture needs gnuplot, which is not installed (Debian: apt install gnuplot-nox)"
    }

    /// The drawing program.
    static func program() throws(MissingProgram) -> Gnuplot {
        guard let gnuplot = Gnuplot() else { throw MissingProgram() }
        return gnuplot
    }

    /// Draws residuals and leverages of `descent lstsq`.
    static func draw(_ result: LeastSquaresOutput, to path: String) throws {
        let ranks = result.fits.map(\.rank) + result.variants.map(\.model.coefficients.count)
        let pictured = zip(ranks, result.rows).map { rank, rows in
            LeastSquaresFigure.Part(
                target: rows.target, rank: rank, diagnostics: rows.diagnostics,
                rowNumbers: rows.rows.map { $0 + 1 })
        }
        try program().draw(LeastSquaresFigure(pictured).figure, to: path)
    }
}
