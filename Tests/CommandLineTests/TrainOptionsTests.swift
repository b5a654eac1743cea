import ArgumentParser
import Descent
import Glibc
import Testing

@testable import DescentCommand

/// What can be said to `descent train`, and what is answered to mistakes.
@Suite struct TrainOptionsTests {
    private static func parse(_ line: String) throws -> any ParsableCommand {
        try TrainCommand.parseAsRoot(line.split(separator: " ").map(String.init))
    }

    private static func complaint(_ line: String) -> String {
        do {
            _ = try parse(line)
            return ""
        } catch {
            return TrainCommand.fullMessage(for: error)
        }
    }

    @Test func everythingAtOnce() throws {
        let command = try #require(
            try Self.parse(
                """
                mlp mnist --hidden 128,64 --activation leaky-relu:0.2 --optimizer sgd --momentum 0.9 \
                --learning-rate 1e-3 --batch-size 32 --epochs 7 --schedule cosine:1e-5 --l2 1e-4 --dropout 0.2 \
                --seed 3 --threads 2 --validation 0.1 --checkpoint run --resume --save m.npz --format json \
                --plot p.svg --early-stopping 2 --init he-normal --batch-norm --label-smoothing 0.1 \
                --class-weight balanced --scaling range --quiet --warmup 2 --clip-norm 1
                """) as? TrainMLPCommand)
        #expect(command.network.hidden == [128, 64])
        #expect(command.network.activation == .leakyReLU(slope: 0.2))
        #expect(command.network.initializer == .heNormal)
        #expect(command.network.chosenLoss == .crossEntropy(labelSmoothing: 0.1))
        #expect(
            command.network.layers(outputs: 10) == [
                .dense(128, bias: false, initializer: .heNormal), .batchNorm,
                .activation(.leakyReLU(slope: 0.2)), .dropout(0.2),
                .dense(64, bias: false, initializer: .heNormal), .batchNorm,
                .activation(.leakyReLU(slope: 0.2)), .dropout(0.2), .dense(10, initializer: .heNormal),
            ])
        #expect(command.optimizer.batchSize == .examples(32))
        #expect(command.optimizer.epochCount == 7)
        #expect(
            command.optimizer.learningRates
                == Schedule.cosine(from: 1e-3, to: 1e-5, over: .epochs(7))
                .warmingUp(over: .epochs(2), delaying: false))
        #expect(
            "\(command.optimizer.rule(exampleCount: 100))"
                == "\(SGD(learningRate: 1e-3, momentum: 0.9).clipping(norm: 1))")
        #expect(command.computation.seed == 3)
        #expect(command.classWeight.weights == .balanced)
        #expect(command.options.checkpoints == .folder("run", resuming: true))
    }

    @Test func defaults() throws {
        let command = try #require(try Self.parse("mlp mnist") as? TrainMLPCommand)
        #expect(command.optimizer.rule(exampleCount: 100) as? Adam == Adam(learningRate: 1e-3))
        #expect(command.optimizer.learningRates == nil)
        #expect(command.optimizer.epochCount == 15)
        #expect(
            command.network.layers(outputs: 10) == [
                .dense(128), .activation(.relu), .dense(64), .activation(.relu), .dense(10),
            ])
        #expect(command.options.checkpoints == nil)
    }

    @Test(arguments: OptimizerName.allCases) func rulesTakeTheirNumbers(name: OptimizerName) {
        let rule = name.rule(
            learningRate: 0.125, momentum: name.hasMomentum ? 0.5 : nil,
            weightDecay: name.hasWeightDecay ? 0.25 : nil)
        #expect(rule.learningRate == 0.125)
        let text = "\(rule)"
        #expect(!name.hasMomentum || text.contains("omentum: 0.5"), "\(text)")
        #expect(!name.hasWeightDecay || text.contains("eightDecay: 0.25"), "\(text)")
    }

    @Test(
        arguments: [
            ("constant", nil), ("cosine", Schedule.cosine(from: 0.1, over: .epochs(20))),
            ("linear:0.01", .linear(from: 0.1, to: 0.01, over: .epochs(20))),
            ("step:5", .steps(from: 0.1, every: .epochs(5), factor: 0.1)),
            ("step:5:0.5", .steps(from: 0.1, every: .epochs(5), factor: 0.5)),
            ("multistep:8,12:0.5", .multistep(from: 0.1, at: [.epochs(8), .epochs(12)], factor: 0.5)),
            ("exponential:0.9", .steps(from: 0.1, every: .epochs(1), factor: 0.9)),
            ("inverse-time:5", .inverseTime(from: 0.1, per: .epochs(5))),
            ("restarts:10:2", .cosineRestarts(from: 0.1, every: .epochs(10), growth: 2)),
            ("one-cycle", .oneCycle(peak: 0.1, over: .epochs(20))), ("plateau:4:0.5", nil),
        ] as [(String, Schedule?)])
    func schedules(text: String, schedule: Schedule?) throws {
        let choice = try ScheduleChoice(parsing: text)
        #expect(choice.schedule(from: 0.1, over: 20) == schedule)
        #expect(
            choice.plateau == (text == "plateau:4:0.5" ? ReduceOnPlateau(factor: 0.5, patience: 4) : nil))
    }

    @Test(arguments: [
        ("mlp mnist --activation rleu", "Did you mean relu?"), ("mlp mnist --activation relu:1", "no number"),
        ("mlp mnist --activation leaky-relu:-1", "slope"),
        ("mlp mnist --optimizer adm", "Did you mean adam?"),
        ("mlp mnist --optimizer momentum", "sgd with --momentum 0.9"),
        ("mlp mnist --momentum 0.9", "adam has none"), ("mlp mnist --optimizer sgd --momentum 1", "below 1"),
        ("mlp mnist --optimizer rprop --weight-decay 1", "rprop has none"),
        ("mlp mnist --learning-rate 0", "--learning-rate must be positive"),
        ("mlp mnist --learning-rate nan", "--learning-rate must be positive"),
        ("mlp mnist --epochs 0", "--epochs must be at least 1"),
        ("mlp mnist --batch-size 0", "number of examples"),
        ("mlp mnist --schedule cosin", "Did you mean cosine?"),
        ("mlp mnist --schedule step", "number of epochs"),
        ("mlp mnist --schedule step:0", "number of epochs"),
        ("mlp mnist --schedule step:1:2", "factor below 1"),
        ("mlp mnist --schedule cosine:1:2", "too much"),
        ("mlp mnist --schedule multistep:", "number of epochs"),
        ("mlp mnist --schedule plateau --warmup 1", "goes by the loss"),
        ("mlp mnist --resume", "--resume needs --checkpoint"), ("mlp mnist --plot a.gif", ".svg and .png"),
        ("mlp mnist --save -", "--save needs the name"), ("mlp mnist --validation 1", "between 0 and 1"),
        ("mlp mnist --test 2", "--test must be a share"), ("mlp mnist --dropout 1", "below 1"),
        ("mlp mnist --init he", "Known: fan-in"), ("mlp mnist --hidden 0", "width"),
        ("mlp mnist --loss mse", "there is no loss"), ("mlp mnist --loss power", "exponent"),
        ("mlp mnist --loss hinge:2", "takes no number"),
        ("mlp mnist --loss hinge --label-smoothing 0.1", "goes with cross-entropy"),
        ("mlp mnist --regression --loss hinge", "between classes"),
        ("mlp mnist --regression --class-weight balanced", "for classes"),
        ("mlp mnist --batch-norm --layer-norm", "exclude each other"), ("mlp mnist --l2 -1", "--l2"),
        ("mlp mnist --class-weight cat", "cat=2"), ("mlp mnist --class-weight a=1,a=2", "two weights"),
        ("mlp mnist --early-stopping 0", "at least 1"), ("mlp mnist --clip-norm -1", "--clip-norm"),
        ("mlp", "Missing expected argument"),
        ("softmax mnist --epochs 3", "solved for unless an --optimizer"),
        ("softmax mnist --checkpoint run", "train by epochs"),
        ("logistic mnist --l1 -2", "--l1 must be 0 or more"), ("linear mnist --l1 x", "neither auto"),
        ("linear mnist --l1 auto --l2 1", "without --l2"),
        ("linear mnist --optimizer sgd --l1 auto", "--l1 auto"),
        ("linear mnist --scaling range", "--scaling range"),
    ])
    func mistakesAreExplained(line: String, words: String) {
        #expect(Self.complaint(line).contains(words), "\(Self.complaint(line))")
    }

    @Test(arguments: [
        ("relu", "relu"), ("leakyReLU", "leaky-relu"), ("geluTanh", "gelu-tanh"), ("heUniform", "he-uniform"),
        ("fanIn", "fan-in"),
    ])
    func namesOfTheCommandLine(name: String, word: String) {
        #expect(WordList.hyphenated(name) == word)
    }

    @Test(arguments: [
        ("run", "run"), ("a b", "'a b'"), ("it's", "'it'\\''s'"), ("", "''"), ("$HOME", "'$HOME'"),
        ("--l2=1e-3", "--l2=1e-3"), ("*", "'*'"),
    ])
    func wordsForTheShell(word: String, quoted: String) {
        #expect(ShellWord.quoted(word) == quoted)
    }

    @Test func theProgressLine() throws {
        let options = try TrainingRunOptions.parse([])
        let reporter = TrainingReporter(
            options, isQuiet: true, epochs: 4, exampleCount: 100, noun: "images", hasValidation: true,
            progress: TerminalProgress(isQuiet: true))
        func update(_ count: Int, _ epochs: Double, loss: Double) -> TrainingEvent {
            .update(
                .init(
                    progress: TrainingProgress(updates: count, epochs: epochs, samples: Int(100 * epochs)),
                    loss: loss, gradientNorm: 1, learningRate: 1))
        }
        let start = History.Record(epoch: 0, updates: 0, samples: 0, seconds: 0, validationAccuracy: 0.1)
        reporter.note(.evaluated(start))
        reporter.note(update(5, 0.5, loss: 2))
        let first = reporter.line(TrainingProgress(updates: 5, epochs: 0.5, samples: 50))
        #expect(first.hasPrefix("epoch 1/4 "))
        #expect(first.contains("loss 2.0000"))
        #expect(!first.contains("accuracy"), "that of random parameters is of no interest")
        reporter.note(
            .evaluated(
                History.Record(
                    epoch: 1, updates: 10, samples: 100, seconds: 1, runningLoss: 1.5, validationLoss: 1,
                    validationAccuracy: 0.75)))
        reporter.note(update(15, 1.5, loss: 0.5))
        usleep(250_000)
        let second = reporter.line(TrainingProgress(updates: 15, epochs: 1.5, samples: 150))
        #expect(second.hasPrefix("epoch 2/4 "))
        #expect(second.contains("loss 0.5000  accuracy 0.7500"))
        #expect(second.contains("images/s"))
        #expect(second.hasSuffix("s left"))
        #expect(TrainingReporter.epochs(1) == "1 epoch")
        #expect(TrainingReporter.epochs(1.25) == "1.25 epochs")
    }

    @Test func whatIsSaidAfterAnInterruption() {
        let message = Interruption.message(
            update: 1102, checkpoint: "run/checkpoint-1.npz",
            arguments: ["/bin/descent", "train", "mlp", "my data.npz", "--checkpoint", "run"])
        #expect(
            message == """
                Stopped after update 1,102. Saved to run/checkpoint-1.npz. To go on:
                  descent train mlp 'my data.npz' --checkpoint run --resume
                """)
        #expect(
            Interruption.message(update: 1, checkpoint: nil, arguments: ["descent"]).contains(
                "Nothing was saved"))
    }
}
