import Foundation

@testable import Cluster

/// Programs that a test keeps running. They end with it, however it ends: each has a keeper that reads
/// from it. (Foundation starts processes with signals blocked, and takes daemons, which close what they
/// inherit, to have ended.)
final class Daemons {
    private final class Keeper {
        var process: ChildProcess

        init(_ process: consuming ChildProcess) { self.process = process }
    }

    private var keepers: [String: Keeper] = [:]

    deinit {
        for name in keepers.keys { stop(name) }
    }

    /// What it says goes into the folder's file of this name.
    func start(
        _ name: String, _ executable: String, _ arguments: [String], in folder: URL,
        environment: [String: String] = [:]
    ) throws {
        let script = """
            "$@" </dev/null & daemon=$!
            cat >/dev/null
            kill $daemon
            wait $daemon
            """
        let output = folder.appendingPathComponent("\(name).out").path
        keepers[name] = Keeper(
            try ChildProcess(
                executable: "/bin/sh", arguments: ["-c", script, name, executable] + arguments,
                environment: environment, output: output, errors: output))
    }

    /// Returns when it is gone.
    func stop(_ name: String) {
        guard let keeper = keepers.removeValue(forKey: name) else { return }
        keeper.process.cutLifeline()
        while keeper.process.reap() == nil { usleep(10_000) }
    }
}
