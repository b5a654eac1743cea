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
        rows: Int, scaler: Scaler?, into target: UnsafeMutablePointer<Scalar>, stride: Int,
        index: (Int) -> Int
    ) {
        precondition(
            stride >= featureCount, "rows of \(featureCount) features do not fit a stride of \(stride)")
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
                    let kernel = RowScaling(scaler?.singleAffine, limit: scaler?.limit)
                    for row in 0..<rows {
                        let source = base.assumingMemoryBound(to: UInt8.self) + index(row) * columns
                        kernel.apply(source, target + row * stride, columns, { Float($0) }, { $0 })
                    }
                case .float32:
                    let kernel = RowScaling(scaler?.doubleAffine, limit: scaler?.limit)
                    for row in 0..<rows {
                        let source = base.assumingMemoryBound(to: Float.self) + index(row) * columns
                        kernel.apply(source, target + row * stride, columns, { Double($0) }, { Float($0) })
                    }
                default:
                    let kernel = RowScaling(scaler?.doubleAffine, limit: scaler?.limit)
                    for row in 0..<rows {
                        let source = base.assumingMemoryBound(to: Double.self) + index(row) * columns
                        kernel.apply(source, target + row * stride, columns, { $0 }, { Float($0) })
                    }
                }
            } else {
                precondition(Scalar.self == Double.self, "features are gathered as Float or Double")
                let target = UnsafeMutableRawPointer(target).assumingMemoryBound(to: Double.self)
                let kernel = RowScaling(scaler?.doubleAffine, limit: scaler?.limit)
                switch features.elementType {
                case .uint8:
                    for row in 0..<rows {
                        let source = base.assumingMemoryBound(to: UInt8.self) + index(row) * columns
                        kernel.apply(source, target + row * stride, columns, { Double($0) }, { $0 })
                    }
                case .float32:
                    for row in 0..<rows {
                        let source = base.assumingMemoryBound(to: Float.self) + index(row) * columns
                        kernel.apply(source, target + row * stride, columns, { Double($0) }, { $0 })
                    }
                default:
                    for row in 0..<rows {
                        let source = base.assumingMemoryBound(to: Double.self) + index(row) * columns
                        kernel.apply(source, target + row * stride, columns, { $0 }, { $0 })
                    }
                }
            }
        }
    }
}
