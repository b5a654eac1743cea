/// The texts that stand for a missing value, to be recognised among millions of fields.
struct CSVMissingMarkers: Sendable {
    private let texts: Set<[UInt8]>
    private let longest: Int
    /// Whether a first byte is that of a marker; the empty one is apart.
    private var starts = [Bool](repeating: false, count: 256)
    private let hasEmpty: Bool

    /// Whether no marker could be taken for a number, so that numbers need not be compared with them.
    let areNoNumbers: Bool

    init(_ markers: Set<String>) {
        texts = Set(markers.map { Array($0.utf8) })
        longest = texts.map(\.count).max() ?? -1
        hasEmpty = texts.contains([])
        for text in texts where !text.isEmpty { starts[Int(text[0])] = true }
        areNoNumbers = texts.allSatisfy { text in
            if case .text = text.withUnsafeBytes({ CSVNumber.parse($0) }) { return true }
            return false
        }
    }

    func contains(_ text: UnsafeRawBufferPointer) -> Bool {
        guard let first = text.first else { return hasEmpty }
        return text.count <= longest && starts[Int(first)] && texts.contains(Array(text))
    }
}
