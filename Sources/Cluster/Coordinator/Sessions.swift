import Scheduling

/// Which worker is behind which session. A session is a connection, by the name that the router gave it.
struct Sessions {
    typealias Session = [UInt8]

    struct Peer {
        var machine: Machine
        /// The worker's session; nil while it has none, until it says hello again.
        var session: Session?
        /// Its process has ended. What it sent before may still come in.
        var hasEnded = false
        /// From which byte of the table on it has asked for bytes; nil if it waits for none.
        var needFrom: Int?
        /// For each task, the number of the last assignment that gave it to this worker.
        var assigned: [TaskID: UInt64] = [:]
        /// The least byte that its next request may begin with. A session loses no message, so a worker
        /// has no reason to ask for a byte twice.
        var unsentFrom = 0
    }

    private(set) var peers: [WorkerID: Peer] = [:]
    private var workers: [Session: WorkerID] = [:]
    /// Which workers share the same processors.
    private var neighbours: [Machine.Place: Set<WorkerID>] = [:]

    /// The worker said hello; its newest session replaces the older.
    mutating func open(_ session: Session, for worker: WorkerID, on machine: Machine) {
        cut(worker)
        if let other = workers[session], other != worker { cut(other) }
        peers[worker] = Peer(machine: machine, session: session)
        workers[session] = worker
        neighbours[machine.place, default: []].insert(worker)
    }

    /// Ends the worker's session: messages that still come in it count as a stranger's, until the worker
    /// says hello again.
    mutating func cut(_ worker: WorkerID) {
        if let session = peers[worker]?.session { workers[session] = nil }
        peers[worker]?.session = nil
    }

    mutating func remove(_ worker: WorkerID) {
        cut(worker)
        if let place = peers[worker]?.machine.place { neighbours[place]?.remove(worker) }
        peers[worker] = nil
    }

    func worker(behind session: Session) -> WorkerID? { workers[session] }

    func session(of worker: WorkerID) -> Session? { peers[worker]?.session }

    /// The workers that share the machine's processors, whether they are alive or not.
    func neighbours(on machine: Machine) -> Set<WorkerID> { neighbours[machine.place] ?? [] }

    /// The worker is given the task by the assignment of this number.
    mutating func note(_ number: UInt64, of task: TaskID, to worker: WorkerID) {
        peers[worker]?.assigned[task] = number
    }

    /// Whether the worker was given the task in this session, rather than having said that it holds it.
    func wasGiven(_ task: TaskID, to worker: WorkerID) -> Bool {
        peers[worker]?.assigned[task] != nil
    }

    /// Whether a worker that has received the assignments up to number `seen` knows that it was given the
    /// task. A task that it brought along, with its hello, has no number, and it knows of that.
    func knows(_ worker: WorkerID, of task: TaskID, seen: UInt64) -> Bool {
        (peers[worker]?.assigned[task] ?? 0) <= seen
    }

    /// Forgets the assignments' numbers of all tasks but these.
    mutating func keepNumbers(of tasks: [TaskID], by worker: WorkerID) {
        guard let peer = peers[worker], peer.assigned.count > tasks.count else { return }
        let tasks = Set(tasks)
        peers[worker]!.assigned = peer.assigned.filter { tasks.contains($0.key) }
    }

    /// The worker asks for the table's bytes from `offset` on.
    ///
    /// - Returns: false if it has asked for the same or later ones in this session, and so may not.
    mutating func note(needFrom offset: Int, of worker: WorkerID) -> Bool {
        guard let peer = peers[worker], offset >= peer.unsentFrom else { return false }
        peers[worker]!.needFrom = offset
        peers[worker]!.unsentFrom = offset + 1
        return true
    }

    /// From which byte on the worker waits for the table. The caller sends these bytes, so the worker no
    /// longer counts as waiting.
    mutating func takeNeed(of worker: WorkerID) -> Int? {
        defer { peers[worker]?.needFrom = nil }
        return peers[worker]?.needFrom
    }

    /// Notes that the process has ended, since another process may get its number.
    ///
    /// - Returns: the worker that ran in it; nil if none is known.
    mutating func noteEnd(host: String, pid: Int32) -> WorkerID? {
        let ended = peers.first { _, peer in
            !peer.hasEnded && peer.machine.host == host && peer.machine.pid == pid
        }
        guard let (worker, _) = ended else { return nil }
        peers[worker]!.hasEnded = true
        return worker
    }
}
