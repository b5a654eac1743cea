/// How the values of an array are kept in a file.
public enum DataCompression: Sendable, Equatable {
    /// As they are: large arrays can be mapped into memory instead of being read.
    case stored
    /// By deflate, at zlib's level 1 (fast) to 9 (small).
    case deflated(level: Int)

    /// By deflate at level 6, as NumPy's `savez_compressed`.
    public static let deflated = DataCompression.deflated(level: 6)
}
