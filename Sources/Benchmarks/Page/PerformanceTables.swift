import DescentReports

extension PerformanceReport {
    /// The jobs side by side: a row for each peer, or one for a job without any.
    var jobTable: TextTable {
        var table = TextTable(columns: [
            .init("job", alignment: .left), .init("threads"), .init("Descent"),
            .init("peer", alignment: .left),
            .init("its time"), .init("ratio"), .init("limit"), .init("runs"),
        ])
        var lastTitle: String?
        for result in jobs {
            let own = result.own
            let peers = result.entries.filter { $0.name != Contender.ownName }
            let shown: [JobResult.Entry?] = peers.isEmpty ? [nil] : peers
            for (index, peer) in shown.enumerated() {
                let isFirst = index == 0
                let limit = result.limit.map { TimeText.text($0) } ?? "–"
                table.append([
                    isFirst && result.title != lastTitle ? result.title : "",
                    isFirst ? "\(result.threads)" : "", isFirst ? own.map(Self.time) ?? "–" : "",
                    peer?.name ?? "–", peer.map(Self.time) ?? "–",
                    peer.flatMap { result.ratio(of: $0) }.map { "× " + TimeText.ratio($0) } ?? "–",
                    isFirst ? limit : "", Self.runs(own, peer),
                ])
                lastTitle = result.title
            }
        }
        return table
    }

    /// What the runs found, where they found something to compare.
    var findingTable: TextTable {
        var table = TextTable(columns: [
            .init("job", alignment: .left), .init("by", alignment: .left), .init("found", alignment: .left),
        ])
        for result in jobsOnMostThreads {
            for entry in result.entries {
                let found = [entry.note, Self.value(entry, of: result)].compactMap(\.self)
                guard !found.isEmpty else { continue }
                let isFirst = table.rows.last { !$0[0].isEmpty }?[0] != result.title
                table.append([isFirst ? result.title : "", entry.name, found.joined(separator: ", ")])
            }
        }
        return table
    }

    /// The most memory of the jobs that are whole processes.
    var memoryTable: TextTable {
        var table = TextTable(columns: [
            .init("job", alignment: .left), .init("Descent"), .init("peer", alignment: .left),
            .init("its memory"), .init("ratio"),
        ])
        for result in jobsOnMostThreads {
            guard let own = result.own, !own.peakBytes.values.isEmpty else { continue }
            let peers = result.entries.filter { $0.name != own.name }
            let shown: [JobResult.Entry?] = peers.isEmpty ? [nil] : peers
            for (index, peer) in shown.enumerated() {
                let known = peer.map { !$0.peakBytes.values.isEmpty } ?? false
                table.append([
                    index == 0 ? result.title : "", index == 0 ? memory(own.peakBytes) : "",
                    peer?.name ?? "–", peer.map { known ? memory($0.peakBytes) : Self.missing($0) } ?? "–",
                    known ? "× " + TimeText.ratio(peer!.peakBytes.median / own.peakBytes.median) : "–",
                ])
            }
        }
        return table
    }

    /// The slopes of growth.
    var growthTable: TextTable {
        var table = TextTable(columns: [
            .init("what", alignment: .left), .init("grows by", alignment: .left), .init("from"), .init("to"),
            .init("time at the least"), .init("time at the most"), .init("slope"),
            .init("slope of the arithmetic"),
        ])
        for result in growth {
            guard let first = result.points.first, let last = result.points.last else {
                table.append([
                    result.title, result.sizeName, "–", "–", result.missing ?? "–", "–", "–", "–",
                ])
                continue
            }
            table.append([
                result.title, result.sizeName, NumberFormat.count(first.size),
                NumberFormat.count(last.size) + (result.missing == nil ? "" : " (then it failed)"),
                TimeText.text(first.seconds.median), TimeText.text(last.seconds.median),
                Self.slope(result.exponent), Self.slope(result.predictedExponent),
            ])
        }
        return table
    }

    /// What the machine can do.
    var limitTable: TextTable {
        var table = TextTable(columns: [
            .init("threads"), .init("Float"), .init("Double"), .init("from memory"),
            .init("fastest product", alignment: .left),
        ])
        for limit in limits {
            let kernels =
                limit.floatKernel == limit.doubleKernel
                ? limit.floatKernel : "\(limit.floatKernel); in Double \(limit.doubleKernel)"
            table.append([
                "\(limit.threads)", NumberFormat.fixed(limit.floatRate / 1e9, decimals: 0) + " GF/s",
                NumberFormat.fixed(limit.doubleRate / 1e9, decimals: 0) + " GF/s",
                NumberFormat.fixed(limit.readRate / 1e9, decimals: 1) + " GB/s", kernels,
            ])
        }
        return table
    }

    /// Each job once.
    private var jobsOnMostThreads: [JobResult] {
        jobs.filter { result in
            !jobs.contains { $0.job == result.job && $0.threads > result.threads }
        }
    }

    private static func time(_ entry: JobResult.Entry) -> String {
        entry.seconds.values.isEmpty ? missing(entry) : TimeText.text(entry.seconds)
    }

    private static func missing(_ entry: JobResult.Entry) -> String {
        "not measured: \(entry.missing ?? "no reason given")"
    }

    private static func runs(_ own: JobResult.Entry?, _ peer: JobResult.Entry?) -> String {
        let counts = [own, peer].compactMap { $0?.seconds.values.count }
        return Set(counts).count == 1 ? "\(counts[0])" : counts.map(String.init).joined(separator: ", ")
    }

    private static func value(_ entry: JobResult.Entry, of result: JobResult) -> String? {
        guard let value = entry.value else { return nil }
        if result.hasReference {
            let distance = NumberFormat.significant(max(0, value), digits: 2)
            return "objective \(distance) above the least"
        }
        if result.job.hasPrefix("least-squares") {
            return "coefficients within \(NumberFormat.significant(value, digits: 2)) of the true ones"
        }
        return nil
    }

    /// Memory that may be this process' own, as the kernel counts it, is an upper bound.
    private func memory(_ sample: Sample) -> String {
        (sample.median <= memoryFloor ? "≤ " : "") + TimeText.megabytes(sample.median)
    }

    private static func slope(_ value: Double?) -> String {
        value.map {
            let text = NumberFormat.fixed($0, decimals: 2)
            return text == "-0.00" ? "0.00" : text.hasPrefix("-") ? "−\(text.dropFirst())" : text
        } ?? "–"
    }
}

extension TextTable {
    /// The table in Markdown.
    var markdown: String {
        func row(_ cells: [String]) -> String {
            "| " + cells.map { $0.split(separator: "|").joined(separator: "\\|") }.joined(separator: " | ")
                + " |\n"
        }
        let rules = columns.map { $0.alignment == .left ? "---" : "--:" }
        return row(columns.map { $0.heading.joined(separator: " ") }) + "|" + rules.joined(separator: "|")
            + "|\n" + rows.map(row).joined()
    }
}
