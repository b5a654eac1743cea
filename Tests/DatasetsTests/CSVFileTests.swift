import Testing

@testable import DescentDatasets

@Suite struct CSVFileTests {
    private func table(_ text: String, _ options: CSVFile.Options = .init()) throws -> Table {
        try CSVFile.read(source(Array(text.utf8), name: "t.csv"), options: options)
    }

    private func failure(_ bytes: [UInt8]) -> DataFileError? {
        do throws(DataFileError) {
            _ = try CSVFile.read(source(bytes, name: "t.csv"))
            return nil
        } catch { return error }
    }

    @Test(arguments: [",", ";", "\t"], ["\n", "\r\n", "\r"])
    func findsSeparatorsLinesAndHeader(separator: String, newline: String) throws {
        let text = ["x,y,name", "1,2.5,Ann", "-3,1e2,\"B, ö\"", ""].joined(separator: newline)
        let quotedComma = text.replacing("B, ö", with: "B\u{0} ö").replacing(",", with: separator)
            .replacing("B\u{0} ö", with: "B\(separator) ö")
        for mark in ["", "\u{FEFF}"] {
            let table = try table(mark + quotedComma)
            #expect(table.columnNames == ["x", "y", "name"])
            #expect(table.hasHeader)
            #expect(table["x"] == [1, -3])
            #expect(table["y"] == [2.5, 100])
            #expect(table.column(named: "name")?.text == ["Ann", "B\(separator) ö"])
            #expect(table.rowCount == 2)
        }
    }

