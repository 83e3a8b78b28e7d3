import Foundation
import Testing
import Waiting

/// The sweeps of `sweeps/paper` show what their page says they do: here with fewer seeds, each claim
/// as a difference between cells of the same seed, in standard errors.
@Suite(.ownThread, .serialized)
struct PaperTests {
    @Test("(a) With a perfect teacher, error and data inefficiency fall as the soft ratio rises")
    func perfectTeacher() throws {
        let cells = try PaperCells(of: "perfect-teacher", seeds: 16)
        for n in ["32", "94", "274", "800"] {
            let ladder = ["0.0", "0.05", "0.2", "0.6"].map { ["sample_size": n, "soft_ratio": $0] }
            for (hard, soft) in zip(ladder, ladder.dropFirst()) {
                try cells.expect("student_error", of: hard, above: soft, by: 2)
            }
            try cells.expect(
                "student_error", of: ladder[0], above: ["sample_size": n, "soft_ratio": "1.0"],
                by: 3)
        }
        for (hard, soft) in [("0.0", "0.1"), ("0.1", "0.4"), ("0.8", "1.0")] {
            try cells.expectInefficiency(
                at: "94", of: ["soft_ratio": hard], above: ["soft_ratio": soft], by: 2)
        }
        for n in ["32", "94", "274", "800"] {
            try cells.expectInefficiency(
                at: n, of: ["soft_ratio": "0.0"], above: ["soft_ratio": "1.0"], by: 3)
        }
    }

    @Test(
        "(b) With an imperfect one the best soft ratio lies inside, and moves towards hard labels")
    func imperfectTeacher() throws {
        let cells = try PaperCells(of: "imperfect-teacher", seeds: 32)
        for (n, noise, best) in [
            ("94", "1.0", "0.4"), ("274", "0.5", "0.6"), ("274", "1.0", "0.3"),
            ("800", "0.5", "0.4"),
            ("800", "1.0", "0.1"),
        ] {
            let place = ["sample_size": n, "teacher_noise": noise]
            let inside = place.merging(["soft_ratio": best]) { $1 }
            for end in ["0.0", "1.0"] {
                try cells.expect(
                    "student_error", of: place.merging(["soft_ratio": end]) { $1 }, above: inside,
                    by: 2)
            }
        }
        // Softer labels are better with little noise or few samples, harder ones with more of either.
        func expect(_ better: String, than worse: String, _ n: String, _ noise: String) throws {
            let place = ["sample_size": n, "teacher_noise": noise]
            try cells.expect(
                "student_error", of: place.merging(["soft_ratio": worse]) { $1 },
                above: place.merging(["soft_ratio": better]) { $1 }, by: 2)
        }
        for n in ["94", "274", "800"] { try expect("0.6", than: "0.1", n, "0.25") }
        for n in ["274", "800"] { try expect("0.1", than: "0.6", n, "1.5") }
        try expect("0.6", than: "0.1", "32", "0.75")
        try expect("0.1", than: "0.6", "800", "1.0")
    }

    @Test(
        "(c) The bounds hold in every cell, and say something for soft labels where they say nothing for hard"
    )
    func bounds() throws {
        let cells = try PaperCells(of: "risk-bounds", seeds: 8)
        let chain = ["oracle_risk", "risk_bound_tight", "risk_bound_refined", "risk_bound"]
        for row in cells.rows {
            let values = chain.map { Double(row[$0]!)! }
            #expect(values == values.sorted(), "\(row)")
        }
        #expect(cells.rows.count == 9 * 3 * 8)
        print(
            "risk-bounds: risk <= tight <= refined <= the paper's bound in \(cells.rows.count) cells"
        )
        let hard = ["soft_ratio": "0.0"]
        let soft = ["soft_ratio": "1.0"]
        for (n, bound) in [("275", "risk_bound_refined"), ("1000", "risk_bound")] {
            let size = ["sample_size": n]
            #expect(cells.mean(bound, hard.merging(size) { $1 }) > 0.99)
            try cells.expect(
                bound, of: hard.merging(size) { $1 }, above: soft.merging(size) { $1 }, by: 3)
        }
        for n in ["116", "1000"] {
            let size = soft.merging(["sample_size": n]) { $1 }
            for (lower, upper) in zip(chain, chain.dropFirst()) {
                try cells.expect(upper, of: size, above: lower, of: size, by: 2)
            }
        }
    }

