import Descent

/// An update rule to be timed, with the name by which PyTorch is asked for the same.
struct TimedRule {
    let name: String
    let rule: any UpdateRule
    let peerName: String?

    init(_ name: String, _ rule: any UpdateRule, peer peerName: String? = nil) {
        self.name = name
        self.rule = rule
        self.peerName = peerName
    }

    static let all = [
        TimedRule("GradientDescent", GradientDescent(learningRate: 1e-3)),
        TimedRule("SGD", SGD(learningRate: 1e-3), peer: "SGD"),
        TimedRule("SGD, momentum", SGD(learningRate: 1e-3, momentum: 0.9), peer: "SGD momentum"),
        TimedRule("Momentum", Momentum(learningRate: 1e-3)),
        TimedRule("Adagrad", Adagrad(), peer: "Adagrad"),
        TimedRule("Adadelta", Adadelta(), peer: "Adadelta"),
        TimedRule("RMSprop", RMSprop(), peer: "RMSprop"),
        TimedRule(
            "RMSprop, centred, momentum", RMSprop(centered: true, momentum: 0.9),
            peer: "RMSprop centered momentum"),
        TimedRule("Adam", Adam(), peer: "Adam"),
        TimedRule("Adam, AMSGrad", Adam(amsgrad: true), peer: "Adam amsgrad"),
        TimedRule("AdamW", AdamW(), peer: "AdamW"),
        TimedRule("AdaMax", AdaMax(), peer: "Adamax"),
        TimedRule("NAdam", NAdam(), peer: "NAdam"),
        TimedRule("RAdam", RAdam(), peer: "RAdam"),
        TimedRule("Rprop", Rprop(), peer: "Rprop"),
        TimedRule("Lion", Lion()),
        TimedRule("LAMB", LAMB()),
        TimedRule("LARS", LARS()),
        TimedRule("ScheduleFreeSGD", ScheduleFreeSGD()),
        TimedRule("ScheduleFreeAdamW", ScheduleFreeAdamW()),
    ]

    /// Seconds a step: ours, of a pass over the same memory, and PyTorch's.
    struct Result {
        let count: Int
        let ours: Double
        let memory: Double
        let peer: (path: String, seconds: Double)?

        var columns: [String] {
            [
                text(ours * 1e6, 1), text(ours * 1e9 / Double(count), 3), text(memory * 1e6, 1),
                "× " + text(ours / memory, 2), peer.map { text($0.seconds * 1e6, 1) } ?? "–",
                peer.map { "× " + text($0.seconds / ours, 2) } ?? "–", peer?.path ?? "",
            ]
        }

        private func text(_ value: Double, _ digits: Int) -> String { value.formatted(digits: digits) }
    }

    func measure(count: Int, samples: Int, peer: WorkerProcess?) throws -> Result {
        try measure(rule, count: count, samples: samples, peer: peer)
    }

    private func measure(
        _ rule: some UpdateRule, count: Int, samples: Int, peer: WorkerProcess?
    ) throws -> Result {
        var parameters = [Float](repeating: 0.5, count: count)
        let gradient = (0..<count).map { Float($0 % 17) - 8 }
        var state = rule.initialState(parameterCount: count, of: Float.self)
        var touched = (0...rule.slots.count).map { _ in [Float](repeating: 0.5, count: count) }
        // A sample is some three milliseconds long at least; the first steps wake memory up.
        let steps = max(1, 3_000_000 / count)
        for _ in 0..<6 { rule.update(&parameters, gradient: gradient, state: &state) }
        addGradient(gradient, to: &touched)
        var (ours, memory, theirs): ([Double], [Double], [Double]) = ([], [], [])
        var path = ""
        if let peer, let peerName {
            let sizes = ["parameters": count, "steps": steps]
            _ = try peer.ask(WorkerRequest(kind: .forget))
            _ = try peer.ask(WorkerRequest(kind: .prepare, job: peerName, sizes: sizes))
        }
        for _ in 0..<samples {
            ours.append(
                threadSeconds {
                    for _ in 0..<steps { rule.update(&parameters, gradient: gradient, state: &state) }
                } / Double(steps))
            memory.append(
                threadSeconds { for _ in 0..<steps { addGradient(gradient, to: &touched) } } / Double(steps))
            if let peer, let peerName {
                let answer = try peer.ask(WorkerRequest(kind: .run, job: peerName))
                guard let seconds = answer.seconds else {
                    throw PeerError("PyTorch gave no time for \(peerName)")
                }
                path = answer.note ?? ""
                theirs.append(seconds)
            }
        }
        return Result(
            count: count, ours: Sample(ours).median, memory: Sample(memory).median,
            peer: theirs.isEmpty ? nil : (path, Sample(theirs).median))
    }
}

/// Adds the gradient to each of the vectors, in one pass: what a rule asks of the memory and no more.
@inline(never)
private func addGradient(_ gradient: [Float], to vectors: inout [[Float]]) {
    let count = gradient.count
    gradient.withUnsafeBufferPointer { g in
        let addresses = vectors.indices.map { i in
            vectors[i].withUnsafeMutableBufferPointer { $0.baseAddress! }
        }
        switch addresses.count {
        case 1:
            let a = addresses[0]
            for i in 0..<count { a[i] += g[i] }
        case 2:
            let (a, b) = (addresses[0], addresses[1])
            for i in 0..<count {
                a[i] += g[i]
                b[i] += g[i]
            }
        case 3:
            let (a, b, c) = (addresses[0], addresses[1], addresses[2])
            for i in 0..<count {
                a[i] += g[i]
                b[i] += g[i]
                c[i] += g[i]
            }
        default:
            let (a, b, c, d) = (addresses[0], addresses[1], addresses[2], addresses[3])
            for i in 0..<count {
                a[i] += g[i]
                b[i] += g[i]
                c[i] += g[i]
                d[i] += g[i]
            }
        }
    }
}
