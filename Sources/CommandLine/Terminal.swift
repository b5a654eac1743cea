import Glibc

/// What stands at the other end of a file descriptor.
struct Terminal: Sendable {
    /// Whether it is a terminal that a person looks at.
    let isInteractive: Bool
    /// Characters in a line; `nil` where there is no terminal.
    let width: Int?
    /// Whether it shows colours and the person wants them.
    let hasColor: Bool
    /// Whether characters outside ASCII can be shown.
    let isUnicode: Bool

    /// The terminal behind a descriptor, if there is one.
    ///
    /// Colour is left out where `NO_COLOR` is set to anything, and on a dumb terminal.
    init(descriptor: Int32) {
        let terminal = Self.variable("TERM") ?? ""
        isInteractive = isatty(descriptor) == 1 && terminal != "dumb"
        var size = winsize()
        let known = isInteractive && ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        width = known ? Int(size.ws_col) : isInteractive ? 80 : nil
        hasColor = isInteractive && Self.variable("NO_COLOR") == nil
        // The first of these that is set decides, as it does for the C library.
        let locale = Self.variable("LC_ALL") ?? Self.variable("LC_CTYPE") ?? Self.variable("LANG") ?? ""
        isUnicode = ["UTF-8", "utf-8", "UTF8", "utf8"].contains { locale.contains($0) }
    }

    /// Standard output.
    static let output = Terminal(descriptor: STDOUT_FILENO)

    /// Standard error.
    static let error = Terminal(descriptor: STDERR_FILENO)

    /// An environment variable; `nil` where it is not set or empty.
    private static func variable(_ name: String) -> String? {
        guard let value = getenv(name).map({ String(cString: $0) }), !value.isEmpty else { return nil }
        return value
    }
}
