import SuperPod
import Words

extension Action: CustomStringConvertible {
  /// The canonical spelling.
  public var description: String {
    switch self {
    case .pd(let shift): "pd \(shift)"
    case .reshard(let reshard): "reshard\(reshard)"
    case .eplb(.on, let executor): "eplb on" + Self.tail(executor)
    case .eplb(.off, let executor): "eplb off" + Self.tail(executor)
    case .eplb(.every(let interval), let executor): "eplb every \(interval)" + Self.tail(executor)
    case .scale(let executor, let ranks): "scale \(executor) ep \(ranks)"
    case .drain(let place): "drain \(place)"
    case .undrain(let place): "undrain \(place)"
    case .restart(let place): "restart \(place)"
    case .balance(let choice, let executor): "balance \(choice.rawValue)" + Self.tail(executor)
    case .batch(let limit, let executor): "batch \(limit)" + Self.tail(executor)
    case .mtp(let layers, let executor): "mtp \(layers)" + Self.tail(executor)
    case .jitter(let measure, let on): "jitter \(measure.rawValue) \(on ? "on" : "off")"
    case .recovery(let stage): "recovery \(stage.rawValue)"
    case .admit(let rate): "admit \(rate?.description ?? "off")"
    case .isolate(let length): length.map { "isolate long \($0)" } ?? "isolate off"
    case .undo(let entry): entry.map { "undo \($0)" } ?? "undo"
    case .traffic(let factor, let time): "traffic x\(DecimalNumber.text(factor))" + Self.tail(time, "for ")
    case .inject(let injection): "inject \(injection)"
    case .clear(let fault, let place): "clear \(fault)" + Self.tail(place, "at ")
    }
  }

  fileprivate static func tail<T: CustomStringConvertible>(_ value: T?, _ word: String = "") -> String {
    value.map { " \(word)\($0)" } ?? ""
  }
}

extension ServerShift: CustomStringConvertible {
  /// As it stands after `pd`.
  public var description: String {
    let aim =
      switch aim {
      case .ratio(let prefill, let decode): "\(prefill):\(decode)"
      case .more(let servers, let prefill): "+\(servers)\(prefill ? "p" : "d")"
      }
    return aim + Action.tail(from, "from ") + Action.tail(to, "to ")
  }
}

extension ServerShift.End: CustomStringConvertible {
  /// `D1` or `spare`.
  public var description: String {
    switch self {
    case .executor(let executor): executor.description
    case .spare: "spare"
    }
  }
}

extension Reshard: CustomStringConvertible {
  /// As it stands after `reshard`, a blank before each part.
  public var description: String {
    Action.tail(executor) + Action.tail(layers.map { "\($0.lowerBound)-\($0.upperBound)" }, "layers ")
      + Action.tail(budget, "budget ") + Action.tail(policy?.rawValue, "policy ")
  }
}

extension Injection: CustomStringConvertible {
  /// As it stands after `inject`.
  public var description: String {
    fault.rawValue + Action.tail(place, "at ") + Action.tail(strength.map { DecimalNumber.text($0) }, "by ")
      + Action.tail(lasting, "for ")
  }
}
