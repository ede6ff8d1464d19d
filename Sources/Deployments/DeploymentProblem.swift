/// Why a deployment cannot be watched, as a sentence.
public struct DeploymentProblem: Error, Hashable, Sendable {
  /// What is wrong.
  public let message: String

  /// A problem.
  public init(message: String) { self.message = message }
}
