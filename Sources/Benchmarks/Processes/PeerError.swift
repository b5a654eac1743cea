/// Why something could not be measured, in words for the table.
struct PeerError: Error, CustomStringConvertible, Equatable {
    let description: String

    init(_ description: String) { self.description = description }
}
