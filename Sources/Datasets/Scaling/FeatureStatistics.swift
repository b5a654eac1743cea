/// Minimum, maximum, mean and standard deviation of each feature of a data set, computed in `Double` in a fixed order.
package struct FeatureStatistics: Sendable {
    /// The smallest value of each feature.
    package private(set) var minimum: [Double]
    /// The largest value of each feature.
    package private(set) var maximum: [Double]
    /// The mean of each feature.
    package private(set) var mean: [Double]
    /// The population standard deviation (ddof = 0) of each feature.
    package private(set) var standardDeviation: [Double]

    /// Computes the statistics in two passes over the features, or one for bytes.
    package init(of dataset: Dataset) {
        let columns = dataset.featureCount
        let zeros = [Double](repeating: 0, count: columns)
        (minimum, maximum, mean, standardDeviation) = (zeros, zeros, zeros, zeros)
        dataset.features.withUnsafeBytes { bytes in
            switch dataset.features.elementType {
            case .uint8: summarize(bytes: bytes.assumingMemoryBound(to: UInt8.self), columns: columns)
            case .float32:
                summarize(bytes.assumingMemoryBound(to: Float.self), columns: columns) { Double($0) }
            default:
                summarize(bytes.assumingMemoryBound(to: Double.self), columns: columns) { $0 }
            }
        }
    }

    /// Bytes: sums of values and of squares are whole numbers, and exact.
    private mutating func summarize(bytes: UnsafeBufferPointer<UInt8>, columns: Int) {
        let rows = bytes.count / columns
        var smallest = [UInt8](repeating: .max, count: columns)
        var largest = [UInt8](repeating: 0, count: columns)
        var totals = [UInt64](repeating: 0, count: columns)
        var squareTotals = totals
        var sums = [UInt32](repeating: 0, count: columns)
        var squares = sums
        // As many rows as 32 bits hold the squares of: 65,536 · 255² < 2³².
        for start in stride(from: 0, to: rows, by: 65_536) {
            for column in 0..<columns { (sums[column], squares[column]) = (0, 0) }
            smallest.withUnsafeMutableBufferPointer { smallest in
                largest.withUnsafeMutableBufferPointer { largest in
                    sums.withUnsafeMutableBufferPointer { sums in
                        squares.withUnsafeMutableBufferPointer { squares in
                            for row in start..<min(start + 65_536, rows) {
                                let values = bytes.baseAddress! + row * columns
                                for column in 0..<columns {
                                    let value = values[column]
                                    smallest[column] = min(smallest[column], value)
                                    largest[column] = max(largest[column], value)
                                    let wide = UInt32(value)
                                    sums[column] &+= wide
                                    squares[column] &+= wide &* wide
                                }
                            }
                        }
                    }
                }
            }
            for column in 0..<columns {
                totals[column] += UInt64(sums[column])
                squareTotals[column] += UInt64(squares[column])
            }
        }
        let n = UInt64(rows)
        for column in 0..<columns {
            minimum[column] = Double(smallest[column])
            maximum[column] = Double(largest[column])
            mean[column] = Double(totals[column]) / Double(n)
            // n² σ² = n Σx² − (Σx)², exact in 128 bits.
            let scaled =
                UInt128(n) * UInt128(squareTotals[column]) - UInt128(totals[column]) * UInt128(totals[column])
            standardDeviation[column] = Double(scaled).squareRoot() / Double(n)
        }
    }

    /// Other numbers: minimum and maximum first, then the mean and the squares about a value of the column, on a scale
    /// on which neither sums nor squares overflow or vanish.
    @inline(__always)
    private mutating func summarize<Value: BinaryFloatingPoint>(
        _ values: UnsafeBufferPointer<Value>, columns: Int, _ widen: (Value) -> Double
    ) {
        let rows = values.count / columns
        for column in 0..<columns {
            (minimum[column], maximum[column]) = (widen(values[column]), widen(values[column]))
        }
        minimum.withUnsafeMutableBufferPointer { minimum in
            maximum.withUnsafeMutableBufferPointer { maximum in
                for row in 0..<rows {
                    let values = values.baseAddress! + row * columns
                    for column in 0..<columns {
                        let value = widen(values[column])
                        minimum[column] = value < minimum[column] ? value : minimum[column]
                        maximum[column] = value > maximum[column] ? value : maximum[column]
                    }
                }
            }
        }

        // Powers of two, so that scaling costs no accuracy.
        let scale = zip(minimum, maximum).map { minimum, maximum in
            let largest = max(minimum.magnitude, maximum.magnitude)
            guard largest > 0 else { return 1.0 }
            return Double(
                sign: .plus, exponent: -max(-1022, min(1022, Int(largest.exponent))), significand: 1)
        }
        let pivot = (0..<columns).map { widen(values[$0]) * scale[$0] }
        let n = Double(rows)
        let offset = Self.columnSums(values, columns: columns) { value, column in
            widen(value) * scale[column] - pivot[column]
        }.map { $0 / n }
        let center = zip(pivot, offset).map { $0 + $1 }
        let deviations = Self.columnSums(values, columns: columns) { value, column in
            widen(value) * scale[column] - center[column]
        }
        let squares = Self.columnSums(values, columns: columns) { value, column in
            let deviation = widen(value) * scale[column] - center[column]
            return deviation * deviation
        }
        for column in 0..<columns {
            // A mean lies between the extremes; rounding must not move it out.
            mean[column] = min(max(center[column] / scale[column], minimum[column]), maximum[column])
            // The second term is what rounding of the center left over.
            let variance = (squares[column] - deviations[column] * deviations[column] / n) / n
            standardDeviation[column] = max(variance, 0).squareRoot() / scale[column]
        }
    }

    /// Σ over the rows of a function of value and column.
    @inline(__always)
    private static func columnSums<Value>(
        _ values: UnsafeBufferPointer<Value>, columns: Int, _ term: (Value, Int) -> Double
    ) -> [Double] {
        var sums = [Double](repeating: 0, count: columns)
        sums.withUnsafeMutableBufferPointer { sums in
            for row in 0..<(values.count / columns) {
                let values = values.baseAddress! + row * columns
                for column in 0..<columns { sums[column] += term(values[column], column) }
            }
        }
        return sums
    }
}
