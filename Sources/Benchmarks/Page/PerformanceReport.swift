import FoundationEssentials

/// Everything that `make perf` found.
struct PerformanceReport: Codable, Equatable, Sendable {
    /// The machine and the programs.
    var machine = MachineFacts()
    /// What the machine can do, by numbers of threads.
    var limits: [MachineLimits] = []
    /// The jobs.
    var jobs: [JobResult] = []
    /// How times grow.
    var growth: [GrowthResult] = []
    /// The least memory that can be seen of a whole process, in bytes.
    var memoryFloor = 0.0
    /// What a reader should know of this run, such as data that were missing.
    var remarks: [String] = []

    /// Reads what `json()` wrote.
    ///
    /// - Throws: `DecodingError` for anything else.
    init(json: String) throws {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
        self = try decoder.decode(PerformanceReport.self, from: Data(json.utf8))
    }

    /// An empty report.
    init() {}

    /// The report for programs.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
}
