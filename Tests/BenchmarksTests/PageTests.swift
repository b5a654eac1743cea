import DescentReports
import Testing

@testable import descent_perf

/// A report in which everything occurs: two peers, one that failed, a job without peers, memory, growth.
private let report: PerformanceReport = {
    var report = PerformanceReport()
    report.machine.add("processor", "Some CPU")
    report.machine.add("nothing", "")
    report.limits = [
        MachineLimits(
            threads: 2, floatRate: 270e9, doubleRate: 135e9, readRate: 21e9, floatKernel: "A",
            doubleKernel: "B")
    ]
    typealias Entry = JobResult.Entry
    report.jobs = [
        JobResult(
            job: "mlp", title: "An epoch", threads: 2,
            entries: [
                Entry(name: "Descent", seconds: Sample([0.25, 0.2, 0.3]), note: "loss 0.3"),
                Entry(name: "JAX", seconds: Sample([0.5, 0.4, 0.6]), note: "loss 0.31"),
                Entry(name: "PyTorch", missing: "no module | torch"),
            ], limit: 0.1),
        JobResult(
            job: "mlp", title: "An epoch", threads: 1,
            entries: [
                Entry(name: "Descent", seconds: Sample([0.5])),
                Entry(name: "JAX", seconds: Sample([0.5, 0.7])),
            ], limit: 0.2),
        JobResult(
            job: "softmax-fit", title: "A fit", threads: 2,
            entries: [Entry(name: "Descent", seconds: Sample([2]), value: 2.04e-8)], hasReference: true),
        JobResult(
            job: "start-up", title: "Start", threads: 2,
            entries: [Entry(name: "Descent", seconds: Sample([0.01]), peakBytes: Sample([15e6]))]),
        JobResult(
            job: "digits", title: "Digits", threads: 2,
            entries: [
                Entry(name: "Descent", seconds: Sample([0.1]), peakBytes: Sample([40e6])),
                Entry(name: "scikit-learn", seconds: Sample([1]), peakBytes: Sample([200e6])),
            ]),
    ]
    report.memoryFloor = 16e6
    func growth(_ name: String, _ exponent: Int) -> GrowthResult {
        GrowthResult(
            title: "Work", sizeName: name, threads: 2,
            points: [1000, 2000, 4000, 8000].map { size in
                let factor = Double(size) / 1000
                let time = (0..<exponent).reduce(1e-3) { time, _ in time * factor }
                return GrowthResult.Point(size: size, seconds: Sample([time]), operations: factor)
            })
    }
    report.growth = [growth("rows", 1), growth("width", 2)]
    report.remarks = ["Something was `missing`."]
    return report
}()

@Suite struct PerformanceTableTests {
    @Test func jobsStandBesideTheirPeers() {
        #expect(
            report.jobTable.rows == [
                [
                    "An epoch", "2", "250 ms (200–300)", "JAX", "500 ms (400–600)", "× 2.0", "100 ms", "3",
                ],
                ["", "", "", "PyTorch", "not measured: no module | torch", "–", "", "3, 0"],
                ["", "1", "500 ms (500–500)", "JAX", "600 ms (500–700)", "× 1.2", "200 ms", "1, 2"],
                ["A fit", "2", "2.00 s (2.00–2.00)", "–", "–", "–", "–", "1"],
                ["Start", "2", "10.0 ms (10.0–10.0)", "–", "–", "–", "–", "1"],
                [
                    "Digits", "2", "100 ms (100–100)", "scikit-learn", "1.00 s (1.00–1.00)", "× 10", "–", "1",
                ],
            ])
    }

    @Test func findingsAreShownOnceForEachJob() {
        #expect(
            report.findingTable.rows == [
                ["An epoch", "Descent", "loss 0.3"], ["", "JAX", "loss 0.31"],
                ["A fit", "Descent", "objective 2.0e-08 above the least"],
            ])
    }

    @Test func memoryBelowWhatCanBeSeenIsABound() {
        #expect(
            report.memoryTable.rows == [
                ["Start", "≤ 15 MB", "–", "–", "–"],
                ["Digits", "40 MB", "scikit-learn", "200 MB", "× 5.0"],
            ])
    }

    @Test func slopesStandBesideThoseOfTheArithmetic() {
        #expect(
            report.growthTable.rows == [
                ["Work", "rows", "1,000", "8,000", "1.00 ms", "8.00 ms", "1.00", "1.00"],
                ["Work", "width", "1,000", "8,000", "1.00 ms", "64.0 ms", "2.00", "1.00"],
            ])
        var failed = PerformanceReport()
        failed.growth = [
            GrowthResult(title: "Work", sizeName: "rows", threads: 2, missing: "rows 1: no")
        ]
        #expect(failed.growthTable.rows == [["Work", "rows", "–", "–", "rows 1: no", "–", "–", "–"]])
    }

    @Test func markdownEscapesWhatWouldEndACell() {
        let markdown = report.jobTable.markdown
        #expect(
            markdown.hasPrefix(
                "| job | threads | Descent | peer | its time | ratio | limit | runs |\n|---|--:|--:|---|"))
        #expect(markdown.contains("no module \\| torch"))
        #expect(markdown.split(separator: "\n").count == 2 + report.jobTable.rows.count)
    }
}

@Suite struct PerformancePageTests {
    @Test func everyPartIsOnThePage() {
        let page = PerformancePage(report: report).text
        for part in [
            "# Performance\n", "| processor | Some CPU |", "Something was `missing`.", "| 2 | 270 GF/s |",
            "](images/performance.svg)", "](images/performance-growth.svg)",
            "| An epoch | 2 | 250 ms (200–300) |",
            "## Memory", "## Growth", "below 16 MB can be seen",
        ] { #expect(page.contains(part), "\(part)") }
        #expect(page.hasSuffix(".\n"))
        #expect(!page.contains("\n\n\n"))
    }

    @Test func steepGrowthIsPointedAt() {
        #expect(
            PerformancePage(report: report).growthJudgement
                == "More than 0.15 above the arithmetic in this run: *Work*, by width.")
        var level = report
        level.growth.removeLast()
        #expect(PerformancePage(report: level).growthJudgement.hasPrefix("No slope is more than 0.15"))
    }

    @Test func aReportReadsBackAsItWas() throws {
        #expect(try PerformanceReport(json: report.json()) == report)
        #expect(throws: (any Error).self) { try PerformanceReport(json: "{}x") }
    }

    @Test func theTerminalHasNoEmptyTables() {
        let lines = PerformanceText(report: PerformanceReport()).lines
        #expect(lines.isEmpty)
        #expect(PerformanceText(report: report).lines.contains("Something was missing."))
    }

    @Test func barsAreDrawnForBothNumbersOfThreads() {
        let chart = report.chart
        #expect(chart.columns.map(\.title) == ["2 threads", "1 thread"])
        let bars = chart.columns[0].groups[0].bars
        #expect(
            bars.map(\.label) == [
                "Descent  250 ms", "JAX  500 ms (× 2.0)", "PyTorch  not measured", "limit  100 ms",
            ])
        #expect(bars.map(\.value) == [0.25, 0.5, nil, 0.1])
        #expect(bars.map(\.style) == [.own, .other, .other, .limit])
    }

    @Test func growthHasAPanelForEachSize() {
        let figure = report.growthFigure
        #expect(figure.panels.map(\.x.label) == ["rows", "width"])
        // The line of the arithmetic meets the last point.
        for panel in figure.panels {
            let ends = panel.curves.compactMap { $0.points.last?.y }
            #expect(ends.count == 2 && abs(ends[0] - ends[1]) < 1e-12)
        }
    }
}
