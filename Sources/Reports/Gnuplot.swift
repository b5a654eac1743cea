import DescentDatasets
import Glibc

/// The drawing program, if the machine has it.
package struct Gnuplot: Sendable {
    /// Where the program is.
    package let path: String

    /// The first `gnuplot` in the folders of `PATH`; `nil` when there is none.
    package init?() {
        guard let folders = getenv("PATH").map({ String(cString: $0) }) else { return nil }
        let candidates = folders.split(separator: ":").map { "\($0)/gnuplot" }
        guard let path = candidates.first(where: { access($0, X_OK) == 0 }) else { return nil }
        self.path = path
    }

    /// The program, for a picture whose name must have one of these endings.
    ///
    /// - Throws: ``ReportError`` when the name has none of them, or there is no gnuplot.
    static func drawing(to path: String, endings: [String]) throws(ReportError) -> Gnuplot {
        guard endings.contains(where: { path.lowercased().hasSuffix($0) }) else {
            let list = endings.dropLast().joined(separator: ", ") + " or " + (endings.last ?? "")
            throw .cannotWrite(path: path, reason: "the name of this picture must end in \(list)")
        }
        guard let gnuplot = Gnuplot() else {
            throw .gnuplotFailed(
                script: path, message: "it is not installed (Debian: apt install gnuplot-nox)")
        }
        return gnuplot
    }

    /// Runs a script that has been written to `folder`, and gives the pictures their names once all are drawn.
    ///
    /// - Returns: The paths of the pictures.
    /// - Throws: ``ReportError/gnuplotFailed(script:message:)`` with what gnuplot said.
    @discardableResult
    package func draw(_ script: GnuplotScript, in folder: String) throws(ReportError) -> [String] {
        let suffix = ".partial-\(getpid())"
        let place = GnuplotScript.quoted(folder)
        let (status, message) = run(["gnuplot", "-e", "cd \(place); suffix='\(suffix)'", script.scriptName])
        let pictures = script.pictureNames.map { "\(folder)/\($0)" }
        guard status == 0 else {
            for picture in pictures { unlink(picture + suffix) }
            throw .gnuplotFailed(script: "\(folder)/\(script.scriptName)", message: message)
        }
        for picture in pictures { try OutputFolder.rename(picture + suffix, to: picture) }
        return pictures
    }

    /// Draws a figure into one file, svg or png by the ending of its name; script and data do not stay.
    ///
    /// - Throws: ``ReportError`` when the file cannot be written or gnuplot fails.
    package func draw(_ figure: Figure, to path: String) throws(ReportError) {
        try draw(GnuplotScript(figure, name: "figure"), to: path)
    }

    /// Draws an animation into one file, svg, png or gif by the ending of its name; script and data do not stay.
    ///
    /// - Throws: ``ReportError`` when the file cannot be written or gnuplot fails.
    package func draw(_ animation: FigureAnimation, to path: String) throws(ReportError) {
        try draw(GnuplotScript(animation, name: "figure"), to: path)
    }

    /// Runs a script of the name `figure` that draws into one file, svg, png or gif by the ending of its name.
    func draw(_ script: GnuplotScript, to path: String) throws(ReportError) {
        let ending = [".png", ".gif"].first { path.lowercased().hasSuffix($0) } ?? ".svg"
        precondition(script.pictureNames.contains("figure" + ending))
        // Beside the file, so that the picture can be renamed to it.
        var template = (path + ".XXXXXX").utf8CString.map { $0 }
        guard mkdtemp(&template) != nil else {
            throw .cannotWrite(path: path, reason: String(cString: strerror(errno)))
        }
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer {
            for name in script.pictureNames + [script.scriptName, script.dataName] {
                unlink("\(folder)/\(name)")
            }
            rmdir(folder)
        }
        do throws(DataFileError) {
            try AtomicFile.write(script.data, to: "\(folder)/\(script.dataName)")
            try AtomicFile.write(script.script, to: "\(folder)/\(script.scriptName)")
        } catch {
            throw .cannotWrite(path: path, reason: "\(error.reason)")
        }
        try draw(script, in: folder)
        if ending == ".svg" { try Self.compact("\(folder)/figure.svg") }
        try OutputFolder.rename("\(folder)/figure\(ending)", to: path)
    }

    private static func compact(_ path: String) throws(ReportError) {
        do throws(DataFileError) {
            let source = try ByteSource(path: path)
            let text = String(decoding: try source.bytes(at: 0, count: source.count), as: UTF8.self)
            try AtomicFile.write(CompactSVG.compacted(text), to: path)
        } catch {
            throw .cannotWrite(path: path, reason: "\(error.reason)")
        }
    }

    /// Runs the program to its end.
    ///
    /// One child, no input, a few lines of output: posix_spawn does that without the weight of a package, which
    /// everyone who imports this one would have to build.
    private func run(_ arguments: [String]) -> (status: Int32, output: String) {
        var pipeEnds: [Int32] = [0, 0]
        guard pipe(&pipeEnds) == 0 else { return (-1, String(cString: strerror(errno))) }
        // Left open in the child, the writing end would never report the end of the output.
        for end in pipeEnds { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(pipeEnds[0]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, pipeEnds[1], 1)
        posix_spawn_file_actions_adddup2(&actions, pipeEnds[1], 2)
        var child: pid_t = 0
        var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
        pointers.append(nil)
        defer { for pointer in pointers { free(pointer) } }
        let failure = posix_spawn(&child, path, &actions, nil, &pointers, environ)
        close(pipeEnds[1])
        guard failure == 0 else { return (-1, String(cString: strerror(failure))) }
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(pipeEnds[0], &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            if count <= 0 { break }
            // The first lines say what is wrong; the pipe is drained all the same.
            if output.count < 4000 { output += buffer.prefix(count) }
        }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 && errno == EINTR {}
        let lines = String(decoding: output, as: UTF8.self).split(whereSeparator: \.isNewline)
        let words = lines.map { $0.split(separator: " ").joined(separator: " ") }.filter { !$0.isEmpty }
        let exited = status & 0x7f == 0
        return (exited ? (status >> 8) & 0xff : -1, words.joined(separator: "; "))
    }
}
