import DescentLinearAlgebra
import Glibc
import Synchronization

/// Independent pieces of work on several threads.
enum Parallel {
    /// Transforms every element on the threads of the process' team.
    ///
    /// Subnormal results of floating-point operations are zero meanwhile.
    static func map<Element: Sendable, Result: Sendable>(
        _ elements: [Element], _ transform: @Sendable (Element) -> Result
    ) -> [Result] {
        if elements.count <= 1 { return elements.map(transform) }
        let results = Slots<Result>(count: elements.count)
        WorkerTeam.shared.forEach(elements.count) { results.set($0, to: transform(elements[$0])) }
        return results.take()
    }

    /// Two pieces of work at the same time, where there are two threads.
    static func both<First: Sendable, Second: Sendable>(
        _ first: @Sendable () -> First, _ second: @Sendable () -> Second
    ) -> (First, Second) {
        let one = Slots<First>(count: 1)
        let two = Slots<Second>(count: 1)
        _ = map([true, false], threads: Compute.threadCount) { isFirst in
            if isFirst { one.set(0, to: first()) } else { two.set(0, to: second()) }
        }
        return (one.take()[0], two.take()[0])
    }

    /// Places for results, each written by one thread and read after all are done.
    private struct Slots<Value>: @unchecked Sendable {
        private let slots: UnsafeMutableBufferPointer<Value?>

        init(count: Int) {
            slots = .allocate(capacity: count)
            slots.initialize(repeating: nil)
        }

        func set(_ index: Int, to value: Value) { slots[index] = value }

        /// The results; to be called once.
        func take() -> [Value] {
            defer {
                slots.deinitialize()
                slots.deallocate()
            }
            return slots.map { $0! }
        }
    }

    /// Transforms every element, in order of their beginning, on up to `threads` threads, this one included.
    static func map<Element: Sendable, Result: Sendable>(
        _ elements: [Element], threads: Int, _ transform: @Sendable (Element) -> Result
    ) -> [Result] {
        if threads <= 1 || elements.count <= 1 { return elements.map(transform) }
        return withoutActuallyEscaping(transform) { transform in
            let job = Job(elements, transform)
            let helpers = (1..<min(threads, elements.count)).compactMap { _ -> pthread_t? in
                var thread = pthread_t()
                let context = Unmanaged.passRetained(Runner(job.run))
                let status = pthread_create(
                    &thread, nil,
                    { context in
                        Unmanaged<Runner>.fromOpaque(context!).takeRetainedValue().run()
                        return nil
                    }, context.toOpaque())
                if status == 0 { return thread }
                // Without a further thread, this one does the work.
                context.release()
                return nil
            }
            job.run()
            for thread in helpers { pthread_join(thread, nil) }
            return job.results
        }
    }

    private final class Runner: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    private final class Job<Element: Sendable, Result: Sendable>: Sendable {
        private let elements: [Element]
        private let transform: @Sendable (Element) -> Result
        private let next = Atomic<Int>(0)
        private let finished: Mutex<[Result?]>

        init(_ elements: [Element], _ transform: @escaping @Sendable (Element) -> Result) {
            self.elements = elements
            self.transform = transform
            finished = Mutex(Array(repeating: nil, count: elements.count))
        }

        func run() {
            while true {
                let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                if index >= elements.count { return }
                let result = transform(elements[index])
                finished.withLock { $0[index] = result }
            }
        }

        var results: [Result] { finished.withLock { $0.map { $0! } } }
    }
}
