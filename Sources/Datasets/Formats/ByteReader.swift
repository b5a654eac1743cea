/// Bytes that are read once, from beginning to end: a file's, or a member's of an archive.
protocol ByteReader {
    /// The number of bytes that have not been read.
    var remaining: Int { get }

    /// Fills `target` with the next bytes.
    func read(into target: UnsafeMutableRawBufferPointer) throws(DataFileError)

    /// The rest of the bytes where they lie, if they lie somewhere as they are; to be followed by `add`.
    func rest() -> (storage: ByteStorage, offset: Int)?

    /// Says that bytes from `rest` have been looked at; a checksum is kept of them.
    func add(_ bytes: UnsafeRawBufferPointer)

    /// Checks, after the last byte, that the data ends and is what was written.
    func finish() throws(DataFileError)

    /// An error about what is being read.
    func error(_ reason: DataFileError.Reason) -> DataFileError
}

extension ByteReader {
    /// The next bytes, in an array.
    func read(_ count: Int) throws(DataFileError) -> [UInt8] {
        guard count <= remaining else { throw error(.truncated(needed: count, available: remaining)) }
        var bytes = [UInt8](repeating: 0, count: count)
        var failure: DataFileError?
        bytes.withUnsafeMutableBytes { buffer in
            do throws(DataFileError) {
                try read(into: buffer)
            } catch { failure = error }
        }
        if let failure { throw failure }
        return bytes
    }

    /// The rest of the bytes as the values of an array, in place where that can be.
    func readArray(
        shape: [Int], elementType: ElementType, isBigEndian: Bool, fortranOrder: Bool
    ) throws(DataFileError) -> NumericArray {
        guard let byteCount = NumericArray.byteCount(shape: shape, elementType: elementType) else {
            throw error(.shapeOverflow("\(shape)"))
        }
        if remaining < byteCount { throw error(.truncated(needed: byteCount, available: remaining)) }
        if remaining > byteCount { throw error(.trailingBytes(remaining - byteCount)) }
        let needsSwap = isBigEndian && elementType.swapSize > 1

        let place: (storage: ByteStorage, offset: Int)
        if !needsSwap, let shared = rest(),
            Int(bitPattern: shared.storage.bytes.baseAddress! + shared.offset) % elementType.alignment == 0
        {
            place = shared
            add(UnsafeRawBufferPointer(rebasing: shared.storage.bytes[shared.offset...].prefix(byteCount)))
        } else {
            let storage = try ByteStorage.allocate(count: byteCount) { target throws(DataFileError) in
                if !target.isEmpty { try read(into: target) }
                if needsSwap { target.swapBytes(ofEach: elementType.swapSize) }
            }
            guard let storage else { throw error(.outOfMemory(bytes: byteCount)) }
            place = (storage, 0)
        }
        try finish()
        let array = NumericArray(
            storage: place.storage, offset: place.offset, shape: shape, elementType: elementType,
            fortranOrder: fortranOrder)
        if elementType == .bool {
            let wrong = array.withUnsafeBytes { bytes in bytes.firstIndex { $0 > 1 }.map { ($0, bytes[$0]) } }
            if let (index, byte) = wrong {
                throw error(.invalidValue("its value \(index) is the byte \(byte), and bool has 0 and 1"))
            }
        }
        return array
    }
}

extension UnsafeMutableRawBufferPointer {
    /// Reverses the bytes of every value of the given size.
    func swapBytes(ofEach size: Int) {
        func swap<Word: FixedWidthInteger>(_ type: Word.Type) {
            for word in bindMemory(to: Word.self).indices {
                let value = load(fromByteOffset: word * MemoryLayout<Word>.size, as: Word.self)
                storeBytes(of: value.byteSwapped, toByteOffset: word * MemoryLayout<Word>.size, as: Word.self)
            }
        }
        switch size {
        case 2: swap(UInt16.self)
        case 4: swap(UInt32.self)
        case 8: swap(UInt64.self)
        default: break
        }
    }
}

/// The bytes of a whole source.
final class SourceReader: ByteReader {
    private let source: ByteSource
    private var position = 0

    init(_ source: ByteSource) { self.source = source }

    var remaining: Int { source.count - position }

    func read(into target: UnsafeMutableRawBufferPointer) throws(DataFileError) {
        try source.read(at: position, into: target)
        position += target.count
    }

    func rest() -> (storage: ByteStorage, offset: Int)? { source.shared(at: position, count: remaining) }

    func add(_ bytes: UnsafeRawBufferPointer) { position += bytes.count }

    func finish() throws(DataFileError) {
        if remaining > 0 { throw source.error(.trailingBytes(remaining), at: position) }
    }

    func error(_ reason: DataFileError.Reason) -> DataFileError { source.error(reason, at: position) }
}