    @Test("(d) Finite widths approach the infinite one")
    func widths() throws {
        let cells = try PaperCells(of: "widths", seeds: 8, replacing: ["512, 1024, ": ""])
        for ratio in ["0.0", "1.0"] {
            for n in ["50", "200", "800"] {
                let place = ["sample_size": n, "soft_ratio": ratio, "teacher_noise": "0.0"]
                func at(_ width: String) -> [String: String] {
                    place.merging(["width": width]) { $1 }
                }
                try cells.expect("student_error", of: at("64"), above: at("inf"), by: 2)
                // The mean distance of the weight norm from the infinite student's, relative to it.
                let norms = cells.values("weight_norm", at("inf"))
                let gaps = ["64", "128", "256"].map { width in
                    let finite = cells.values("weight_norm", at(width))
                    return finite.map { abs($1 - norms[$0]!) / norms[$0]! }.reduce(0, +)
                        / Double(finite.count)
                }
                #expect(gaps == gaps.sorted(by: >), "\(place)")
                let rate = log(gaps[2] / gaps[0]) / log(4)
                #expect(rate < -0.5, "\(place)")
                print("widths: n = \(n), soft ratio \(ratio): |Δ| approaches at m^\(short(rate))")
            }
        }
    }

    @Test("(e) A real teacher helps where samples are few, and is overtaken where they are many")
    func digits() throws {
        let cells = try PaperCells(of: "real-digits", seeds: 32)
        func at(_ n: String, _ ratio: String) -> [String: String] {
            ["sample_size": n, "soft_ratio": ratio]
        }
        for n in ["32", "61"] {
            try cells.expect("student_error", of: at(n, "0.0"), above: at(n, "0.5"), by: 3)
        }
        try cells.expect("student_error", of: at("61", "1.0"), above: at("61", "0.5"), by: 3)
        for n in ["420", "800"] {
            try cells.expect("student_error", of: at(n, "0.5"), above: at(n, "0.0"), by: 3)
            try cells.expect("student_error", of: at(n, "1.0"), above: at(n, "0.5"), by: 3)
            try cells.expect(
                "teacher_error", of: at(n, "1.0"), above: "student_error", of: at(n, "1.0"), by: 3)
        }
        for n in ["32", "61", "116", "221", "420"] {
            try cells.expectInefficiency(
                at: n, of: ["soft_ratio": "0.0"], above: ["soft_ratio": "0.5"], by: 2)
        }
    }
}

