import DescentReports

extension PerformanceReport {
    /// Bars: a column for each number of threads, a group for each job.
    var chart: BarChart {
        let counts = Set(jobs.map(\.threads)).sorted(by: >)
        return BarChart(
            title: "Time of each job",
            subtitle: "medians; logarithmic axis; the hollow bar is the machine's limit",
            axis: "seconds",
            columns: counts.map { count in
                BarChart.Column(
                    title: count == 1 ? "1 thread" : "\(count) threads",
                    groups: jobs.filter { $0.threads == count }.map(Self.group))
            })
    }

    private static func group(_ result: JobResult) -> BarChart.Group {
        var bars = result.entries.map { entry in
            let ratio = result.ratio(of: entry).map { " (× \(TimeText.ratio($0)))" } ?? ""
            let text =
                entry.seconds.values.isEmpty ? "not measured" : TimeText.text(entry.seconds.median) + ratio
            return BarChart.Bar(
                label: "\(entry.name)  \(text)",
                value: entry.seconds.values.isEmpty ? nil : entry.seconds.median,
                style: entry.name == Contender.ownName ? .own : .other)
        }
        if let limit = result.limit {
            bars.append(
                BarChart.Bar(label: "limit  \(TimeText.text(limit))", value: limit, style: .limit))
        }
        return BarChart.Group(title: result.title, bars: bars)
    }

    /// Four panels of growth: rows, batch size, width, parameters.
    var growthFigure: Figure {
        var names: [String] = []
        for result in growth where !names.contains(result.sizeName) { names.append(result.sizeName) }
        let panels = names.map { name in
            let results = growth.filter { $0.sizeName == name }
            // Short numbers on the axis.
            let least = results.flatMap(\.points).map(\.seconds.median).min() ?? 1
            let (scale, unit) = least < 1e-3 ? (1e6, "microseconds") : (1e3, "milliseconds")
            let curves = results.enumerated().flatMap { Self.curves($1, color: $0, scale: scale) }
            return Panel(
                title: Self.title(of: results), x: Axis(name, scale: .logarithmic),
                y: Axis(unit, scale: .logarithmic), curves: curves)
        }
        return Figure(
            title: "How time grows",
            subtitle: "threads: \(growth.first?.threads ?? 1); medians; both axes logarithmic",
            notes: [
                "The lines of the arithmetic go through the last point: a point above them costs more than in proportion."
            ], columns: 2, panels: panels, width: 1000, height: 860)
    }

    /// The titles of what is in a panel; of several, how their lines look.
    private static func title(of results: [GrowthResult]) -> String {
        guard results.count > 1 else { return results.first?.title ?? "" }
        return zip(results, ["solid", "dashed"]).map { "\($0.title) (\($1))" }.joined(separator: "; ")
    }

    /// What was measured, and the line of as many operations through its last point.
    private static func curves(_ result: GrowthResult, color: Int, scale: Double) -> [Curve] {
        guard let last = result.points.last else { return [] }
        let pace = scale * last.seconds.median / last.operations
        return [
            Curve(
                label: "as many operations", color: 7, form: .excluded,
                points: result.points.map { Curve.Point(x: Double($0.size), y: $0.operations * pace) }),
            Curve(
                label: "measured", color: color, form: .dottedLine,
                points: result.points.map { Curve.Point(x: Double($0.size), y: scale * $0.seconds.median) }),
        ]
    }
}
