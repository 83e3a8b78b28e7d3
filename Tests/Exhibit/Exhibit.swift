import Dashboard
import Foundation

/// A dashboard with something of everything, to be looked at: says its address on standard error and
/// stays until it is killed, or whoever started it is gone.
///
/// A process of its own, since what serves it needs threads that tests may all be waiting on.
@main struct Exhibit {
    static func main() throws {
        let monitor = try Monitor(
            at: WebAddress("127.0.0.1:0")!, folder: "results/imperfect-teacher",
            taskWords: { RunState.taskWords[$0]! }, first: { .example },
            figures: { FigureExamples.all })
        FileHandle.standardError.write(Data("dashboard: \(monitor.url)\n".utf8))
        let visitor = getppid()
        while getppid() == visitor { usleep(200_000) }
        withExtendedLifetime(monitor) {}
    }
}
