import ArgumentParser
import Descent
import DescentReports

/// Five ways in which training fails, each made on purpose, and what the training doctor says of them.
package struct FiveFailures: Experiment {
    package static let name = "five-failures"
    package static let summary = "five training failures made on purpose, recognized by the training doctor"

    @Option(help: "How many epochs a healthy network is trained.")
    var epochs = 20

    @Option(help: "The healthy network's learning rate, of Adam.")
    var learningRate = 0.01

    @Option(help: "How often each is made, with another seed each time.")
    var replicates = 5

    @Option(help: "Seed of the split and of the first runs.")
    var seed: UInt64 = 0

    package init() {}

    package mutating func validate() throws {
        guard epochs >= 4 else { throw ValidationError("--epochs must be at least 4, not \(epochs)") }
        guard learningRate > 0, learningRate.isFinite else {
            throw ValidationError("--learning-rate must be positive, not \(learningRate)")
        }
        guard replicates >= 1 else { throw ValidationError("--replicates must be at least 1") }
    }

    /// What is done, how, and what the doctor should say to it.
    private struct Patient {
        var name: String
        var recipe: String
        var problem: TrainingProblem?
        /// Whether its runs should be the same to the last bit.
        var hasOneSeed = false
        /// The runs of one examination: one, or several that are compared.
        var runs: (_ seed: UInt64) throws -> [Run]
    }

    /// A run, and the error that ended it, if one did.
    struct Run {
        var history = History()
        var error: TrainingError?
    }

    static let doctor = TrainingDoctor()

    package func report(_ progress: ExperimentProgress) throws -> ExperimentReport {
        let patients = patients()
        var confusion = ExperimentTable(
            "diagnoses",
            caption: "What was made, and how often the doctor found what, of \(replicates) examinations each",
            columns: ["made", "how"] + TrainingProblem.allCases.map(Self.word) + ["nothing"])
        var evidence = ExperimentTable(
            "evidence", caption: "What it was seen by, in the first examination",
            columns: ["made", "severity", "evidence"])
        var advice = ExperimentTable(
            "advice", caption: "What the doctor would do first", columns: ["made", "found", "advice"])
        var panels: [Panel] = []
        var recognized = 0
        var alarms = 0
        var examinations = 0
        for (index, patient) in patients.enumerated() {
            var found: [[TrainingProblem]] = []
            for replicate in 0..<replicates {
                progress(
                    0.8 * Double(index * replicates + replicate) / Double(patients.count * replicates),
                    patient.name)
                // Far enough apart that no two examinations share a run.
                let runs = try patient.runs(seed &+ UInt64(100 * replicate))
                let diagnosis =
                    runs.count == 1
                    ? Self.doctor.examine(runs[0].history, endedBy: runs[0].error)
                    : Self.doctor.examine(runs.map(\.history), sameSeed: patient.hasOneSeed)
                found.append(diagnosis.findings.map(\.problem))
                guard replicate == 0 else { continue }
                panels.append(panel(patient, runs, diagnosis))
                for finding in diagnosis.findings {
                    for seen in finding.evidence {
                        evidence.append(
                            .text(patient.name), .text(finding.severity.rawValue), .text(seen.description))
                    }
                    advice.append(
                        .text(patient.name), .text(Self.word(finding.problem)),
                        .text(finding.advice.first ?? ""))
                }
            }
            confusion.append(
                row: [.text(patient.name), .text(patient.recipe)]
                    + TrainingProblem.allCases.map { problem in .count(found.count { $0.contains(problem) }) }
                    + [.count(found.count(where: \.isEmpty))])
            if let problem = patient.problem {
                if found.allSatisfy({ $0.contains(problem) }) { recognized += 1 }
            } else {
                alarms += found.count { !$0.isEmpty }
                examinations += found.count
            }
        }
        let rates = rates(progress)
        progress(1, "")
        return ExperimentReport(
            title: "Five failures of training",
            question: """
                Training diverges, jitters, stops too early, overfits, or ends elsewhere every time. Can that be told from \
                the loss curves alone?
                """,
            formula: [
                "`TrainingDoctor().examine(history)`: each loss in relation to its own fall, from first to lowest"
            ],
            tables: [confusion, evidence, advice, rates],
            pictures: [
                ExperimentPicture(
                    "curves", caption: "Training and validation loss of each failure, and of a healthy run",
                    Figure(
                        title: "Five failures, and a healthy run",
                        subtitle: "digits; cross-entropy on the training and the validation set",
                        columns: 3, panels: panels, width: 1100,
                        height: 130 + 290 * ((panels.count + 2) / 3)))
            ],
            claims: [
                .init(
                    "failures that can be told apart", stated: "5",
                    found: "\(recognized) recognized in every one of \(replicates) examinations",
                    holds: recognized == 5),
                .init(
                    "false alarms on healthy runs", stated: "0",
                    found: "\(alarms) in \(examinations) examinations", holds: alarms == 0),
            ],
            answer: [
                """
                Four of the five are written in the curves of one run: the loss ends above where it began; it turns back \
                record after record; it still falls at the end; the validation loss rises or stays behind while the \
                training loss falls. The fifth is not: every single one of those runs may look healthy, and only several \
                beside each other show that the result is chance.
                """,
                """
                A diagnosis is no more than its thresholds, which are rules of thumb (`TrainingDoctor` has them as \
                properties, each with its reason). One failure passes into the next, as the table of rates shows\
                \(passage(rates)).
                """,
            ])
    }

    // MARK: The patients

    private func patients() -> [Patient] {
        let rate = NumberFormat.shortest(learningRate)
        return [
            Patient(
                name: "healthy", recipe: "Adam, rate \(rate), \(epochs) epochs", problem: nil,
                runs: { [network(Adam(learningRate: learningRate), epochs: epochs, seed: $0)] }),
            Patient(
                name: "diverged", recipe: "SGD with momentum 0.9, rate 10", problem: .diverged,
                runs: { [network(SGD(learningRate: 10, momentum: 0.9), epochs: epochs, seed: $0)] }),
            Patient(
                name: "too jittery", recipe: "no hidden layer, SGD, rate 7, batches of 4", problem: .jittery,
                runs: {
                    [network(SGD(learningRate: 7), hidden: [], batch: 4, epochs: epochs, seed: $0)]
                }),
            Patient(
                name: "stopped before convergence", recipe: "Adam, rate 0.0001, \(max(4, epochs / 4)) epochs",
                problem: .stoppedBeforeConvergence,
                runs: { [network(Adam(learningRate: 1e-4), epochs: max(4, epochs / 4), seed: $0)] }),
            Patient(
                name: "overfitting",
                recipe: "300 examples, a fifth with wrong labels, 128 hidden units, \(5 * epochs) epochs",
                problem: .overfitting,
                runs: {
                    [
                        try network(
                            Adam(learningRate: 3e-3), hidden: [128], on: mislabelled(300, seed: $0),
                            batch: 16,
                            epochs: 5 * epochs, scaling: .standardize, seed: $0)
                    ]
                }),
            Patient(
                name: "different every run", recipe: "4 hidden units, \(3 * epochs) epochs, 5 seeds",
                problem: .irreproducible,
                runs: { first in
                    (0..<5 as Range<UInt64>).map {
                        network(
                            Adam(learningRate: learningRate), hidden: [4], epochs: 3 * epochs,
                            seed: first &+ $0
                        )
                    }
                }),
            Patient(
                name: "healthy, 5 seeds", recipe: "as the first, with 5 seeds", problem: nil,
                runs: { first in
                    (0..<5 as Range<UInt64>).map {
                        network(Adam(learningRate: learningRate), epochs: epochs, seed: first &+ $0)
                    }
                }),
            Patient(
                name: "healthy, one seed twice", recipe: "as the first, run twice", problem: nil,
                hasOneSeed: true,
                runs: { seed in
                    (0..<2).map { _ in network(Adam(learningRate: learningRate), epochs: epochs, seed: seed) }
                }),
            Patient(
                name: "healthy, momentum", recipe: "SGD with momentum 0.9, rate 0.1, \(epochs) epochs",
                problem: nil,
                runs: { [network(SGD(learningRate: 0.1, momentum: 0.9), epochs: epochs, seed: $0)] }),
        ]
    }

    private var split: (train: Dataset, validation: Dataset) {
        Digits.load().split(validation: 0.25, stratified: true, seed: seed)
    }

    /// The first training examples, one in five of them with a label that is drawn from the nine wrong ones.
    private func mislabelled(_ count: Int, seed: UInt64) throws -> Dataset {
        let examples = split.train.prefix(count)
        var generator = RandomGenerator(seed: seed)
        let labels = examples.labels.map { label in
            generator.nextUnit() < 0.2 ? (Int(label) + 1 + generator.nextInteger(below: 9)) % 10 : Int(label)
        }
        return try Dataset(features: examples.matrix(as: Double.self), labels: labels)
    }

    /// Trains a network with at most one hidden layer.
    func network<Rule: UpdateRule>(
        _ rule: Rule, hidden: [Int] = [32], on data: Dataset? = nil, batch: Int = 32, epochs: Int,
        scaling: Scaling = .automatic, seed: UInt64
    ) -> Run {
        let (train, validation) = split
        var network = MLP<Float>(
            sizes: [train.featureCount] + hidden + [train.classCount], scaling: scaling, seed: seed)
        var run = Run()
        do throws(TrainingError) {
            try network.train(
                on: data ?? train, validating: validation, with: rule, batchSize: .examples(batch),
                for: .epochs(epochs), seed: seed, onRecord: { run.history.records.append($0) })
        } catch {
            run.error = error
        }
        return run
    }

    // MARK: What is shown

    static func word(_ problem: TrainingProblem) -> String {
        switch problem {
        case .diverged: "diverged"
        case .jittery: "jittery"
        case .stoppedBeforeConvergence: "stopped"
        case .overfitting: "overfits"
        case .irreproducible: "differs"
        }
    }

    private func panel(_ patient: Patient, _ runs: [Run], _ diagnosis: Diagnosis) -> Panel {
        let found = diagnosis.findings.map { Self.word($0.problem) }.joined(separator: ", ")
        var curves: [Curve] = []
        for run in runs {
            let records = run.history.records
            if runs.count == 1 {
                // The loss on the training set before training is not known; the mean over batches begins with the first epoch.
                curves.append(
                    Curve(
                        label: "training", color: 0,
                        points: records.compactMap { record in
                            (record.trainingLoss ?? record.runningLoss).map { .init(x: record.epoch, y: $0) }
                        }))
            }
            curves.append(
                Curve(
                    label: "validation", color: 1,
                    points: records.compactMap { record in
                        record.validationLoss.map { .init(x: record.epoch, y: $0) }
                    }))
        }
        return Panel(
            title: "\(patient.name): \(found.isEmpty ? "nothing found" : found)", x: Axis("epochs"),
            y: Axis("loss", scale: .logarithmic), curves: curves)
    }
}
