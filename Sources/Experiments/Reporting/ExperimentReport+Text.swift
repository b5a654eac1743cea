import DescentReports
import FoundationEssentials

extension ExperimentReport {
    /// The report for a terminal.
    ///
    /// - Parameter width: Characters in a line; unlimited if `nil`.
    package func text(width: Int? = nil) -> String {
        var lines = [title, ""]
        for table in tables where !table.rows.isEmpty {
            lines += [table.caption, ""] + table.lines(width: width) + [""]
        }
        if !claims.isEmpty {
            lines += ["Stated elsewhere, and found here", ""] + claimTable.lines(width: width) + [""]
        }
        for paragraph in answer {
            lines += Self.wrapped(Self.plain(paragraph), width: min(width ?? 100, 100)) + [""]
        }
        return lines.dropLast().joined(separator: "\n") + "\n"
    }

    /// The report as a page of documentation.
    ///
    /// - Parameters:
    ///   - command: What to type to see it again.
    ///   - pictureFolder: Where the pictures are, seen from the page.
    package func page(command: String, pictureFolder: String) -> String {
        var page = "# \(title)\n\n\(question)\n\n```sh\n\(command)\n```\n\n"
        if !formula.isEmpty { page += "```text\n" + formula.joined(separator: "\n") + "\n```\n\n" }
        for picture in pictures {
            let file = "\(pictureFolder)/\(picture.name)"
            page += "![\(picture.caption)](\(file)\(picture.isAnimated ? ".gif" : ".svg"))\n\n"
            if picture.isAnimated { page += "[The same, standing still](\(file).svg)\n\n" }
        }
        for table in tables where !table.rows.isEmpty {
            page += "**\(table.caption)**\n\n" + table.markdown + "\n"
        }
        if !claims.isEmpty {
            page += "**Stated elsewhere, and found here**\n\n" + claimTable.markdown + "\n"
        }
        page += "## Answer\n\n" + answer.joined(separator: "\n\n") + "\n"
        return page
    }

    /// The report for programs: tables as arrays of objects keyed by their headings, numbers at full precision.
    package func json(name: String) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
        return String(decoding: try encoder.encode(Document(name: name, report: self)), as: UTF8.self) + "\n"
    }

    /// The claims as a table.
    var claimTable: ExperimentTable {
        var table = ExperimentTable(
            "claims", caption: "Stated elsewhere, and found here", columns: ["what", "stated", "found", ""])
        for claim in claims {
            table.append(
                .text(claim.subject), .text(claim.stated), .text(claim.found),
                .text(claim.holds ? "holds" : "does not hold"))
        }
        return table
    }

    /// Markdown without its marks.
    private static func plain(_ text: String) -> String {
        String(text.filter { $0 != "`" && $0 != "*" })
    }

    private static func wrapped(_ text: String, width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(whereSeparator: \.isWhitespace) {
            if !line.isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        return lines + (line.isEmpty ? [] : [line])
    }

    private struct Document: Encodable {
        var name: String
        var report: ExperimentReport

        private enum CodingKeys: CodingKey { case name, title, tables, claims, answer }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(name, forKey: .name)
            try container.encode(report.title, forKey: .title)
            try container.encode(
                Dictionary(uniqueKeysWithValues: report.tables.map { ($0.name, $0.records) }), forKey: .tables
            )
            try container.encode(report.claims, forKey: .claims)
            try container.encode(report.answer, forKey: .answer)
        }
    }
}

extension ExperimentTable {
    /// A value of a cell as JSON has it.
    enum Value: Encodable {
        case text(String)
        case count(Int)
        case number(Double)
        case none

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .text(let text): try container.encode(text)
            case .count(let count): try container.encode(count)
            case .number(let number): try container.encode(number)
            case .none: try container.encodeNil()
            }
        }
    }

    /// The rows, keyed by the headings; an estimate has a second key, its margin.
    var records: [[String: Value]] {
        rows.map { row in
            var record: [String: Value] = [:]
            for (heading, cell) in zip(columns, row) {
                switch cell {
                case .text(let text): record[heading] = .text(text)
                case .count(let count): record[heading] = .count(count)
                case .number(let number, _): record[heading] = .number(number)
                case .estimate(let mean, let margin):
                    record[heading] = .number(mean)
                    record[heading + " margin"] = .number(margin)
                case .none: record[heading] = Value.none
                }
            }
            return record
        }
    }
}
