import Glibc
import Synchronization

/// A few independent pieces of work on several threads.
enum Parallel {
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
