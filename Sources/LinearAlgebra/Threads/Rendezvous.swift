import Glibc
import Synchronization

/// Where the caller of a loop and the workers meet.
///
/// Everything hangs on one word: the loop's generation, whether it is open, the seats left for workers, how
/// many are at work, and whether the caller sleeps until they are done. A worker joins by taking a seat in
/// an open loop; the caller closes the loop once no piece is left to hand out and waits only for those who
/// joined. A worker that the system wakes too late has missed the loop, and no one waited for it.
final class Rendezvous: @unchecked Sendable {
    // `count` and `body` are written before the word opens the loop (release) and read after a worker has
    // joined it (acquire); they change again only after the last worker has left (release, acquire).
    private var count = 0
    private var body: UnsafePointer<@Sendable (Int) -> Void>?
    private var workerCount = 0

    private let isTaken = Atomic<Bool>(false)
    private let word = Atomic<UInt64>(0)
    private let next = Atomic<Int>(0)
    private let sleepers = Atomic<Int>(0)

    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let opened = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let finished = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init() {
        mutex.initialize(to: pthread_mutex_t())
        opened.initialize(to: pthread_cond_t())
        finished.initialize(to: pthread_cond_t())
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(opened, nil)
        pthread_cond_init(finished, nil)
    }

    deinit {
        pthread_cond_destroy(finished)
        pthread_cond_destroy(opened)
        pthread_mutex_destroy(mutex)
        finished.deallocate()
        opened.deallocate()
        mutex.deallocate()
    }

    // MARK: The word

    private enum Bits {
        static let worker: UInt64 = 1
        static let workers: UInt64 = 0xFFF
        static let seat: UInt64 = 1 << 12
        static let seats: UInt64 = 0xFFF << 12
        static let callerSleeps: UInt64 = 1 << 24
        static let open: UInt64 = 1 << 25
        static let dismissed: UInt64 = 1 << 26
        static let generationShift: UInt64 = 32
    }

    /// As many threads as the word has room to count, the calling one included.
    static let maximumThreadCount = 0xFFF

    private static func isJoinable(_ word: UInt64, after generation: UInt64) -> Bool {
        word & Bits.open != 0 && word & Bits.seats != 0 && word >> Bits.generationShift != generation
    }

    // MARK: The caller's side

    /// Takes the team, unless it is taken.
    func tryEnter() -> Bool {
        !isTaken.exchange(true, ordering: .acquiring)
    }

    /// Gives the team back.
    func leave() {
        isTaken.store(false, ordering: .releasing)
    }

    /// Runs the loop with at most `seats` workers beside the calling thread, which has the team.
    func run(_ count: Int, seats: Int, _ body: @escaping @Sendable (Int) -> Void) {
        hire(seats)
        withUnsafePointer(to: body) { pointer in
            self.count = count
            self.body = pointer
            next.store(0, ordering: .relaxed)
            let generation = (word.load(ordering: .relaxed) >> Bits.generationShift) &+ 1
            // Sequentially consistent, as is the count of sleepers: either the caller sees a sleeper here,
            // or the one about to sleep sees the open loop.
            word.store(
                generation << Bits.generationShift | Bits.open | UInt64(seats) * Bits.seat,
                ordering: .sequentiallyConsistent)
            wake(seats)
            runPieces()
            let closed = word.bitwiseAnd(~Bits.open, ordering: .acquiringAndReleasing).newValue
            if closed & Bits.workers != 0 { waitForWorkers() }
            self.body = nil
        }
    }

    /// Sends the workers home; no loop may be running.
    func dismiss() {
        pthread_mutex_lock(mutex)
        word.bitwiseOr(Bits.dismissed, ordering: .sequentiallyConsistent)
        pthread_cond_broadcast(opened)
        pthread_mutex_unlock(mutex)
    }

