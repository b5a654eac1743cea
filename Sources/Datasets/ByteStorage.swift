import Glibc

/// Bytes in memory that nobody writes to any more, and what keeps them there.
///
/// The bytes are allocated by us, a mapping of a file, or static memory of the program. A mapped file must
/// not be shortened while it is in use: the kernel ends a program that reads pages which are gone. Files that
/// are replaced by renaming another over them, as everything here does, are safe.
package final class ByteStorage: Sendable {
    private enum Owner {
        case allocation
        case mapping(UnsafeMutableRawPointer, length: Int)
        case program
    }

    /// The bytes.
    package nonisolated(unsafe) let bytes: UnsafeRawBufferPointer
    private nonisolated(unsafe) let owner: Owner

    /// Allocations begin at a multiple of this, so that vector loads of any width are aligned.
    package static let alignment = 64
    /// The size of the processor's large pages, and from which size on to ask for them.
    ///
    /// Filling fresh memory costs a page fault every 4 KiB without them: 16 % of the time that MNIST takes.
    private static let largePage = 2 << 20
    private static let smallestLarge = 8 << 20

    /// Allocates `count` bytes and lets `fill` write them; `nil` where there is not enough memory.
    ///
    /// What `fill` leaves unwritten has no defined value.
    package static func allocate<E: Error>(
        count: Int, fill: (UnsafeMutableRawBufferPointer) throws(E) -> Void
    ) throws(E) -> ByteStorage? {
        var pointer: UnsafeMutableRawPointer?
        let isLarge = count >= smallestLarge
        guard posix_memalign(&pointer, isLarge ? largePage : alignment, max(count, 1)) == 0, let pointer
        else { return nil }
        if isLarge { madvise(pointer, count, MADV_HUGEPAGE) }
        do {
            try fill(UnsafeMutableRawBufferPointer(start: pointer, count: count))
        } catch {
            free(pointer)
            throw error
        }
        return ByteStorage(UnsafeRawBufferPointer(start: pointer, count: count), owner: .allocation)
    }

    /// A copy of bytes.
    package convenience init(_ bytes: [UInt8]) {
        let copy = UnsafeMutableRawBufferPointer(start: malloc(max(bytes.count, 1))!, count: bytes.count)
        copy.copyBytes(from: bytes)
        self.init(adopting: copy.baseAddress!, count: bytes.count)
    }

    /// Maps `count` bytes of an open file from `offset` on; `nil` where the system refuses.
    package static func map(fileDescriptor: Int32, offset: Int, count: Int) -> ByteStorage? {
        guard count > 0 else { return nil }
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let start = offset / page * page
        let length = count + (offset - start)
        guard let base = mmap(nil, length, PROT_READ, MAP_PRIVATE, fileDescriptor, start),
            base != MAP_FAILED
        else { return nil }
        return ByteStorage(
            UnsafeRawBufferPointer(start: base + (offset - start), count: count),
            owner: .mapping(base, length: length))
    }

    /// Bytes that are there as long as the program runs, such as data embedded in it.
    package init(staticBytes: UnsafeRawBufferPointer) {
        bytes = staticBytes
        owner = .program
    }

    /// Takes over memory from `malloc`, to be freed with the storage.
    package init(adopting pointer: UnsafeMutableRawPointer, count: Int) {
        bytes = UnsafeRawBufferPointer(start: pointer, count: count)
        owner = .allocation
    }

    private init(_ bytes: UnsafeRawBufferPointer, owner: Owner) {
        self.bytes = bytes
        self.owner = owner
    }

    /// Whether the bytes are pages of a file rather than a copy.
    package var isMapped: Bool {
        if case .mapping = owner { return true }
        return false
    }

    deinit {
        switch owner {
        case .allocation: free(UnsafeMutableRawPointer(mutating: bytes.baseAddress))
        case .mapping(let base, let length): munmap(base, length)
        case .program: break
        }
    }
}
