/// What a page's source says to the checks about the next block, in a comment `<!-- pages: … -->`.
package enum PageRemark: Sendable, Equatable {
    /// `not run: REASON`, or `not run "descent convert": REASON` for the commands that begin so.
    case notRun(beginning: String?, reason: String)
    /// `exits 1`: the commands end with this code.
    case exits(Int32)
    /// `output varies: REASON`: what is printed is not compared with what the page shows.
    case outputVaries(reason: String)
    /// `manifest`: the block is what stands between the parentheses of `Package(…)`.
    case manifest
    /// `new program`: names declared before are out of sight.
    case newProgram

    /// Reads what stands behind `pages:`; nil if it is none of these.
    package init?(_ text: String) {
        if text == "manifest" {
            self = .manifest
        } else if text == "new program" {
            self = .newProgram
        } else if let match = text.wholeMatch(of: /exits (\d+)/), let code = Int32(match.1) {
            self = .exits(code)
        } else if let match = text.wholeMatch(of: /output varies: (.+)/) {
            self = .outputVaries(reason: String(match.1))
        } else if let match = text.wholeMatch(of: /not run(?: "([^"]+)")?: (.+)/) {
            self = .notRun(beginning: match.1.map(String.init), reason: String(match.2))
        } else {
            return nil
        }
    }
}
