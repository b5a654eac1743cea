import Testing

@testable import DescentReports

@Suite struct AxisTests {
    @Test func logarithmicTicksAreDecadesWhereThereAreMany() {
        let ticks = Axis("updates", scale: .logarithmic).ticks(in: 0.9...2000)
        #expect(ticks.filter { !$0.label.isEmpty }.map(\.label) == ["1", "10", "100", "1k"])
        #expect(ticks.contains { $0.position == 20 && $0.label.isEmpty })
    }

    @Test func logarithmicTicksAreDenserWhereThereAreFew() {
        let labels = Axis("loss", scale: .logarithmic).ticks(in: 0.24...2.5).map(\.label).filter {
            !$0.isEmpty
        }
        #expect(labels == ["0.3", "0.5", "1", "2"])
        let narrow = Axis("loss", scale: .logarithmic).ticks(in: 0.28...0.31).map(\.label)
        #expect(narrow == ["0.28", "0.29", "0.3", "0.31"])
    }

    @Test func manyDecadesDoNotCrowd() {
        let labels = Axis("rate", scale: .logarithmic).ticks(in: 1e-16...1e4).filter { !$0.label.isEmpty }
        #expect(labels.count <= 9)
        #expect(labels.count >= 4)
    }

    @Test func accuraciesRunUpTowardsOne() {
        let axis = Axis("accuracy", scale: .accuracy)
        let range = axis.drawnRange(fitting: [0.1, 0.92])
        #expect(axis.fraction(axis.drawn(0.9), in: range) > axis.fraction(axis.drawn(0.5), in: range))
        let labels = axis.ticks(in: range).map(\.label)
        #expect(labels.contains("0.9"))
        #expect(!labels.contains("0.99"))
        // An accuracy of exactly 1 has a place, if not an exact one.
        #expect(axis.drawn(1) > 0)
    }

    @Test func emptyAndSinglePointRangesAreNotEmpty() {
        for scale in [Axis.Scale.linear, .logarithmic, .accuracy] {
            let axis = Axis("", scale: scale)
            for values in [[], [0.5], [0.5, 0.5], [.nan, .infinity]] {
                let range = axis.drawnRange(fitting: values)
                #expect(range.lowerBound < range.upperBound)
                #expect(range.lowerBound.isFinite && range.upperBound.isFinite)
            }
        }
        #expect(!Axis("", scale: .logarithmic).shows(0))
        #expect(Axis("").shows(0))
    }
}
