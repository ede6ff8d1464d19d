import Documents
import Testing

struct WeightMatrixTests {
  @Test func aMatrixOfNumbersIsRead() throws {
    let matrix = try WeightMatrix(Array("[[1, 2.5], [3e2, 0]]".utf8), file: "m.json")
    #expect(matrix.weights == [[1, 2.5], [300, 0]])
  }

  @Test(arguments: [
    ("[[1, 2], [3]]", "m.json:1"), ("[[1, x]]", "m.json:1"), ("[]", "m.json"), ("{a: 1}", "m.json:1"),
    ("[[1, -2]]", "m.json:1"),
  ])
  func whatIsNoMatrixIsNamedWithItsPlace(text: String, place: String) {
    #expect {
      _ = try WeightMatrix(Array(text.utf8), file: "m.json")
    } throws: { error in
      "\(error)".hasPrefix(place)
    }
  }
}
