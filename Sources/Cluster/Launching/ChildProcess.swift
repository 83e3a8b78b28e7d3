import Foundation
import Host
import Synchronization

/// A child process that ends with its parent. Its standard input is a pipe that the parent holds open and
/// never writes to: when it reads the pipe's end, the parent is gone. Killed and waited for when this
/// value goes out of scope.
struct ChildProcess: ~Copyable {
    let pid: pid_t
    private var lifeline: CInt?
    private var hasEnded = false

    /// Held while a descriptor is made and marked as not for children, and while a child is started: a child
    /// that is started in between would inherit it.
    private static let spawning = Mutex(())

    /// Starts an executable with these arguments (its name is added) and this process' environment
    /// and standard error. It gets a process group of its own, so that a Ctrl-C at the terminal doesn't
    /// reach it.
    ///
    /// - Parameters:
    ///   - image: the file that is run, if that isn't `executable`.
    ///   - environment: variables in addition to this process' own.
    ///   - output, errors: files that are overwritten; nil: this process' own output and errors.
    init(
        executable: String, image: String? = nil, arguments: [String],
        environment: [String: String] = [:], output: String? = nil, errors: String? = nil
    ) throws(SystemError) {
        let (pid, lifeline) = try Self.spawning.withLock { _ throws(SystemError) in
            let input = try Self.unguardedPipe()
            defer { close(input.reading) }
            do throws(SystemError) {
                let pid = try Self.spawn(
                    image ?? executable, [executable] + arguments, environment,
                    input: input.reading, output: output, errors: errors)
                return (pid, input.writing)
            } catch {
                close(input.writing)
                throw error
            }
        }
        self.pid = pid
        self.lifeline = lifeline
    }

    deinit {
        if let lifeline { close(lifeline) }
        if !hasEnded {
            kill(pid, SIGKILL)
            var status: CInt = 0
            while waitpid(pid, &status, 0) == -1, errno == EINTR {}
        }
    }

    /// Closes the pipe, so that the child takes this process for gone and ends.
    mutating func cutLifeline() {
        if let lifeline { close(lifeline) }
        lifeline = nil
    }

    /// Kills the process and all in its group: those that it has started and that haven't left the group.
    func killGroup() { kill(-pid, SIGKILL) }

    /// How the process ended; nil if it runs. Once it has ended, only the first call says so.
    mutating func reap() -> Ending? {
        guard !hasEnded else { return nil }
        var status: CInt = 0
        guard waitpid(pid, &status, WNOHANG) == pid else { return nil }
        hasEnded = true
        return Ending(waitStatus: status)
    }

    /// A pipe that no child inherits.
    static func pipe() throws(SystemError) -> (reading: CInt, writing: CInt) {
        try spawning.withLock { _ throws(SystemError) in try unguardedPipe() }
    }

    private static func unguardedPipe() throws(SystemError) -> (reading: CInt, writing: CInt) {
        var ends: [CInt] = [0, 0]
        guard Foundation.pipe(&ends) == 0 else { throw SystemError("pipe", code: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    /// - Parameter arguments: the program's own name first.
    private static func spawn(
        _ image: String, _ arguments: [String], _ environment: [String: String], input: CInt,
        output: String?, errors: String?
    ) throws(SystemError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        for case (let file?, let descriptor) in [(output, STDOUT_FILENO), (errors, STDERR_FILENO)] {
            posix_spawn_file_actions_addopen(
                &actions, descriptor, file, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        }

        // The child would inherit this process' blocked signals, and that it ignores SIGPIPE, by which
        // programs are used to end. Other ignored signals, as SIGHUP after `nohup`, stay ignored.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigaddset(&signals, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        closeToChildren()
        let strings = cStrings(arguments)
        let variables = cStrings(
            ProcessInfo.processInfo.environment.merging(environment) { $1 }
                .map { "\($0)=\($1)" })
        defer { for string in strings + variables { free(string) } }
        var pid: pid_t = 0
        let code = posix_spawn(&pid, image, &actions, &attributes, strings, variables)
        guard code == 0 else { throw SystemError("start \(arguments[0])", code: code) }
        return pid
    }

    /// Marks all open descriptors, also those that libraries have opened, as not for children. A child that
    /// inherited them would keep a port taken, or a connection open, after this process has ended. Linear in
    /// the descriptors.
    private static func closeToChildren() {
        let names = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        for descriptor in (names ?? []).compactMap({ CInt($0) }) where descriptor > STDERR_FILENO {
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        }
    }

    /// Copies that the caller must free, with a nil at the end as C wants it.
    private static func cStrings(_ strings: [String]) -> [UnsafeMutablePointer<CChar>?] {
        strings.map { strdup($0) } + [nil]
    }
}

extension ChildProcess {
    enum Ending: Hashable, Sendable, CustomStringConvertible {
        case exited(status: Int32)
        case killed(signal: Int32)
        /// It never ran.
        case unstartable(SystemError)

        /// - Parameter waitStatus: as `waitpid` gives it.
        init(waitStatus: Int32) {
            let signal = waitStatus & 0x7f
            self = signal == 0 ? .exited(status: waitStatus >> 8 & 0xff) : .killed(signal: signal)
        }

        var description: String {
            switch self {
            case .exited(let status): "ended with exit status \(status)"
            case .killed(let signal): "killed by signal \(signal)"
            case .unstartable(let error): "could not be started (\(error))"
            }
        }
    }
}
