/// From labels as they stand in a file to codes 0, 1, … and the names of the classes.
enum ClassLabels {
    /// The labels as whole numbers: one value an example, of any real type.
    static func integers(_ labels: NumericArray, source: String) throws(DatasetError) -> [Int64] {
        // A column vector, (n, 1), is one number an example too.
        guard labels.shape.count >= 1, labels.shape.dropFirst().allSatisfy({ $0 == 1 }) else {
            throw DatasetError(source, .labelShape(labels.shape))
        }
        do {
            return try labels.values(as: Int64.self, .exact)
        } catch {
            throw DatasetError(source, .labelNotInteger(row: error.index ?? 0, value: error.value))
        }
    }

    /// The classes that occur among whole numbers, in numerical order.
    static func classNames(of labels: [Int64]) -> [String] { Set(labels).sorted().map { String($0) } }

    /// The classes that occur: in numerical order where all are whole numbers, in alphabetical order otherwise.
    static func classNames(of labels: [String]) -> [String] {
        let names = Set(labels)
        let numbers = names.compactMap { Int64($0) }
        // "07" and "7" are two names of one number; then the order is alphabetical.
        if numbers.count == names.count, Set(numbers).count == names.count {
            let byNumber = Dictionary(uniqueKeysWithValues: names.map { (Int64($0)!, $0) })
            return numbers.sorted().map { byNumber[$0]! }
        }
        return names.sorted()
    }

    /// The index of each label, a name or a whole number, among the classes.
    static func codes<Label: Hashable & LosslessStringConvertible>(
        of labels: [Label], in classNames: [String], source: String
    ) throws(DatasetError) -> [Int32] {
        precondition(Set(classNames).count == classNames.count, "a class is named twice in \(classNames)")
        var codes: [Label: Int32] = [:]
        for (code, name) in classNames.enumerated() {
            // A class whose name is no number has no numbered examples.
            if let label = Label(name) { codes[label] = Int32(code) }
        }
        var result: [Int32] = []
        result.reserveCapacity(labels.count)
        for (row, label) in labels.enumerated() {
            guard let code = codes[label] else {
                throw DatasetError(source, .unknownClass(row: row, name: "\(label)", classes: classNames))
            }
            result.append(code)
        }
        return result
    }
}
