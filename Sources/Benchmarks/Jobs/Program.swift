/// What does the work.
enum Program: Hashable {
    /// This program's `worker`, or the command `descent`.
    case descent
    /// A script of the peers, by its name without ending.
    case python(String)
}
