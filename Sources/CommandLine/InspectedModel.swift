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
            case .notAModel, .file: return nil
            default: throw error
            }
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
        case .softmax, .softmaxFloat: break
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
        let terminal = Terminal.output
        return table.lines(rule: terminal.isInteractive && !terminal.isUnicode ? "-" : "─") + [""]
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
