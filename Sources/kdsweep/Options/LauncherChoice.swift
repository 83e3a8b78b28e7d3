import ArgumentParser
import Foundation

/// Where workers are to come from, and how many at most: `slurm:max=20`, `./pbs:max=4`.
struct LauncherChoice: Hashable {
    /// One of kdsweep's own, or a path.
    let name: String
    let maximum: Int

    /// - Throws: `ValidationError` that says what would be right.
    init(_ argument: String) throws {
        let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count >= 2, let last = parts.last, last.hasPrefix("max="),
            let maximum = Int(last.dropFirst("max=".count)), 1...1_000_000 ~= maximum,
            !parts[0].isEmpty
        else {
            let name = parts.first.flatMap { $0.isEmpty ? nil : String($0) } ?? "slurm"
            let count = parts.count > 1 ? parts.last.flatMap { Int($0) } ?? 20 : 20
            throw ValidationError(
                "--launch \(argument): give a launcher and how many workers it may start at once, as "
                    + "\(name):max=\(max(1, min(count, 1_000_000)))")
        }
        name = parts.dropLast().joined(separator: ":")
        self.maximum = maximum
    }

    /// The executable's path. kdsweep's own launchers are in `libexec` beside an installed kdsweep, and in
    /// `cluster` above one that was built in a clone.
    ///
    /// - Parameter executable: kdsweep's own path.
    /// - Throws: `Refusal` that names the launchers that there are.
    func executable(besides executable: String) throws -> String {
        if name.contains("/") {
            let path = URL(filePath: name).standardizedFileURL.path
            guard FileManager.default.isExecutableFile(atPath: path) else {
                throw Refusal("--launch \(name): \(path) is no executable file")
            }
            return path
        }
        var known: Set<String> = []
        var folder = URL(filePath: executable)
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            for place in ["libexec/kdsweep/launchers", "cluster/launchers"] {
                let launchers = folder.appending(path: place)
                let path = launchers.appending(path: name).path
                if FileManager.default.isExecutableFile(atPath: path) { return path }
                let names = try? FileManager.default.contentsOfDirectory(atPath: launchers.path)
                known.formUnion(names ?? [])
            }
        }
        let list = known.isEmpty ? "none was installed" : known.sorted().joined(separator: ", ")
        throw Refusal(
            "--launch \(name): there is no such launcher (\(list)); one of your own is given by its "
                + "path, as ./\(name)")
    }
}

extension LauncherChoice {
    /// What a shell offers as completions. For zsh a colon is escaped, since it would begin the word's
    /// description.
    static var examples: CompletionKind {
        let words = ["slurm:max=4", "ssh:max=4"]
        guard CompletionShell.requesting == .zsh else { return .list(words) }
        return .list(words.map { $0.replacing(":", with: "\\:") })
    }
}
