import LinearAlgebra
import Testing

struct BLASNameTests {
    @Test("The library, its version and its kernels: a word each")
    func name() {
        let words = blasName().split(separator: " ")
        #expect(words.count == 3 && words.first == "OpenBLAS", "\(words)")
        #expect(words[1].split(separator: ".").count >= 3 && words[1].first?.isNumber == true)
    }
}
