import Descent
import DescentDatasets
import Glibc
import Testing

@testable import descent_perf

private let mnist = JobData(mnist: "m.npz", exampleCount: 60_000, csv: "c.csv", csvRows: 1_000_000)

@Suite struct JobListTests {
    @Test func everyJobHasANameOfItsOwnAndDescentFirst() {
        let jobs = JobList.all(mnist)
        #expect(Set(jobs.map(\.name)).count == jobs.count)
        #expect(jobs.allSatisfy { $0.contenders.first?.name == Contender.ownName })
        #expect(jobs.allSatisfy { Set($0.contenders.map(\.name)).count == $0.contenders.count })
    }

    @Test func titlesSayWhenTheDataAreASample() {
        let sample = JobData(mnist: JobData.samplePath, exampleCount: 5000, csv: "", csvRows: 1)
        #expect(JobList.all(sample).contains { $0.title.contains("5,000 pictures of MNIST") })
        #expect(!JobList.all(mnist).contains { $0.title.contains("pictures") })
    }
}

@Suite struct WorkTests {
    @Test func operationsAreCounted() {
        // 6 operations a weight and example, but 4 in the first layer.
        let epoch = Work.epoch(examples: 60_000, widths: [784, 128, 64, 10])
        let operations = 4 * 784 * 128 + 6 * (128 * 64 + 64 * 10)
        #expect(epoch.floatOperations == Double(60_000 * operations))
        #expect(Work.softmaxPass(examples: 10, features: 7, classes: 3).floatOperations == 840)
        #expect(Work.leastSquares(rows: 10, columns: 4).doubleOperations == 200)
    }

    @Test func theSlowerOfArithmeticAndMemoryIsTheLimit() {
        let limits = MachineLimits(
            threads: 1, floatRate: 100, doubleRate: 50, readRate: 10, floatKernel: "", doubleKernel: "")
        #expect(limits.seconds(for: Work(floatOperations: 200, doubleOperations: 100, bytes: 10)) == 4)
        #expect(limits.seconds(for: Work(floatOperations: 200, bytes: 50)) == 5)
    }
}

@Suite struct JobRunnerTests {
    /// A pool whose Python is a shell and whose scripts are these.
    private func withPool<R>(_ scripts: [String: String], _ body: (WorkerPool) throws -> R) throws -> R {
        var template = Array("/tmp/descent-perf-tests-XXXXXX".utf8CString)
        let made = try #require(mkdtemp(&template))
        let folder = String(cString: made)
        defer {
            for name in scripts.keys { unlink("\(folder)/\(name).py") }
            rmdir(folder)
        }
        for (name, text) in scripts { try AtomicFile.write(text, to: "\(folder)/\(name).py") }
        let pool = WorkerPool(python: "/bin/sh", scripts: folder)
        defer { pool.end() }
        return try body(pool)
    }

    private func job(_ contenders: [Contender]) -> Job {
        Job(
            name: "job", title: "A job", work: Work(floatOperations: 8), contenders: contenders)
    }

    private func worker(_ name: String) -> Contender {
        Contender(name: name, way: .worker(.python(name), .preparing("a")))
    }

    private let limits = MachineLimits(
        threads: 1, floatRate: 4, doubleRate: 1, readRate: 1, floatKernel: "", doubleKernel: "")

    /// Answers every question, each time with a note that counts.
    private let good = """
        n=0
        while read -r line; do
            case $line in
                *run*) n=$((n + 1)); echo '{"seconds": '$n', "note": "run '$n'"}' ;;
                *) echo '{}' ;;
            esac
        done
        """

    @Test func runsAreCountedAfterAFirstOne() throws {
        try withPool(["good": good]) { pool in
            let runner = JobRunner(pool: pool, limits: [limits], runs: .init(count: 3))
            let result = runner.run(job([worker("good")]), threads: 1)
            #expect(result.entries[0].seconds.values == [2, 3, 4])
            // What the first run found is what is shown.
            #expect(result.entries[0].note == "run 1")
            #expect(result.limit == 2)
        }
    }

    @Test func aLongFirstRunCounts() throws {
        let slow = #"while read -r line; do echo '{"seconds": 9}'; done"#
        try withPool(["slow": slow]) { pool in
            let runner = JobRunner(pool: pool, limits: [], runs: .init(count: 2))
            let result = runner.run(job([worker("slow")]), threads: 1)
            #expect(result.entries[0].seconds.values == [9, 9])
            #expect(result.limit == nil)
        }
    }

    @Test func whoFailsIsNamedAndTheOthersGoOn() throws {
        let bad = "echo 'No module named jax' >&2; exit 1"
        // Fails in the second run.
        let tired = """
            read -r line; echo '{}'; read -r line; echo '{"seconds": 1}'
            read -r line; echo '{"error": "tired"}'; read -r line
            """
        try withPool(["bad": bad, "tired": tired, "good": good]) { pool in
            let runner = JobRunner(pool: pool, limits: [], runs: .init(count: 2))
            let contenders = [worker("bad"), worker("tired"), worker("absent"), worker("good")]
            let result = runner.run(job(contenders), threads: 1)
            #expect(result.entries[0].missing == "sh ended with code 1: No module named jax")
            #expect(result.entries[1].missing == "tired")
            #expect(result.entries[1].seconds.values.isEmpty)
            #expect(result.entries[2].missing?.contains("absent.py is not here") == true)
            #expect(result.entries[3].missing == nil)
            #expect(result.entries[3].seconds.values.count == 2)
        }
    }

