import Glibc

/// A stretch of text in memory, with room in front for what the stretch before it has left over.
///
/// Whoever has the only reference may write; afterwards nobody does.
final class CSVText: @unchecked Sendable {
    private let base: UnsafeMutableRawPointer
    private let room: Int
    /// How many bytes are read at most.
    let capacity: Int
    private var start: Int
    private var end: Int
    /// Whether the text ends with the file.
    private(set) var isLast = false

    /// Large pages: filling fresh memory costs a fault for each.
    private static let alignment = 2 << 20

    /// Memory for so many bytes, and `room` bytes in front of them.
    init(room: Int, capacity: Int) {
        self.room = room
        self.capacity = capacity
        var pointer: UnsafeMutableRawPointer?
        let size = room + capacity
        precondition(
            posix_memalign(&pointer, Self.alignment, size) == 0, "no memory for \(size) bytes of text")
        if size >= 4 * Self.alignment { madvise(pointer, size, MADV_HUGEPAGE) }
        base = pointer!
        (start, end) = (room, room)
    }

    deinit { free(base) }

    /// The text.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base + start, count: end - start) }

    /// Reads as much as there is memory for, or to the end of a file.
    ///
    /// - Returns: The system's code when it refuses.
    func fill(from descriptor: Int32) -> Int32? {
        (start, end, isLast) = (room, room, false)
        while end < room + capacity {
            let result = read(descriptor, base + end, room + capacity - end)
            if result == 0 {
                isLast = true
                break
            }
            if result < 0 && errno != EINTR { return errno }
            end += max(result, 0)
        }
        return nil
    }

    /// The text with other text in front: this one, or a copy where there is not enough room.
    func prepended(by text: UnsafeRawBufferPointer) -> CSVText {
        guard let address = text.baseAddress, text.count > 0 else { return self }
        guard text.count <= start else {
            let copy = CSVText(room: text.count, capacity: bytes.count)
            if let address = bytes.baseAddress {
                (copy.base + copy.room).copyMemory(from: address, byteCount: bytes.count)
            }
            copy.end += bytes.count
            copy.isLast = isLast
            return copy.prepended(by: text)
        }
        start -= text.count
        (base + start).copyMemory(from: address, byteCount: text.count)
        return self
    }
}
