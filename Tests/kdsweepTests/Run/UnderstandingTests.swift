import Foundation
import Testing
import Waiting

@testable import kdsweep

/// What a run and a plan say of what they were asked for.
@Suite(.ownThread) struct UnderstandingTests {
    private let workspace: Workspace

    init() throws { workspace = try Workspace() }

    private func sweep(test: Int = 20, grid: String) -> String {
        """
        task: {kind: gaussian-mixture, dimension: 4, components: 4, spread: 0.5, separation: 2}
        oracle_samples: 20
        test_samples: \(test)
        grid: \(grid)
        """
    }

    @Test("An axis that isn't asked for isn't swept, and one seed is warned of")
    func defaults() throws {
        try workspace.write("s.yaml", sweep(grid: "{sample_size: 8, soft_ratio: 0.5}"))
        let plan = try workspace.run("plan", "s.yaml")
        #expect(plan.output.hasPrefix("s: 1 cell, 1 block, 1 task\n"), "\(plan.output)")
        #expect(plan.output.contains("\n         teacher_noise  0.0\n"), "\(plan.output)")
        let warning = "one seed only, so the means have no standard errors"
        #expect(plan.output.contains("\nnote     \(warning)"), "\(plan.output)")
        let run = try workspace.run("run", "s.yaml", "--workers", "1")
        #expect(run.status == 0 && run.errors.contains("warning: \(warning)"), "\(run.errors)")
        let csv = try workspace.read("results/s/cells.csv").split(separator: "\n")
        #expect(csv.count == 2 && csv[1].hasPrefix("inf,linearised,inf,8,0.5,0.0,1.0,3,0.0,0,ok,"))
    }

    @Test(
        "A run says what is reused, what is new, and that the folder held another sweep's results")
    func reuse() throws {
        let grid = "{sample_size: [4, 8], soft_ratio: [0, 1], seed: {count: 2}}"
        try workspace.write("s.yaml", sweep(grid: grid))
        let first = try workspace.run("run", "s.yaml", "--workers", "1")
        #expect(!first.errors.contains("stored") && !first.errors.contains("another sweep"))
        try workspace.write(
            "s.yaml", sweep(grid: grid.replacing("count: 2", with: "count: 3")))
        let grown = try workspace.run("run", "s.yaml", "--workers", "1")
        #expect(
            grown.errors.contains("s: 8 of 12 cells are stored already, 4 are new\n"),
            "\(grown.errors)")
        #expect(!grown.errors.contains("has results of"))
        try workspace.write("s.yaml", sweep(test: 30, grid: grid))
        let changed = try workspace.run("run", "s.yaml", "--workers", "1")
        #expect(
            changed.errors.contains(
                "results/s has results of another sweep (test_samples: 30 instead of 20): they stay in the store"
            ), "\(changed.errors)")
        #expect(!changed.errors.contains("stored already"))
        try workspace.write("s.yaml", sweep(test: 30, grid: "{sample_size: 4, soft_ratio: 1}"))
        let fewer = try workspace.run("run", "s.yaml", "--workers", "1")
        #expect(
            fewer.errors.contains(
                "results/s has results of other values of sample_size, soft_ratio, seed: they stay"),
            "\(fewer.errors)")
    }

    @Test("A table's features and repeated rows are said; singular cells end with what helps")
    func singular() throws {
        let rows = (0..<40).map { i in
            let j = i % 8
            return "\(Double(j * j) / 7),\(sin(Double(j))),\(i % 2),\(Double(i) - 20.5)"
        }
        try workspace.write("t.csv", "a,b,label,teacher_logit\n" + rows.joined(separator: "\n"))
        let text = """
            task: {kind: table, file: t.csv}
            oracle_samples: 20
            test_samples: 20
            grid: {sample_size: [1, 18], soft_ratio: [0, 1], seed: [0, 1], ridge: RIDGE}
            """
        try workspace.write("s.yaml", text.replacing("RIDGE", with: "0"))
        let plan = try workspace.run("plan", "s.yaml")
        #expect(plan.output.contains("\nfeatures a, b\n"), "\(plan.output)")
        let repeated = "32 rows of the table have the same features as a row before them"
        #expect(plan.output.contains("note     \(repeated)"), "\(plan.output)")
        let run = try workspace.run("run", "s.yaml", "--workers", "1", "--json")
        #expect(run.status == 0 && run.errors.contains("s: features a, b\n"), "\(run.errors)")
        #expect(run.errors.contains(repeated))
        #expect(
            run.errors.contains(
                "4 of 8 cells are singular, at sample size 18: their kernel can't be inverted"),
            "\(run.errors)")
        #expect(run.errors.contains("a ridge (grid.ridge: 1e-6)"))
        let outcome = try #require(
            JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
        #expect(outcome["version"] as? Int == 1 && outcome["cells"] as? Int == 8)
        #expect(outcome["singular"] as? Int == 4 && outcome["failed"] as? Int == 0)
        let sizes = outcome["singular_sample_sizes"] as? [[String: Int]]
        #expect(sizes == [["sample_size": 18, "cells": 4]])
        #expect(
            run.output.contains("\"stored_before\" : 0") && run.output.contains("\"cells_csv\""))
        #expect(FileManager.default.fileExists(atPath: outcome["cells_csv"] as? String ?? ""))
        // What is said to help does.
        try workspace.write("s.yaml", text.replacing("RIDGE", with: "1e-6"))
        let mended = try workspace.run("run", "s.yaml", "--workers", "1")
        #expect(mended.status == 0 && !mended.errors.contains("are singular"), "\(mended.errors)")
    }

    @Test("The log says which task goes where, and which it is")
    func log() throws {
        try workspace.write(
            "s.yaml", sweep(grid: "{sample_size: 8, soft_ratio: 0.5, seed: [4, 5]}"))
        let run = try workspace.run("run", "s.yaml", "--workers", "1", "--log-level", "debug")
        #expect(
            run.errors.contains(
                /debug: task 1, 1 cells, goes to worker .+: width inf, depth 3, seed 5/),
            "\(run.errors)")
    }

    @Test("pandas reads every CSV with numbers in its columns of numbers")
    func pandas() throws {
        try workspace.write(
            "s.yaml",
            sweep(
                grid:
                    "{width: [16, inf], sample_size: [4, 8], soft_ratio: [0, 1], seed: {count: 3}}")
        )
        #expect(try workspace.run("run", "s.yaml", "--workers", "1").status == 0)
        let script = """
            import numpy as np, pandas as pd
            cells = pd.read_csv("results/s/cells.csv")
            words = [c for c in cells if not pd.api.types.is_numeric_dtype(cells[c])]
            assert words == ["model", "status"], words
            assert (cells.steps == np.inf).all() and cells.sharpness.isna().all()
            assert set(cells.width) == {16, np.inf} and len(cells) == 24
            summary = pd.read_csv("results/s/summary.csv")
            words = [c for c in summary if not pd.api.types.is_numeric_dtype(summary[c])]
            assert words == ["model"], words
            assert (summary.seeds == 3).all()
            print(summary.query("width == inf").student_error_mean.mean())
            """
        let read = try Command(
            ["-c", script], in: workspace.folder, executable: URL(filePath: "/usr/bin/python3")
        ).wait()
        #expect(
            read.status == 0 && Double(read.output.trimmingCharacters(in: .newlines)) != nil,
            "\(read.errors)")
    }
}
