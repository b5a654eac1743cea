import DescentDatasets
import DescentLinearAlgebra
import Testing

@Suite struct TableTests {
    @Test func columnsMakeAMatrix() {
        let table = Table([
            .init("a", .numbers([1, 2, 3])), .init("t", .text(["x", "y", "z"])),
            .init("b", .numbers([4, .nan, 6]), missing: [1: ""]),
        ])
        let matrix = table.matrix(of: ["b", "a", "a"])
        #expect(matrix.rows == 3 && matrix.columns == 3)
        #expect(matrix[0, 0] == 4 && matrix[0, 1] == 1 && matrix[2, 2] == 3)
        #expect(matrix[1, 0].isNaN)
        #expect(table.matrix(of: []) == Matrix<Double>(rows: 3, columns: 0))
    }

    @Test func aColumnThatIsNotThereOrHoldsTextIsAProgrammingError() async {
        await #expect(processExitsWith: .failure) {
            _ = Table([.init("a", .numbers([1]))]).matrix(of: ["b"])
        }
        await #expect(processExitsWith: .failure) {
            _ = Table([.init("a", .text(["1"]))]).matrix(of: ["a"])
        }
    }
}
