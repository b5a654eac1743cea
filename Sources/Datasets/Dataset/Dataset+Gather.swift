import CKernels
import DescentLinearAlgebra

extension Dataset {
    /// Writes some of the examples, converted and scaled, into rows of a buffer.
    ///
    /// Nothing is allocated. Each value is a function of its own number alone, so that the result does not depend on
    /// which examples stand together in a batch.
    ///
    /// - Parameters:
    ///   - indices: Rows of this data set.
    ///   - scaler: What is done to each feature; `nil` to take values as they are.
    ///   - target: Room for `indices.count` rows.
    ///   - stride: The distance between the starts of two rows, in numbers; at least `featureCount`.
    package func gather<Scalar: MatrixScalar>(
        _ indices: UnsafeBufferPointer<Int32>, scaler: Scaler?, into target: UnsafeMutablePointer<Scalar>,
        stride: Int
    ) {
        gather(rows: indices.count, scaler: scaler, into: target, stride: stride) { row in
            let index = indices[row]
            checkIndex(index)
            return Int(index)
        }
    }

    /// Writes consecutive examples, converted and scaled, into rows of a buffer.
    package func gather<Scalar: MatrixScalar>(
        _ range: Range<Int>, scaler: Scaler?, into target: UnsafeMutablePointer<Scalar>, stride: Int
    ) {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= count,
            "examples \(range) of a data set of \(count) examples")
        gather(rows: range.count, scaler: scaler, into: target, stride: stride) { row in
            range.lowerBound + row
        }
    }

    /// Writes some features of some of the examples, converted and scaled, into rows of a buffer.
    ///
    /// - Parameters:
    ///   - indices: Rows of this data set.
    ///   - columns: Which features; the first of them is written at the start of a row.
    ///   - scaler: What is done to each feature; `nil` to take values as they are.
    ///   - target: Room for `indices.count` rows.
    ///   - stride: The distance between the starts of two rows, in numbers; at least `columns.count`.
    package func gather<Scalar: MatrixScalar>(
        _ indices: UnsafeBufferPointer<Int32>, columns: Range<Int>, scaler: Scaler?,
        into target: UnsafeMutablePointer<Scalar>, stride: Int
    ) {
        precondition(
            columns.lowerBound >= 0 && columns.upperBound <= featureCount,
            "features \(columns) of \(featureCount)")
        gather(rows: indices.count, columns: columns, scaler: scaler, into: target, stride: stride) { row in
            let index = indices[row]
            checkIndex(index)
            return Int(index)
        }
    }

    /// Writes some features of consecutive examples, converted and scaled, into rows of a buffer.
    package func gather<Scalar: MatrixScalar>(
        _ range: Range<Int>, columns: Range<Int>, scaler: Scaler?, into target: UnsafeMutablePointer<Scalar>,
        stride: Int
    ) {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= count && columns.lowerBound >= 0
                && columns.upperBound <= featureCount,
            "examples \(range) and features \(columns) of \(count) examples with \(featureCount) features")
        gather(rows: range.count, columns: columns, scaler: scaler, into: target, stride: stride) { row in
            range.lowerBound + row
        }
    }

    /// Finds the features of bytes that are not the same in all of some examples.
    ///
    /// - Parameters:
    ///   - indices: Rows of this data set, at least one.
    ///   - columns: Which features to look at.
    ///   - differences: Room for as many bytes; set to other than 0 where a feature differs.
    /// - Returns: Whether the features are bytes; else nothing is written.
    package func findDifferences(
        among indices: UnsafeBufferPointer<Int32>, columns: Range<Int>,
        into differences: UnsafeMutablePointer<UInt8>
    ) -> Bool {
        guard features.elementType == .uint8 else { return false }
        let (stride, count) = (featureCount, columns.count)
        features.withUnsafeBytes { bytes in
            let base = bytes.baseAddress!.assumingMemoryBound(to: UInt8.self) + columns.lowerBound
            checkIndex(indices[0])
            let first = base + Int(indices[0]) * stride
            differences.update(repeating: 0, count: count)
            for index in indices {
                checkIndex(index)
                descent_mark_differences(
                    base + Int(index) * stride, first, differences, count, bestInstructions)
            }
        }
        return true
    }

    /// Writes the classes of some of the examples.
    package func gatherLabels(_ indices: UnsafeBufferPointer<Int32>, into target: UnsafeMutablePointer<Int32>)
    {
        labels.withUnsafeBufferPointer { labels in
            for (position, index) in indices.enumerated() {
                checkIndex(index)
                target[position] = labels[Int(index)]
            }
        }
    }

    @inline(__always)
    private func gather<Scalar: MatrixScalar>(
        rows: Int, columns range: Range<Int>? = nil, scaler: Scaler?,
        into target: UnsafeMutablePointer<Scalar>, stride: Int, index: (Int) -> Int
    ) {
        let (first, count) = (range?.lowerBound ?? 0, range?.count ?? featureCount)
        precondition(stride >= count, "rows of \(count) features do not fit a stride of \(stride)")
        precondition(
            scaler == nil || scaler!.featureCount == featureCount,
            "a scaler of \(scaler?.featureCount ?? 0) features for \(featureCount) features")
        let columns = featureCount
        features.withUnsafeBytes { bytes in
            let base = bytes.baseAddress!
            // `Scalar` is Float or Double; the kernels are written for each, so that they are vectorized in every
            // build that optimizes, whether or not this function was specialized.
            if Scalar.self == Float.self {
                let target = UnsafeMutableRawPointer(target).assumingMemoryBound(to: Float.self)
                switch features.elementType {
                case .uint8:
                    let kernel = RowScaling(scaler?.singleAffine, limit: scaler?.limit, first: first)
                    // Rows lie anywhere: without a hint each would be waited for.
                    let bytes = base.assumingMemoryBound(to: UInt8.self) + first
                    for row in 0..<rows {
                        let next = row + 6 < rows ? bytes + index(row + 6) * columns : nil
                        kernel.apply(
                            bytes: bytes + index(row) * columns, next: next, target + row * stride, count)
                    }
                case .float32:
                    let kernel = RowScaling(scaler?.doubleAffine, limit: scaler?.limit, first: first)
                    for row in 0..<rows {
                        let source = base.assumingMemoryBound(to: Float.self) + index(row) * columns + first
                        kernel.apply(source, target + row * stride, count, { Double($0) }, { Float($0) })
                    }
                default:
                    let kernel = RowScaling(scaler?.doubleAffine, limit: scaler?.limit, first: first)
                    for row in 0..<rows {
                        let source = base.assumingMemoryBound(to: Double.self) + index(row) * columns + first
                        kernel.apply(source, target + row * stride, count, { $0 }, { Float($0) })
                    }
                }
            } else {
                precondition(Scalar.self == Double.self, "features are gathered as Float or Double")
                let target = UnsafeMutableRawPointer(target).assumingMemoryBound(to: Double.self)
                let kernel = RowScaling(scaler?.doubleAffine, limit: scaler?.limit, first: first)
                switch features.elementType {
                case .uint8:
                    // Rows lie anywhere: without a hint each would be waited for.
                    let bytes = base.assumingMemoryBound(to: UInt8.self) + first
                    for row in 0..<rows {
                        let next = row + 6 < rows ? bytes + index(row + 6) * columns : nil
                        kernel.apply(
                            bytes: bytes + index(row) * columns, next: next, target + row * stride, count)
                    }
                case .float32:
                    for row in 0..<rows {
                        let source = base.assumingMemoryBound(to: Float.self) + index(row) * columns + first
                        kernel.apply(source, target + row * stride, count, { Double($0) }, { $0 })
                    }
                default:
                    for row in 0..<rows {
                        let source = base.assumingMemoryBound(to: Double.self) + index(row) * columns + first
                        kernel.apply(source, target + row * stride, count, { $0 }, { $0 })
                    }
                }
            }
        }
    }
}
