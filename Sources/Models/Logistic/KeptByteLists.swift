import CKernels
import DescentLinearAlgebra

/// The lists of the bytes that are not 0 of all examples, for minimizers, which go over the same examples again and again.
///
/// To list the examples takes a third of a pass, to read the lists a tenth. They are made by the second pass, so that a
/// single one costs no memory, and take 6 bytes an entry in single precision, 10 in double.
final class KeptByteLists<Scalar: MatrixScalar>: Sendable {
    private let passes = Locked(0)
    private let kept = Locked<ByteLists<Scalar>?>(nil)

    /// The lists that a pass that begins is to use or to make; `nil` for none.
    ///
    /// - Parameter isWhole: Whether it goes over all examples in order.
    func lists(pieces: Int, isWhole: Bool) -> ByteLists<Scalar>? {
        guard isWhole else { return nil }
        if let lists = kept.withLock({ $0 }) { return lists.count == pieces ? lists : nil }
        let pass = passes.withLock { passes in
            passes += 1
            return passes
        }
        return pass == 2 ? ByteLists(pieces: pieces) : nil
    }

    /// Keeps the lists that a pass has made.
    func keep(_ lists: ByteLists<Scalar>?) {
        guard let lists, !lists.isComplete else { return }
        lists.isComplete = true
        kept.withLock { $0 = lists }
    }
}

/// The lists of every piece; none where most bytes are not 0, or the list would be too long.
///
/// While they are made each place is one thread's; from then on they do not change.
final class ByteLists<Scalar: MatrixScalar>: @unchecked Sendable {
    /// The most bytes that the lists of all pieces may take.
    static var largestSize: Int { 1 << 28 }

    let count: Int
    fileprivate(set) var isComplete = false
    private let places: UnsafeMutablePointer<ByteList<Scalar>?>

    init(pieces: Int) {
        count = pieces
        places = .allocate(capacity: pieces)
        places.initialize(repeating: nil, count: pieces)
    }

    deinit {
        places.deinitialize(count: count)
        places.deallocate()
    }

    /// The list of a piece.
    subscript(piece: Int) -> ByteList<Scalar>? {
        get { places[piece] }
        set { places[piece] = newValue }
    }
}

/// The bytes of consecutive examples that are not 0, and the places of their columns.
final class ByteList<Scalar: MatrixScalar>: @unchecked Sendable {
    let values: UnsafeMutablePointer<Scalar>
    let places: UnsafeMutablePointer<UInt16>
    /// Where the list of each example begins, and behind them where the last one ends.
    let starts: UnsafeMutablePointer<Int>
    private var rows = 0

    /// A list of no examples yet, with room for so many examples and entries; `nil` where it would take too many bytes.
    init?(rows: Int, count: Int, largestSize: Int) {
        guard count * (MemoryLayout<Scalar>.size + MemoryLayout<UInt16>.size) <= largestSize else {
            return nil
        }
        values = .aligned(count: max(count, 1))
        places = UnsafeMutableRawPointer.allocate(byteCount: 2 * max(count, 1), alignment: 64)
            .bindMemory(to: UInt16.self, capacity: max(count, 1))
        starts = .allocate(capacity: rows + 1)
        starts[0] = 0
    }

    deinit {
        UnsafeMutableRawPointer(values).deallocate()
        UnsafeMutableRawPointer(places).deallocate()
        starts.deallocate()
    }

    /// Adds the examples of a block that has been packed.
    func append(_ block: descent_packed_bytes) {
        let (start, count) = (starts[rows], block.starts[block.rows])
        (values + start).update(
            from: block.values.assumingMemoryBound(to: Scalar.self), count: count)
        (places + start).update(from: block.places, count: count)
        for row in 0..<block.rows { starts[rows + row + 1] = start + block.starts[row + 1] }
        rows += block.rows
    }
}
