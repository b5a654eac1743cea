/// The memory of a matrix, shared by its copies and views until one of them is written to.
///
/// Aligned to 64 bytes: a cache line, and the widest vector register.
@usableFromInline
final class MatrixStorage<Scalar: MatrixScalar>: @unchecked Sendable {
    // Unchecked: the memory is written only by its creator before it is shared, and by a matrix that holds the
    // one reference to it.
    @usableFromInline let base: UnsafeMutablePointer<Scalar>
    @usableFromInline let count: Int

    /// Memory for `count` elements, not yet initialized.
    init(count: Int) {
        let bytes = count.multipliedReportingOverflow(by: MemoryLayout<Scalar>.stride)
        precondition(!bytes.overflow, "a matrix of \(count) elements is larger than the address space")
        base = UnsafeMutableRawPointer.allocate(byteCount: max(bytes.partialValue, 64), alignment: 64)
            .bindMemory(to: Scalar.self, capacity: count)
        self.count = count
    }

    deinit {
        UnsafeMutableRawPointer(base).deallocate()
    }

    /// Another storage with the same elements.
    @usableFromInline
    func copy() -> MatrixStorage {
        let copy = MatrixStorage(count: count)
        copy.base.initialize(from: base, count: count)
        return copy
    }
}
