import Descent
import DescentLinearAlgebra

/// The sum of all elements, read once, by as many threads as ``Compute/threadCount``.
@inline(never)
func memorySum(of matrix: Matrix<Double>) -> Double {
    // Pieces small enough for the threads to share them evenly.
    let pieceLength = 1 << 16
    let count = matrix.count
    let pieces = (count + pieceLength - 1) / pieceLength
    return matrix.withUnsafeElements { elements in
        nonisolated(unsafe) let source = UnsafeRawPointer(elements.baseAddress!)
        return withUnsafeTemporaryAllocation(of: Double.self, capacity: pieces) { sums in
            nonisolated(unsafe) let sums = sums
            WorkerTeam.shared.forEach(pieces) { piece in
                let range = piece * pieceLength..<min(count, (piece + 1) * pieceLength)
                sums[piece] = sum(source, range)
            }
            return sums.reduce(0, +)
        }
    }
}

/// Four sums of eight numbers each, so that no addition waits for the one before.
private func sum(_ source: UnsafeRawPointer, _ range: Range<Int>) -> Double {
    var (a, b, c, d) = (SIMD8<Double>(), SIMD8<Double>(), SIMD8<Double>(), SIMD8<Double>())
    var index = range.lowerBound
    while index + 32 <= range.upperBound {
        let address = source + index * 8
        a += address.loadUnaligned(as: SIMD8<Double>.self)
        b += (address + 64).loadUnaligned(as: SIMD8<Double>.self)
        c += (address + 128).loadUnaligned(as: SIMD8<Double>.self)
        d += (address + 192).loadUnaligned(as: SIMD8<Double>.self)
        index += 32
    }
    var total = (a + b + c + d).sum()
    while index < range.upperBound {
        total += source.loadUnaligned(fromByteOffset: index * 8, as: Double.self)
        index += 1
    }
    return total
}
