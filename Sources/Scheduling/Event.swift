/// What has happened, as the coordinator's loop tells it to the scheduler.
public enum Event: Hashable, Sendable {
    /// A worker said hello: for the first time, or again after a cut. It still holds `held`, tasks
    /// of this sweep that it was given and has not finished; results that it has kept arrive as
    /// `finished` of their own. It is given nothing beyond its `limits`.
    case joined(WorkerID, held: [TaskID], limits: Limits = Limits())
    /// Any well-formed message came from a worker; it is alive.
    case heard(WorkerID)
    case started(TaskID, by: WorkerID)
    /// A well-formed result came. It counts if the task `isOpen`, and isn't stored yet.
    case finished(TaskID, by: WorkerID)
    /// The mathematics threw: the same error is to be expected anywhere.
    case failed(TaskID, by: WorkerID, reason: String)
    /// The worker hands the task back unfinished, since it is being shut down.
    case released(TaskID, by: WorkerID)
    /// The worker doesn't hold the task any more, and brings no result: something was lost on the way.
    case dropped(TaskID, by: WorkerID)
    /// The worker ended in order: it holds nothing any more.
    case left(WorkerID)
    /// The worker's process is known to have died.
    case died(WorkerID, reason: String)
    /// These tasks, which weren't wanted so far, are to be done too.
    case wanted([TaskID])
    /// Time has passed: the scheduler looks which workers have been silent for too long.
    case ticked
}
