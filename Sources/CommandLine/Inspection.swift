import DescentDatasets

/// What `descent inspect` knows about one array or column once it has been looked through.
struct Inspection {
    let name: String
    /// NumPy's name of the type; `str` for text.
    let type: String
    let shape: [Int]
    let fortranOrder: Bool
    let byteCount: Int?
    let minimum: Value?
    let maximum: Value?
    let nanCount: Int
    let infinityCount: Int
    let missingCount: Int

    /// A value as people and as JSON read it.
    struct Value {
        let plain: String
        let json: String

        init(_ array: NumericArray, at index: Int) {
            func text(_ style: NumberTextStyle) -> String {
                var bytes: [UInt8] = []
                array.appendText(at: index, style: style, to: &bytes)
                return String(decoding: bytes, as: UTF8.self)
            }
            plain = text(.plain)
            json = text(.json)
        }
    }

    private init(_ name: String, _ array: NumericArray, missingCount: Int = 0) {
        let summary = NumericSummary(array)
        self.name = name
        type = array.elementType.rawValue
        shape = array.shape
        fortranOrder = array.fortranOrder
        byteCount = array.byteCount
        minimum = summary.minimumIndex.map { Value(array, at: $0) }
        maximum = summary.maximumIndex.map { Value(array, at: $0) }
        // A missing number is NaN in memory, and counted as missing only.
        nanCount = summary.nanCount - missingCount
        infinityCount = summary.infinityCount
        self.missingCount = missingCount
    }

    private init(_ column: Table.Column) {
        if let numbers = column.numbers {
            self.init(column.name, NumericArray(numbers), missingCount: column.missing.count)
        } else {
            self.init(text: column)
        }
    }

    private init(text column: Table.Column) {
        name = column.name
        type = "str"
        shape = [column.count]
        fortranOrder = false
        byteCount = nil
        minimum = nil
        maximum = nil
        nanCount = 0
        infinityCount = 0
        missingCount = column.missing.count
    }

    /// The arrays of a file, read one after the other so that only one is in memory at a time.
    static func items(of data: DataFile, path: String) throws(DataFileError) -> [Inspection] {
        switch data {
        case .npz(let archive):
            var items: [Inspection] = []
            for name in archive.names { items.append(Inspection(name, try archive.array(named: name))) }
            return items
        case .npy(let array), .idx(let array):
            return [Inspection(DataFile.arrayName(forPath: path), array)]
        case .csv(let table):
            return table.columns.map { Inspection($0) }
        }
    }
}

extension DataFile {
    /// The values behind the item of an index, once more.
    func values(at index: Int) throws(DataFileError) -> InspectedValues {
        switch self {
        case .npz(let archive): .array(try archive.array(named: archive.names[index]).inCOrder())
        case .npy(let array), .idx(let array): .array(array.inCOrder())
        case .csv(let table): .column(table.columns[index])
        }
    }
}

/// The values of one array or column.
enum InspectedValues {
    case array(NumericArray)
    case column(Table.Column)
}
