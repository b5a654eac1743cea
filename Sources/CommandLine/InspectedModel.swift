import Descent
import DescentDatasets

/// What `descent inspect` shows of a model file before its arrays.
struct InspectedModel {
    private let file: ModelFile

    /// The model in a file; `nil` where the file is something else.
    ///
    /// - Throws: `ModelFileError` for a model that cannot be read: of a later version, or damaged.
    init?(path: String) throws(ModelFileError) {
        // What was read from standard input is gone.
        if path == "-" { return nil }
        do throws(ModelFileError) {
            file = try ModelFile(contentsOf: path)
        } catch {
            switch error.reason {
            case .notAModel, .file, .damaged: return nil
            default: throw error
            }
        }
    }

    /// What kept the weights small; `nil` where the file does not say.
    private var penalty: Penalty? {
        switch file.model {
        case .logistic(let model): model.penalty
        case .softmax(let model): model.penalty
        case .softmaxFloat(let model): model.penalty
        default: nil
        }
    }

    // MARK: Text

    /// The model for people: what it is, its layers or coefficients, and what it wants to know of examples.
    var text: String {
        let model = file.model
        var lines = ["\(model.kind.title), \(NumberFormat.count(model.parameterCount)) parameters", ""]
        switch model {
        case .mlp(let model): lines += ["\(model)", ""]
        case .mlpDouble(let model): lines += ["\(model)", ""]
        case .regressor(let model): lines += ["\(model)", ""]
        case .regressorDouble(let model): lines += ["\(model)", ""]
        case .linear(let model):
            lines += coefficients(model.featureNames, model.coefficients, model.intercept, model.hasIntercept)
        case .logistic(let model):
            lines += coefficients(model.featureNames, model.weights, model.intercept, model.hasIntercept)
        case .softmax(let model):
            lines += coefficients(model.featureNames, model.weights, model.intercepts, model.classNames)
        case .softmaxFloat: break
        }
        let shape = notes.exampleShape ?? [model.featureCount]
        lines.append(
            "features  " + NumberFormat.count(model.featureCount)
                + (shape.count > 1 ? " (\(shape.map(String.init).joined(separator: " × ")))" : "")
                + (notes.featureNames.map { ": " + ColumnList.described($0) } ?? ""))
        if let coding = notes.coding {
            lines += coding.lines.map { "          " + $0 }
            lines += coding.terms.compactMap { term in
                term.mean.map {
                    "          \(DataFileError.printable(term.column)): "
                        + "\(NumberFormat.significant($0, digits: 7)) in place of a missing value"
                }
            }
        }
        if let range = notes.nominalRange {
            let ends = [range.lowerBound, range.upperBound].map(NumberFormat.shortest)
            lines.append("values    \(ends[0])…\(ends[1])")
        }
        if let classes = model.classifier?.classNames {
            lines.append("classes   \(ColumnList.described(classes))")
        }
        if let target = notes.targetName { lines.append("target    \(DataFileError.printable(target))") }
        if let penalty { lines.append("penalty   \(penalty)") }
        if let fit = file.model.fit { lines.append("fitted by \(fit)") }
        for (name, value) in (notes.remarks ?? [:]).sorted(by: { $0.key < $1.key }) {
            lines.append("\(DataFileError.printable(name)): \(DataFileError.printable(value))")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private var notes: ModelNotes { file.notes }

    /// Coefficients by name; of very many, only how many there are.
    private func coefficients(
        _ names: [String], _ values: [Double], _ intercept: Double, _ hasIntercept: Bool
    ) -> [String] {
        guard values.count <= 40 else { return [] }
        var table = TextTable(columns: [.init("", alignment: .left), .init("coefficient")])
        if hasIntercept { table.append(["(Intercept)", NumberFormat.significant(intercept, digits: 7)]) }
        for (name, value) in zip(names, values) {
            table.append([DataFileError.printable(name), NumberFormat.significant(value, digits: 7)])
        }
        return table.lines(rule: rule) + [""]
    }

    /// Coefficients by name and class; of very many none.
    private func coefficients(
        _ names: [String], _ weights: Matrix<Double>, _ intercepts: [Double], _ classNames: [String]
    ) -> [String] {
        guard weights.rows <= 40, weights.columns <= 8, names.count == weights.rows else { return [] }
        var table = TextTable(
            columns: [.init("", alignment: .left)] + classNames.map { .init(DataFileError.printable($0)) })
        func append(_ name: String, _ values: [Double]) {
            table.append([name] + values.map { NumberFormat.significant($0, digits: 7) })
        }
        append("(Intercept)", intercepts)
        for (row, name) in names.enumerated() {
            append(DataFileError.printable(name), (0..<weights.columns).map { weights[row, $0] })
        }
        return table.lines(rule: rule) + [""]
    }

    private var rule: Character {
        let terminal = Terminal.output
        return terminal.isInteractive && !terminal.isUnicode ? "-" : "─"
    }

    // MARK: JSON

    /// The model for programs.
    var json: JSONText {
        let model = file.model
        var members: [(String, JSONText)] = [
            ("kind", .string(model.kind.rawValue)), ("parameters", .integer(model.parameterCount)),
            ("features", .integer(model.featureCount)),
            ("featureNames", notes.featureNames.map(JSONText.strings) ?? .null),
            ("coding", notes.coding.map(\.json) ?? .null),
            ("exampleShape", notes.exampleShape.map { .array($0.map(JSONText.integer)) } ?? .null),
            (
                "nominalRange",
                notes.nominalRange.map { .array([.number($0.lowerBound), .number($0.upperBound)]) } ?? .null
            ),
            ("classes", model.classifier.map { .strings($0.classNames) } ?? .null),
            ("target", notes.targetName.map(JSONText.string) ?? .null),
        ]
        if let layers { members.append(("layers", .array(layers))) }
        if let penalty {
            members.append(
                (
                    "penalty",
                    .object([
                        ("l1", .number(penalty.l1)), ("l2", .number(penalty.l2)),
                        ("scale", .string("\(penalty.scale)")),
                    ])
                ))
        }
        if let fit = file.model.fit {
            members.append(
                (
                    "fit",
                    .object([
                        ("method", .string(fit.method.rawValue)), ("choice", .string(fit.choice)),
                        ("iterations", .integer(fit.iterations)),
                        ("relativeGradient", .number(fit.relativeGradient)),
                        ("objective", .number(fit.objective)), ("meanLoss", .number(fit.meanLoss)),
                    ])
                ))
        }
        return .object(members)
    }

    private var layers: [JSONText]? {
        let layout: NetworkLayout
        switch file.model {
        case .mlp(let model): layout = model.layout
        case .mlpDouble(let model): layout = model.layout
        case .regressor(let model): layout = model.layout
        case .regressorDouble(let model): layout = model.layout
        case .linear, .logistic, .softmax, .softmaxFloat: return nil
        }
        return layout.layers.map { layer in
            .object([
                ("layer", .string("\(layer.layer)")), ("inputs", .integer(layer.inputs)),
                ("outputs", .integer(layer.outputs)), ("parameters", .integer(layer.parameterCount)),
            ])
        }
    }
}
