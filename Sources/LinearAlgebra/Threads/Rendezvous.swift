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
    private var threadCount = 1
    private unowned(unsafe) var body: (any LoopBody)?
    private var workerCount = 0

    private let isTaken = Atomic<Bool>(false)
    private let word = Atomic<UInt64>(0)
    /// The pieces that are taken, a bit each, of a loop that has so few.
    private let taken = Atomic<UInt64>(0)
    /// The next piece to be handed out, of a loop that has more.
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
    func run(_ count: Int, seats: Int, _ body: any LoopBody) {
        hire(seats)
        withExtendedLifetime(body) {
            self.count = count
            threadCount = seats + 1
            self.body = body
            next.store(0, ordering: .relaxed)
            taken.store(0, ordering: .relaxed)
            let generation = (word.load(ordering: .relaxed) >> Bits.generationShift) &+ 1
            // Sequentially consistent, as is the count of sleepers: either the caller sees a sleeper here,
            // or the one about to sleep sees the open loop.
            word.store(
                generation << Bits.generationShift | Bits.open | UInt64(seats) * Bits.seat,
                ordering: .sequentiallyConsistent)
            wake(seats)
            runPieces(worker: 0)
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
    /// Of a loop with few pieces each thread begins at a place of its own, which is the same in every loop of so many
    /// pieces: what a thread has written in one loop it finds in its cache in the next. When its share is done it goes
    /// on with what others have not begun.
    ///
    /// Never inlined, so that no reference to the body outlives it: the body may be gone once the word says
    /// that the worker has left.
    @inline(never)
    private func runPieces(worker: Int) {
        let count = self.count
        let body = self.body!
        guard count <= UInt64.bitWidth else {
            while true {
                let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                if index >= count { return }
                body.run(piece: index)
            }
        }
        var index = worker % threadCount * count / threadCount
        for _ in 0..<count {
            let bit: UInt64 = 1 << UInt64(index)
            if taken.load(ordering: .relaxed) & bit == 0,
                taken.bitwiseOr(bit, ordering: .relaxed).oldValue & bit == 0
            {
                body.run(piece: index)
            }
            index = index + 1 == count ? 0 : index + 1
        }
    }

    private func work(as worker: Int) {
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
            runPieces(worker: worker)
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
            let passed = Unmanaged.passRetained(Application(rendezvous: self, number: workerCount + 1))
            var thread = pthread_t()
            let result = pthread_create(
                &thread, nil,
                { passed in
                    let application = Unmanaged<Application>.fromOpaque(passed!).takeRetainedValue()
                    application.rendezvous.work(as: application.number)
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

    /// What a new thread is told.
    private final class Application {
        let rendezvous: Rendezvous
        let number: Int

        init(rendezvous: Rendezvous, number: Int) {
            self.rendezvous = rendezvous
            self.number = number
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
