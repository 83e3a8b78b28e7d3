import Foundation

/// Keeps worker processes of this machine running. They end with it.
public struct LocalLauncher: ~Copyable {
    /// A worker process that has ended.
    struct Exit: Hashable, Sendable {
        /// 0 if there never was one.
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

    /// After this many barren workers in a row no other is started.
    static let barrenLimit = 3

    /// A class only because a noncopyable child can't be an array's element.
    private final class Slot {
        var process: ChildProcess
        var hasBegun = false

        init(_ process: consuming ChildProcess) { self.process = process }
    }

    /// - Parameters:
    ///   - executable: a path.
    ///   - image: what is run under that name, as `/proc/self/exe`: this very program, whatever lies at
    ///     its path by then. Nil: what lies there.
    ///   - arguments: with the coordinator's endpoint among them.
    ///   - count: how many workers to keep running; >= 1
    public init(executable: String, image: String? = nil, arguments: [String], count: Int) {
        precondition(count >= 1, "a launcher launches something")
        self.executable = executable
        self.image = image
        self.arguments = arguments
        self.count = count
    }

    /// Of the workers that run, as far as is known.
    var pids: [Int32] { children.map { $0.process.pid } }

    /// Why there is no sense in going on; nil while there is.
    var despair: String? {
        guard barren.count >= Self.barrenLimit, children.isEmpty else { return nil }
        return "\(barren.count) workers in a row ended before they began a task; the last "
            + "\(barren.last!.ending)"
    }

    /// Starts workers until there are as many as there ought to be for so many unfinished tasks.
    mutating func launch(tasks: Int) {
        while children.count < min(count, tasks), barren.count < Self.barrenLimit {
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
            if !slot.hasBegun { barren.append(exit) }
            return true
        }
        return exits
    }

    /// The worker has begun a task: workers of this kind can work. It may have ended since.
    mutating func noteBeginning(pid: Int32) {
        if let slot = children.first(where: { $0.process.pid == pid }) {
            guard !slot.hasBegun else { return }
            slot.hasBegun = true
            barren = []
        } else if barren.contains(where: { $0.pid == pid }) {
            barren = []
        }
    }

    /// Ends the workers that can't be told to stop, since they haven't said hello yet.
    mutating func cutLifelines(except pids: Set<Int32>) {
        for slot in children where !pids.contains(slot.process.pid) { slot.process.cutLifeline() }
    }

    /// Kills every worker that still runs, and waits for it.
    mutating func killAll() { children = [] }
}