    private func wake(_ seats: Int) {
        let asleep = sleepers.load(ordering: .sequentiallyConsistent)
        guard asleep > 0 else { return }
        pthread_mutex_lock(mutex)
        if seats >= asleep {
            pthread_cond_broadcast(opened)
        } else {
            for _ in 0..<seats { pthread_cond_signal(opened) }
        }
        pthread_mutex_unlock(mutex)
    }

    private func waitForWorkers() {
        let isDone = Rendezvous.spin(until: { word.load(ordering: .acquiring) & Bits.workers == 0 })
        if isDone { return }
        pthread_mutex_lock(mutex)
        var seen = word.bitwiseOr(Bits.callerSleeps, ordering: .acquiringAndReleasing).newValue
        while seen & Bits.workers != 0 {
            pthread_cond_wait(finished, mutex)
            seen = word.load(ordering: .acquiring)
        }
        pthread_mutex_unlock(mutex)
    }

    // MARK: The workers' side

    /// Takes pieces until none is left.
    ///
    /// Never inlined, so that no reference to the body outlives it: the body may be gone once the word says
    /// that the worker has left.
    @inline(never)
    private func runPieces() {
        let count = self.count
        let body = self.body!
        while true {
            let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
            if index >= count { return }
            body.pointee(index)
        }
    }

    private func work() {
        FloatingPointMode.flushingToZero.install()
        var generation: UInt64 = 0
        while true {
            let seen = word.load(ordering: .acquiring)
            if seen & Bits.dismissed != 0 { return }
            guard Rendezvous.isJoinable(seen, after: generation) else {
                waitForOpening(after: generation)
                continue
            }
            guard
                word.compareExchange(
                    expected: seen, desired: seen &+ Bits.worker &- Bits.seat,
                    ordering: .acquiringAndReleasing
                ).exchanged
            else { continue }
            generation = seen >> Bits.generationShift
            runPieces()
            let before = word.wrappingSubtract(Bits.worker, ordering: .acquiringAndReleasing).oldValue
            if before & Bits.workers == Bits.worker, before & Bits.callerSleeps != 0 {
                pthread_mutex_lock(mutex)
                pthread_cond_signal(finished)
                pthread_mutex_unlock(mutex)
            }
        }
    }

    private func waitForOpening(after generation: UInt64) {
        func isAwaited(_ word: UInt64) -> Bool {
            word & Bits.dismissed != 0 || Rendezvous.isJoinable(word, after: generation)
        }
        if Rendezvous.spin(until: { isAwaited(word.load(ordering: .relaxed)) }) { return }
        pthread_mutex_lock(mutex)
        sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
        while !isAwaited(word.load(ordering: .sequentiallyConsistent)) {
            pthread_cond_wait(opened, mutex)
        }
        sleepers.wrappingSubtract(1, ordering: .sequentiallyConsistent)
        pthread_mutex_unlock(mutex)
    }

    /// Starts workers until there are as many as seats; the caller has the team.
    private func hire(_ seats: Int) {
        while workerCount < seats {
            let passed = Unmanaged.passRetained(self)
            var thread = pthread_t()
            let result = pthread_create(
                &thread, nil,
                { passed in
                    Unmanaged<Rendezvous>.fromOpaque(passed!).takeRetainedValue().work()
                    return nil
                }, passed.toOpaque())
            guard result == 0 else {
                // The system has no thread left: the ones there are do the work.
                passed.release()
                return
            }
            pthread_detach(thread)
            workerCount += 1
        }
    }

    /// Waits a few microseconds for a condition; false when it has not come by then.
    ///
    /// Loops follow each other within microseconds in training, and waking a thread takes fifty. After the
    /// first microseconds the processor is offered to others, so that a crowded machine is not held up.
    @inline(__always)
    private static func spin(until isMet: () -> Bool) -> Bool {
        for _ in 0..<4000 where isMet() { return true }
        for _ in 0..<32 {
            if isMet() { return true }
            sched_yield()
        }
        return false
    }
}
