import Foundation
import Host

/// Keeps worker processes on this machine running. They are killed when it goes out of scope.
public struct LocalLauncher: ~Copyable {
    /// A worker process that has ended.
    struct Exit: Hashable, Sendable {
        /// 0 if the process could not be started.
        var pid: Int32
        var ending: ChildProcess.Ending
    }

    private let executable: String
    private let image: String?
    private let arguments: [String]
    /// How many workers it keeps running at most.
    let count: Int
    private var children: [Slot] = []
    /// Workers in a row that ended before they began a task.
    private var barren: [Exit] = []
    /// How many workers have left since they computed wrongly.
    private var miscalculations = 0

    /// After so many workers in a row that ended before they began a task, no other is started.
    static let barrenLimit = 3
    /// After so many workers that computed wrongly, no other is started: a machine that seldom does has few of them in
    /// a run.
    static let miscalculationLimit = 10

    /// A class only because a noncopyable child can't be an array's element.
    private final class Slot {
        var process: ChildProcess
        var hasBegun = false

        init(_ process: consuming ChildProcess) { self.process = process }
    }

    /// - Parameters:
    ///   - executable: the path by which the workers are called.
    ///   - image: the file that is run under that name; nil: `executable` itself. With `/proc/self/exe` it
    ///     is this very program, even after another has been installed at its path.
    ///   - arguments: the workers' arguments, with the coordinator's endpoint among them.
    ///   - count: how many workers to keep running; >= 1
    public init(executable: String, image: String? = nil, arguments: [String], count: Int) {
        precondition(count >= 1, "count is at least 1")
        self.executable = executable
        self.image = image
        self.arguments = arguments
        self.count = count
    }

    /// The processes of the workers that run, as far as is known.
    var pids: [Int32] { children.map { $0.process.pid } }

    /// Why no worker can be kept running; nil while one can.
    var despair: String? {
        if miscalculations >= Self.miscalculationLimit, children.isEmpty {
            return
                "this machine computes wrongly: \(miscalculations) workers have left because of it, and have said "
                + "what was wrong"
        }
        guard barren.count >= Self.barrenLimit, children.isEmpty else { return nil }
        return "\(barren.count) workers in a row ended before they began a task; the last "
            + "\(barren.last!.ending)"
    }

    /// Starts workers until there are `count`, or as many as there are unfinished tasks.
    mutating func launch(tasks: Int) {
        while children.count < min(count, tasks), barren.count < Self.barrenLimit,
            miscalculations < Self.miscalculationLimit
        {
            do throws(SystemError) {
                let child = try ChildProcess(
                    executable: executable, image: image, arguments: arguments)
                children.append(Slot(child))
            } catch {
                barren.append(Exit(pid: 0, ending: .unstartable(error)))
            }
        }
    }

    /// The workers that have ended since the last call.
    mutating func reap() -> [Exit] {
        var exits: [Exit] = []
        children.removeAll { slot in
            guard let ending = slot.process.reap() else { return false }
            let exit = Exit(pid: slot.process.pid, ending: ending)
            exits.append(exit)
            if ending == .exited(status: Worker.miscalculationStatus) {
                miscalculations += 1
            } else if !slot.hasBegun {
                barren.append(exit)
            }
            return true
        }
        return exits
    }

    /// The worker has begun a task, which shows that workers can: earlier ones that didn't are forgotten.
    /// The worker may have ended since.
    mutating func noteBeginning(pid: Int32) {
        if let slot = children.first(where: { $0.process.pid == pid }) {
            guard !slot.hasBegun else { return }
            slot.hasBegun = true
            barren = []
        } else if barren.contains(where: { $0.pid == pid }) {
            barren = []
        }
    }

    /// Ends the other workers, which can't be told to stop because they haven't said hello yet.
    mutating func cutLifelines(except pids: Set<Int32>) {
        for slot in children where !pids.contains(slot.process.pid) { slot.process.cutLifeline() }
    }

    /// Kills every worker that still runs, and waits for it.
    mutating func killAll() { children = [] }
}
