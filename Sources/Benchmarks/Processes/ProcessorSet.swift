import Glibc

/// The processors that this process, and what it starts, may run on.
enum ProcessorSet {
    /// Their numbers.
    static let allowed: [Int] = {
        let list = MachineFacts.value(
            of: "Cpus_allowed_list", in: SystemFile.contents("/proc/self/status"))
        let numbers = list.map(numbers(in:)) ?? []
        return numbers.isEmpty ? [0] : numbers
    }()

    /// The numbers in a list such as `0-3,8`.
    static func numbers(in list: String) -> [Int] {
        list.split(separator: ",").flatMap { part -> [Int] in
            let ends = part.split(separator: "-").compactMap { Int($0) }
            guard let first = ends.first, let last = ends.last, first <= last else { return [] }
            return Array(first...last)
        }
    }

    /// What starts a program on no more than so many of them: a process that is started in this way, and its own count
    /// of processors, keep to that.
    static func arguments(_ arguments: [String], limitedTo count: Int?) -> [String] {
        guard let count, count < allowed.count else { return arguments }
        return ["taskset", "-c", allowed.prefix(count).map(String.init).joined(separator: ",")] + arguments
    }
}
