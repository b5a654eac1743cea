import DescentReports

/// What an experiment found: the text, tables and pictures from which terminal output, files and a page are made.
package struct ExperimentReport: Sendable {
    /// The heading.
    package var title: String

    /// What is asked, a sentence or two of Markdown.
    package var question: String

    /// The mathematics, in lines of plain text.
    package var formula: [String]

    /// What is measured, one table after another.
    package var tables: [ExperimentTable]

    /// The pictures, the most telling first.
    package var pictures: [ExperimentPicture]

    /// Figures that were stated elsewhere, beside those found here.
    package var claims: [Claim]

    /// The conclusion, in paragraphs of Markdown.
    package var answer: [String]

    /// A report.
    package init(
        title: String, question: String, formula: [String] = [], tables: [ExperimentTable] = [],
        pictures: [ExperimentPicture] = [], claims: [Claim] = [], answer: [String]
    ) {
        self.title = title
        self.question = question
        self.formula = formula
        self.tables = tables
        self.pictures = pictures
        self.claims = claims
        self.answer = answer
    }
}

extension ExperimentReport {
    /// A figure or statement of the course material beside what was found.
    package struct Claim: Sendable, Equatable, Codable {
        /// What it is about.
        package var subject: String
        /// What was stated.
        package var stated: String
        /// What was found here.
        package var found: String
        /// Whether what was found bears the statement out.
        package var holds: Bool

        /// A claim.
        package init(_ subject: String, stated: String, found: String, holds: Bool) {
            self.subject = subject
            self.stated = stated
            self.found = found
            self.holds = holds
        }
    }
}

/// A picture of an experiment.
package struct ExperimentPicture: Sendable {
    /// What is drawn.
    package enum Content: Sendable {
        /// Curves in panels.
        case figure(Figure)
        /// Pictures in grey side by side.
        case sheet(PictureSheet)
        /// Curves in panels that grow.
        case animation(FigureAnimation)
    }

    /// The name of its files, without an ending.
    package var name: String
    /// What it shows, for those who cannot see it and for the caption.
    package var caption: String
    /// What is drawn.
    package var content: Content

    /// Curves in panels.
    package init(_ name: String, caption: String, _ figure: Figure) {
        self.name = name
        self.caption = caption
        content = .figure(figure)
    }

    /// Pictures in grey side by side.
    package init(_ name: String, caption: String, _ sheet: PictureSheet) {
        self.name = name
        self.caption = caption
        content = .sheet(sheet)
    }

    /// Curves in panels that grow, and the last frame standing still.
    package init(_ name: String, caption: String, _ animation: FigureAnimation) {
        self.name = name
        self.caption = caption
        content = .animation(animation)
    }

    /// Whether it moves.
    var isAnimated: Bool { if case .animation = content { true } else { false } }

    /// The script that draws it.
    var script: GnuplotScript {
        switch content {
        case .figure(let figure): GnuplotScript(figure, name: name)
        case .sheet(let sheet): sheet.script(name: name)
        case .animation(let animation): GnuplotScript(animation, name: name)
        }
    }
}
