import Glibc

/// Memory that grows while its final size is unknown, and becomes a `ByteStorage` without a copy.
package struct GrowingBytes: ~Copyable {
    private var base: UnsafeMutableRawPointer?
    private var capacity = 0
    /// The bytes that have been written.
    package var count = 0

    /// No bytes yet.
    package init() {}

    /// Makes room for at least `extra` more bytes; `false` where there is no memory.
    package mutating func reserve(_ extra: Int) -> Bool {
        if capacity - count >= extra { return true }
        let wanted = max(count + extra, capacity + capacity / 2)
        guard let grown = realloc(base, wanted) else { return false }
        base = grown
        capacity = wanted
        return true
    }

    /// What has been reserved and not written.
    package var space: UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(start: base.map { $0 + count }, count: capacity - count)
    }

    /// The bytes that have been written.
    package var written: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: base.map { UnsafeRawPointer($0) }, count: count)
    }

    /// Hands the bytes over.
    package consuming func finish() -> ByteStorage {
        let storage = ByteStorage(adopting: realloc(base, max(count, 1)) ?? base!, count: count)
        base = nil
        return storage
    }

    deinit { free(base) }
}
