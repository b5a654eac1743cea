import Testing

@testable import DescentReports

@Suite struct BarChartTests {
    private let chart = BarChart(
        title: "Times", subtitle: "medians", axis: "seconds",
        columns: [
            .init(
                title: "2 threads",
                groups: [
                    .init(
                        title: "It's a job",
                        bars: [
                            .init(label: "ours 30 ms", value: 0.03, style: .own),
                            .init(label: "theirs 2 s", value: 2, style: .other),
                            .init(label: "absent", value: nil, style: .other),
                            .init(label: "limit", value: 0.02, style: .limit),
                        ])
                ])
        ])

    @Test func theAxisBeginsAtADecadeAndLeavesRoomForTheText() {
        #expect(chart.range.lowerBound == 0.01)
        #expect(chart.range.upperBound > 2 * 10)
        #expect(BarChart(title: "", axis: "", columns: []).range.lowerBound > 0)
    }

    @Test func everyBarHasABlockAndEveryTextALabel() {
        let script = chart.script(name: "figure")
        // The bar without a value is a text alone.
        #expect(script.data.components("\n\n\n").count == 1 + 3)
        for text in ["'It''s a job'", "'ours 30 ms'", "'absent'", "'2 threads'"] {
            #expect(script.script.contains(text), "\(text)")
        }
        #expect(script.pictureNames == ["figure.svg", "figure.png"])
    }
}

extension String {
    /// The parts between the occurrences of a separator.
    fileprivate func components(_ separator: String) -> [Substring] {
        split(separator: separator, omittingEmptySubsequences: false)
    }
}