extension PaperTests {
    @Test(
        "(f) Decisions converge before logits do, and hard labels are the better for stopping early"
    )
    func stoppedTraining() throws {
        let cells = try PaperCells(
            of: "stopped-training", seeds: 8, replacing: ["3000, 10000, ": "3000, "])
        func at(_ n: String, _ ratio: String, _ steps: String, noise: String = "0.0") -> [String:
            String]
        {
            ["sample_size": n, "soft_ratio": ratio, "steps": steps, "teacher_noise": noise]
        }
        for ratio in ["0.0", "0.6", "1.0"] {
            for n in ["128", "512"] {
                let stops = ["10", "30", "100", "1000"].map { at(n, ratio, $0) }
                for (early, late) in zip(stops, stops.dropFirst()) {
                    try cells.expect("limit_risk", of: early, above: late, by: 2)
                }
                #expect(cells.mean("limit_risk", stops[3]) < 0.015)
                #expect(
                    cells.mean("train_residual", stops[3]) > 0.4, "logits are far from their limit")
            }
        }
        // Hard labels' error rises again, whatever the teacher.
        for (n, stop) in [("128", "300"), ("512", "300"), ("512", "1000")] {
            try cells.expect(
                "student_error", of: at(n, "0.0", "inf"), above: at(n, "0.0", stop), by: 2)
        }
        // That of soft labels from a perfect teacher falls to the limit.
        for (early, late) in [("100", "1000"), ("300", "inf")] {
            try cells.expect(
                "student_error", of: at("512", "1.0", early), above: at("512", "1.0", late), by: 2)
        }
        // So the gain of soft labels is smaller for students that are stopped.
        func gain(_ steps: String) -> Double {
            cells.mean("student_error", at("512", "0.0", steps))
                / cells.mean("student_error", at("512", "1.0", steps))
        }
        print(
            "stopped-training: hard labels have \(short(gain("inf"))) times the error in the limit, \(short(gain("1000"))) after 1000 steps"
        )
        #expect(gain("inf") > 1.3 * gain("1000"))
    }

    @Test(
        "(g) Networks are like their linearisations where they are wide, and better where they are small"
    )
    func networkWidths() throws {
        // The widest networks take most of the time, so they are trained for 100 steps only.
        let cells = try PaperCells(
            of: "network-widths", seeds: 5,
            replacing: [
                "[8, 16, 32, 64, 128, 256]": "[16, 64, 256]", "[100, 1000, inf]": "[100, inf]",
                "[32, 128]": "128",
            ])
        func student(_ model: String, _ width: String, _ ratio: String, _ steps: String = "100")
            -> [String: String]
        { ["model": model, "width": width, "soft_ratio": ratio, "steps": steps] }
        for ratio in ["0.0", "0.5", "1.0"] {
            for (narrow, wide) in [("16", "64"), ("64", "256")] {
                for metric in ["linearisation_gap", "linearisation_risk", "weight_change"] {
                    try cells.expect(
                        metric, of: student("network", narrow, ratio),
                        above: student("network", wide, ratio), by: 2)
                }
            }
            let risk = { cells.mean("linearisation_risk", student("network", $0, ratio)) }
            #expect(risk("256") < 0.01 && risk("64") > 0.01, "\(risk("64")), \(risk("256"))")
            try cells.expect(
                "student_error", of: student("linearised", "16", ratio),
                above: student("network", "16", ratio), by: 2)
            try cells.expect(
                "student_error", of: student("linearised", "16", ratio, "inf"),
                above: student("network", "16", ratio), by: 2)
        }
    }

    @Test("(g) A small network's best mix moves with the noise and with the samples")
    func smallNetworks() throws {
        let cells = try PaperCells(
            of: "small-networks", seeds: 32,
            replacing: [
                "[16, 32]": "32", "[0.5, 1, 1.5]": "[0.5, 1.5]",
                "[0, 0.1, 0.2, 0.5, 0.8, 1]": "[0, 0.1, 0.5, 1]",
            ])
        func expect(
            n: String, noise: String, _ worse: String, isWorseThan better: String, by margin: Double
        ) throws {
            let network = [
                "model": "network", "sample_size": n, "teacher_noise": noise, "steps": "1000",
            ]
            try cells.expect(
                "student_error", of: network.merging(["soft_ratio": worse]) { $1 },
                above: network.merging(["soft_ratio": better]) { $1 }, by: margin)
        }
        // 128 samples: the best is 0.1 where the teacher is noisy, and above it where it isn't.
        for worse in ["0.0", "0.5", "1.0"] {
            try expect(n: "128", noise: "1.5", worse, isWorseThan: "0.1", by: 2)
        }
        try expect(n: "128", noise: "0.5", "0.1", isWorseThan: "0.5", by: 2)
        // With 32 samples it is above 0.1 for the noisy teacher too.
        for worse in ["0.0", "0.1", "1.0"] {
            try expect(n: "32", noise: "1.5", worse, isWorseThan: "0.5", by: 1.5)
        }
    }
}
