import Foundation
import Sweep
import Testing

@testable import Distillation
@testable import kdsweep

/// What `kdsweep plan` says, and that it changes nothing.
struct PlanTests {
    private let workspace: Workspace

    init() throws {
        workspace = try Workspace()
        try workspace.write("sweep.yaml", Self.text)
    }

    private static let text = """
        task: {kind: gaussian-mixture, dimension: 2, components: 2, spread: 0.5, separation: 1}
        oracle_samples: 32
        test_samples: 10
        grid: {width: [4, infinite], sample_size: [8, 32], soft_ratio: [0, 1], depth: 2, teacher_noise: 0, seed: {from: 0, to: 2, count: 3}}
        """

    private var sweep: Sweep {
        get throws {
            try Sweep(file: workspace.folder.appendingPathComponent("sweep.yaml"))
        }
    }

    private func plan(_ arguments: String...) throws -> Command.Result {
        try Command(["plan", "sweep.yaml"] + arguments, in: workspace.folder).wait()
    }

    /// What a first plan keeps.
    private static let measured = Result {
        let workspace = try Workspace()
        try workspace.write("sweep.yaml", text)
        let plan = try workspace.run("plan", "sweep.yaml")
        try #require(plan.status == 0 && plan.errors == "", "\(plan.errors)")
        return try workspace.read("home/speed.json")
    }

    /// Spares a plan its measurement.
    private func keepMeasurement() throws {
        try FileManager.default.createDirectory(
            at: workspace.folder.appendingPathComponent("home"), withIntermediateDirectories: true)
        try workspace.write("home/speed.json", Self.measured.get())
    }

    // MARK: The folder

    @Test("It makes no folder, and changes nothing in one that is there")
    func changesNothing() throws {
        try keepMeasurement()
        let fresh = try plan()
        #expect(fresh.status == 0, "\(fresh.errors)")
        #expect(fresh.output.hasPrefix("sweep: 24 cells, 6 blocks, 6 tasks\n"), "\(fresh.output)")
        #expect(!workspace.exists("results"))
        try workspace.write(
            "smaller.yaml", Self.text.replacing("to: 2, count: 3", with: "to: 1, count: 2"))
        let run = try workspace.run("run", "smaller.yaml", "--output", "out")
        #expect(run.status == 0, "\(run.errors)")
        let before = try contents("out")
        let later = try plan("--output", "out")
        #expect(
            later.output.contains("stored   16 cells and all of 4 tasks; 8 cells in 2 tasks left"),
            "\(later.output)")
        let after = try contents("out")
        #expect(after == before, "\(after) \(before)")
    }

    /// What the folder's files are called, hold, and when they were changed.
    private func contents(_ name: String) throws -> [String] {
        let folder = workspace.folder.appendingPathComponent(name)
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map {
            let file = folder.appendingPathComponent($0)
            let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
            return "\($0) \(attributes[.modificationDate]!) \(sha256(try Data(contentsOf: file)))"
        }
    }

    @Test("A store without a sweep is as good as none; a file that is no store is refused")
    func otherStores() throws {
        try keepMeasurement()
        let folder = workspace.folder.appendingPathComponent("out")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try workspace.write("out/sweep.sqlite", "")
        #expect(try plan("--output", "out").output.contains("24 cells"))
        try workspace.write("out/sweep.sqlite", String(repeating: "no store", count: 1000))
        let foreign = try plan("--output", "out")
        #expect(foreign.status == 2 && foreign.errors.contains("not a store"), "\(foreign.errors)")
    }

    // MARK: The measurement

    @Test("A measurement is kept, made anew on demand or where it is damaged, and needs no home")
    func keeping() throws {
        func kept() throws -> String { try workspace.read("home/speed.json") }
        try keepMeasurement()
        let first = try kept()
        #expect(try plan().status == 0)
        #expect(try kept() == first)
        #expect(try plan("--measure").status == 0)
        #expect(try kept() != first)
        try workspace.write("home/speed.json", String(first.dropLast(20)))
        let damaged = try plan()
        #expect(damaged.status == 0 && damaged.errors == "", "\(damaged.errors)")
        #expect(try kept().hasSuffix("}]"))
        let homeless = try Command(
            ["plan", "sweep.yaml"], in: workspace.folder,
            environment: ["KDSWEEP_HOME": "/dev/null/nowhere"]
        ).wait()
        #expect(homeless.status == 0 && homeless.output.contains("24 cells"))
        #expect(homeless.errors.contains("warning: the measurement can't be kept"))
    }

    @Test(
        "Entries of other machines, threads and builds stay beside the new one, the newest of them")
    func entries() throws {
        let file = SpeedFile(folder: workspace.folder.appendingPathComponent("speeds"))
        func entry(_ cores: Int) -> SpeedFile.Entry {
            var key = SpeedFile.Key(processes: 1, threads: 1)
            key.cores = cores
            return SpeedFile.Entry(
                key: key, measuredAt: Date(timeIntervalSince1970: 0), speed: PlanReportTests.speed)
        }
        for cores in 1...40 { try file.keep(entry(cores)) }
        try file.keep(entry(40))
        let text = try workspace.read("speeds/speed.json")
        for damage in ["", "[{}]", "{\"mine\": 1}", text.replacing("\"factor\"", with: "\"f\"")] {
            try workspace.write("speeds/speed.json", damage)
            #expect(file.entry(for: entry(40).key) == nil)
        }
        try workspace.write("speeds/speed.json", text)
        #expect(file.entry(for: entry(40).key) == entry(40))
        #expect(file.entry(for: entry(9).key) != nil && file.entry(for: entry(8).key) == nil)
    }

    @Test("Refused as a run would be")
    func refusals() throws {
        for arguments in [["--workers", "0"], ["--threads", "0"], ["--threads", "4096"]] {
            let refused = try Command(
                ["plan", "sweep.yaml"] + arguments, in: workspace.folder
            ).wait()
            #expect(refused.status == 2 && refused.errors.contains(arguments[0]))
        }
        try workspace.write("sweep.yaml", Self.text.replacing("seed:", with: "sed:"))
        let (planned, run) = (try plan(), try workspace.run("run", "sweep.yaml"))
        #expect(planned.status == 2 && planned.errors == run.errors)
    }
}
