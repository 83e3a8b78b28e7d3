import Foundation
import Scheduling
import Sweep

/// What a workbench is told, and what it wants done.
extension Workbench {
    enum Event: Sendable {
        /// The loop has a new socket, or its socket has connected again.
        case connected
        case received(Order)
        /// The solver has begun the task. Here and below the digest is that of the sweep that the solver
        /// works on: it gets another one only between two tasks.
        case began(TaskID, of: String)
        case solved(PackedRows)
        case failed(TaskID, of: String, reason: String)
        /// The solver can't work on this sweep at all.
        case unprepared(of: String, reason: String)
        /// This machine computes wrongly, so nothing more should be done here.
        case miscalculated(reason: String)
        /// The worker was asked to go.
        case dismissed
        /// Time has passed; comes only when the socket is empty.
        case ticked
    }

    enum Action: Hashable, Sendable {
        case send(Report)
        /// Drop the socket with all that waits in it, and open another.
        case reconnect
        case prepare(Sweep, threads: Int)
        /// A file that the tasks which follow need.
        case attach(Data, digest: String)
        /// Alone, or begun together with others.
        case solve(Block, alone: Bool = false)
        /// Don't begin this task.
        case cancel(TaskID)
        /// Tell the user.
        case say(String)
        case end(Worker.Ending)
    }
}
