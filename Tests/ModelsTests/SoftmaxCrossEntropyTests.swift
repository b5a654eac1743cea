import Testing

@testable import DescentModels

@Suite struct SoftmaxCrossEntropyTests {
    @Test(arguments: GoldenLogSoftmax.rows)
    func logSoftmaxIsRight(row: GoldenLogSoftmax.Row) {
        var z = row.logits
        let count = z.count
        z.withUnsafeMutableBufferPointer {
            SoftmaxCrossEntropy.logSoftmax($0.baseAddress!, rows: 1, classes: count)
        }
        for (found, expected) in zip(z, row.logProbabilities) {
            #expect(abs(found - expected) <= 4 * expected.magnitude.ulp + 4e-16)
        }
    }

    @Test func aThousandApartIsAThousandBelow() {
        var z: [Double] = [0, 1000]
        SoftmaxCrossEntropy.logSoftmax(&z, rows: 1, classes: 2)
        #expect(z == [-1000, 0])
        var f: [Float] = [0, 100]
        SoftmaxCrossEntropy.logSoftmax(&f, rows: 1, classes: 2)
        #expect(f == [-100, 0])
    }

    @Test func aRowIsRightWhereItsFirstLargestLogitIsItsClass() {
        let logits: [Double] = [1, 2, 0, 5, 5, 1]
        #expect(
            SoftmaxCrossEntropy.evaluate(logits: logits, labels: [1, 0], rows: 2, classes: 3).correct == 2)
        #expect(
            SoftmaxCrossEntropy.evaluate(logits: logits, labels: [0, 1], rows: 2, classes: 3).correct == 0)
    }

    @Test func theDerivativeSumsToZeroOverEachRow() {
        var z: [Double] = [0.3, -2, 7, 1, 1, 1]
        let sums = SoftmaxCrossEntropy.differentiate(
            logits: &z, labels: [2, 0], rows: 2, classes: 3, scale: 0.5)
        #expect(abs(z[0] + z[1] + z[2]) < 1e-16)
        #expect(abs(z[3] + 1.0 / 3) < 1e-15 && abs(z[4] - 1.0 / 6) < 1e-15)
        let again = SoftmaxCrossEntropy.evaluate(
            logits: [0.3, -2, 7, 1, 1, 1], labels: [2, 0], rows: 2, classes: 3)
        #expect(sums.loss == again.loss && sums.correct == 2)
    }
}
