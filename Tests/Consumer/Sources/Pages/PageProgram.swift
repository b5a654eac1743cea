/// What one page does, in the order in which it says it.
struct PageProgram: Sendable {
    let path: String
    let body: @Sendable (PageRun) async throws -> Void
    /// The line at which the page has to fail, if it is one that tests the tests.
    var failsAt: Int?
}

/// A page that does not do what it says, and where.
struct PageFailure: Error, CustomStringConvertible {
    let line: Int
    let description: String
}
