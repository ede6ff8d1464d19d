import Glibc

/// Reads one variable of the environment; nil where unset.
func environment(_ name: String) -> String? {
  guard let value = unsafe getenv(name) else { return nil }
  return unsafe String(cString: value)
}
