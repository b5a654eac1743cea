import DescentDatasets

/// Names of columns as a person lists them: separated by commas, quoted where a name holds one.
struct ColumnList {
    /// A name that is not there, in words.
    struct UnknownName: Error, CustomStringConvertible {
        let description: String
    }

    /// The names in a list: `a,b` or `"a, with comma",b`.
    static func names(_ list: String) -> [String] {
        var names: [String] = []
        var name = ""
        var (isQuoted, wasQuoted) = (false, false)
        func finished() -> String {
            wasQuoted ? name : String(name.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
        for character in list {
            switch character {
            case "\"":
                // A quote right after a closing one stands for itself.
                if !isQuoted && wasQuoted { name.append("\"") }
                isQuoted.toggle()
                wasQuoted = true
            case "," where !isQuoted:
                names.append(finished())
                (name, wasQuoted) = ("", false)
            default: name.append(character)
            }
        }
        names.append(finished())
        return names.filter { !$0.isEmpty }
    }

    /// The places of the columns in a list; the name of a matrix stands for all its columns.
    ///
    /// - Throws: ``UnknownName`` with the names there are, and the one that was probably meant.
    static func places(of list: String, in file: ColumnFile) throws(UnknownName) -> [Int] {
        if let index = file.columnNames.firstIndex(of: list) { return [index] }
        var places: [Int] = []
        for name in names(list) {
            if let index = file.columnNames.firstIndex(of: name) {
                places.append(index)
            } else if let group = file.groups[name] {
                places += group
            } else {
                throw unknown(name, in: file)
            }
        }
        return places
    }

    private static func unknown(_ name: String, in file: ColumnFile) -> UnknownName {
        let known = file.groups.keys.sorted() + file.columnNames
        let wanted = name.lowercased()
        var text = "\(DataFileError.printable(file.name)) has no column \"\(DataFileError.printable(name))\"."
        let nearest = known.prefix(1000)
            .map { (name: $0, distance: WordList.distance($0.lowercased(), wanted)) }
            .min { $0.distance < $1.distance }
        // Of a name of one letter every other is a neighbour.
        if let nearest, nearest.distance <= max(1, name.count / 3), nearest.distance < name.count {
            text += " Did you mean \"\(DataFileError.printable(nearest.name))\"?"
        }
        return UnknownName(description: text + " It has: \(described(file.columnNames)).")
    }

    /// Names in a sentence, quoted where they would be misread; of very many, the first ones.
    static func described(_ names: [String]) -> String {
        let shown = names.prefix(40).map { name in
            let text = DataFileError.printable(name)
            return text.contains { $0 == "," || $0 == " " || $0 == "\"" } || text.isEmpty
                ? "\"\(text)\"" : text
        }
        let rest = names.count - shown.count
        return shown.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
    }
}
