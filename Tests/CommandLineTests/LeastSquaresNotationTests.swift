import Testing

/// Files as they come out of spreadsheets and other programs: a person reads numbers, the format has none.
@Suite struct LeastSquaresNotationTests {
    @Test(arguments: [
        (
            "x;y\n1,5;2\n2,5;3\n3,5;4\n",
            "line 2, column 1: \"x\" is \"1,5\", not a number; the decimal sign must be a point, as in 1.5"
        ),
        (
            "y;x\n1;1.234,5\n2;12\n3;2.000,1\n",
            "line 2, column 2: \"x\" is \"1.234,5\", not a number; write 1234.5, without separators of thousands"
        ),
        ("x,y\n1,3\n2,5 %\n3,6\n", "\"y\" is \"5 %\", not a number; leave the percent sign out"),
        ("x,y,\n1,3,\n2,5,\n", "the column has neither name nor values: the records end in a separator"),
        ("x,y\n1,2\n1,1e400\n", "line 3, column 2: 1e400 is larger than the largest Double"),
        ("# x,y\n1,2,3\n", "comments are not skipped"),
    ])
    func saysWhatToDo(input: String, message: String) throws {
        let outcome = try Command.run(["lstsq", "-", "--target", "y"], input: Array(input.utf8))
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains(message), "\(outcome.errors)")
        #expect(outcome.output == "")
    }

    @Test func categoriesOfSuchTextsCanBeHadByName() throws {
        let input = "share;y\n5 %;1\n10 %;2\n5 %;1.5\n10 %;2.5\n"
        let outcome = try Command.run(
            ["lstsq", "-", "--target", "y", "--categorical", "share"], input: Array(input.utf8))
        #expect(outcome.status == 0, "\(outcome.errors)")
    }
}
