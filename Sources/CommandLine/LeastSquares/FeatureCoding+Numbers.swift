import Descent
import DescentDatasets
import DescentLinearAlgebra

extension FeatureCoding {
    /// The features of some rows, all of them numbers, a mean in place of what is missing.
    ///
    /// Written on all threads: for a large file this is a tenth of the whole work.
    ///
    /// - Parameters:
    ///   - columns: A column for each term.
    ///   - rows: The rows that count, from 0 and ascending.
    func numericMatrix(_ columns: [[Double]], rows: [Int]) -> Matrix<Double> {
        let width = columns.count
        let means = terms.map { $0.mean ?? .nan }
        // A cache line of each column at a time, and of each row.
        let step = 1024
        return Matrix<Double>(rows: rows.count, columns: width) { (elements: UnsafeMutableBufferPointer) in
            let target = Elements(base: elements)
            WorkerTeam.shared.forEach((rows.count + step - 1) / step) { piece in
                let range = piece * step..<min((piece + 1) * step, rows.count)
                for (index, column) in columns.enumerated() {
                    var place = range.lowerBound * width + index
                    for row in range {
                        let value = column[rows[row]]
                        target.base[place] = value.isNaN ? means[index] : value
                        place += width
                    }
                }
            }
        }
    }

    private struct Elements: @unchecked Sendable {
        // Unchecked: each piece writes rows of its own.
        let base: UnsafeMutableBufferPointer<Double>
    }
}
