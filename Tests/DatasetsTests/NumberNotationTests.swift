import Testing

@testable import DescentDatasets

@Suite struct NumberNotationTests {
    @Test(arguments: [
        ("1,5", "the decimal sign must be a point, as in 1.5"),
        ("-0,25e3", "the decimal sign must be a point, as in -0.25e3"),
        ("1,234", "write 1234, or 1.234 if the comma is a decimal sign"),
        ("1,234,567", "write 1234567, without separators of thousands"),
        ("1,234.5", "write 1234.5, without separators of thousands"),
        ("1.234.567,8", "write 1234567.8, without separators of thousands"),
        ("12 345", "write 12345, without separators of thousands"),
        ("-1'000'000.5", "write -1000000.5, without separators of thousands"),
        ("1_000", "write 1000, without separators of thousands"),
        ("0x1F", "hexadecimal numbers are not read; write 31"),
        ("12.5 %", "leave the percent sign out"), ("$3.50", "leave the $ out"),
        ("\u{2212}2", "the minus sign must be an ASCII hyphen, as in -2"),
        ("1.5D+03", "an exponent must follow an e, as in 1.5e+03"),
    ])
    func saysWhatToDo(text: String, complaint: String) {
        #expect(NumberNotation.complaint(about: text) == complaint)
    }

    @Test(arguments: [
        "", "1.5", " 7 ", "-1e5", "north", "a,b", "1,2,3", "1-2", "2026-11-22", "12:30", "10 20", "nan",
        "0xyz",
        "%", "$", "1.2.3", "v1,5", "1,5,", "D", "½", "1,23,456", "٣",
    ])
    func passesOver(text: String) {
        #expect(NumberNotation.complaint(about: text) == nil)
    }
}
