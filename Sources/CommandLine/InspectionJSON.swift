import DescentDatasets

/// `descent inspect --format json`, written as it is made: the values never are in memory as text.
struct InspectionJSON {
    let data: DataFile
    let path: String
    let items: [Inspection]
    let showsValues: Bool
    /// The model in the file, where it holds one.
    var model: InspectedModel?

    func print() throws {
        var output = TextOutput()
        output.write(
            "{\n  \"file\": \(JSONText.quoted(path)),\n  \"format\": \"\(data.formatName.lowercased())\",\n")
        if let model { output.write("  \"model\": \(model.json.text(indent: "  ")),\n") }
        output.write("  \"arrays\": [")
        for (index, item) in items.enumerated() {
            output.write(index == 0 ? "\n" : ",\n")
            output.write("    {\(fields(of: item).map { "\"\($0)\": \($1)" }.joined(separator: ", "))")
            if showsValues {
                output.write(",\n     \"values\": [")
                write(try data.values(at: index), to: &output)
                output.write("]")
            }
            output.write("}")
        }
        output.write(items.isEmpty ? "]\n}\n" : "\n  ]\n}\n")
        output.flush()
    }

    private func fields(of item: Inspection) -> [(String, String)] {
        var fields = [
            ("name", JSONText.quoted(item.name)),
            ("dtype", "\"\(item.type)\""),
            ("shape", "[\(item.shape.map { String($0) }.joined(separator: ", "))]"),
            ("fortranOrder", item.fortranOrder ? "true" : "false"),
            ("min", item.minimum?.json ?? "null"),
            ("max", item.maximum?.json ?? "null"),
            ("nan", String(item.nanCount)),
            ("infinite", String(item.infinityCount)),
        ]
        if case .csv = data { fields.append(("missing", String(item.missingCount))) }
        return fields
    }

    private func write(_ values: InspectedValues, to output: inout TextOutput) {
        switch values {
        case .array(let array):
            // The last value has no comma behind it.
            let last = array.count - 1
            for start in stride(from: 0, to: last, by: 1024) {
                output.write { bytes in
                    array.appendText(
                        of: start..<min(start + 1024, last), style: .json, terminator: ", ", to: &bytes)
                }
            }
            if last >= 0 { output.write { array.appendText(at: last, style: .json, to: &$0) } }
        case .column(let column):
            let array = column.numbers.map { NumericArray($0) }
            for index in 0..<column.count {
                output.write { bytes in
                    if index > 0 { bytes += ", ".utf8 }
                    if column.missing[index] != nil {
                        bytes += "null".utf8
                    } else if let array {
                        array.appendText(at: index, style: .json, to: &bytes)
                    } else {
                        bytes += JSONText.quoted(column.text![index]).utf8
                    }
                }
            }
        }
    }
}
