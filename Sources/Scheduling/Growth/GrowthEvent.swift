/// What a launcher calls a worker that it starts.
public typealias JobID = String

extension Growth {
    /// What the launcher answered to its last order, or that only time has passed.
    public enum Event: Hashable, Sendable {
        /// All jobs of this run that have not ended.
        case listed([JobID: Place])
        case started([JobID])
        case stopped
        /// The reason is the launcher's message. If it is final, the same order would fail again at any time.
        case failed(reason: String, isFinal: Bool = false)
        case ticked
    }

    public enum Place: Hashable, Sendable {
        case queued, running
    }

    public enum Action: Hashable, Sendable {
        /// `list`, `start` and `stop` are orders to the launcher. The next comes only after an event has
        /// said what became of this one.
        case list
        case start(Int)
        case stop([JobID])
        /// Tell the job's worker that it may go: there is nothing for it to do.
        case dismiss(JobID)
        case say(Notice)
    }

    /// What a user should know.
    public enum Notice: Hashable, Sendable {
        case failed(Failure, retryAfter: Duration)
        /// After so many failures in a row, of which this is the last, nothing is started for a while.
        case paused(Failure, failures: Int, retryAfter: Duration)
        /// Nothing will be started any more.
        case gaveUp(Failure)
        case unlisted(reason: String)
        /// The launcher answers again.
        case listedAgain
    }

    /// Why there are fewer workers than there ought to be.
    public enum Failure: Hashable, Sendable {
        case refused(reason: String)
        /// The job ended before its worker said hello.
        case barren(JobID)
        /// The job runs, but its worker has not said hello in all this time.
        case mute(JobID, after: Duration)
    }
}