    @Test func findsWhetherThereIsAHeader() throws {
        #expect(try table("1,2\n3,4").hasHeader == false)
        #expect(try table("1,2\n3,4").columnNames == ["column1", "column2"])
        #expect(try table("1,2\n3,4")["column1"] == [1, 3])
        #expect(try table("5.1,3.5,setosa\n4.9,3,setosa").hasHeader == false)
        #expect(
            try table("5.1,3.5,setosa\n4.9,3,setosa").column(named: "column3")?.text == ["setosa", "setosa"])
        #expect(try table("a,b\nx,y").hasHeader)
        #expect(try table("a,b\nx,1").hasHeader)
        #expect(try table("2019,total\n1,2").hasHeader, "a text above numbers")
        #expect(try table("NA,1\n2,3").hasHeader == false)
        #expect(try table("1,2\n3,4", .init(hasHeader: true)).columnNames == ["1", "2"])
        #expect(try table("a,b\nx,y", .init(hasHeader: false)).rowCount == 2)
        #expect(try table("x,y\n").rowCount == 0)
        #expect(try table("x,y\n").columnNames == ["x", "y"])
        #expect(try table(",y\n1,2").columnNames == ["column1", "y"])
    }

    @Test func semicolonsMayGoWithDecimalCommas() throws {
        let table = try table("a;b\n1,5;2\n2,5;3\n")
        #expect(table.columnNames == ["a", "b"])
        #expect(table.column(named: "a")?.text == ["1,5", "2,5"])
        #expect(table["b"] == [2, 3])
    }

    @Test func quotedFields() throws {
        let table = try table("\"a \"\"b\"\"\",\"c\nd\"\n\"1\",\"x,\"\"y\"\"\r\nz\"\n2,5\" pipe\n")
        #expect(table.columnNames == ["a \"b\"", "c\nd"])
        #expect(table["a \"b\""] == [1, 2])
        #expect(table.column(named: "c\nd")?.text == ["x,\"y\"\r\nz", "5\" pipe"])
    }

    @Test func missingValuesKeepTheirMarkers() throws {
        let table = try table("x,y,t\n1,NA,NA\n,2,\"NA\"\n?,,u\n")
        #expect(table["x"][0] == 1)
        #expect(table["x"][1].isNaN)
        #expect(table.column(named: "x")?.missing == [1: "", 2: "?"])
        #expect(table.column(named: "y")?.missing == [0: "NA", 2: ""])
        #expect(table.column(named: "t")?.missing == [0: "NA"], "in quotes it is a text")
        #expect(table.column(named: "t")?.text == ["", "NA", "u"])
        // Nothing but missing values is a column of numbers.
        #expect(try self.table("a,b\n1,NA\n2,NA")["b"].allSatisfy(\.isNaN))
        // The same without a header.
        let bare = try self.table("NA,1\n2,\n")
        #expect(bare.column(named: "column1")?.missing == [0: "NA"])
        #expect(bare.column(named: "column2")?.missing == [1: ""])
    }

    /// The hard cases of decimal to binary; the compiler rounds literals correctly.
    static let numbers: [(String, Double)] = [
        ("0", 0),
        ("-0", -0.0),
        ("-0.0", -0.0),
        ("+1", 1),
        (".5", 0.5),
        ("5.", 5),
        ("1e0", 1),
        ("1E+2", 100),
        ("0.1", 0.1),
        ("123456789012345678901234567890", 123_456_789_012_345_678_901_234_567_890),
        ("9007199254740993", 9_007_199_254_740_992),
        ("9007199254740995", 9_007_199_254_740_996),
        ("1e22", 1e22),
        ("1e23", 1e23),
        ("8.5e-22", 8.5e-22),
        ("2.2250738585072011e-308", 0x0.fffffffffffffp-1022),
        ("2.2250738585072012e-308", 0x1p-1022),
        ("4.9e-324", 5e-324),
        ("2.4703282292062327e-324", 0),
        ("2.4703282292062328e-324", 5e-324),
        ("1.7976931348623157e308", .greatestFiniteMagnitude),
        (" 7\t", 7),
        ("inf", .infinity),
        ("-Infinity", -.infinity),
        ("0e999999999999", 0),
        ("1e-999999999999", 0),
        ("7.038531e-26", 7.038531e-26),
        ("00000000000000000000000000000000001", 1),
        ("0.00000000000000000000000000000000001", 1e-35),
    ]

    @Test(arguments: numbers)
    func roundsCorrectly(text: String, value: Double) throws {
        let table = try table("x,y\n\(text),1\n")
        #expect(table["x"].first?.bitPattern == value.bitPattern)
    }

    @Test(arguments: [
        "1.2.3", "1e", "1e+", "0x10", "1_000", "--1", "1 2", "e5", ".", "-", "+", "infinite", "1,5", "１",
    ])
    func doesNotTakeTextForNumbers(text: String) throws {
        let table = try table("x;y\n\(text);1\n")
        #expect(table.columns[0].text != nil || table.columns[0].missing[0] != nil)
        #expect(table.columns[0].numbers?.first?.isNaN ?? true)
    }

    @Test(arguments: [
        ("x,y\n1,2\n3\n", 3, 1), ("x,y\n1,2\n3,4,5\n", 3, 3), ("x,y\n1,\"2\n3", 2, 2),
        ("x,y\n\"1\"2,3\n", 2, 1),
        ("x,y\n\n\n1,2\n\"a\nb\",2\n3", 7, 1), ("x,x\n1,2\n", 1, 2), ("x,y\n1,1e400\n", 2, 2),
        ("x,y\n1,2\n3,\u{0}\n", 3, 2),
    ])
    func errorsNameLineAndColumn(text: String, line: Int, column: Int) throws {
        let error = try #require(failure(Array(text.utf8)))
        #expect(error.position == .line(line, column: column), "\(error)")
        #expect(error.description.hasPrefix("t.csv: line \(line), column \(column): "))
    }

    @Test(arguments: [
        ("# made by hand\nx,y\n1,2\n", "line 2, column 2", "sed '/^#/d'"),
        ("x,y\n1,2\n# the rest\n3,4\n", "line 3, column 1", "sed '/^#/d'"),
        ("x,y\n1,2,\n", "line 2, column 3", "it ends in a separator"),
        ("x,y\n1,2\n3", "line 3, column 1", "has 1 field where the first one has 2"),
    ])
    func saysWhatToDoAboutOddRecords(text: String, place: String, advice: String) throws {
        let message = try #require(failure(Array(text.utf8))).description
        #expect(message.contains(place) && message.hasSuffix(advice + (advice.hasPrefix("sed") ? ")" : "")))
    }

    @Test func numbersAreTooLargeOnlyAmongNumbers() throws {
        #expect(try table("x,y\n1e400,1\nend,2\n").column(named: "x")?.text == ["1e400", "end"])
        let late = "x,y\n1,-1e309\n" + (2...9).map { "\($0),2\n" }.joined() + "1e999,1\n"
        #expect(failure(Array(late.utf8))?.position == .line(2, column: 2))
    }

    @Test func refusesARecordOfNothingButSeparators() throws {
        let error = try #require(failure([UInt8](repeating: 44, count: 3 << 20)))
        #expect(error.description.contains("1048576"))
    }

    @Test func refusesOtherEncodings() throws {
        #expect(failure([0xFF, 0xFE, 0x31, 0])?.description.contains("UTF-16") == true)
        let latin = Array("x,name\n1,".utf8) + [0xFC] + Array("ber\n".utf8)
        #expect(failure(latin)?.position == .line(2, column: 2))
        #expect(failure([])?.reason == .empty)
        #expect(failure([10, 10]) != nil)
    }

    @Test func everyNumberReadsBackToTheSameBits() throws {
        var values: [Double] = [
            0, -0.0, .infinity, -.infinity, 5e-324, .greatestFiniteMagnitude, 0.1, 1e15, -1e15 - 2,
        ]
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        for _ in 0..<2000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let value = Double(bitPattern: state)
            if value.isFinite { values.append(value) }
            values.append(Double(Int64(bitPattern: state) >> 40) / 100)
        }
        try withTemporaryFolder { folder in
            let path = folder + "/a.csv"
            try CSVFile.write(Table([.init("x", .numbers(values))]), to: path)
            #expect(try CSVFile.read(path: path)["x"].map(\.bitPattern) == values.map(\.bitPattern))
            let floats = values.map { Float($0) } + [7.038531e-26]
            try CSVFile.write(
                columns: [("x", NumericArray(floats))], to: path, separator: ",", replacing: true)
            let read = try CSVFile.read(path: path)["x"].map { Float($0).bitPattern }
            #expect(read == floats.map(\.bitPattern))
        }
    }

    @Test func tablesReadBack() throws {
        let table = Table([
            .init("a,b", .numbers([1, .nan, -2.5]), missing: [1: "NA"]),
            .init("text", .text(["x\ny", "", "say \"hi\""]), missing: [1: ""]),
            .init("quoted", .text(["NA", " padded ", "c"])),
        ])
        try withTemporaryFolder { folder in
            for (name, separator) in [("a.csv", ","), ("a.tsv", "\t")] as [(String, Character)] {
                try CSVFile.write(table, to: folder + "/" + name, separator: separator)
                let read = try CSVFile.read(path: folder + "/" + name)
                #expect(read.columnNames == table.columnNames)
                for (ours, theirs) in zip(read.columns, table.columns) {
                    #expect(ours.missing == theirs.missing)
                    #expect(ours.text == theirs.text)
                    #expect(ours.numbers?.map(\.bitPattern) == theirs.numbers?.map(\.bitPattern))
                }
            }
            // A missing value alone in its record is no blank line.
            let single = Table([.init("x", .numbers([1, .nan, 3]), missing: [1: ""])])
            try CSVFile.write(single, to: folder + "/b.csv")
            #expect(try CSVFile.read(path: folder + "/b.csv").column(named: "x")?.missing == [1: ""])
        }
    }
}
