import DescentReports
import Testing

@Suite struct NumberFormatTests {
    @Test(arguments: [
        (0.913_14, 0.001_23, "0.9131 ± 0.0012"), (0.913_14, 0.0, "0.91314 ± 0"), (20, 0, "20 ± 0"),
        (184, 113, "184 ± 113"), (2.3456, 1.4321, "2.3 ± 1.4"), (0.0123, 0.000_99, "0.01230 ± 0.00099"),
        (12_345.678, 0.000_001, "12346 ± <1"), (0.5, 1e-9, "0.50000 ± <0.00001"), (0, 0, "0 ± 0"),
        (-0.0852, 0.000_19, "-0.08520 ± 0.00019"), (0.999_96, 0.0098, "1.0000 ± 0.0098"),
        (0.0996, 0.0996, "0.10 ± 0.10"), (1, .infinity, "1.000 ± ?"), (.nan, 1, "nan"),
    ])
    func estimates(mean: Double, halfWidth: Double, text: String) {
        #expect(NumberFormat.estimate(mean: mean, halfWidth: halfWidth) == text)
    }

    @Test func singleRunHasNoInterval() {
        #expect(NumberFormat.estimate(mean: 0.913_14, halfWidth: nil) == "0.9131")
        #expect(NumberFormat.estimate(mean: 0.5, halfWidth: nil, sign: true) == "+0.5000")
    }

    @Test(arguments: [
        (0.0001, "0.0001"), (3.16e-5, "3.16e-05"), (1, "1"), (0.1 + 0.2, "0.30000000000000004"),
        (.infinity, "inf"),
        (-.infinity, "-inf"), (.nan, "nan"), (100_000, "100000"),
    ])
    func shortest(value: Double, text: String) {
        #expect(NumberFormat.shortest(value) == text)
    }

    @Test(arguments: [
        (0.04, "0.0 s"), (9.94, "9.9 s"), (9.96, "10 s"), (59.4, "59 s"), (59.6, "1 min 00 s"),
        (185, "3 min 05 s"),
        (3725, "1 h 02 min"), (.nan, "?"), (-1, "?"),
    ])
    func durations(seconds: Double, text: String) {
        #expect(NumberFormat.duration(seconds) == text)
    }

    @Test(arguments: [
        (0, "0"), (999, "999"), (1000, "1,000"), (60_000, "60,000"), (1_234_567, "1,234,567"),
        (-1000, "-1,000"),
    ])
    func counts(value: Int, text: String) {
        #expect(NumberFormat.count(value) == text)
    }
}
