import DescentReports

/// What was found, for a terminal.
struct PerformanceText {
    let report: PerformanceReport

    /// The lines.
    var lines: [String] {
        var lines = report.machine.facts.map { "\($0.name): \($0.value)" }
        lines += report.remarks.map { $0.filter { $0 != "`" } }
        func add(_ title: String, _ table: TextTable) {
            guard !table.rows.isEmpty else { return }
            lines += ["", title, ""] + table.lines()
        }
        add("What the machine allows", report.limitTable)
        add("Side by side: medians (shortest–longest)", report.jobTable)
        add("What the runs found", report.findingTable)
        add("The most memory of whole processes", report.memoryTable)
        add("Growth: slopes over the upper half of the sizes", report.growthTable)
        return lines
    }

    /// Prints them.
    func print() { Swift.print(lines.joined(separator: "\n")) }
}
