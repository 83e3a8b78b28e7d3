import Foundation
import Testing
import Waiting

/// What `kdsweep report` writes.
@Suite(.ownThread) struct ReportTests {
    private let workspace: Workspace

    init() throws { workspace = try Workspace() }

    private static let small = """
        task: {kind: gaussian-mixture, dimension: 4, components: 6, spread: 0.6, separation: 1.5, seed: 3}
        oracle_samples: 64
        test_samples: 200
        grid:
          width: [16, inf]
          sample_size: [16, 48]
          soft_ratio: [0, 0.5, 1]
          teacher_noise: [0, 1]
          ridge: 1e-6
          seed: {at_least: 3, at_most: 5, precision: {student_error: 0.0001}}
        """

    private func report(_ name: String) throws -> String {
        let result = try workspace.run("report", name)
        try #require(result.status == 0, "\(result.errors)")
        #expect(result.output == "\(name)/report.html\n")
        return try workspace.read("\(name)/report.html")
    }

    /// A results folder that an older build has left, with cells that are singular and cells that failed.
    private func olderFolder() throws {
        let folder = workspace.folder.appendingPathComponent("results/older")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            at: fixture("version-2.sqlite"), to: folder.appendingPathComponent("sweep.sqlite"))
    }

    @Test("The question, the answer, the figures, what went wrong and how it was computed")
    func contents() throws {
        try workspace.write("small.yaml", Self.small)
        #expect(try workspace.run("run", "small.yaml").status == 0)
        let text = try report("results/small")
        for words in [
            "<title>small</title>", "Complete: all 120 cells have a result",
            "two classes in 4 dimensions: 6 Gaussian components",
            "<th scope=\"row\" class=\"prose\">soft ratio ρ</th><td class=\"prose\">0.0, 0.5, 1.0</td>",
            "standard errors of student_error at most 0.0001",
            "Which soft ratio has the least student error?",
            "Seeds: 5; in 2 of 2 families these are all that there may be, and not enough",
            "Nothing: every cell is ok.", "1 machine", "OpenBLAS",
            "at_most: 5, precision: {student_error: 0.0001}",
        ] { #expect(text.contains(words), "\(words)") }
        let version = try workspace.run("--version").output.dropFirst("kdsweep ".count).dropLast()
        #expect(text.contains("<dt>Build</dt><dd>kdsweep \(version)</dd>"), "\(version)")
        // The best table is that of `kdsweep best`.
        let best = CSVTable(try workspace.read("results/small/best.csv")).rows
        #expect(
            text.components(separatedBy: "<tr><th scope=\"row\" class=\"number\">").count == best
                .count + 1)
        // One file: nothing is fetched, and every script and style is admitted by name.
        for word in ["http://", "https://", "src=", "@import", "url("] {
            #expect(
                !text.replacing("http://www.w3.org/2000/svg", with: "").contains(word), "\(word)")
        }
    }

    @Test("A store that an older build left: what failed, with its reason, and what isn't known")
    func failures() throws {
        try olderFolder()
        let text = try report("results/older")
        for words in [
            "24 of 96 cells have failed", "Of 96 cells 48 ok, 24 singular, 24 failed.",
            "Cells that failed; a new run tries them again", "largest worker has",
            "<dt>Build</dt><dd>not known</dd>",
        ] { #expect(text.contains(words), "\(words)") }
    }

    @Test("Beside a run it says how far that is; of an unfinished one too")
    func unfinished() throws {
        try workspace.write("sweep.yaml", fortyTasks)
        let command = try Command(["run", "sweep.yaml", "--workers", "2"], in: workspace.folder)
        try eventually { command.workers.count == 2 }
        let brake = Brake(command.workers)
        defer { brake.release() }
        let results = workspace.folder.appendingPathComponent("results/sweep")
        try eventually { StoredTasks.count(results) >= 4 }
        let during = try report("results/sweep")
        #expect(
            during.contains(#/Unfinished: \d+ of 1,440 cells have a result/#)
                && during.contains("without a result"))
        command.signal(SIGINT)
        brake.release()
        _ = try command.wait()
        #expect(try report("results/sweep").contains("data-state=\"interrupted\""))
    }

    @Test(
        "A folder without results, and a file that can't be written: refused, with what would be right"
    )
    func refusals() throws {
        let none = try workspace.run("report", "nowhere")
        #expect(none.status == 2 && none.errors.contains("nowhere"), "\(none.errors)")
        try olderFolder()
        let unwritable = try workspace.run(
            "report", "results/older", "--output", "no/such/folder/x.html")
        #expect(unwritable.status == 2, "\(unwritable.errors)")
        #expect(unwritable.errors.contains("no/such/folder/x.html"), "\(unwritable.errors)")
        let elsewhere = try workspace.run("report", "results/older", "--output", "mine.html")
        #expect(elsewhere.status == 0 && elsewhere.output == "mine.html\n")
        #expect(!workspace.exists("results/older/report.html"))
    }

    @Test(
        "In a browser, at two widths, in light and dark, and on paper: all is there and can be read",
        .enabled(if: Browser.canRun))
    func browser() throws {
        try workspace.write("small.yaml", Self.small)
        #expect(try workspace.run("run", "small.yaml").status == 0)
        try olderFolder()
        let browser = try Browser()
        for name in ["small", "older"] {
            _ = try report("results/\(name)")
            let url = workspace.folder.appendingPathComponent("results/\(name)/report.html")
                .absoluteString
            for width in [390, 1280] {
                for isDark in [false, true] {
                    try browser.resize(width: width, isDark: isDark)
                    try browser.visit(url)
                    let figures = try browser.value("drawn.figures.length") as? Int
                    #expect(
                        try browser.value("document.querySelectorAll('figure').length") as? Int
                            == figures && figures! > 1)
                    #expect(try browser.value(Audit.overhang) as? Int == 0, "\(name) \(width)")
                    #expect(
                        try browser.value(Audit.paleTexts) as? [String] == [],
                        "\(name) \(width) \(isDark)")
                }
            }
            try browser.takePictures(of: "report-\(name)")
            #expect(try browser.text("h1") == name)
            let regions = try browser.accessibleNodes().filter { $0.role == "region" }.map(\.name)
            for title in ["The question", "The answer", "Figures", "What went wrong"] {
                #expect(regions.contains(title), "\(regions)")
            }
            // A page on paper is light, and the figures are drawn anew for it.
            try browser.resize(width: 1280, isDark: true)
            try browser.value(
                "addEventListener('beforeprint', () => { window.wasDark = isDark() })")
            let pdf = String(decoding: try browser.print(as: "report-\(name)"), as: UTF8.self)
            #expect(pdf.hasPrefix("%PDF-"))
            let pages = pdf.matches(of: #/\/Type\s*\/Page\b/#).count
            #expect(2...12 ~= pages, "\(pages)")
            #expect(try browser.value("window.wasDark") as? Bool == false)
            #expect(try browser.value("isDark()") as? Bool == true)
        }
        let foreign = browser.requests.filter {
            !$0.hasPrefix("file:") && !$0.hasPrefix("data:") && $0 != "about:blank"
        }
        #expect(foreign == [] && browser.complaints == [])
    }
}
