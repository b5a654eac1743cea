/// What happens to a value that the wanted type does not have.
public enum NumericConversion: Sendable {
    /// It is an error.
    case exact
    /// It becomes the nearest one (ties to even); outside the type's range it is an error.
    case nearest
}

extension NumericArray {
    /// All values in C order, converted.
    ///
    /// NaN and infinities are kept by floating-point types and are errors for integers. A finite value never
    /// becomes infinite. Complex arrays are refused: see `components(as:_:)`.
    /// - Throws: `NumericConversionError` that names the first value which the type cannot hold.
    @specialized(where Element == Float)
    @specialized(where Element == Double)
    @specialized(where Element == Int)
    @specialized(where Element == UInt8)
    public func values<Element: NumericElement>(
        as type: Element.Type = Element.self, _ conversion: NumericConversion = .exact
    ) throws(NumericConversionError) -> [Element] {
        if elementType.kind == .complex {
            throw NumericConversionError(
                index: nil, value: "", source: elementType, target: Element.elementType)
        }
        return try inCOrder().convertedInStorageOrder(conversion)
    }

    /// The real and imaginary parts of all values in C order: real, imaginary, real, imaginary, ….
    ///
    /// For an array that is not complex, the same as `values(as:_:)`.
    /// - Throws: `NumericConversionError`; its index counts the parts.
    public func components<Element: NumericElement>(
        as type: Element.Type = Element.self, _ conversion: NumericConversion = .exact
    ) throws(NumericConversionError) -> [Element] {
        guard elementType.kind == .complex else { return try values(as: type, conversion) }
        return try inCOrder().pairs.convertedInStorageOrder(conversion)
    }

    /// A complex array in C order as an array of its parts with one more axis, of length 2.
    private var pairs: NumericArray {
        NumericArray(
            storage: storage, offset: offset, shape: shape + [2], elementType: elementType.componentType)
    }

    /// The same array with its values in C order; itself where they already are.
    public func inCOrder() -> NumericArray {
        if isCContiguous {
            if !fortranOrder { return self }
            return NumericArray(storage: storage, offset: offset, shape: shape, elementType: elementType)
        }
        let copy = withUnsafeBytes { source in
            ByteStorage.allocate(count: source.count) { target in
                switch elementType.size {
                case 1: transpose(source, into: target, as: UInt8.self)
                case 2: transpose(source, into: target, as: UInt16.self)
                case 4: transpose(source, into: target, as: UInt32.self)
                case 8: transpose(source, into: target, as: UInt64.self)
                default: transpose(source, into: target, as: SIMD2<UInt64>.self)
                }
            }
        }
        guard let copy else { preconditionFailure("no memory to bring \(byteCount) bytes into C order") }
        return NumericArray(storage: copy, shape: shape, elementType: elementType)
    }

    /// Copies Fortran order into C order, counting the indices up like an odometer.
    private func transpose<Word>(
        _ source: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer, as word: Word.Type
    ) {
        let size = MemoryLayout<Word>.size
        var strides: [Int] = []
        var stride = 1
        for length in shape {
            strides.append(stride)
            stride *= length
        }
        var index = [Int](repeating: 0, count: shape.count)
        var position = 0
        for written in 0..<count {
            (target.baseAddress! + written * size).copyMemory(
                from: source.baseAddress! + position * size, byteCount: size)
            var axis = shape.count - 1
            while axis >= 0 {
                index[axis] += 1
                position += strides[axis]
                if index[axis] < shape[axis] { break }
                position -= strides[axis] * shape[axis]
                index[axis] = 0
                axis -= 1
            }
        }
    }

    @inline(__always)
    private func convertedInStorageOrder<Element: NumericElement>(
        _ conversion: NumericConversion
    ) throws(NumericConversionError) -> [Element] {
        let exactly = conversion == .exact
        var failure: (index: Int, value: String)?
        let result = withUnsafeBytes { bytes in
            [Element](unsafeUninitializedCapacity: count) { target, written in
                if elementType == Element.elementType {
                    UnsafeMutableRawBufferPointer(target).copyMemory(from: bytes)
                    written = count
                    return
                }
                switch elementType {
                case .bool, .uint8:
                    failure = Self.convertBytes(bytes, of: UInt8.self, into: target) {
                        Element._converted(UInt64($0), exactly: exactly)
                    }
                case .int8:
                    failure = Self.convertBytes(bytes, of: Int8.self, into: target) {
                        Element._converted(Int64($0), exactly: exactly)
                    }
                case .int16:
                    failure = Self.convert(bytes, of: Int16.self, into: target) {
                        Element._converted(Int64($0), exactly: exactly)
                    }
                case .int32:
                    failure = Self.convert(bytes, of: Int32.self, into: target) {
                        Element._converted(Int64($0), exactly: exactly)
                    }
                case .int64:
                    failure = Self.convert(bytes, of: Int64.self, into: target) {
                        Element._converted($0, exactly: exactly)
                    }
                case .uint16:
                    failure = Self.convert(bytes, of: UInt16.self, into: target) {
                        Element._converted(UInt64($0), exactly: exactly)
                    }
                case .uint32:
                    failure = Self.convert(bytes, of: UInt32.self, into: target) {
                        Element._converted(UInt64($0), exactly: exactly)
                    }
                case .uint64:
                    failure = Self.convert(bytes, of: UInt64.self, into: target) {
                        Element._converted($0, exactly: exactly)
                    }
                case .float16:
                    failure = Self.convert(bytes, of: Float16.self, into: target) {
                        Element._converted(Double($0), exactly: exactly)
                    }
                case .float32:
                    failure = Self.convert(bytes, of: Float.self, into: target) {
                        Element._converted(Double($0), exactly: exactly)
                    }
                case .float64:
                    failure = Self.convert(bytes, of: Double.self, into: target) {
                        Element._converted($0, exactly: exactly)
                    }
                case .complex64, .complex128:
                    preconditionFailure("complex values are converted as pairs")
                }
                written = failure == nil ? count : 0
            }
        }
        if let failure {
            throw NumericConversionError(
                index: failure.index, value: failure.value, source: elementType,
                target: Element.elementType)
        }
        return result
    }

    @inline(__always)
    private static func convert<Source: CustomStringConvertible, Element>(
        _ bytes: UnsafeRawBufferPointer, of source: Source.Type,
        into target: UnsafeMutableBufferPointer<Element>, _ convert: (Source) -> Element?
    ) -> (index: Int, value: String)? {
        let values = bytes.assumingMemoryBound(to: Source.self)
        for index in values.indices {
            guard let value = convert(values[index]) else { return (index, "\(values[index])") }
            (target.baseAddress! + index).initialize(to: value)
        }
        return nil
    }

    /// One-byte types through a table of their 256 values, which makes pixels cheap.
    @inline(__always)
    private static func convertBytes<Source: FixedWidthInteger, Element>(
        _ bytes: UnsafeRawBufferPointer, of source: Source.Type,
        into target: UnsafeMutableBufferPointer<Element>, _ convert: (Source) -> Element?
    ) -> (index: Int, value: String)? {
        let table = (0...255).map { convert(Source(truncatingIfNeeded: $0)) }
        if table.contains(where: { $0 == nil }) {
            return Self.convert(bytes, of: source, into: target, convert)
        }
        let complete = table.map { $0! }
        complete.withUnsafeBufferPointer { complete in
            for index in bytes.indices {
                (target.baseAddress! + index).initialize(to: complete[Int(bytes[index])])
            }
        }
        return nil
    }
}
