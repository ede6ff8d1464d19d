/// Elementary functions from plain arithmetic, so that every processor gives the same bits.
///
/// glibc picks variants of `exp`, `log` and `pow` by processor and their last bits differ; only `sqrt` is the same
/// everywhere. These are good to about 1e-14 relative, far below anything the model resolves.
enum PortableMath {
  private static let ln2 = 0.693_147_180_559_945_309_4

  /// e to the power of `x`.
  static func exp(_ x: Double) -> Double {
    guard x > -700 else { return 0 }
    let clamped = min(x, 700)
    // Adding and taking off 1.5 · 2^52 rounds to a whole number in plain arithmetic.
    let power = (clamped * (1 / ln2) + 0x1.8p52) - 0x1.8p52
    let rest = clamped - power * ln2
    // |rest| < 0.35: a Taylor series of 13 terms leaves less than 1e-16.
    var sum = 1 + rest / 13
    sum = 1 + rest * (1 / 12.0) * sum
    sum = 1 + rest * (1 / 11.0) * sum
    sum = 1 + rest * (1 / 10.0) * sum
    sum = 1 + rest * (1 / 9.0) * sum
    sum = 1 + rest * (1 / 8.0) * sum
    sum = 1 + rest * (1 / 7.0) * sum
    sum = 1 + rest * (1 / 6.0) * sum
    sum = 1 + rest * (1 / 5.0) * sum
    sum = 1 + rest * (1 / 4.0) * sum
    sum = 1 + rest * (1 / 3.0) * sum
    sum = 1 + rest * (1 / 2.0) * sum
    sum = 1 + rest * sum
    return sum * Double(sign: .plus, exponent: Int(power), significand: 1)
  }

  /// Natural logarithm of a positive number.
  static func ln(_ x: Double) -> Double {
    precondition(x > 0, "the logarithm needs a positive number")
    var mantissa = x.significand
    var exponent = Double(x.exponent)
    if mantissa > 1.414_213_562_373_095_1 {
      mantissa /= 2
      exponent += 1
    }
    // atanh series: ln m = 2 (s + s³/3 + s⁵/5 …) with |s| < 0.172.
    let s = (mantissa - 1) / (mantissa + 1)
    let square = s * s
    var power = s
    var sum = 0.0
    var odd = 1.0
    while odd < 27 {
      sum += power / odd
      power *= square
      odd += 2
    }
    return 2 * sum + exponent * ln2
  }

  /// Quantile of the standard normal distribution, by Acklam's rational approximation with a relative error of 1.2e-9.
  ///
  /// - Precondition: `0 < share < 1`.
  static func normalQuantile(_ share: Double) -> Double {
    precondition(share > 0 && share < 1, "a quantile lies between 0 and 1")
    if share > 0.5 { return -normalQuantile(1 - share) }
    if share < 0.02425 {
      let q = (-2 * ln(share)).squareRoot()
      let top =
        ((((-7.784894002430293e-03 * q - 3.223964580411365e-01) * q - 2.400758277161838) * q - 2.549732539343734) * q
          + 4.374664141464968) * q + 2.938163982698783
      let bottom =
        (((7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1
      return top / bottom
    }
    let q = share - 0.5
    let r = q * q
    let top =
      (((((-3.969683028665376e+01 * r + 2.209460984245205e+02) * r - 2.759285104469687e+02) * r
        + 1.383577518672690e+02) * r - 3.066479806614716e+01) * r + 2.506628277459239) * q
    let bottom =
      ((((-5.447609879822406e+01 * r + 1.615858368580409e+02) * r - 1.556989798598866e+02) * r
        + 6.680131188771972e+01) * r - 1.328068155288572e+01) * r + 1
    return top / bottom
  }
}
