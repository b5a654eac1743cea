/// The range of an array's values, and how many of them are not numbers.
package struct NumericSummary: Sendable {
    /// The index in memory of the least finite value; `nil` where there is none, and for complex arrays.
    package private(set) var minimumIndex: Int?
    /// The index in memory of the greatest finite value; `nil` where there is none, and for complex arrays.
    package private(set) var maximumIndex: Int?
    /// The number of values that are NaN; a complex value is when one of its parts is.
    package private(set) var nanCount = 0
    /// The number of infinite values that are not NaN.
    package private(set) var infinityCount = 0

    /// Looks at every value once.
    package init(_ array: NumericArray) {
        array.withUnsafeBytes { bytes in
            switch array.elementType {
            case .bool, .uint8: ordinal(bytes, of: UInt8.self)
            case .int8: ordinal(bytes, of: Int8.self)
            case .int16: ordinal(bytes, of: Int16.self)
            case .int32: ordinal(bytes, of: Int32.self)
            case .int64: ordinal(bytes, of: Int64.self)
            case .uint16: ordinal(bytes, of: UInt16.self)
            case .uint32: ordinal(bytes, of: UInt32.self)
            case .uint64: ordinal(bytes, of: UInt64.self)
            case .float16: floating(bytes, of: Float16.self)
            case .float32: floating(bytes, of: Float.self)
            case .float64: floating(bytes, of: Double.self)
            case .complex64: complex(bytes, of: Float.self)
            case .complex128: complex(bytes, of: Double.self)
            }
        }
    }

    private mutating func ordinal<Value: FixedWidthInteger>(
        _ bytes: UnsafeRawBufferPointer, of type: Value.Type
    ) {
        let values = bytes.assumingMemoryBound(to: Value.self)
        guard var least = values.first else { return }
        var greatest = least
        for value in values {
            least = min(least, value)
            greatest = max(greatest, value)
        }
        minimumIndex = values.firstIndex(of: least)
        maximumIndex = values.firstIndex(of: greatest)
    }

    private mutating func floating<Value: BinaryFloatingPoint>(
        _ bytes: UnsafeRawBufferPointer, of type: Value.Type
    ) {
        let values = bytes.assumingMemoryBound(to: Value.self)
        var least = Value.infinity
        var greatest = -Value.infinity
        for index in values.indices {
            let value = values[index]
            if !value.isFinite {
                if value.isNaN { nanCount += 1 } else { infinityCount += 1 }
                continue
            }
            if value < least {
                least = value
                minimumIndex = index
            }
            if value > greatest {
                greatest = value
                maximumIndex = index
            }
        }
    }

    private mutating func complex<Value: BinaryFloatingPoint>(
        _ bytes: UnsafeRawBufferPointer, of type: Value.Type
    ) {
        let parts = bytes.assumingMemoryBound(to: Value.self)
        for index in stride(from: 0, to: parts.count, by: 2) {
            let (real, imaginary) = (parts[index], parts[index + 1])
            if real.isNaN || imaginary.isNaN {
                nanCount += 1
            } else if real.isInfinite || imaginary.isInfinite {
                infinityCount += 1
            }
        }
    }
}
