import Dashboard
import Figures
import Foundation
import Testing

/// The dashboard in a real browser, during real runs.
@Suite(.ownThread, .serialized)
struct BrowserTests {
    private let workspace: Workspace
    private let browser: Browser

    init() throws {
        workspace = try Workspace()
        browser = try Browser()
        try workspace.write("sweep.yaml", fortyTasks)
    }

    /// Where those who want to look at it find it: `KDSWEEP_SCREENSHOTS`, or nowhere.
    private func takePictures(of name: String) throws {
        guard let folder = ProcessInfo.processInfo.environment["KDSWEEP_SCREENSHOTS"] else {
            return
        }
        for width in [390, 1280] {
            for isDark in [false, true] {
                try browser.resize(width: width, isDark: isDark)
                usleep(300_000)
                try browser.screenshot(
                    to: URL(filePath: folder).appending(
                        path: "\(name)-\(width)-\(isDark ? "dark" : "light").png"))
            }
        }
        try browser.resize(width: 1280)
    }

    private func start(_ arguments: String...) throws -> (command: Command, url: String) {
        let command = try Command(
            arguments + ["--dashboard", "127.0.0.1:0"], in: workspace.folder)
        var url: Substring?
        try eventually {
            url = command.errorsSoFar.split(separator: "\n").first { $0.hasPrefix("dashboard: ") }
            return url != nil
        }
        return (command, String(try #require(url).dropFirst("dashboard: ".count)))
    }

    @Test("A run's life: progress, a killed worker, the end")
    func aRunsLife() throws {
        let (command, url) = try start("run", "sweep.yaml", "--workers", "2")
        try eventually { command.workers.count == 2 }
        let pid = command.pid
        let brake = Brake { isRunning(pid) ? Command.workers(of: pid) : nil }
        defer { brake.release() }
        #expect(try browser.visit(url) == 200)
        try eventually { try browser.text("#state") == "Running" }
        #expect(try browser.text("h1") == "sweep")
        // It changes by itself.
        let first = try browser.text("#progress-text")
        #expect(first.hasSuffix("%"), "\(first)")
        try eventually { try browser.text("#progress-text") != first }
        for worker in command.workers {
            try eventually { try browser.text("#workers").contains(":\(worker)") }
        }
        try eventually { try browser.text("#workers").contains(", depth 2, seed ") }

        let victim = try #require(command.workers.first)
        kill(victim, SIGKILL)
        try eventually {
            let gone = try browser.text("#gone")
            return gone.contains(":\(victim)") && gone.contains("killed by signal 9")
        }
        try takePictures(of: "run")
        brake.release()
        #expect(try command.wait().status == 0)
        try eventually {
            try browser.text("#state") == "Finished; the results are in results/sweep"
        }
        #expect(try browser.text("#progress-text").contains("100.0 %"))
        #expect(browser.complaints == [])
        let origin = url.prefix { $0 != "?" }
        #expect(!browser.requests.isEmpty)
        #expect(
            browser.requests.allSatisfy { $0.hasPrefix(origin) || $0.hasPrefix("data:") },
            "\(browser.requests)")
    }
}
