import Foundation
import Testing

/// A file system of a few megabytes under a folder of a test's, which the test can fill.
final class SmallDisk {
    /// Kept, as its folder must not go before the disk has.
    private let workspace: Workspace
    private let folder: URL
    private var ballast: URL { folder.appendingPathComponent("ballast") }

    /// Nil where the kernel refuses, which it may anywhere but where every change is tested.
    init?(under name: String, of workspace: Workspace) throws {
        self.workspace = workspace
        folder = workspace.folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let refusal = try Self.run("mount", "-t", "tmpfs", "-o", "size=24m", "none", folder.path)
        guard let refusal else { return }
        try #require(
            ProcessInfo.processInfo.environment["CI"] == nil, "no disk to fill: \(refusal)")
        FileHandle.standardError.write(
            Data("\n*** SKIPPED: a full disk, as none can be mounted: \(refusal)\n\n".utf8))
        return nil
    }

    // Lazily: a process of a test that failed may be at home there still.
    deinit { _ = try? Self.run("umount", "-l", folder.path) }

    /// Takes all the room there is.
    func fill() throws {
        let descriptor = open(ballast.path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        let block = [UInt8](repeating: 0, count: 4096)
        while write(descriptor, block, block.count) > 0 {}
        try #require(errno == ENOSPC)
    }

    /// Nobody can write to it any more, not even root.
    func forbidWriting() throws {
        #expect(try Self.run("mount", "-o", "remount,ro", folder.path) == nil)
    }

    func makeRoom() throws { try FileManager.default.removeItem(at: ballast) }

    /// What the program complained of; nil if it did as it was told.
    private static func run(_ program: String, _ arguments: String...) throws -> String? {
        let process = Process()
        let errors = Pipe()
        process.executableURL = URL(filePath: "/bin/\(program)")
        process.arguments = arguments
        process.standardError = errors
        try process.run()
        let complaint = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return process.terminationStatus == 0 ? nil : String(decoding: complaint, as: UTF8.self)
    }
}
