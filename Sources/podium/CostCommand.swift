import ArgumentParser
import Documents
import SuperPod
import Words
import XCCL
import XDeepServe

/// `podium cost`: what one communication costs on a healthy pod, alone.
struct CostCommand: ParsableCommand {
  /// What can be asked for.
  enum Kind: String, CaseIterable, ExpressibleByArgument {
    case dispatch, combine, a2e, e2a, p2p
    case sendRecv = "send_recv"
  }

  /// The two published systems.
  enum StackName: String, CaseIterable, ExpressibleByArgument {
    case xdeepserve
    case cloudmatrixInfer = "cloudmatrix-infer"
  }

  /// An end of a transfer.
  enum End: String, CaseIterable, ExpressibleByArgument {
    case read, write
  }

  static let configuration = CommandConfiguration(
    commandName: "cost", abstract: "Say what one dispatch, combine or transfer costs on a healthy pod, alone.",
    discussion: """
      podium cost dispatch --ep 128 --batch 128
      podium cost a2e --ep 288 --attention 160 --batch 96
      podium cost p2p --from n0.c0.d0 --to n5.c1.d1 --op write --bytes 64MiB
      podium cost send_recv --bytes 9MB --cores 48
      """)

  @Argument(help: "dispatch, combine, a2e, e2a, p2p or send_recv.")
  var kind: Kind

  @Option(help: "Ranks that take part (dispatch, combine), expert dies (a2e, e2a); 128 if not given.")
  var ep: Int?

  @Option(help: "Attention dies of the domain (a2e, e2a); 160 if not given.")
  var attention: Int?

  @Option(help: "Tokens a rank (dispatch, combine), rows an attention die (a2e, e2a); 128 if not given.")
  var batch: Int?

  @Option(help: "The served model, whose width and top-k count: a built-in name or a .yaml file; else deepseek-r1.")
  var model: String?

  @Option(help: "The near end (p2p); n0.c0.d0 if not given.")
  var from: String?

  @Option(help: "The far end, a die or a CPU such as n1.cpu0 (p2p); n1.c0.d0 if not given.")
  var to: String?

  @Option(help: "read or write, seen from the near end (p2p); read if not given.")
  var op: End?

  @Option(help: "Size, such as 64MiB (p2p, send_recv); 512B if not given.")
  var bytes: String?

  @Option(help: "AIV cores that copy, 1 to the chip's (send_recv); all of them if not given.")
  var cores: Int?

  @Option(help: "The chip whose AIV cores copy: `910c`, or the path of a chip's .yaml file (send_recv).")
  var chip: String?

  @Option(help: "Whose dispatch and combine; cloudmatrix-infer if not given.")
  var stack: StackName?

  @Flag(help: "Print JSON: wire_us, gb_per_s, bytes.")
  var json = false

  /// Options that are given, each with what it has an effect on.
  private var given: [(option: String, kinds: Set<Kind>)] {
    let rows: Set<Kind> = [.dispatch, .combine, .a2e, .e2a]
    let all: [(String, Bool, Set<Kind>)] = [
      ("--ep", ep != nil, rows), ("--attention", attention != nil, [.a2e, .e2a]), ("--batch", batch != nil, rows),
      ("--model", model != nil, rows), ("--from", from != nil, [.p2p]), ("--to", to != nil, [.p2p]),
      ("--op", op != nil, [.p2p]), ("--bytes", bytes != nil, [.p2p, .sendRecv]),
      ("--cores", cores != nil, [.sendRecv]), ("--chip", chip != nil, [.sendRecv]),
      ("--stack", stack != nil, [.dispatch, .combine]),
    ]
    return all.filter(\.1).map { ($0.0, $0.2) }
  }

  func validate() throws {
    for (option, kinds) in given where !kinds.contains(kind) {
      let places = Kind.allCases.filter(kinds.contains).map(\.rawValue)
      throw ValidationError("\(option) has no effect on \(kind.rawValue); it belongs to \(places.asAlternatives).")
    }
  }

  func run() throws {
    let (micros, size) = try answer()
    let rate = size / micros / 1e3
    if json {
      print(
        JSONValue.object([
          .init("wire_us", JSONValue(Optional(micros))), .init("gb_per_s", JSONValue(Optional(rate))),
          .init("bytes", JSONValue(Int64(size))),
        ]).text)
    } else {
      print("\(Decimals.text(micros, 1)) µs  \(Decimals.text(rate, 1)) GB/s  \(Int64(size)) bytes")
    }
  }

