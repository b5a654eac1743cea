/// What a training doctor found: nothing, for a healthy run.
///
/// ```swift
/// print(TrainingDoctor().examine(history))
/// ```
public struct Diagnosis: Codable, Equatable, Sendable {
    /// One thing that is wrong.
    public struct Finding: Codable, Equatable, Sendable {
        /// What is wrong.
        public var problem: TrainingProblem
        /// How much it matters.
        public var severity: TrainingSeverity
        /// What it was seen by.
        public var evidence: [TrainingEvidence]
        /// What to change, the likeliest to help first.
        public var advice: [String]
    }

    /// What is wrong, the worst first.
    public let findings: [Finding]

    /// What could not be judged, and what the history would need for it.
    public let limitations: [String]

    init(findings: [Finding], limitations: [String]) {
        // In the order of the problems where severity is equal: what diverged has no use for the rest.
        let order = TrainingProblem.allCases
        self.findings = findings.sorted {
            ($1.severity, order.firstIndex(of: $0.problem)!) < (
                $0.severity, order.firstIndex(of: $1.problem)!
            )
        }
        self.limitations = limitations
    }

    /// Whether nothing was found.
    public var isHealthy: Bool { findings.isEmpty }

    /// The finding about a problem, if there is one.
    public subscript(problem: TrainingProblem) -> Finding? { findings.first { $0.problem == problem } }
}
