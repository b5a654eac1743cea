import DescentLinearAlgebra

extension Table {
    /// Columns of numbers as a matrix, rows × names, NaN where a value is missing.
    ///
    /// ```swift
    /// let table = try CSVFile.read(path: "cars.csv")
    /// let fit = try LeastSquares().fit(table.matrix(of: ["weight", "power"]), table["consumption"])
    /// ```
    /// - Parameter names: Columns that are there and hold numbers, each as often as it is named.
    public func matrix(of names: [String]) -> Matrix<Double> {
        let columns = names.map { self[$0] }
        var elements = [Double](repeating: 0, count: rowCount * names.count)
        for (position, column) in columns.enumerated() {
            for (row, number) in column.enumerated() { elements[row * names.count + position] = number }
        }
        return Matrix(rows: rowCount, columns: names.count, elements: elements)
    }
}
