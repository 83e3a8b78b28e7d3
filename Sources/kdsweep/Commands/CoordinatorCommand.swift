import ArgumentParser
import Cluster
import Foundation
import Results

struct CoordinatorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coordinator",
        abstract: "Runs a sweep with workers that come from other machines; run again, it resumes.",
        discussion: """
            Listens on TCP, where every connection is encrypted, and writes an access file that only \
            you can read into $KDSWEEP_HOME/access (default: ~/.kdsweep/access). A worker needs that file \
            to be let in; the command that starts one is printed. A coordinator that is killed and started \
            again goes on with the workers that wait for it. It ends when every cell has ended, like \
            `kdsweep run`.

            With --launch it starts its workers itself, as many as the work left is worth, and stops them \
            all when it ends. LAUNCHER is slurm, ssh, or the path of your own; cluster/README.md says what \
            they take and do.

            Examples:
              kdsweep coordinator sweeps/digits.yaml --listen 'tcp://*:5555'
              kdsweep coordinator large.yaml --launch slurm:max=20 --launch-option --mem=4G
              kdsweep coordinator large.yaml --launch ssh:max=8 --launch-option --hosts=hosts.txt
            """)

    @Option(
        help: ArgumentHelp(
            "tcp://*:PORT, tcp://[::]:PORT for IPv6 too, or tcp://ADDRESS:PORT for one of this "
                + "machine's; port * is a free one.")
    )
    var listen = "tcp://*:*"

    @Option(
        help: ArgumentHelp(
            "What starts and stops workers, and how many at once.",
            valueName: "launcher:max=N"),
        completion: LauncherChoice.examples, transform: LauncherChoice.init)
    var launch: LauncherChoice?

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "An option for the launcher, as --partition=short for slurm; may come more than once.",
            valueName: "option"))
    var launchOption: [String] = []

    @OptionGroup var options: RunOptions

    func validate() throws {
        guard launch != nil || launchOption.isEmpty else {
            throw ValidationError("--launch-option needs a launcher: give one with --launch")
        }
    }

    func run() throws {
        let address = try Refusal.unless { try ListeningAddress(listen) }
        let launcher = try launch?.executable(besides: executablePath())
        let undertaking = try Undertaking(options)
        let kept = try Refusal.unless { try Identity(keptIn: undertaking.folder.identity) }
        if let kept { try? removeAccess(of: kept, for: undertaking) }
        // Also if the sweep is complete: workers that wait for an earlier coordinator are told to go.
        if !undertaking.isDone || kept != nil {
            let endpoint = try Refusal.unless { try address.endpoint(usual: kept?.port) }
            raiseDescriptorLimit()
            let identity = try kept ?? Identity()
            defer { try? removeAccess(of: identity, for: undertaking) }
            try undertaking.compute(
                endpoint: endpoint, identity: identity,
                launch: try launcher.map { try launch(of: $0, as: identity, for: undertaking) },
                reunion: kept == nil ? .zero : Self.reunion
            ) { endpoint in
                try announce(endpoint, at: address, as: identity, for: undertaking)
            }
            try FileManager.default.removeItem(at: undertaking.folder.identity)
        }
        try undertaking.report()
    }

    /// Tells workers where the coordinator is. The files are written first, so that the command that is
    /// then printed works at once.
    private func announce(
        _ endpoint: String, at address: ListeningAddress, as identity: Identity,
        for undertaking: Undertaking
    ) throws {
        guard let port = endpoint.split(separator: ":").last.flatMap({ Int($0) }) else {
            preconditionFailure("\(endpoint) ends with a port")
        }
        var identity = identity
        identity.port = port
        let file = AccessFolder().file(for: identity, sweep: undertaking.sweep.name)
        try Refusal.unless {
            try identity.keep(in: undertaking.folder.identity)
            try AccessFile(
                identity: identity, sweep: undertaking.sweep.name, hosts: address.hosts, port: port
            ).write(to: file)
        }
        let command = [try executablePath(), WorkerCommand.configuration.commandName!]
        Console.shared.line(
            """
            listening on \(endpoint); a worker is started, here or elsewhere, with
              \((command + ["--access", file.path]).map(shellQuoted).joined(separator: " "))
            (a machine that doesn't share this home folder needs a copy of the file, which is a key)
            """)
    }

    /// - Parameter launcher: its executable.
    private func launch(
        of launcher: String, as identity: Identity, for undertaking: Undertaking
    ) throws -> Launch {
        guard let launch else { preconditionFailure("a launcher was chosen") }
        let access = AccessFolder().file(for: identity, sweep: undertaking.sweep.name)
        return Launch(
            name: launch.name, executable: launcher, options: launchOption,
            run: identity.run(of: undertaking.sweep.name),
            command: [
                try executablePath(), WorkerCommand.configuration.commandName!, "--access",
                access.path, "--idle-timeout", Self.launchedIdleTimeout, "--log-level",
                options.logging.logLevel.rawValue,
            ],
            access: access, folder: undertaking.folder.workers.absoluteURL,
            threads: options.basis.threads, growth: .init(maximum: launch.maximum))
    }

    /// After so long launched workers end by themselves if their coordinator is gone for good.
    private static let launchedIdleTimeout = "10m"

    private func removeAccess(of identity: Identity, for undertaking: Undertaking) throws {
        try FileManager.default.removeItem(
            at: AccessFolder().file(for: identity, sweep: undertaking.sweep.name))
    }

    /// Each connection takes a descriptor, also a stranger's. The usual limit of 1024 is too low for many
    /// workers, and a process may raise it by itself.
    private func raiseDescriptorLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    /// Longer than a waiting worker takes until it tries again.
    private static let reunion = Duration.seconds(2)
}

extension ResultsFolder {
    /// The file with the coordinator's keys, which is there until the run is complete.
    var identity: URL { url.appending(path: ".coordinator.json") }
    /// The folder with the launched workers' output.
    var workers: URL { url.appending(path: "workers") }
}

/// A word for a shell, quoted only where it needs to be.
private func shellQuoted(_ word: String) -> String {
    let isPlain = word.allSatisfy {
        $0.isASCII && ($0.isLetter || $0.isNumber || "/._-+=:,@".contains($0))
    }
    return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
}
