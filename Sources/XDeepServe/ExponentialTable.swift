/// Exponential numbers of mean one in shuffled order, read like `NoiseTable`.
enum ExponentialTable {
  static let values: [Lanes.Vector] = {
    let count = NoiseTable.vectors * Lanes.count
    var numbers = [Float](repeating: 0, count: count)
    for index in 0..<count {
      numbers[index] = Float(-PortableMath.ln((Double(index) + 0.5) / Double(count)))
    }
    var stream = RandomStream(seed: 0, name: "exponential-table")
    for index in stride(from: count - 1, to: 0, by: -1) { numbers.swapAt(index, stream.index(below: index + 1)) }
    return (0..<(NoiseTable.vectors + NoiseTable.window)).map { vector in
      var value = Lanes.Vector()
      for lane in 0..<Lanes.count { value[lane] = numbers[(vector % NoiseTable.vectors) * Lanes.count + lane] }
      return value
    }
  }()
}
