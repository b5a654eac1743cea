import Descent

/// Turns a comparison's events into a progress line and messages.
final class ComparisonReporter: Sendable {
    private let methods: [String]
    private let replicates: Int
    private let given: Set<String>
    private let progress: TerminalProgress
    private let state: Locked<ComparisonProgress>

    init(
        methods: [String], replicates: Int, given: Set<String>, sizeRatio: Double, progress: TerminalProgress
    ) {
        self.methods = methods
        self.replicates = replicates
        self.given = given
        self.progress = progress
        state = Locked(
            ComparisonProgress(
                methods: methods.count, replicates: replicates, threads: Compute.threadCount,
                sizeRatio: sizeRatio))
    }

    /// Takes notice of an event, from any thread.
    func note(_ event: ComparisonEvent) {
        let now = state.withLock { state in
            state.note(event)
            return state
        }
        let left =
            now.secondsLeft.map { seconds in
                let whole = max(1, seconds.rounded(.up))
                return "about \(whole < 60 ? "\(Int(whole)) s" : NumberFormat.duration(whole)) left"
            } ?? ""
        switch event {
        case .willTune(let runs):
            let names = Set(runs.map(\.method)).sorted().map { methods[$0] }.joined(separator: ", ")
            let rates = runs.map(\.learningRate)
            progress.say(
                "Choosing learning rates: \(runs.count) runs of \(names), "
                    + "\(NumberFormat.shortest(rates.min() ?? 0)) to \(NumberFormat.shortest(rates.max() ?? 0))"
            )
        case .chose(let method, let rate, _) where !given.contains(methods[method]):
            progress.say(
                "  \(methods[method]): " + (rate.map(NumberFormat.shortest) ?? "diverged at every rate"))
        case .finished(let run, _, _) where run.replicate != nil && run.method == methods.count - 1:
            let number = (run.replicate ?? 0) + 1
            progress.say(
                "Run \(number) of \(replicates) done"
                    + (number < replicates && !left.isEmpty ? ", \(left)" : ""))
        default:
            break
        }
        let what = now.isTuning ? "choosing learning rates" : "measuring"
        progress.show(
            "\(self.progress.bar(Double(now.done) / Double(max(now.total, 1)))) \(now.done)/\(now.total) runs, \(what)"
                + (left.isEmpty ? "" : ", \(left)"))
    }
}
