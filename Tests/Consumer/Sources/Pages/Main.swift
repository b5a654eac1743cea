import Foundation

/// Runs what the pages say, each page in a process and a temporary folder of its own, and prints what was done.
///
/// usage: Pages ROOT COMMAND [PAGE…], where COMMAND is the folder that `descent` is in
@main
struct Main {
    static func main() async throws {
        let arguments = CommandLine.arguments
        if arguments.count == 4, arguments[1] == "--page" {
            await runPage(arguments[2], recordingTo: arguments[3])
        }
        guard arguments.count >= 3 else {
            FileHandle.standardError.write(Data("usage: Pages ROOT COMMAND [PAGE…]\n".utf8))
            exit(64)
        }
        let names = arguments.dropFirst(3)
        let runner = Runner(root: URL(filePath: arguments[1]), command: URL(filePath: arguments[2]))
        let chosen = pages.filter { page in names.isEmpty || names.contains { page.path.hasSuffix($0) } }
        guard !chosen.isEmpty else {
            FileHandle.standardError.write(
                Data("pages: there is no page \(names.joined(separator: ", "))\n".utf8))
            exit(64)
        }
        var failures = 0
        for page in chosen {
            if try !runner.run(page) { failures += 1 }
        }
        print("doc comments: \(docComments), compiled only")
        print(failures == 0 ? "pages: passed" : "pages: \(failures) of \(chosen.count) failed")
        exit(failures == 0 ? 0 : 1)
    }

    /// The page itself, in the process that was started for it.
    private static func runPage(_ path: String, recordingTo record: String) async -> Never {
        guard let page = pages.first(where: { $0.path == path }),
            let file = FileHandle(forWritingAtPath: record)
        else { exit(64) }
        let run = PageRun(recordingTo: file)
        do {
            try await page.body(run)
            exit(0)
        } catch let failure as PageFailure {
            run.note("FAILED", "", line: failure.line)
            FileHandle.standardError.write(Data("\(failure)\n".utf8))
        } catch {
            run.note("FAILED", "threw", line: run.line)
            FileHandle.standardError.write(Data("\(error)\n".utf8))
        }
        exit(1)
    }
}