    @Test func withoutPythonPeersAreMissing() {
        let runner = JobRunner(pool: WorkerPool(python: nil), limits: [], runs: .init(count: 1))
        let result = runner.run(
            job([worker("good"), Contender(name: "p", way: .process(.python("p"), []))]), threads: 1)
        #expect(result.entries.allSatisfy { $0.missing == "no Python: make peers" })
    }

    @Test func wholeProcessesGiveTheirMemory() throws {
        try withPool(["process": "[ \"$1\" = a ]"]) { pool in
            let runner = JobRunner(pool: pool, limits: [], runs: .init(count: 2))
            let contenders = [
                Contender(name: "right", way: .process(.python("process"), ["a"])),
                Contender(name: "wrong", way: .process(.python("process"), ["b"])),
            ]
            let result = runner.run(job(contenders), threads: 1)
            #expect(result.entries[0].seconds.values.count == 2)
            #expect(result.entries[0].peakBytes.values.count == 2)
            #expect(result.entries[1].missing == "sh ended with code 1: it said nothing")
        }
    }

    @Test func longJobsAreRunLessOften() {
        let runs = JobRunner.RunCount(count: 5, patience: 50, countOfLong: 3)
        #expect(runs.goesOn(after: 4, seconds: 10))
        #expect(!runs.goesOn(after: 5, seconds: 10))
        #expect(runs.goesOn(after: 2, seconds: 100))
        #expect(!runs.goesOn(after: 3, seconds: 100))
    }
}

@Suite struct OwnWorkTests {
    @Test func leastSquaresFindTheCoefficientsBehindTheData() throws {
        var work = OwnWork()
        let fit = try work.prepare(.preparing("least-squares", ["rows": 400, "columns": 3]))
        #expect(try fit.seconds(atLeast: 0) > 0)
        let (note, value) = try fit.check()
        #expect(note == "normal")
        #expect(try #require(value) < 0.05)
    }

    @Test func anEpochOfTheSampleLearns() throws {
        var work = OwnWork()
        let request = WorkerRequest.preparing(
            "mlp", data: JobData.samplePath, hidden: [16], ["batch": 50, "examples": 500])
        let training = try work.prepare(request)
        func loss() throws -> Double {
            try training.run()
            let note = try #require(try training.check().note)
            return try #require(Double(note.dropFirst("loss ".count)))
        }
        let first = try loss()
        #expect(first < 2.5)
        // The second run goes on from where the first one ended.
        #expect(try loss() < first)
    }

    @Test func growthHasWorkForEachOfItsStudies() throws {
        var worker = Worker()
        let data = JobData(mnist: JobData.samplePath, exampleCount: 100, csv: "", csvRows: 1)
        for study in GrowthStudy.all(data) {
            let request = study.request(study.sizes[0])
            #expect(try worker.answer(to: request).error == nil)
            let answer = try worker.answer(to: WorkerRequest(kind: .run, job: request.job))
            #expect(try #require(answer.seconds) > 0)
            #expect(study.sizes == study.sizes.sorted())
            #expect(study.operations(study.sizes[1]) != study.operations(study.sizes[0]))
        }
    }

    @Test func whatIsNotPreparedIsAnError() throws {
        var worker = Worker()
        #expect(throws: PeerError("there is no job 'x'")) { try worker.answer(to: .preparing("x")) }
        #expect(throws: PeerError("the request has no 'columns'")) {
            try worker.answer(to: .preparing("least-squares", ["rows": 4]))
        }
        #expect(throws: PeerError("'gemm-float' has not been prepared")) {
            try worker.answer(to: WorkerRequest(kind: .run, job: "gemm-float"))
        }
        _ = try worker.answer(to: .preparing("gemm-float", ["size": 4]))
        #expect(try worker.answer(to: WorkerRequest(kind: .run, job: "gemm-float")).seconds != nil)
        _ = try worker.answer(to: WorkerRequest(kind: .forget))
        #expect(throws: PeerError.self) {
            try worker.answer(to: WorkerRequest(kind: .run, job: "gemm-float"))
        }
    }

    @Test(arguments: [1, 31, 32, 65_535, 65_541, 140_000]) func everyNumberIsReadOnce(count: Int) {
        var numbers = Matrix<Double>(rows: 1, columns: count, repeating: 1)
        numbers[0, count - 1] = 3
        #expect(memorySum(of: numbers) == Double(count) + 2)
    }

    @Test func theFileForLeastSquaresIsMadeOnce() throws {
        let path = "/tmp/descent-perf-tests-\(getpid()).csv"
        defer { unlink(path) }
        try RandomCSV.write(rows: 2500, columns: 4, to: path)
        let table = try CSVFile.read(path: path)
        #expect(table.rowCount == 2500)
        #expect(table.columnNames == ["x1", "x2", "x3", "y"])
        // What is there is taken as it is.
        try RandomCSV.write(rows: 1, columns: 2, to: path)
        #expect(try CSVFile.read(path: path).rowCount == 2500)
    }
}
