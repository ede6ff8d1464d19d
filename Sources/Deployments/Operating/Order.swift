public import Operations

/// An action that somebody asks a deployment for.
public struct Order: Hashable, Sendable {
  /// Tells one order from another; whoever gives orders counts them.
  public var number: Int
  /// What is to be done.
  public var action: Action
  /// Who asks: an operator's name.
  public var who: String
  /// Digest of the plan that was confirmed, nil where there was none.
  public var plan: UInt64?
  /// What was foreseen of it when it was confirmed.
  public var prediction: [AuditEntry.Forecast]
  /// Seconds that the prediction looks ahead; its real effect is measured over as many.
  public var horizon: Int
  /// The entry of the audit log that it undoes, nil for none; `action` names the same.
  public var undoes: Int?
  /// What that entry is to the deployment, by `OrderResult.performed`.
  public var performed: Int?

  /// An order; see the properties.
  public init(
    number: Int, action: Action, who: String, plan: UInt64? = nil, prediction: [AuditEntry.Forecast] = [],
    horizon: Int = 60, undoes: Int? = nil, performed: Int? = nil
  ) {
    self.number = number
    self.action = action
    self.who = who
    self.plan = plan
    self.prediction = prediction
    self.horizon = horizon
    self.undoes = undoes
    self.performed = performed
  }

  /// What the deployment does: an entry of the log is undone by the number that the deployment gave it.
  var carriedOut: Action { undoes == nil ? action : .undo(performed) }
}

/// What came of an order.
public struct OrderResult: Hashable, Sendable {
  /// The order.
  public var order: Order
  /// When it took effect or was refused, nanoseconds since the scenario's start.
  public var time: Int64
  /// Why nothing was done, nil where it was.
  public var refusal: String?
  /// The number that the deployment gave it, nil where nothing was done; its progress carries the same.
  public var performed: Int?
  /// What brings the configuration back, in this order; empty where nothing does.
  public var inverse: [Action]

  /// A result; see the properties.
  public init(order: Order, time: Int64, refusal: String? = nil, performed: Int? = nil, inverse: [Action] = []) {
    self.order = order
    self.time = time
    self.refusal = refusal
    self.performed = performed
    self.inverse = inverse
  }
}