  private func answer() throws -> (micros: Double, bytes: Double) {
    switch kind {
    case .dispatch, .combine: return try collective()
    case .a2e, .e2a: return try expertTransfer()
    case .sendRecv:
      let most = try ChipRating.reading(chip ?? "910c", option: "--chip").vectorCores
      let cores = cores ?? most
      guard (1...most).contains(cores) else {
        throw ValidationError("--cores: \(cores) is not between 1 and \(most), the chip's AIV cores.")
      }
      let size = try amount()
      return (SendReceive(cores: cores).micros(bytes: size), size)
    case .p2p:
      let near = try TransferEnd(from ?? "n0.c0.d0", option: "--from")
      let far = try TransferEnd(to ?? "n1.c0.d0", option: "--to")
      guard case .die(let node, let npu, let die) = near.part else {
        throw ValidationError("--from: the near end is a die, such as n0.c0.d0.")
      }
      guard near.part != far.part else {
        throw ValidationError("--to: \(Place(far.part)) is the near end itself; nothing is transferred.")
      }
      var transfer = PointToPoint(
        peer: far.isDie ? .npu : .cpu, operation: op == .write ? .write : .read, sameNode: near.node == far.node)
      if case .die(node, npu, let other) = far.part { transfer.samePackage = other != die }
      let size = try amount()
      return (transfer.micros(bytes: size), size)
    }
  }

  private func collective() throws -> (micros: Double, bytes: Double) {
    let (ep, batch) = (ep ?? 128, batch ?? 128)
    guard (2...32_768).contains(ep), (1...65_536).contains(batch) else {
      throw ValidationError("--ep takes 2 to 32768 ranks, --batch 1 to 65536 tokens.")
    }
    let served = try ServedModel.reading(model ?? "deepseek-r1", option: "--model")
    let rows = Float(batch * (served.topK + served.sharedExperts))
    let dispatch = kind == .dispatch
    let cost: CollectiveCost
    switch stack ?? .cloudmatrixInfer {
    case .cloudmatrixInfer:
      cost = dispatch ? .inferDispatch(hidden: served.hidden) : .inferCombine(hidden: served.hidden)
    case .xdeepserve: cost = dispatch ? .dispatch(hidden: served.hidden) : .combine(hidden: served.hidden)
    }
    let micros =
      cost.wireMicros(
        ranks: ep, rowsOut: rows, rowsIn: rows, remote: CollectiveCost.remoteShare(ranks: ep)) - cost.inServiceMicros
    let row =
      dispatch
      ? CollectiveCost.dispatchRowBytes(hidden: served.hidden) : CollectiveCost.combineRowBytes(hidden: served.hidden)
    return (Double(micros), Double(rows * row))
  }

  private func expertTransfer() throws -> (micros: Double, bytes: Double) {
    let served = try ServedModel.reading(model ?? "deepseek-r1", option: "--model")
    let (ep, attention, batch) = (ep ?? 128, attention ?? 160, batch ?? 128)
    guard (2...32_768).contains(ep), (1...32_768).contains(attention), (1...65_536).contains(batch) else {
      throw ValidationError("--ep and --attention take up to 32768 dies, --batch 1 to 65536 rows.")
    }
    let transfer = ExpertTransfer(attentionDies: attention, expertDies: ep, hidden: served.hidden)
    let rows = Float(batch * (served.topK + served.sharedExperts))
    return kind == .a2e
      ? (
        Double(transfer.toExpertsMicros(rowsOut: rows)),
        Double(rows * CollectiveCost.dispatchRowBytes(hidden: served.hidden))
      )
      : (
        Double(transfer.toAttentionMicros(rowsIn: rows)),
        Double(rows * CollectiveCost.combineRowBytes(hidden: served.hidden))
      )
  }

  private func amount() throws -> Double {
    let bytes = bytes ?? "512B"
    guard let amount = ByteAmount(bytes) else {
      throw ValidationError("--bytes: `\(bytes.printable(limit: 40))` is not \(ByteAmount.accepted).")
    }
    return Double(amount.bytes)
  }
}

/// A die or CPU named as an end of a transfer.
private struct TransferEnd {
  var part: Place.Part
  var node: Int
  var isDie: Bool

  init(_ text: String, option: String) throws {
    do {
      part = try Place(text, in: Topology()).part
    } catch { throw ValidationError("\(option): \(error.message.printable()).") }
    switch part {
    case .die(let node, _, _): (self.node, isDie) = (node, true)
    case .cpu(let node, _): (self.node, isDie) = (node, false)
    default:
      throw ValidationError(
        "\(option): `\(text.printable(limit: 40))` is no die or CPU; accepted are such as n5.c1.d1 and n5.cpu0.")
    }
  }
}
