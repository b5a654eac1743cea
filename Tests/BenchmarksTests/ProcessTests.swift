import Glibc
import Testing

@testable import descent_perf

@Suite struct ProcessRunTests {
    private func run(_ script: String) throws(PeerError) -> ProcessRun {
        try ProcessRun(["sh", "-c", script], environment: ProcessEnvironment.own, processors: nil)
    }

    @Test func outputAndMemoryAreThoseOfTheProgram() throws {
        let run = try run("echo one; echo two")
        #expect(run.output == "one\ntwo\n")
        #expect(run.seconds > 0)
        #expect(run.peakBytes > 0)
    }

    @Test func aFailureSaysWhatTheProgramSaidLast() {
        #expect(
            throws: PeerError(
                "sh ended with code 3: it is   not so".split(separator: " ").joined(separator: " "))
        ) {
            try run("echo first >&2; echo 'it is   not so' >&2; exit 3")
        }
        #expect(throws: PeerError("sh ended with code 1: it said nothing")) { try run("exit 1") }
    }

    @Test func aMissingProgramIsNamed() {
        let error = #expect(throws: PeerError.self) {
            try ProcessRun(["no-such-program-here"], environment: [:], processors: nil)
        }
        #expect(error?.description.hasPrefix("no-such-program-here does not start") == true)
    }
}

@Suite struct WorkerProcessTests {
    /// A worker that is a shell script.
    private func worker(_ script: String) throws(PeerError) -> WorkerProcess {
        try WorkerProcess(["sh", "-c", script], environment: ProcessEnvironment.own)
    }

    private let request = WorkerRequest(kind: .run, job: "a")

    @Test func answersAreReadLineByLine() throws {
        let worker = try worker(
            """
            read line; printf '{"seconds": 1.5, "note": '; sleep 0.05; printf '"é"}\\n{"value": 2}\\n'; read line
            """)
        let first = try worker.ask(request)
        #expect(first == WorkerAnswer(seconds: 1.5, note: "é"))
        #expect(try worker.ask(request) == WorkerAnswer(value: 2))
    }

    @Test func theQuestionIsALineOfJSON() throws {
        let worker = try worker(
            #"read -r line; printf '{"note": "%s"}\n' "$(printf '%s' "$line" | tr -d '"{}')""#)
        let note = try #require(try worker.ask(.preparing("a", ["rows": 3])).note)
        #expect(note.contains("kind:prepare") && note.contains("job:a") && note.contains("rows:3"))
    }

    @Test func anErrorOfTheWorkerIsThrownAndTheWorkerGoesOn() throws {
        let worker = try worker(
            #"read line; echo '{"error": "no such job"}'; read line; echo '{"seconds": 1}'; read line"#)
        #expect(throws: PeerError("no such job")) { try worker.ask(request) }
        #expect(try worker.ask(request).seconds == 1)
        #expect(worker.isRunning)
    }

    @Test func aWorkerThatEndsSaysWhy() throws {
        let worker = try worker("read line; echo 'No module named jax' >&2; exit 1")
        #expect(throws: PeerError("sh ended with code 1: No module named jax")) { try worker.ask(request) }
        #expect(!worker.isRunning)
        #expect(throws: PeerError("sh has ended")) { try worker.ask(request) }
    }

    @Test func aWorkerThatSaysNothingIsEnded() throws {
        let worker = try worker("sleep 60")
        let error = #expect(throws: PeerError.self) { try worker.ask(request, patience: 0.05) }
        #expect(error?.description.contains("has not answered") == true)
        #expect(!worker.isRunning)
    }

    @Test func whatIsNoAnswerIsShown() {
        for line in ["", "hello", "[1]", #"{"seconds": "fast"}"#] {
            let error = #expect(throws: PeerError.self) { try WorkerProcess.answer(in: line) }
            #expect(error?.description == "'\(line)' is no answer")
        }
    }
}

/// A Python without packages, if the machine has one.
private let python: String? = ["/usr/bin/python3", "/usr/local/bin/python3"].first { access($0, X_OK) == 0 }

@Suite(.enabled(if: python != nil)) struct PeerProtocolTests {
    @Test func jobsAnswerThroughTheProtocol() throws {
        let script = """
            import sys
            sys.argv = ["peer", "2"]
            sys.path.insert(0, "\(PeerScripts.folder)")
            import protocol
            def clock(request):
                return lambda: lambda: {"value": request["sizes"]["rows"] * protocol.threads()}
            def own(request):
                print("chatter")
                return lambda: {"seconds": 0.25}
            protocol.serve(lambda: [("Peer", 1.5)], {"clock": clock, "own": own})
            """
        let worker = try WorkerProcess([python!, "-c", script], environment: ProcessEnvironment.ofPeers)
        #expect(try worker.ask(WorkerRequest(kind: .about)).facts == [["Peer", "1.5"]])
        _ = try worker.ask(.preparing("clock", ["rows": 21]))
        _ = try worker.ask(.preparing("own"))
        let answer = try worker.ask(WorkerRequest(kind: .run, job: "clock"))
        #expect(answer.value == 42)
        #expect(answer.seconds ?? -1 >= 0)
        #expect(try worker.ask(WorkerRequest(kind: .run, job: "own")).seconds == 0.25)
        _ = try worker.ask(WorkerRequest(kind: .forget))
        #expect(throws: PeerError("KeyError: 'own'")) {
            try worker.ask(WorkerRequest(kind: .run, job: "own"))
        }
    }

    @Test func everyScriptIsThereAndParses() throws {
        let data = JobData(mnist: "m.npz", exampleCount: 60_000, csv: "c.csv", csvRows: 1000)
        var scripts: Set<String> = ["update_rules"]
        for contender in JobList.all(data).flatMap(\.contenders) {
            switch contender.way {
            case .worker(.python(let script), _), .process(.python(let script), _): scripts.insert(script)
            default: break
            }
        }
        #expect(scripts.count > 6)
        for script in scripts {
            let path = try PeerScripts.path(of: script)
            let check = "import ast, sys; ast.parse(open(sys.argv[1]).read())"
            _ = try ProcessRun(
                [python!, "-c", check, path], environment: ProcessEnvironment.own, processors: nil)
        }
    }
}
