/// A value of an array that the wanted type cannot hold.
public struct NumericConversionError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The position of the value in C order; `nil` where no value of the type could be converted.
    public let index: Int?
    /// The value, as text.
    public let value: String
    /// The type it has.
    public let source: ElementType
    /// The type it was to become.
    public let target: ElementType

    package init(index: Int?, value: String, source: ElementType, target: ElementType) {
        self.index = index
        self.value = value
        self.source = source
        self.target = target
    }

    /// What was wrong, in one sentence.
    public var description: String {
        guard let index else {
            return "\(source) values do not become \(target)"
        }
        return "value \(index) is \(value) (\(source)), which \(target) cannot hold"
    }
}
