import DescentDatasets

/// A value that `--dtype` cannot convert, with the array it is in.
struct ArrayConversionError: Error, CustomStringConvertible {
    let name: String
    let cause: NumericConversionError

    var description: String { "\(DataFileError.printable(name)): \(cause)" }
}

extension NumericArray {
    /// The same values as another type: floating-point numbers are rounded, integers must be exact.
    func converted(to type: ElementType, name: String) throws(ArrayConversionError) -> NumericArray {
        if type == elementType { return self }
        do throws(NumericConversionError) {
            switch type {
            case .bool: return try converted(to: Bool.self)
            case .int8: return try converted(to: Int8.self)
            case .int16: return try converted(to: Int16.self)
            case .int32: return try converted(to: Int32.self)
            case .int64: return try converted(to: Int64.self)
            case .uint8: return try converted(to: UInt8.self)
            case .uint16: return try converted(to: UInt16.self)
            case .uint32: return try converted(to: UInt32.self)
            case .uint64: return try converted(to: UInt64.self)
            case .float16: return try converted(to: Float16.self, .nearest)
            case .float32: return try converted(to: Float.self, .nearest)
            case .float64: return try converted(to: Double.self, .nearest)
            case .complex64, .complex128:
                throw NumericConversionError(index: nil, value: "", source: elementType, target: type)
            }
        } catch {
            throw ArrayConversionError(name: name, cause: error)
        }
    }

    private func converted<Element: NumericElement>(
        to type: Element.Type, _ conversion: NumericConversion = .exact
    ) throws(NumericConversionError) -> NumericArray {
        NumericArray(try values(as: type, conversion), shape: shape)
    }
}
