/// What the coordinator's loop is to do, in this order.
public enum Action: Hashable, Sendable {
    /// Give the task to the worker.
    case assign(TaskID, to: WorkerID)
    /// Tell the worker that this task's result is no longer wanted.
    case discard(TaskID, at: WorkerID)
    /// Store the task's cells as failed, for this reason: the error of this worker's solve; nil where no
    /// solve came to an error, as the task crashed its workers or fits none.
    case fail(TaskID, reason: String, by: WorkerID?)
    /// The worker has been silent for too long; its leases have been taken back.
    case suspect(WorkerID)
    /// Say that tasks wait which none of the workers can do. Comes again whenever that statement
    /// changes, with nil once every waiting task fits a worker.
    case misfit(Misfit?)
}
