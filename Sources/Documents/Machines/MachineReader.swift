import SuperPod
import Words

/// Turns what is written about a pod into its value: a number of NPUs, a chip that it is made of, or a file with both.
struct MachineReader {
  /// The scenario's folder for paths written in it.
  let path: (String, DocumentProblem.Place) -> String

  /// A pod and what each of its dies can do.
  struct Machine {
    var topology = Topology()
    var chip = ChipRating.ascend910C
  }

  private static let chipKeys = [
    "title", "bf16_tflops", "int8_tops", "hbm_gb", "hbm_tb_per_s", "matrix_cores", "vector_cores",
  ]
  /// What `pod.chip` accepts.
  private static let acceptedChips = "`910c`, the path of a chip's .yaml file, or its keys in place"

  /// The machine that `pod:` describes.
  func read(_ field: Field) throws(DocumentProblem) -> Machine {
    let fields = try Fields(field, known: ["npus", "chip", "machine"])
    guard let file = fields["machine"] else { return try read(fields) }
    for key in ["npus", "chip"] {
      if let other = fields[key] { throw other.problem("stands beside a `machine`, whose file says it") }
    }
    let name = try file.text(accepted: "the path of a machine's .yaml file")
    return try Self.read(file: path(name, file.node.place))
  }

  private static func read(file: String) throws(DocumentProblem) -> Machine {
    let fields = try root(of: file, known: ["npus", "chip"])
    return try MachineReader(path: beside(file)).read(fields)
  }

  private func read(_ fields: Fields) throws(DocumentProblem) -> Machine {
    var machine = Machine()
    machine.topology = try readPod(try fields.required("npus", "the NPUs of the pod, such as `npus: 384`"))
    if let chip = fields["chip"] { machine.chip = try readChip(chip) }
    return machine
  }

  /// CloudMatrix384 pods of the published sizes and everything between them in whole servers.
  private func readPod(_ field: Field) throws(DocumentProblem) -> Topology {
    let value = try field.integer(in: 1...Int.max, "a number of NPUs")
    if let pod = Topology.published(npus: value) { return pod }
    var topology = Topology()
    guard (192...384).contains(value), value % topology.npusPerNode == 0 else {
      throw field.problem(
        "must be 192 to 384 in whole servers of \(topology.npusPerNode) NPUs, 8192 or 15488, not \(value)")
    }
    topology.nodes = value / topology.npusPerNode
    return topology
  }

  /// The chip that a field names or describes.
  func readChip(_ field: Field) throws(DocumentProblem) -> ChipRating {
    if case .mapping = field.node.content { return try readChip(try Fields(field, known: Self.chipKeys), "chip") }
    let name = try field.text(accepted: Self.acceptedChips)
    if name == "910c" { return .ascend910C }
    guard name.contains("/") || name.hasSuffix(".yaml") || name.hasSuffix(".yml") else {
      throw field.problem("must be \(Self.acceptedChips), not \(field.node.kind)")
    }
    let file = path(name, field.node.place)
    let last = file.split(separator: "/").last.map(String.init) ?? file
    return try readChip(
      try Self.root(of: file, known: Self.chipKeys), last.split(separator: ".").first.map(String.init) ?? last)
  }

  private func readChip(_ fields: Fields, _ fallback: String) throws(DocumentProblem) -> ChipRating {
    let title = try fields["title"].map { (field) throws(DocumentProblem) in try field.text(accepted: "a name") }
    let peak = try readPeak(fields)
    let memory = try fields.required("hbm_gb", "HBM of one die, GB")
    let rate = try fields.required("hbm_tb_per_s", "HBM of one die, TB a second")
    let cores = try fields["vector_cores"].map { (field) throws(DocumentProblem) in try field.integer(in: 1...4096) }
    return ChipRating(
      name: (title ?? fallback).printable(limit: 40), bf16PerSecond: peak.bf16, int8PerSecond: peak.int8,
      hbmBytes: try memory.number(in: 8...4096) * 1e9,
      hbmBytesPerSecond: try rate.number(in: 0.05...100) * 1e12,
      vectorCores: cores ?? ChipRating.ascend910C.vectorCores)
  }

  /// Peaks as they are written, or of so many of the 910C's matrix cores.
  private func readPeak(_ fields: Fields) throws(DocumentProblem) -> (bf16: Double, int8: Double) {
    let usual = ChipRating.ascend910C
    if let matrix = fields["matrix_cores"] {
      for key in ["bf16_tflops", "int8_tops"] where fields[key] != nil {
        throw matrix.problem("stands in place of the peak rates; beside `\(key)` it would change nothing")
      }
      let share = Double(try matrix.integer(in: 1...4096)) / Double(ChipRating.ascend910CMatrixCores)
      return (usual.bf16PerSecond * share, usual.int8PerSecond * share)
    }
    let bf16 = try fields.required("bf16_tflops", "BF16 of one die, 10¹² operations a second, or `matrix_cores`")
    let int8 = try fields.required("int8_tops", "INT8 of one die, 10¹² operations a second")
    return (try bf16.number(in: 1...100_000) * 1e12, try int8.number(in: 1...200_000) * 1e12)
  }

  private static func root(of file: String, known: [String]) throws(DocumentProblem) -> Fields {
    let root = try DocumentNode.parse(try FileBytes.read(file, limit: FileBytes.yamlLimit), file: file)
    let fields = try Fields(Field(name: "", node: root), known: ["podium"] + known)
    try SchemaVersion.check(fields)
    return fields
  }

  /// Paths in a file are relative to its folder.
  private static func beside(_ file: String) -> (String, DocumentProblem.Place) -> String {
    let folder = file.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    return { name, _ in name.hasPrefix("/") || folder.isEmpty ? name : folder + "/" + name }
  }
}

extension ChipRating {
  /// The built-in chip of a name, or what the file of that path describes; `option` is where it was asked for.
  public static func reading(_ name: String, option: String) throws(DocumentProblem) -> ChipRating {
    try MachineReader { name, _ in name }.readChip(Field(name: "", node: .scalar(name, at: .option(option))))
  }
}
