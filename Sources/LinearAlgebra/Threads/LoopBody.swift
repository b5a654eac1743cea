/// What the pieces of a loop over threads do, as an object that can be used again: a loop over it asks nothing of the
/// heap, where one over a closure puts the closure there.
package protocol LoopBody: AnyObject, Sendable {
    /// Does one piece.
    ///
    /// - Parameter piece: Which; what is done may depend on nothing else.
    func run(piece: Int)
}

/// A closure as a loop's body.
final class ClosureBody: LoopBody {
    private let body: @Sendable (Int) -> Void

    init(_ body: @escaping @Sendable (Int) -> Void) { self.body = body }

    func run(piece: Int) { body(piece) }
}
