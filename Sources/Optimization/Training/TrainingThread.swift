import Glibc

/// Runs a task on a thread of its own.
///
/// Training computes for minutes without a pause. On the shared threads that tasks have by default, as many as there are
/// cores, it would keep everybody else waiting, whoever reads its events and wants to cancel it among them.
final class TrainingThread: TaskExecutor {
    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let work = Unmanaged.passRetained(Work(job: job, executor: self))
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { work in
                Unmanaged<Work>.fromOpaque(work!).takeRetainedValue().run()
                return nil
            }, work.toOpaque())
        if status == 0 {
            pthread_detach(thread)
        } else {
            // No further thread can be had: the shared ones have to do.
            work.release()
            globalConcurrentExecutor.enqueue(job)
        }
    }

    private final class Work: Sendable {
        let job: UnownedJob
        let executor: TrainingThread

        init(job: UnownedJob, executor: TrainingThread) {
            self.job = job
            self.executor = executor
        }

        func run() { job.runSynchronously(on: executor.asUnownedTaskExecutor()) }
    }
}
