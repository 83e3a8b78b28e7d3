import Foundation
import Testing

@testable import Cluster

@Suite struct AllotmentTests {
    private static func allotment(_ pairs: KeyValuePairs<String, String>) -> Allotment {
        let job = ["SLURM_JOB_ID": "7"]
        return Allotment(job.merging(pairs.map { ($0, $1) }) { $1 })
    }

    @Test func withoutAJobThereIsNone() {
        let none = Allotment([
            "SLURM_CPUS_PER_TASK": "4", "SLURM_MEM_PER_NODE": "100",
            "SLURM_JOB_END_TIME": "1800000000", "KDSWEEP_JOB": "",
        ])
        #expect(none == Allotment([:]))
        #expect(none.cores == nil && none.memory == nil && none.end == nil)
        #expect(none.number == nil && none.job == nil)
    }

    @Test func aLauncherNamesTheJobAlsoWithoutSlurm() {
        #expect(Allotment(["KDSWEEP_JOB": "ssh-1"]).job == "ssh-1")
    }

    @Test(
        arguments: [
            (["SLURM_CPUS_PER_TASK": "3", "SLURM_CPUS_ON_NODE": "8"], 3),
            (["SLURM_CPUS_ON_NODE": "8"], 8),
            // A batch script has its node for itself, whatever it starts there.
            (["SLURM_CPUS_ON_NODE": "8", "SLURM_TASKS_PER_NODE": "4"], 8),
            (["SLURM_CPUS_ON_NODE": "8", "SLURM_STEP_TASKS_PER_NODE": "4"], 2),
            (["SLURM_CPUS_ON_NODE": "8", "SLURM_STEP_TASKS_PER_NODE": "2(x3)"], 4),
            (["SLURM_CPUS_ON_NODE": "8", "SLURM_STEP_TASKS_PER_NODE": "2,1"], 4),
            (["SLURM_CPUS_ON_NODE": "2", "SLURM_STEP_TASKS_PER_NODE": "4"], 1),
            (["SLURM_CPUS_PER_TASK": "many", "SLURM_CPUS_ON_NODE": "2"], 2),
            (["SLURM_CPUS_PER_TASK": "-1"], nil), (["SLURM_CPUS_PER_TASK": "0"], nil),
            (["SLURM_CPUS_PER_TASK": "99999999999999999999"], nil), ([:], nil),
        ] as [([String: String], Int?)])
    func cores(environment: [String: String], cores: Int?) {
        #expect(Allotment(environment.merging(["SLURM_JOB_ID": "7"]) { $1 }).cores == cores)
    }

    @Test(
        arguments: [
            (["SLURM_MEM_PER_CPU": "100", "SLURM_CPUS_PER_TASK": "3"], 300),
            (["SLURM_MEM_PER_CPU": "100", "SLURM_CPUS_ON_NODE": "8"], 800),
            (["SLURM_MEM_PER_CPU": "100"], nil),
            (["SLURM_MEM_PER_NODE": "1000"], 1000),
            (["SLURM_MEM_PER_NODE": "1000", "SLURM_STEP_TASKS_PER_NODE": "4(x2)"], 250),
            (["SLURM_MEM_PER_CPU": "0", "SLURM_CPUS_PER_TASK": "1"], nil),
            (["SLURM_MEM_PER_NODE": "0"], nil), (["SLURM_MEM_PER_NODE": "1G"], nil),
            (["SLURM_MEM_PER_CPU": "4294967000", "SLURM_CPUS_PER_TASK": "4294967000"], nil),
        ] as [([String: String], UInt64?)])
    func memory(environment: [String: String], mebibytes: UInt64?) {
        let allotment = Allotment(environment.merging(["SLURM_JOB_ID": "7"]) { $1 })
        #expect(allotment.memory == mebibytes.map { $0 << 20 })
    }

    @Test func theEndAndTheNumberAreSlurms() {
        let known = Self.allotment(["SLURM_JOB_END_TIME": "1800000000"])
        #expect(known.end == Date(timeIntervalSince1970: 1_800_000_000) && known.number == "7")
        for text in ["", "soon", "0", "-5", "1800000000.5"] {
            #expect(Self.allotment(["SLURM_JOB_END_TIME": text]).end == nil)
        }
        #expect(Allotment(["SLURM_JOB_ID": "7; rm"]).number == nil)
    }

    @Test(
        arguments: [
            (8, nil, nil, "this machine has 8 cores"), (4, nil, nil, "this process has 4 cores"),
            (8, 3, nil, "this control group has 3 cores"), (8, 3, 2, "this job has 2 cores"),
            (1, 1, 1, "this job has 1 core"), (128, nil, nil, "this machine has 8 cores"),
            (2, 3, 4, "this process has 2 cores"),
            (8, 8, 8, "this machine has 8 cores"), (8, nil, 99, "this machine has 8 cores"),
        ] as [(Int, Int?, Int?, String)])
    func theTightestBoundHolds(affinity: Int, group: Int?, job: Int?, text: String) {
        let cores = Cores(machine: 8, affinity: affinity, group: group, job: job)
        #expect(cores.description == text)
        #expect(cores.count == min(8, affinity, group ?? 8, job ?? 8))
    }

    @Test(
        arguments: [
            ("0", 1), ("0-3,8", 5), ("2-2", 1), ("", nil), ("3-1", nil), ("0-", nil),
            ("1-2-3", nil),
            ("0,,1", nil), ("all", nil),
        ] as [(String, Int?)])
    func theKernelListsProcessors(list: String, number: Int?) {
        #expect(Cores.number(in: list) == number)
    }
}
