import Foundation

/// Looks through the symbol graphs of a documentation build for public symbols without a doc comment.
///
/// The formatter's rule sees declarations, but neither the cases of enumerations nor what extensions give.
package enum ReferenceCheck {
    /// The symbols of the package that have no comment, each with its file and line.
    ///
    /// - Parameter folder: A folder with symbol graphs somewhere in it.
    package static func undocumented(in folder: URL) throws -> [String] {
        let names = FileManager.default.enumerator(atPath: folder.path)
        var found: Set<String> = []
        while let name = names?.nextObject() as? String {
            guard name.hasSuffix(".symbols.json") else { continue }
            let data = try Data(contentsOf: folder.appending(path: name))
            let graph = try JSONSerialization.jsonObject(with: data) as? [String: Any]
            for symbol in graph?["symbols"] as? [[String: Any]] ?? [] {
                if let place = placeIfUndocumented(symbol) { found.insert(place) }
            }
        }
        return found.sorted()
    }

    private static func placeIfUndocumented(_ symbol: [String: Any]) -> String? {
        let kind = (symbol["kind"] as? [String: Any])?["identifier"] as? String ?? ""
        let identifier = (symbol["identifier"] as? [String: Any])?["precise"] as? String ?? ""
        // Extensions of others' types need none; synthesized members have no place in a file of ours.
        guard symbol["docComment"] == nil, symbol["accessLevel"] as? String == "public",
            kind != "swift.extension", !identifier.contains("::SYNTHESIZED::"),
            let location = symbol["location"] as? [String: Any], let uri = location["uri"] as? String,
            let range = uri.range(of: "/Sources/"),
            let line = (location["position"] as? [String: Any])?["line"] as? Int
        else { return nil }
        let path = (symbol["pathComponents"] as? [String] ?? []).joined(separator: ".")
        return "Sources/\(uri[range.upperBound...]):\(line + 1): \(path) has no doc comment"
    }

    /// The symbols and pages that DocC put in groups of its own, since no catalog has them in one, by room.
    ///
    /// - Parameter site: What DocC wrote.
    package static func ungrouped(in site: URL, rooms: [String]) throws -> [String: [String]] {
        var found: [String: [String]] = [:]
        for room in rooms {
            let data = try Data(
                contentsOf: site.appending(path: "data/documentation/\(room.lowercased()).json"))
            let node = try JSONSerialization.jsonObject(with: data) as? [String: Any]
            for section in node?["topicSections"] as? [[String: Any]] ?? [] {
                guard section["generated"] as? Bool == true, section["title"] as? String != "Extended Modules"
                else {
                    continue
                }
                found[room, default: []] += (section["identifiers"] as? [String] ?? []).map {
                    String($0.split(separator: "/").last ?? "")
                }
            }
        }
        return found
    }
}
