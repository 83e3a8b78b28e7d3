import Foundation
import Testing
import Waiting

/// `kdsweep plot` as a user meets it.
struct PlotTests {
    private static let sweep = """
        task: {kind: gaussian-mixture, dimension: 2, components: 4, spread: 0.4, separation: 1}
        oracle_samples: 64
        test_samples: 100
        grid:
          width: [64, infinite]
          sample_size: [8, 16, 32]
          soft_ratio: [0, 0.5, 1]
          teacher_noise: [0, 1]
          seed: [0, 1]
        """

    private func ran(_ text: String = sweep) throws -> Workspace {
        let workspace = try Workspace()
        try workspace.write("small.yaml", text)
        try #require(try workspace.run("run", "small.yaml").status == 0)
        return workspace
    }

    @Test("A results folder alone gives its figures")
    func standard() throws {
        let workspace = try ran()
        // Moved, without the sweep file and the CSVs.
        let (old, new) = ("results/small", "elsewhere")
        try FileManager.default.moveItem(
            at: workspace.folder.appending(path: old), to: workspace.folder.appending(path: new))
        for name in ["small.yaml", "elsewhere/cells.csv", "elsewhere/summary.csv"] {
            try FileManager.default.removeItem(at: workspace.folder.appending(path: name))
        }
        let plot = try workspace.run("plot", "elsewhere")
        #expect(plot.status == 0, "\(plot.errors)")
        let names = [
            "student-error", "transfer-risk", "data-inefficiency", "best-soft-ratio", "risk-bounds",
            "width", "teacher-noise", "error-map",
        ]
        #expect(
            plot.output
                == names.map { "elsewhere/figures/\($0).svg\n" }.joined())
        #expect(
            plot.errors
                == "8 figures, each as .svg, .pdf and .png; restyle with its .gp and .dat\n")
        for name in names {
            for ending in ["svg", "pdf", "png", "gp", "dat"] {
                #expect(workspace.exists("elsewhere/figures/\(name).\(ending)"))
            }
        }
        #expect(try workspace.run("plot", "elsewhere").status == 0, "again, over the old ones")
    }

    @Test("Any other figure is drawn as it is asked for")
    func custom() throws {
        let workspace = try ran()
        let plot = try workspace.run(
            "plot", "results/small", "--x", "width", "--y", "weight_norm", "--lines", "sample_size",
            "--panels", "none", "--at", "soft_ratio=0.5", "--at", "sample_size=8,32", "--output",
            "pictures", "--name", "norms")
        #expect(plot.status == 0, "\(plot.errors)")
        #expect(plot.output == "pictures/norms.svg\n")
        let data = try workspace.read("pictures/norms.dat")
        #expect(data.contains("# Weight norm |Δ| against width\n"))
        #expect(data.contains("\n# sample size n = 32, m = ∞:\n"))
        #expect(!data.contains("sample size n = 16"))
        let summary = try CSVTable(workspace.read("results/small/summary.csv"))
        let row = try #require(
            summary.rows.first {
                $0["width"] == "64" && $0["sample_size"] == "32" && $0["soft_ratio"] == "0.5"
                    && $0["teacher_noise"] == "0.0"
            })
        #expect(
            data.contains("\n64.0 \(row["weight_norm_mean"]!) \(row["weight_norm_sem"]!) 0 0\n"),
            "\(data)")
    }

    @Test("What is chosen has files of its own; a changed script stays until --force")
    func chosen() throws {
        let workspace = try ran()
        func plot(_ arguments: String...) throws -> Command.Result {
            let plot = try Command(["plot"] + arguments, in: workspace.folder).wait()
            #expect(plot.status == 0, "\(plot.errors)")
            return plot
        }
        _ = try plot("small")
        let figures = "results/small/figures"
        let usual = try workspace.read("\(figures)/width.svg")
        let paper = try plot(
            "small", "--at", "teacher_noise=1", "--width", "139.7mm", "--bare", "--log", "y",
            "--format",
            "svg,pdf")
        let name = "\(figures)/width-at-teacher_noise-1-log-y-139.7mm-bare"
        #expect(paper.output.contains("\(name).svg\n"), "\(paper.output)")
        #expect(paper.errors.hasSuffix("each as .svg and .pdf; restyle with its .gp and .dat\n"))
        #expect(workspace.exists("\(name).pdf") && !workspace.exists("\(name).png"))
        #expect(
            try workspace.read("\(name).txt").hasPrefix("Student error against width\n\nsmall: "))
        #expect(try workspace.read("\(name).svg").contains("width=\"528\""))
        #expect(try workspace.read("\(figures)/width.svg") == usual)

        let script = try workspace.read("\(figures)/width.gp")
        let mine = script.replacing("#333333", with: "#000080")
        try workspace.write("\(figures)/width.gp", mine)
        let kept = try plot("small")
        #expect(
            kept.errors.hasSuffix(
                "kept and drawn by, since they were changed: width.gp; --force replaces them\n"))
        #expect(try workspace.read("\(figures)/width.gp") == mine)
        #expect(try workspace.read("\(figures)/width.svg") != usual)
        #expect(try !plot("small", "--force").errors.contains("kept"))
        #expect(try workspace.read("\(figures)/width.gp") == script)
        #expect(try workspace.read("\(figures)/width.svg") == usual)
    }

    @Test("A name is looked for among the results; a folder of that name without any isn't taken")
    func named() throws {
        let workspace = try ran()
        for isThere in [false, true] {
            if isThere {
                try FileManager.default.createDirectory(
                    at: workspace.folder.appending(path: "small"),
                    withIntermediateDirectories: false)
            }
            #expect(
                try workspace.run("plot", "small", "--x", "width").output.hasPrefix(
                    "results/small/"))
            #expect(
                try workspace.run("export", "small").output.hasPrefix("results/small/cells.csv\n"))
            let status = try workspace.run("status", "small")
            #expect(status.status == 0 && status.output.contains("small"), "\(status.errors)")
        }
        for command in ["plot", "export", "status"] {
            let refused = try workspace.run(command, "smaller")
            #expect(refused.status == 2 && refused.errors.contains("smaller"), "\(refused.errors)")
        }
    }

    @Test("A full disk behind standard output is said, and is no success")
    func fullOutput() throws {
        let workspace = try ran()
        let plot = try Command(
            ["-c", "\"$KDSWEEP\" plot results/small > /dev/full"], in: workspace.folder,
            executable: URL(filePath: "/bin/sh"), environment: ["KDSWEEP": Command.executable.path]
        ).wait()
        #expect(plot.status == 1)
        #expect(plot.errors.contains("standard output can't be written: No space left on device"))
    }

    @Test("What is stored of a killed run is drawn, and said to be a part")
    func incomplete() throws {
        let workspace = try Workspace()
        try workspace.write(
            "small.yaml",
            Self.sweep.replacing("seed: [0, 1]", with: "seed: {from: 0, to: 999, count: 1000}")
                .replacing("oracle_samples: 64", with: "oracle_samples: 400"))
        let run = try Command(["run", "small.yaml"], in: workspace.folder)
        // Of the first width, many seeds; the second one comes after the thousandth.
        try eventually {
            try run.status != nil
                || (workspace.exists("results/small/.status.json")
                    && Int(
                        #require(
                            workspace.read("results/small/.status.json")
                                .firstMatch(of: /"done" : (\d+)/)?.1))! > 0)
        }
        run.signal(SIGKILL)
        #expect(try run.wait().status == SIGKILL)
        let plot = try workspace.run("plot", "results/small")
        #expect(plot.status == 0, "\(plot.errors)")
        let data = try workspace.read("results/small/figures/width.dat")
        let seeds = try #require(data.firstMatch(of: /Means over (?:\d+ to )?(\d+) of 1000 seeds/))
        #expect(1...999 ~= Int(seeds.1)!)
    }

    @Test(
        "What can't be drawn is refused, and nothing is written",
        arguments: [
            (["results/none"], "there is no store at"),
            (["results/small", "--x", "seed"], "The value 'seed' is invalid for '--x"),
            (["results/small", "--y", "student_eror"], "student_error"),
            (["results/small", "--x", "depth"], "it has only one value"),
            (["results/small", "--at", "width=9"], "the sweep has 64, ∞"),
            (["results/small", "--at", "width:8"], "axis=value"),
            (["results/small", "--at", "width=64", "--at", "width=infinite"], "comes twice"),
            (["results/small", "--at", "width=64", "--name", "width"], "--name is for a figure"),
            (["results/small", "--x", "width", "--name", "width"], "give another name"),
            (["results/small", "--width", "5.5"], "The value '5.5' is invalid for '--width"),
            (["results/small", "--width", "2in"], "--width 2in: give 3in to 30in"),
            (["results/small", "--log", "z"], "'x', 'y', 'x,y' or 'none'"),
            (["results/small", "--format", "svg,gif"], "'svg', 'pdf' or 'png'"),
            (["small.yaml"], "there is no store at"),
            (["results/small", "--name", "x"], "--name is for a figure of your own"),
            (["results/small", "--x", "width", "--name", "../x"], "give a letter or digit"),
        ])
    func refused(arguments: [String], words: String) throws {
        let workspace = try ran()
        let plot = try Command(["plot"] + arguments, in: workspace.folder).wait()
        #expect(plot.status == 2)
        #expect(plot.errors.contains(words), "\(plot.errors)")
        #expect(plot.output.isEmpty && !workspace.exists("results/small/figures"))
    }

    @Test("Without gnuplot the message says how to get it")
    func missing() throws {
        let workspace = try ran()
        let plot = try Command(
            ["plot", "results/small"], in: workspace.folder, environment: ["PATH": "/nonexistent"]
        ).wait()
        #expect(plot.status == 2)
        #expect(plot.errors.contains("apt-get install --no-install-recommends gnuplot-nox"))
        #expect(!workspace.exists("results/small/figures"))
    }

    @Test("A folder that nobody can write to, as a colleague's, gives its figures and its plan")
    func readOnly() throws {
        let workspace = try Workspace()
        guard let disk = try SmallDisk(under: "shelf", of: workspace) else { return }
        try workspace.write("small.yaml", Self.sweep)
        #expect(try workspace.run("run", "small.yaml", "--output", "shelf/a b").status == 0)
        try disk.forbidWriting()
        let plot = try workspace.run("plot", "shelf/a b", "--output", "pictures")
        #expect(plot.status == 0, "\(plot.errors)")
        #expect(workspace.exists("pictures/student-error.svg"))
        let refused = try workspace.run("plot", "shelf/a b")
        #expect(refused.status == 1 && refused.errors.contains("shelf/a b/figures"))
        let plan = try workspace.run("plan", "small.yaml", "--output", "shelf/a b")
        #expect(plan.status == 0 && plan.output.contains("stored"), "\(plan.output)\(plan.errors)")
    }
}
