import Foundation
import Testing

@testable import Cluster
@testable import kdsweep

struct ProgressDisplayTests {
    private func standing(done: Int, failed: Int = 0, left: Duration? = .seconds(67)) -> Standing {
        Standing(
            cellsDone: done, cellsFailed: failed, cellsTotal: 1080, tasksDone: 1, tasksTotal: 30,
            tasks: .init(
                waiting: 27, leased: 0, running: 2, finished: 1, failed: 0, attempts: 3),
            workers: [], elapsed: .seconds(10), timeLeft: left, malformed: 0,
            strangers: 0)
    }

    @Test("Counts, rate and time left")
    func counts() {
        #expect(
            ProgressDisplay.counts(standing(done: 470, failed: 3))
                == "470/1080 cells, 3 failed, 47/s, 1 min 7 s left, 0 workers")
        #expect(ProgressDisplay.counts(standing(done: 0, left: nil)) == "0/1080 cells, 0 workers")
        #expect(
            ProgressDisplay.counts(standing(done: 12))
                == "12/1080 cells, 1.2/s, 1 min 7 s left, 0 workers")
        // Nothing is left of a run that is done.
        #expect(
            ProgressDisplay.counts(standing(done: 1080)) == "1080/1080 cells, 108/s, 0 workers")
    }

    @Test("What is expected beyond the certain is said, and the bar is of all that")
    func expected() {
        var growing = standing(done: 540)
        growing.cellsExpected = 2160
        #expect(
            ProgressDisplay.counts(growing)
                == "540/1080 cells (some 2160 expected), 54/s, 1 min 7 s left (some 1 min 27 s expected), 0 workers"
        )
        let bar = ProgressDisplay.bar("x", growing, width: 200)
        #expect(bar.count { $0 == "█" } == 10 && bar.count { $0 == "·" } == 30)
        growing.cellsExpected = 1080
        #expect(ProgressDisplay.counts(growing) == ProgressDisplay.counts(standing(done: 540)))
    }

    @Test("The bar fits the terminal, and is full when all is done", arguments: [20, 60, 80, 200])
    func bar(width: Int) {
        for done in [0, 1, 540, 1079, 1080] {
            let bar = ProgressDisplay.bar("quickstart", standing(done: done), width: width)
            #expect(bar.count <= width)
            if width >= 80 {
                #expect(bar.contains("·") == (done < 1080) || bar.contains("▉"))
                #expect(bar.contains("█") == (done >= 540))
            }
        }
    }

    @Test(
        "Times",
        arguments: [
            (0.2, "1 s"), (59, "59 s"), (725, "12 min 5 s"), (10_800, "3 h 0 min"),
            (5_668, "1 h 35 min"), (3_599.5, "1 h 0 min"),
        ])
    func clock(seconds: Double, text: String) {
        #expect(ProgressDisplay.clock(.seconds(seconds)) == text)
    }

    @Test("On a terminal a bar is redrawn in place; elsewhere there are plain lines")
    func terminal() throws {
        let workspace = try Workspace()
        try workspace.write("sweep.yaml", fortyTasks)
        let command = "'\(Command.executable.path)' run sweep.yaml --workers 2"
        let run = try Command(
            ["-qec", command, "/dev/null"], in: workspace.folder,
            executable: URL(filePath: "/usr/bin/script")
        ).wait()
        #expect(run.status == 0)
        #expect(run.output.contains("█") && run.output.contains("\r\u{1B}[K"))
        #expect(run.output.contains("2 workers"))
        try FileManager.default.removeItem(at: workspace.folder.appendingPathComponent("results"))
        let plain = try workspace.run("run", "sweep.yaml", "--workers", "2")
        #expect(!plain.errors.contains("\u{1B}") && !plain.errors.contains("\r"))
        #expect(plain.errors.split(separator: "\n").count >= 2)
    }
}
