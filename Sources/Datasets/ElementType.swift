/// The type of the values in a `NumericArray`, named as NumPy names it.
public enum ElementType: String, Codable, Sendable, CaseIterable {
    /// One byte a value, 0 or 1.
    case bool
    /// Signed integers of 8 bits.
    case int8
    /// Signed integers of 16 bits.
    case int16
    /// Signed integers of 32 bits.
    case int32
    /// Signed integers of 64 bits.
    case int64
    /// Unsigned integers of 8 bits.
    case uint8
    /// Unsigned integers of 16 bits.
    case uint16
    /// Unsigned integers of 32 bits.
    case uint32
    /// Unsigned integers of 64 bits.
    case uint64
    /// IEEE 754 binary16.
    case float16
    /// IEEE 754 binary32, `Float`.
    case float32
    /// IEEE 754 binary64, `Double`.
    case float64
    /// A pair of binary32: real part, then imaginary part.
    case complex64
    /// A pair of binary64: real part, then imaginary part.
    case complex128

    /// What kind of number a type holds.
    package enum Kind: Sendable {
        case bool, signedInteger, unsignedInteger, floatingPoint, complex
    }

    /// The number of bytes that one value takes.
    public var size: Int {
        switch self {
        case .bool, .int8, .uint8: 1
        case .int16, .uint16, .float16: 2
        case .int32, .uint32, .float32: 4
        case .int64, .uint64, .float64, .complex64: 8
        case .complex128: 16
        }
    }

    /// The kind of number.
    package var kind: Kind {
        switch self {
        case .bool: .bool
        case .int8, .int16, .int32, .int64: .signedInteger
        case .uint8, .uint16, .uint32, .uint64: .unsignedInteger
        case .float16, .float32, .float64: .floatingPoint
        case .complex64, .complex128: .complex
        }
    }

    /// The type of the real and the imaginary part of a complex type; `self` for every other type.
    public var componentType: ElementType {
        switch self {
        case .complex64: .float32
        case .complex128: .float64
        default: self
        }
    }

    /// The number of bytes whose order is swapped between big and little endian.
    package var swapSize: Int { componentType.size }

    /// The address of a value in memory is a multiple of this.
    package var alignment: Int { componentType.size }

    /// How an npy header names the type in little-endian order: `<f8`, `|u1`, `|b1`.
    public var npyDescription: String {
        let letter =
            switch kind {
            case .bool: "b"
            case .signedInteger: "i"
            case .unsignedInteger: "u"
            case .floatingPoint: "f"
            case .complex: "c"
            }
        return "\(size == 1 ? "|" : "<")\(letter)\(size)"
    }
}

extension ElementType: CustomStringConvertible {
    /// NumPy's name of the type: `uint8`, `float64`, `bool`.
    public var description: String { rawValue }
}
