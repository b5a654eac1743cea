/// A Swift type that a `NumericArray` can hold or be converted to.
///
/// Conforming another type is not supported: the underscored requirements are not API.
public protocol NumericElement: BitwiseCopyable, Sendable {
    /// The element type with the same size and meaning.
    static var elementType: ElementType { get }
    /// The value nearest to an integer, or `nil` where it is out of range or, if `exactly`, not itself.
    static func _converted(_ value: Int64, exactly: Bool) -> Self?
    /// The value nearest to an integer, or `nil` where it is out of range or, if `exactly`, not itself.
    static func _converted(_ value: UInt64, exactly: Bool) -> Self?
    /// The value nearest to a floating-point number, or `nil` where there is none.
    static func _converted(_ value: Double, exactly: Bool) -> Self?
}

extension NumericElement where Self: FixedWidthInteger {
    /// The same integer, or `nil` where it is out of range.
    public static func _converted(_ value: Int64, exactly: Bool) -> Self? { Self(exactly: value) }
    /// The same integer, or `nil` where it is out of range.
    public static func _converted(_ value: UInt64, exactly: Bool) -> Self? { Self(exactly: value) }
    /// The nearest integer (ties to even), or `nil` where it is out of range or, if `exactly`, not itself.
    public static func _converted(_ value: Double, exactly: Bool) -> Self? {
        Self(exactly: exactly ? value : value.rounded(.toNearestOrEven))
    }
}

extension Int8: NumericElement {
    /// `int8`.
    public static var elementType: ElementType { .int8 }
}
extension Int16: NumericElement {
    /// `int16`.
    public static var elementType: ElementType { .int16 }
}
extension Int32: NumericElement {
    /// `int32`.
    public static var elementType: ElementType { .int32 }
}
extension Int64: NumericElement {
    /// `int64`.
    public static var elementType: ElementType { .int64 }
}
extension Int: NumericElement {
    /// `int64`.
    public static var elementType: ElementType { .int64 }
}
extension UInt8: NumericElement {
    /// `uint8`.
    public static var elementType: ElementType { .uint8 }
}
extension UInt16: NumericElement {
    /// `uint16`.
    public static var elementType: ElementType { .uint16 }
}
extension UInt32: NumericElement {
    /// `uint32`.
    public static var elementType: ElementType { .uint32 }
}
extension UInt64: NumericElement {
    /// `uint64`.
    public static var elementType: ElementType { .uint64 }
}
extension UInt: NumericElement {
    /// `uint64`.
    public static var elementType: ElementType { .uint64 }
}

extension Bool: NumericElement {
    /// `bool`.
    public static var elementType: ElementType { .bool }
    /// `false` for 0, `true` for 1, `nil` for anything else.
    public static func _converted(_ value: Int64, exactly: Bool) -> Bool? {
        value == 0 ? false : value == 1 ? true : nil
    }
    /// `false` for 0, `true` for 1, `nil` for anything else.
    public static func _converted(_ value: UInt64, exactly: Bool) -> Bool? {
        value == 0 ? false : value == 1 ? true : nil
    }
    /// `false` for 0, `true` for 1, `nil` for anything else.
    public static func _converted(_ value: Double, exactly: Bool) -> Bool? {
        value == 0 ? false : value == 1 ? true : nil
    }
}

extension NumericElement where Self: BinaryFloatingPoint {
    /// The nearest floating-point number, or `nil` where it is infinite or, if `exactly`, not the same.
    public static func _converted(_ value: Int64, exactly: Bool) -> Self? {
        if exactly { return Self(exactly: value) }
        let nearest = Self(value)
        return nearest.isFinite ? nearest : nil
    }
    /// The nearest floating-point number, or `nil` where it is infinite or, if `exactly`, not the same.
    public static func _converted(_ value: UInt64, exactly: Bool) -> Self? {
        if exactly { return Self(exactly: value) }
        let nearest = Self(value)
        return nearest.isFinite ? nearest : nil
    }
    /// The nearest floating-point number; NaN and infinities stay what they are, overflow is `nil`.
    public static func _converted(_ value: Double, exactly: Bool) -> Self? {
        let nearest = Self(value)
        if exactly {
            return Double(nearest) == value || value.isNaN ? nearest : nil
        }
        return nearest.isFinite || !value.isFinite ? nearest : nil
    }
}

extension Float16: NumericElement {
    /// `float16`.
    public static var elementType: ElementType { .float16 }
}
extension Float: NumericElement {
    /// `float32`.
    public static var elementType: ElementType { .float32 }
}
extension Double: NumericElement {
    /// `float64`.
    public static var elementType: ElementType { .float64 }
}
