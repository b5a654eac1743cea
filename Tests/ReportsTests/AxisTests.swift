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

    /// What a diverged run leaves behind is drawn without its last points, not with a crash.
    @Test(arguments: [Axis.Scale.linear, .logarithmic, .accuracy])
    func hugeAndTinyNumbersHaveNoPlace(scale: Axis.Scale) {
        let axis = Axis("", scale: scale)
        let cases: [[Double]] = [
            [1e-320, 1, 1e308], [-1.7e308, 1.7e308], [5e-299, 5e299], [.infinity, -.infinity, .nan],
        ]
        for values in cases {
            let range = axis.drawnRange(fitting: values)
            #expect(range.lowerBound < range.upperBound)
            #expect(range.lowerBound.isFinite && range.upperBound.isFinite, "\(values)")
            #expect(axis.ticks(in: range).count < 1000)
        }
        #expect(!axis.shows(1e308) && axis.shows(0.5))
    }

    @Test func marksAreThoseAskedFor() {
        let axis = Axis("batch size", scale: .logarithmic, marks: [16, 64, 256, 4096])
        #expect(axis.ticks(in: 10...300).map(\.label) == ["16", "64", "256"])
        let accuracy = Axis("accuracy", scale: .accuracy, marks: [0.9, 0.96])
        #expect(accuracy.ticks(in: 0.01...0.2).map(\.label) == ["0.9", "0.96"])
    }

    /// Left to the points a band is cut off; asked for, it is in sight on each scale.
    @Test(arguments: [Axis.Scale.linear, .logarithmic, .accuracy])
    func bandsCanBeInSight(scale: Axis.Scale) {
        let points = [
            Curve.Point(x: 1, y: 0.5, lower: 0.2, upper: 0.9), Curve.Point(x: 2, y: 0.6),
        ]
        let axis = Axis("", scale: scale)
        let wide = axis.holdingBands(of: [Curve(label: "", color: 0, points: points)])
        let (narrow, range) = (axis.drawnRange(fitting: [0.5, 0.6]), wide.drawnRange(fitting: []))
        for bound in [0.2, 0.9] {
            #expect((0...1).contains(wide.fraction(wide.drawn(bound), in: range)), "\(bound)")
            #expect(!(0...1).contains(axis.fraction(axis.drawn(bound), in: narrow)), "\(bound)")
        }
        // A bound that has no place on the scale decides nothing.
        let negative = [Curve.Point(x: 1, y: 0.5, lower: -0.2, upper: 0.9)]
        let logarithmic = Axis("", scale: .logarithmic).holdingBands(
            of: [Curve(label: "", color: 0, points: negative)])
        #expect((logarithmic.range?.lowerBound ?? 0) > 0)
    }
}
