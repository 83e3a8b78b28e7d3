import Foundation
import Testing
import Waiting

/// The dashboard in a real browser, during real runs.
@Suite(.ownThread, .serialized, .enabled(if: Browser.canRun))
struct BrowserTests {
    private let workspace: Workspace
    private let browser: Browser

    init() throws {
        workspace = try Workspace()
        browser = try Browser()
        try workspace.write("sweep.yaml", fortyTasks)
    }

    private func start(_ arguments: String...) throws -> (command: Command, url: String) {
        let command = try Command(
            arguments + ["--dashboard", "127.0.0.1:0"], in: workspace.folder)
        return (command, try address(of: command))
    }

    /// Of its page, as it is printed.
    private func address(of command: Command) throws -> String {
        var url: Substring?
        try eventually {
            let hasEnded = !isRunning(command.pid)
            url = command.errorsSoFar.split(separator: "\n").first { $0.hasPrefix("dashboard: ") }
            return url != nil || hasEnded
        }
        return String(try #require(url, "\(command.errorsSoFar)").dropFirst("dashboard: ".count))
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
        // A run doesn't wait long for its last drawing, so on a busy machine this may be all there is: some figure,
        // which one depends on the cells that came first.
        try eventually { try browser.text("#figures figcaption").contains("sweep") }
        try browser.takePictures(of: "run")
        brake.release()
        #expect(try command.wait().status == 0)
        try eventually {
            try browser.text("#state") == "Finished; the results are in results/sweep"
        }
        #expect(try browser.text("#progress-text").contains("100.0 %"))
        #expect(try browser.text("#figures figcaption").contains("sweep"))
        #expect(try browser.value(Audit.crowdedTexts) as? [String] == [])
        try browser.takePictures(of: "end")
        #expect(browser.complaints == [])
        let origin = url.prefix { $0 != "?" }
        #expect(!browser.requests.isEmpty)
        #expect(
            browser.requests.allSatisfy { $0.hasPrefix(origin) || $0.hasPrefix("data:") },
            "\(browser.requests)")
    }

    @Test("Seeds by precision: how many cells are expected, and how many certain")
    func expected() throws {
        try workspace.write("sweep.yaml", TroubledSweep.precise.text)
        let (command, url) = try start("run", "sweep.yaml", "--workers", "2")
        try eventually { command.workers.count == 2 }
        let brake = Brake(command.workers)
        defer { brake.release() }
        try browser.visit(url)
        var text = ""
        try eventually(within: .seconds(60)) {
            text = try browser.text("#progress-text")
            return text.contains("are certain")
        }
        #expect(
            text.wholeMatch(
                of: #/[\d,]+ of some [\d,]+ cells stored, [\d.]+ %; [\d,]+ are certain/#) != nil,
            "\(text)")
        try eventually { try browser.text("#numbers").contains("expected") }
        try browser.takePictures(of: "expected")
        command.signal(SIGINT)
        brake.release()
        _ = try command.wait()
        #expect(browser.complaints == [])
    }

    @Test("A task that failed, with its reason")
    func failure() throws {
        let (command, url) = try start(
            "run", "sweep.yaml", "--workers", "2", "--crash-limit", "1")
        try eventually { command.workers.count == 2 }
        let pid = command.pid
        let brake = Brake { isRunning(pid) ? Command.workers(of: pid) : nil }
        defer { brake.release() }
        try browser.visit(url)
        try eventually { try browser.text("#workers").contains("task ") }
        #expect(try browser.text("#failures-text") == "No task has failed.")
        while try browser.text("#failures-text") == "No task has failed." {
            var victim: pid_t?
            // Whoever is at no task takes none along.
            try eventually {
                let rows = try browser.value(
                    "[...document.querySelectorAll('#workers tr')].map((row) => row.innerText)")
                let busy = (rows as? [String] ?? []).filter { $0.contains("task ") }
                victim = command.workers.first { pid in busy.contains { $0.contains(":\(pid)") } }
                return victim != nil
            }
            let pid = try #require(victim)
            kill(pid, SIGKILL)
            try eventually { try browser.text("#gone").contains(":\(pid)") }
        }
        #expect(try browser.text("#failures-text").hasSuffix(" failed."))
        let failures = try browser.text("#failures")
        #expect(failures.contains("crashed 1 worker; the last: killed by signal 9"), "\(failures)")
        // Whichever of them was killed, of either width.
        #expect(failures.contains(#/width (48|inf), depth 2, seed /#), "\(failures)")
        #expect(try browser.text("#news").contains("failed"))
        #expect(try browser.value("document.querySelector('#failures caption').innerText") != nil)
        try browser.takePictures(of: "failure")
        brake.release()
        #expect(try command.wait().status == 1)
        try eventually { try browser.text("#state").hasPrefix("Finished") }
        #expect(browser.complaints == [])
    }

