import ArgumentParser
import Descent
import DescentDatasets

/// `descent lstsq`: linear least squares with a statistician's report.
struct LeastSquaresCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lstsq",
        abstract: "Fit a linear model by least squares, and report on it.",
        discussion: """
            The file is CSV or TSV, npy, npz or IDX, recognised by its contents; gzip is decoded. Columns without a \
            name are column1, column2, …; a matrix X in an npz has the columns X1, X2, …, together X. All columns \
            but targets and weights are features, in the file's order. Text columns become a column of zeros and \
            ones for each level but the first, named column[level].

            --format json prints everything at full precision, coefficients as [{"name", "estimate", \
            "standardError", "t", "p", "lower", "upper"}] with the intercept first and powers ascending; csv \
            prints the coefficients. Numbers read back to the same bits; those that do not exist, such as the \
            estimate of a column that depends on others, and infinite ones are null or empty. Several targets \
            are objects in "targets".

            Predictions go to --predictions, or to standard output: below the report as text, as "predictions" in \
            JSON, in place of the coefficients as CSV. Rows are counted from 1, the header not included.

            The exit code is 0, or 1 when the data does not allow an answer or --strict is given and there are \
            warnings, or 64 for options that make no sense.

            Examples:
              descent lstsq longley.csv --target y
              descent lstsq filip.csv --target y --degree 10 --format json
              descent lstsq houses.csv --target price --features size,region --robust HC3
              descent lstsq train.csv --target y --save model.json --plot residuals.svg
              descent lstsq sales.csv --target y --loss huber
              descent lstsq mix.csv --target y --constrain "a + b + c = 1"
              descent lstsq --model model.json --predict new.csv --format csv
              zcat large.csv.gz | descent lstsq - --target y --stream
            """)

    @Argument(help: "The file, or - for standard input.", completion: .file())
    var file: String?

    @Option(
        name: .customLong("target"),
        help: ArgumentHelp("The column to explain; several separated by commas.", valueName: "columns"))
    var targets: String?

    @Option(
        help: ArgumentHelp("The columns to explain it with. (default: all others)", valueName: "columns"))
    var features: String?

    @Option(
        help: ArgumentHelp("The column of weights: inverse variances of the errors.", valueName: "column"))
    var weights: String?

    @Flag(help: "Fit without a constant term.")
    var noIntercept = false

    @Option(help: ArgumentHelp("The highest power of each feature. (default: 1)", valueName: "n"))
    var degree: Int?

    @Option(
        help: ArgumentHelp("Columns of numbers that are categories, like text.", valueName: "columns"))
    var categorical: String?

    @Option(
        help: ArgumentHelp(
            "The reference level of a categorical column (may be repeated).", valueName: "column=level"))
    var reference: [String] = []

    @Option(
        help: ArgumentHelp(
            """
            What to do about missing values (empty, NA, N/A, NULL, ?, . or nan): refuse them, drop the row, or put \
            the mean of the feature there. (default: refuse)
            """, valueName: "policy"))
    var missing: MissingValues?

    @Option(
        help: ArgumentHelp("How to solve. (default: auto)", valueName: "method"))
    var method: LeastSquares.Method?

    @Option(
        help: ArgumentHelp(
            "From which size relative to the largest a column or singular value counts.", valueName: "ratio"))
    var rcond: Double?

    @Flag(
        help: "Where columns are dependent, take the solution of least norm instead of leaving columns out.")
    var minimumNorm = false

    @Option(
        help: ArgumentHelp(
            """
            Ridge regression: add this times the sum of squared coefficients, the intercept excepted, to the sum of \
            squares; auto chooses it by generalized cross-validation.
            """, valueName: "penalty|auto"),
        transform: Self.penalty)
    var ridge: RidgeRegression.Penalty?

    @Option(
        help: ArgumentHelp(
            """
            Minimize another function of the errors than their squares: huber is quadratic for small errors and linear \
            for large ones, power is |error|^gamma, absolute |error|.
            """, valueName: "huber|power|absolute"))
    var loss: LeastSquaresVariant.Loss?

    @Option(
        help: ArgumentHelp("The power of --loss power, from 1 to 16. (default: 1.5)", valueName: "power"))
    var gamma: Double?

    @Option(
        help: ArgumentHelp(
            "From where on errors are large for --loss huber, in units of their scale. (default: 1.345)",
            valueName: "threshold"))
    var tuning: Double?

    @Flag(help: "Allow no negative coefficient but the intercept.")
    var nonNegative = false

    @Option(
        name: .customLong("constrain"),
        help: ArgumentHelp(
            "An equation that the coefficients must satisfy, as \"a + 2*b = 1\" (may be repeated).",
            valueName: "equation"))
    var constraints: [String] = []

    @Option(
        help: ArgumentHelp(
            "Standard errors that allow for unequal variances.", valueName: "HC0|HC1|HC2|HC3"),
        transform: Self.covariance)
    var robust: CoefficientCovariance?

    @Option(help: ArgumentHelp("The probability of all intervals. (default: 0.95)", valueName: "probability"))
    var confidence: Double?

    @Flag(help: "Show variance inflation factors.")
    var vif = false

    @Flag(help: "Show PRESS and the rows with most influence.")
    var influence = false

    @Flag(help: "Show PRESS, the squared error of predicting each row from the others.")
    var press = false

    @Option(
        help: ArgumentHelp(
            "Write observed and fitted value, residual, leverage, studentized residual and Cook's distance of each row, as CSV.",
            valueName: "file"))
    var residuals: String?

    @Option(help: ArgumentHelp("Draw residuals and leverages, as svg or png.", valueName: "file"))
    var plot: String?

    @Option(help: ArgumentHelp("Predict the target for the rows of this file.", valueName: "file"))
    var predict: String?

    @Option(help: ArgumentHelp("Write predictions to this file, as CSV.", valueName: "file"))
    var predictions: String?

    @Option(help: ArgumentHelp("Write the fitted model.", valueName: "file"))
    var save: String?

    @Option(help: ArgumentHelp("Use a model that --save wrote, instead of fitting one.", valueName: "file"))
    var model: String?

    @Flag(
        inversion: .prefixedNo,
        help: ArgumentHelp(
            """
            Read CSV in blocks and keep none: memory for the square of the number of columns, not for the data. Takes \
            numbers only, solves by QR or Cholesky's method block by block, and allows HC0 and HC1. (default: from \
            256 MiB on where the options allow it)
            """))
    var stream: Bool?

    @Option(help: "What to print.")
    var format = Format.text

    @Option(help: ArgumentHelp("Print to this file.", valueName: "file"))
    var output: String?

    @Flag(help: "Take any warning for a failure: the exit code is 1.")
    var strict = false

    /// What can be printed.
    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, csv }

    func validate() throws {
        func require(_ condition: Bool, _ message: String) throws {
            if !condition { throw ValidationError(message) }
        }
        if let degree {
            try require((1...64).contains(degree), "--degree must be from 1 to 64, not \(degree).")
        }
        if let confidence {
            try require(
                confidence > 0 && confidence < 1,
                "--confidence must lie between 0 and 1, as 0.95 does, not be \(confidence).")
        }
        if let rcond {
            try require(rcond >= 0 && rcond < 1, "--rcond must be from 0 to less than 1, not \(rcond).")
        }
        try Plotting.validate(plot)
        for (option, path) in [
            ("residuals", residuals), ("plot", plot), ("predictions", predictions), ("save", save),
            ("output", output),
        ] where path == "" || path == "-" {
            throw ValidationError("--\(option) needs the name of a file.")
        }
        for item in reference where !item.dropFirst().contains("=") {
            throw ValidationError(
                "--reference needs a column and a level, as in region=north, not \"\(item)\".")
        }
        try require(predictions == nil || predict != nil || model != nil, "--predictions needs --predict.")
        try require(!(file == "-" && predict == "-"), "standard input can be read only once.")
        try validateVariant()
        if stream == true, let option = optionThatNeedsRows {
            throw ValidationError("\(option) needs the rows in memory, and --stream keeps none.")
        }
        if model != nil {
            try validateModelUse()
        } else {
            try require(file != nil, "a file to fit is needed, or a --model.")
            try require(targets != nil, "--target is needed: the column to explain.")
            try require(
                !(ColumnList.names(targets ?? "").isEmpty), "--target names no column.")
            if method == .normal {
                try require(!minimumNorm, "--minimum-norm needs the method auto, qr or svd.")
            }
        }
    }

    /// Options that say how to fit have no say in a model that is fitted already.
    private func validateModelUse() throws {
        let given: [(String, Bool)] = [
            ("target", targets != nil), ("features", features != nil), ("weights", weights != nil),
            ("no-intercept", noIntercept), ("degree", degree != nil), ("categorical", categorical != nil),
            ("reference", !reference.isEmpty), ("method", method != nil), ("rcond", rcond != nil),
            ("minimum-norm", minimumNorm), ("ridge", ridge != nil), ("loss", loss != nil),
            ("non-negative", nonNegative), ("constrain", !constraints.isEmpty), ("robust", robust != nil),
            ("influence", influence),
            ("press", press),
            ("residuals", residuals != nil), ("plot", plot != nil), ("save", save != nil),
            ("stream", stream != nil),
        ]
        if let (name, _) = given.first(where: \.1) {
            throw ValidationError("--\(name) is for fitting, and --model gives a model that is fitted.")
        }
        if file != nil && predict != nil {
            throw ValidationError(
                "with --model, give the rows to predict once: as the file or with --predict.")
        }
        if predictions != nil && file == nil && predict == nil {
            throw ValidationError("--predictions needs --predict.")
        }
        if file == nil && predict == nil && confidence != nil {
            throw ValidationError("--confidence needs --predict when the model is fitted already.")
        }
    }

    /// An option that was given and cannot be had from rows that are seen once; `nil` when there is none.
    var optionThatNeedsRows: String? {
        let given: [(String, Bool)] = [
            ("--method", method != nil && method != .auto), ("--ridge", ridge != nil),
            ("--loss", loss != nil), ("--non-negative", nonNegative), ("--constrain", !constraints.isEmpty),
            ("--robust HC2", robust == .hc2), ("--robust HC3", robust == .hc3),
            ("--missing mean", missing == .mean), ("--categorical", categorical != nil),
            ("--reference", !reference.isEmpty), ("--influence", influence), ("--press", press),
            ("--residuals", residuals != nil), ("--plot", plot != nil),
        ]
        return given.first(where: \.1)?.0
    }

    /// Variants of least squares exclude each other, and know less than least squares does.
    private func validateVariant() throws {
        func require(_ condition: Bool, _ message: String) throws {
            if !condition { throw ValidationError(message) }
        }
        if let gamma {
            try require(loss == .power, "--gamma is the power of --loss power.")
            try require(gamma >= 1 && gamma <= 16, "--gamma must be from 1 to 16, not \(gamma).")
        }
        if let tuning {
            try require(loss == .huber, "--tuning is the threshold of --loss huber.")
            try require(
                tuning > 0 && tuning.isFinite, "--tuning must be positive and finite, not \(tuning).")
        }
        let variants = [
            ("ridge", ridge != nil), ("loss", loss != nil), ("non-negative", nonNegative),
            ("constrain", !constraints.isEmpty),
        ].filter(\.1).map(\.0)
        guard let variant = variants.first else { return }
        try require(variants.count == 1, "--\(variant) and --\(variants.last!) cannot be had together.")
        let given: [(String, Bool)] = [
            ("method", method != nil), ("rcond", rcond != nil), ("minimum-norm", minimumNorm),
            ("robust", robust != nil), ("confidence", confidence != nil && nonNegative), ("vif", vif),
            ("influence", influence && variant != "constrain"),
            ("press", press && variant != "constrain" && variant != "ridge"),
        ]
        if let (name, _) = given.first(where: \.1) {
            throw ValidationError("--\(name) has no meaning with --\(variant), or is not supported there.")
        }
    }

    private static func penalty(_ text: String) throws -> RidgeRegression.Penalty {
        if text == "auto" { return .generalizedCrossValidation }
        guard let value = Double(text), value >= 0, value.isFinite else {
            throw ValidationError("'\(text)' is neither auto nor a number from 0.")
        }
        return .value(value)
    }

    private static func covariance(_ name: String) throws -> CoefficientCovariance {
        guard let covariance = CoefficientCovariance(rawValue: name.uppercased()), covariance != .classical
        else {
            let hint =
                LeastSquaresVariant.Loss(rawValue: name.lowercased()) == nil
                ? "" : " For a fit that large errors do not dominate, say --loss \(name.lowercased())."
            throw ValidationError("'\(name)' is not one of HC0, HC1, HC2 and HC3.\(hint)")
        }
        return covariance
    }
}

extension LeastSquares.Method: ExpressibleByArgument {}
