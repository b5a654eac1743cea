/// An n-dimensional array of numbers as a file holds it: shape, element type and order of the values.
///
/// What npz, npy, IDX and CSV files are read into and written from. The bytes are in the machine's order
/// whatever the file's was, never change, and are shared by copies; they may be pages of a mapped file, so
/// that a large array costs nothing until it is looked at. A shape of `[]` is a single number, and a shape
/// with a 0 in it is an empty array.
public struct NumericArray: Sendable {
    /// The length of each axis.
    public let shape: [Int]
    /// The type of the values.
    public let elementType: ElementType
    /// Whether the first index changes fastest (column-major) rather than the last.
    public let fortranOrder: Bool
    /// The number of values: the product of the lengths of the axes.
    public let count: Int

    package let storage: ByteStorage
    let offset: Int

    /// An array over bytes that are already in memory, in the machine's byte order.
    ///
    /// - Parameter offset: Where in the storage the first value is; a multiple of the type's alignment.
    package init(
        storage: ByteStorage, offset: Int = 0, shape: [Int], elementType: ElementType,
        fortranOrder: Bool = false
    ) {
        guard let byteCount = Self.byteCount(shape: shape, elementType: elementType) else {
            preconditionFailure("an array of shape \(shape) and type \(elementType) fits no memory")
        }
        precondition(
            offset >= 0 && byteCount <= storage.bytes.count - offset,
            "shape \(shape) of \(elementType) takes \(byteCount) bytes, the storage has \(storage.bytes.count - offset)"
        )
        self.shape = shape
        self.elementType = elementType
        self.fortranOrder = fortranOrder
        self.storage = storage
        self.offset = offset
        count = byteCount / elementType.size
    }

    /// An array of the given values in C order: the last index changes fastest.
    ///
    /// - Parameters:
    ///   - values: The elements.
    ///   - shape: The length of each axis; `nil` for a vector. Their product is the number of values.
    public init<Element: NumericElement>(_ values: [Element], shape: [Int]? = nil) {
        let shape = shape ?? [values.count]
        precondition(
            Self.elementCount(shape: shape) == values.count,
            "\(values.count) values do not fill the shape \(shape)")
        let storage = values.withUnsafeBytes { source in
            ByteStorage.allocate(count: source.count) { $0.copyMemory(from: source) }
        }
        guard let storage else { preconditionFailure("no memory for \(values.count) values") }
        self.init(storage: storage, shape: shape, elementType: Element.elementType)
    }

    /// The number of bytes of all values.
    public var byteCount: Int { count * elementType.size }

    /// Calls `body` with the values' bytes, in the array's own order and the machine's byte order.
    ///
    /// The pointer must not leave `body`.
    public func withUnsafeBytes<Result: ~Copyable, E: Error>(
        _ body: (UnsafeRawBufferPointer) throws(E) -> Result
    ) throws(E) -> Result {
        defer { withExtendedLifetime(storage) {} }
        return try body(UnsafeRawBufferPointer(rebasing: storage.bytes[offset..<(offset + byteCount)]))
    }

    /// The same values under another shape.
    ///
    /// The order of the values in memory stays; an array in Fortran order with several axes is refused, as
    /// its values would come out in an order that few expect.
    public func reshaped(_ shape: [Int]) -> NumericArray {
        precondition(
            Self.elementCount(shape: shape) == count, "shape \(self.shape) cannot become shape \(shape)")
        precondition(
            isCContiguous, "shape \(self.shape) is in Fortran order: bring it into C order before reshaping")
        return NumericArray(storage: storage, offset: offset, shape: shape, elementType: elementType)
    }

    /// Whether the values lie in C order in memory; with at most one axis longer than 1, both orders agree.
    public var isCContiguous: Bool {
        !fortranOrder || count == 0 || shape.lazy.filter { $0 > 1 }.count <= 1
    }

    /// Whether the bytes are pages of a file, read when first looked at.
    package var isMapped: Bool { storage.isMapped }

    /// The product of a shape, or `nil` where a length is negative or the product exceeds `Int.max`.
    ///
    /// A 0 among the lengths makes 0, but lengths that overflow on their own are refused all the same.
    package static func elementCount(shape: [Int]) -> Int? {
        var product = 1
        var isEmpty = false
        for length in shape {
            if length < 0 { return nil }
            if length == 0 {
                isEmpty = true
                continue
            }
            let (next, overflow) = product.multipliedReportingOverflow(by: length)
            if overflow { return nil }
            product = next
        }
        return isEmpty ? 0 : product
    }

    /// The bytes that an array takes, or `nil` where no `Int` can say.
    package static func byteCount(shape: [Int], elementType: ElementType) -> Int? {
        guard let count = elementCount(shape: shape) else { return nil }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: elementType.size)
        return overflow ? nil : bytes
    }
}