    @Test("A wrong token is refused with what would be right, and shows nothing")
    func token() throws {
        let (command, url) = try start("run", "sweep.yaml", "--workers", "1")
        for wrong in [String(url.prefix { $0 != "?" }), url + "0", String(url.dropLast())] {
            #expect(try browser.visit(wrong) == 403)
            let text = try browser.text("body")
            #expect(text.contains("has a new one") && !text.contains("sweep"), "\(text)")
        }
        #expect(try command.wait().status == 0)
    }

    @Test("A run that is killed, and the next at the same address")
    func lost() throws {
        let port = try freePort()
        func start() throws -> (command: Command, url: String) {
            let arguments = ["run", "sweep.yaml", "--workers", "1", "--dashboard", "\(port)"]
            let command = try Command(arguments, in: workspace.folder)
            return (command, try address(of: command))
        }
        let (first, url) = try start()
        let held = first.pid
        let brake = Brake { isRunning(held) ? Command.workers(of: held) : nil }
        defer { brake.release() }
        try browser.visit(url)
        try eventually { try browser.text("#state") == "Running" }
        first.signal(SIGKILL)
        try eventually { try browser.text("#state").hasPrefix("The run doesn't answer") }
        let (second, _) = try start()
        let pid = second.pid
        let other = Brake { isRunning(pid) ? Command.workers(of: pid) : nil }
        defer { other.release() }
        try eventually { try browser.text("#state").hasPrefix("Another run answers here") }
        other.release()
        #expect(try second.wait().status == 0)
    }

    /// A page with everything that it can show.
    /// A dashboard with something of everything.
    private func exhibit() throws -> (process: Command, url: String) {
        let process = try Command(
            [], in: workspace.folder,
            executable: Command.executable.deletingLastPathComponent().appending(path: "Exhibit"))
        try eventually { process.errorsSoFar.hasSuffix("\n") }
        let url = process.errorsSoFar.dropFirst("dashboard: ".count).dropLast()
        return (process, String(url))
    }

