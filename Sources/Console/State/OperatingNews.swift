public import Deployments
public import Operations

/// What the console learns about operating at one time.
public struct OperatingNews: Sendable {
  /// Why no orders are taken, nil where they are.
  public var refusesOrders: String?
  /// What is configured, nil where nobody can tell.
  public var configuration: Configuration?
  /// How far the rehearsal has come, nil where there is nothing new.
  public var preview: Preview?
  /// How far a search for what is worth doing has come, nil where there is nothing new.
  public var suggestions: SuggestionList?
  /// What came of orders since the last observation.
  public var results: [OrderResult] = []
  /// The audit log, nil where it is as before.
  public var audit: [AuditRecord]?
  /// Why the audit log cannot be written, nil where it can.
  public var auditProblem: String?
  /// What the last seconds brought, nil where it was not asked for.
  public var service: ServiceRecord?

  /// Nothing new.
  public init() {}
}
