import DescentDatasets

/// `descent inspect` for people: one line an array, in columns.
struct InspectionText {
    let data: DataFile
    let path: String
    let items: [Inspection]
    let showsValues: Bool
    /// The model in the file, where it holds one.
    var model: InspectedModel?

    func print() throws {
        var output = TextOutput()
        if let model { output.write(model.text + "\n") }
        output.write(headline + "\n")
        if !items.isEmpty { output.write("\n" + table) }
        if case .npz(let archive) = data, !archive.otherMembers.isEmpty {
            let names = archive.otherMembers.map(DataFileError.printable).joined(separator: ", ")
            output.write("\nNot arrays: \(names)\n")
        }
        if showsValues {
            for (index, item) in items.enumerated() {
                output.write("\n\(DataFileError.printable(item.name)):\n")
                write(try data.values(at: index), to: &output)
            }
        }
        output.flush()
    }

    private var headline: String {
        let name = path == "-" ? "standard input" : DataFileError.printable(path)
        switch data {
        case .csv(let table):
            let header = table.hasHeader ? "" : ", no header"
            return
                "\(name): CSV, \(count(table.columns.count, "column")), \(count(table.rowCount, "row"))\(header)"
        default:
            let bytes = items.reduce(0) { $0 + ($1.byteCount ?? 0) }
            return "\(name): \(data.formatName), \(count(items.count, "array")), \(size(bytes))"
        }
    }

    private var table: String {
        typealias Column = (title: String, isNumber: Bool, cell: (Inspection) -> String)
        var columns: [Column] = [
            ("name", false, { DataFileError.printable($0.name) }),
            ("type", false, { $0.type }),
        ]
        if case .csv = data {
        } else {
            columns.append(("shape", false, { Self.shape($0.shape) }))
        }
        if items.contains(where: \.fortranOrder) {
            columns.append(("order", false, { $0.fortranOrder ? "Fortran" : "C" }))
        }
        columns.append(("min", true, { $0.minimum?.plain ?? "–" }))
        columns.append(("max", true, { $0.maximum?.plain ?? "–" }))
        for (title, path) in [
            ("NaN", \Inspection.nanCount), ("infinite", \.infinityCount), ("missing", \.missingCount),
        ] where items.contains(where: { $0[keyPath: path] > 0 }) {
            columns.append((title, true, { String($0[keyPath: path]) }))
        }
        let rows = [columns.map(\.title)] + items.map { item in columns.map { $0.cell(item) } }
        let widths = columns.indices.map { index in rows.map { $0[index].count }.max() ?? 0 }
        return rows.map { row in
            let cells = columns.indices.map { index in
                let padding = String(repeating: " ", count: widths[index] - row[index].count)
                return columns[index].isNumber ? padding + row[index] : row[index] + padding
            }
            var line = cells.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }

    /// One line for each index of all axes but the last.
    private func write(_ values: InspectedValues, to output: inout TextOutput) {
        switch values {
        case .array(let array):
            let width = array.shape.count < 2 ? 1 : max(array.shape.last!, 1)
            for index in 0..<array.count {
                output.write { bytes in
                    array.appendText(at: index, style: .plain, to: &bytes)
                    bytes.append(UInt8(ascii: (index + 1) % width == 0 ? "\n" : " "))
                }
            }
        case .column(let column):
            let array = column.numbers.map { NumericArray($0) }
            for index in 0..<column.count {
                output.write { bytes in
                    if let marker = column.missing[index] {
                        bytes += (marker.isEmpty ? "–" : marker).utf8
                    } else if let array {
                        array.appendText(at: index, style: .plain, to: &bytes)
                    } else {
                        bytes += DataFileError.printable(column.text![index]).utf8
                    }
                    bytes.append(UInt8(ascii: "\n"))
                }
            }
        }
    }

    /// A shape as `60000 × 28 × 28`.
    static func shape(_ shape: [Int]) -> String {
        shape.isEmpty ? "single value" : shape.map { String($0) }.joined(separator: " × ")
    }

    private func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }

    private func size(_ bytes: Int) -> String {
        if bytes < 1024 { return count(bytes, "byte") }
        var value = Double(bytes)
        var unit = ""
        for next in ["KiB", "MiB", "GiB", "TiB"] where value >= 1024 {
            value /= 1024
            unit = next
        }
        return "\((value * 10).rounded() / 10) \(unit)"
    }
}
