import Foundation
import Testing
import Waiting

/// A real sshd of a test's own, on a port of 127.0.0.1, that lets this user in by a key of its own.
final class SSHServer {
    private let workspace: Workspace
    private let daemons = Daemons()
    let port: Int

    static let isPossible = canTest("ssh", "root and openssh-server") {
        geteuid() == 0 && arePrograms("/usr/sbin/sshd", "/usr/bin/ssh", "/usr/bin/ssh-keygen")
    }

    /// Returns when somebody gets in.
    init() throws {
        workspace = try Workspace()
        port = try freePort()
        // sshd confines itself to it, and won't start without.
        try FileManager.default.createDirectory(
            atPath: "/run/sshd", withIntermediateDirectories: true)
        for key in ["host", "user"] {
            let made = try Command(
                Self.underShell + [
                    "/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path(key),
                ], in: workspace.folder, executable: URL(filePath: "/bin/sh")
            ).wait()
            try #require(made.status == 0, "\(made.errors)")
        }
        try workspace.write(
            "sshd_config",
            """
            Port \(port)
            ListenAddress 127.0.0.1
            HostKey \(path("host"))
            AuthorizedKeysFile \(path("user")).pub
            PidFile \(path("sshd.pid"))
            PasswordAuthentication no
            UsePAM no
            StrictModes no

            """)
        try daemons.start(
            "sshd", "/usr/sbin/sshd", ["-D", "-e", "-f", path("sshd_config")],
            in: workspace.folder)
        try eventually {
            try Command(
                Self.underShell + ["/usr/bin/ssh"] + options + ["127.0.0.1", "true"],
                in: workspace.folder, executable: URL(filePath: "/bin/sh")
            ).wait().status == 0
        }
    }

    /// These programs close what they inherit, by which Foundation takes them to have ended, and waits
    /// for nobody else until they have: a shell stays beside them.
    private static let underShell = ["-c", "\"$0\" \"$@\"; exit $?"]

    private func path(_ name: String) -> String {
        workspace.folder.appendingPathComponent(name).path
    }

    /// Of a client that is to get in, each in one word.
    var options: [String] {
        [
            "-oPort=\(port)", "-oIdentityFile=\(path("user"))", "-oIdentitiesOnly=yes",
            "-oUserKnownHostsFile=\(path("known"))", "-oStrictHostKeyChecking=no",
            "-oBatchMode=yes",
        ]
    }
}