    @Test("Figures are drawn, with a table of their values, and stay as a reader left them")
    func figures() throws {
        let monitor = try exhibit()
        try browser.visit(monitor.url)
        try eventually {
            try browser.value("document.querySelectorAll('figure').length") as? Int == 4
        }
        #expect(
            try browser.value("document.querySelectorAll('figure svg[role=img]').length") as? Int
                == 7)
        #expect(
            try browser.value(
                "document.querySelectorAll('#figure-student-error [stroke-dasharray]').length")
                as? Int == 15 + 2, "15 limits, and a teacher in two panels")
        let radii = try browser.value(
            "[...document.querySelectorAll('#figure-student-error svg[role=img]')[0]"
                + ".querySelectorAll('circle')].map((ring) => ring.getAttribute('r'))")
        #expect(radii as? [String] == ["7.5", "10.5"], "rings at one place hide none")
        #expect(
            try browser.value("document.querySelectorAll('#figure-student-error .hollow').length")
                as? Int == 15)
        #expect(
            try browser.text("#figure-student-error .legend").contains(
                "dashed: m = ∞; dotted: teacher; ringed: the best; shaded: one standard error; "
                    + "hollow: seeds are missing"))
        let heights = try browser.value(
            "[...document.querySelectorAll('#figure-map svg[role=img]')[0]"
                + ".querySelectorAll('rect')].map((box) => Math.round(box.getAttribute('height')))"
                + ".filter((_, i) => i % 11 === 0)")
        #expect(
            try browser.value("document.querySelectorAll('#figure-map circle.best').length")
                as? Int == 10, "one in each row of both panels")
        #expect(heights as? [Int] == [21, 21, 32, 64, 85], "as far apart as 0, 0.25, 0.5, 1 and 2")
        #expect(
            try browser.value("document.querySelectorAll('#figure-map rect.missing').length")
                as? Int == 2)
        #expect(try browser.value(Audit.crowdedTexts) as? [String] == [])
        try browser.takePictures(of: "figures")

        try browser.value("document.querySelector('#figure-map summary').focus()")
        try browser.press("Enter")
        #expect(
            try browser.value("document.querySelector('#figure-map details').open") as? Bool == true
        )
        #expect(try browser.text("#figure-map table").contains("0.15"))
        try browser.resize(width: 1280, isDark: true)
        #expect(
            try browser.value("document.querySelector('#figure-map details').open") as? Bool == true
        )
        #expect(try browser.value("document.activeElement.tagName") as? String == "SUMMARY")
        #expect(browser.complaints == [])
    }

    @Test("At every width, in light and dark: nothing sticks out, and every text can be read")
    func appearance() throws {
        let monitor = try exhibit()
        for width in [320, 390, 768, 1280] {
            for isDark in [false, true] {
                try browser.resize(width: width, isDark: isDark)
                try browser.visit(monitor.url)
                try eventually {
                    try browser.value("document.querySelectorAll('figure').length") as? Int == 4
                }
                try browser.value(
                    "document.querySelectorAll('details').forEach((d) => d.open = true)")
                #expect(try browser.value(Audit.overhang) as? Int == 0, "\(width)")
                #expect(try browser.value(Audit.paleTexts) as? [String] == [], "\(width) \(isDark)")
            }
        }
        try browser.takePictures(of: "everything")
    }

    @Test("With a keyboard and a screen reader")
    func access() throws {
        let monitor = try exhibit()
        try browser.visit(monitor.url)
        try eventually {
            try browser.value("document.querySelectorAll('figure').length") as? Int == 4
        }
        let nodes = try browser.accessibleNodes()
        func names(_ role: String) -> [String] { nodes.filter { $0.role == role }.map(\.name) }
        #expect(names("banner").count == 1 && names("main").count == 1)
        #expect(names("contentinfo").count == 1)
        #expect(names("region") == ["Progress", "Failures", "Workers", "Figures so far"])
        #expect(names("progressbar").count == 1 && names("progressbar")[0].contains("cells stored"))
        #expect(
            names("table") == [
                "Tasks that failed; a new run tries them again", "1 worker is there",
                "Workers that are gone",
            ])
        #expect(names("columnheader").contains("Last heard"))
        #expect(names("rowheader").contains("head:4711"))
        #expect(names("image").count == 7)
        for role in ["image", "link", "heading", "columnheader", "rowheader", "DisclosureTriangle"]
        {
            #expect(!names(role).isEmpty && !names(role).contains(""), "\(role)")
        }

        var stops: [String] = []
        for _ in 0..<6 {
            try browser.press("Tab")
            stops.append(try browser.value("document.activeElement.innerText") as? String ?? "")
            let outline = try browser.value("getComputedStyle(document.activeElement).outlineStyle")
            #expect(outline as? String == "solid")
        }
        #expect(stops.first == "Skip to the content")
        #expect(stops.last == "Metrics for Prometheus", "\(stops)")
        #expect(stops.dropFirst().dropLast().allSatisfy { $0.hasPrefix("Values of “") })
    }
}
