import SuperPod
import XCCL

extension DecodeCosts {
  /// The same model's kernels as another serving system runs them.
  ///
  /// *cloudmatrix-infer* ([CM]): latent KV in BF16 (1,152 bytes) and BF16 attention in every layer, fused kernels with
  /// less to launch (assumption), dispatch and combine that meet their published stand-alone times in service.
  func adapted(to stack: Scenario.Stack, model: ServedModel) -> DecodeCosts {
    guard stack == .cloudmatrixInfer else { return self }
    var costs = self
    costs.cacheBytes = Float(2 * model.attention.cachedValues)
    costs.mlaPerToken = costs.cacheBytes / (chip.hbmBytesPerMicro * Self.mlaMemoryEfficiency)
    costs.mlaPerRowTokenINT8 = costs.mlaPerRowTokenBF16
    costs.prologue.fixed = 15
    costs.projection.fixed = 6
    costs.othersFixed = 28
    costs.dispatch = .inferDispatch(hidden: model.hidden)
    costs.combine = .inferCombine(hidden: model.hidden)
    return costs
  }

  /// The kernels of one of two streams that share a die's cores ([CM]: 16 AIC of 24 for attention, 8 for experts).
  ///
  /// What is bound by memory or by the fabric keeps its time, what is bound by arithmetic takes longer.
  func sharingCores() -> DecodeCosts {
    var costs = self
    let attention: Float = 24 / 16
    let experts: Float = 24 / 8
    costs.prologue.computePerRow *= attention
    costs.projection.computePerRow *= attention
    costs.mlaPerRowTokenBF16 *= attention
    costs.mlaPerRowTokenINT8 *= attention
    costs.expertPerRow *= experts
    return costs
  }
}
