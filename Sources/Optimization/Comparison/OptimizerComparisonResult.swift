/// What a comparison of optimizers found, with everything needed to repeat it.
///
/// A plain value: it can be encoded, decoded and drawn again without running anything. All losses and accuracies are
/// those of single runs; means and intervals are computed from them (``summaries``).
public struct OptimizerComparisonResult: Codable, Sendable, Equatable {
    /// The version of the encoded form that this code writes.
    public static let currentFormatVersion = 1

    /// The version of the encoded form: raised when a field changes its meaning or goes away.
    public var formatVersion: Int
    /// What was minimized, and on which data.
    public var problem: Problem
    /// How the comparison was run.
    public var settings: Settings
    /// On what machine and with which libraries it was run.
    public var environment: Environment
    /// The training loss that the methods race to; `nil` when no run was completed and none was asked for.
    public var commonLoss: CommonLoss?
    /// The methods, in the order in which they were asked for.
    public var methods: [Method]

    /// A result of the current format version.
    public init(
        problem: Problem, settings: Settings, environment: Environment, commonLoss: CommonLoss?,
        methods: [Method]
    ) {
        self.formatVersion = Self.currentFormatVersion
        self.problem = problem
        self.settings = settings
        self.environment = environment
        self.commonLoss = commonLoss
        self.methods = methods
    }
}

extension OptimizerComparisonResult {
    /// What was minimized, and on which data.
    public struct Problem: Codable, Sendable, Equatable {
        /// The data in words, for a title: "MNIST sample".
        public var data: String
        /// Where the data was read from; `nil` for data that is part of the program.
        public var path: String?
        /// SHA-256 of the data in hexadecimal digits.
        public var sha256: String?
        /// The model in words: "softmax regression", "MLP 784-128-10, relu".
        public var model: String
        /// The number of parameters.
        public var parameterCount: Int
        /// Examples trained on in the measured runs.
        public var trainingExamples: Int
        /// Examples of the test set; 0 without one.
        public var testExamples: Int
        /// Numbers that describe one example.
        public var features: Int
        /// Classes; `nil` for a problem that is no classification.
        public var classes: Int?
        /// The weight λ of the penalty λ/2 ‖w‖² that is part of the training loss.
        public var penalty: Double
        /// How features were scaled, in words.
        public var scaling: String

        /// A description of a problem.
        public init(
            data: String, path: String? = nil, sha256: String? = nil, model: String, parameterCount: Int,
            trainingExamples: Int, testExamples: Int, features: Int, classes: Int? = nil, penalty: Double = 0,
            scaling: String = "none"
        ) {
            self.data = data
            self.path = path
            self.sha256 = sha256
            self.model = model
            self.parameterCount = parameterCount
            self.trainingExamples = trainingExamples
            self.testExamples = testExamples
            self.features = features
            self.classes = classes
            self.penalty = penalty
            self.scaling = scaling
        }
    }

    /// How a comparison was run.
    public struct Settings: Codable, Sendable, Equatable {
        /// Passes over the training set in each run.
        public var epochs: Int
        /// Examples in a mini-batch, for the methods that use them.
        public var batchSize: Int
        /// Measured runs of each method.
        public var replicates: Int
        /// The seed from which everything random follows.
        public var seed: UInt64
        /// Threads that worked.
        public var threads: Int
        /// The share of the training set held back while the learning rates are chosen.
        public var validationFraction: Double
        /// What a learning rate is chosen by, in words.
        public var selection: String
        /// When a run counts as diverged, in words.
        public var divergence: String
        /// The command line, word by word, when a command line asked for it.
        public var commandLine: [String]?

        /// The settings of a comparison.
        public init(
            epochs: Int, batchSize: Int, replicates: Int, seed: UInt64, threads: Int,
            validationFraction: Double,
            selection: String, divergence: String, commandLine: [String]? = nil
        ) {
            self.epochs = epochs
            self.batchSize = batchSize
            self.replicates = replicates
            self.seed = seed
            self.threads = threads
            self.validationFraction = validationFraction
            self.selection = selection
            self.divergence = divergence
            self.commandLine = commandLine
        }
    }

    /// On what machine and with which libraries a comparison was run.
    public struct Environment: Codable, Sendable, Equatable {
        /// This package's version.
        public var descent: String
        /// The compiler's version.
        public var swift: String
        /// The BLAS library and its version, as it names itself.
        public var blas: String
        /// The processor core that the BLAS library picked its kernels for.
        public var blasCore: String
        /// Threads that the BLAS library was allowed within one call.
        public var blasThreads: Int
        /// The operating system.
        public var system: String
        /// The processor.
        public var processor: String
        /// When the comparison began: ISO 8601, UTC.
        public var date: String

        /// A description of machine and libraries.
        public init(
            descent: String, swift: String, blas: String, blasCore: String, blasThreads: Int, system: String,
            processor: String, date: String
        ) {
            self.descent = descent
            self.swift = swift
            self.blas = blas
            self.blasCore = blasCore
            self.blasThreads = blasThreads
            self.system = system
            self.processor = processor
            self.date = date
        }
    }

    /// The training loss that the methods race to.
    public struct CommonLoss: Codable, Sendable, Equatable {
        /// The loss: a run has reached it at its first evaluation point with a training loss that is no larger.
        public var value: Double
        /// How it was chosen, in words.
        public var rule: String

        /// A loss and how it was chosen.
        public init(value: Double, rule: String) {
            self.value = value
            self.rule = rule
        }
    }
}
