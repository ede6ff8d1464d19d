import CPlatform
import Glibc

/// A terminfo entry of our own that adds colours to the user's terminal.
///
/// Debian's base package has no entry with 24-bit colour, and `linux` and `screen` tell of 8 colours where they show 16.
/// The entry takes over everything else with `use=`. It is compiled once and kept in the user's cache, since `tic` costs
/// more than all the rest of the start. What ncurses writes under it no terminal understands before `PenFilter` went
/// over it.
enum PrivateTerminfo {
  /// The name of an entry for a terminal at a colour level, made findable; nil where that fails.
  static func name(term: String, level: ColorLevel) -> String? {
    guard let body = body(level), term.utf8.allSatisfy(isSafe), !term.isEmpty, !term.hasPrefix(".") else { return nil }
    let name = "podium2-\(level)-\(term)"
    guard let root = cache() else { return nil }
    let home = "\(root)/\(name)"
    let entry = "\(home)/p/\(name)"
    if unsafe access(entry, R_OK) != 0 {
      guard compile("\(name)|\(term) with other colours,\n\(body)\tuse=\(term),\n", root: root, home: home) else {
        return nil
      }
      guard unsafe access(entry, R_OK) == 0 else { return nil }
    }
    // An empty part stands for the usual places.
    unsafe setenv("TERMINFO_DIRS", "\(home):\(environment("TERMINFO_DIRS") ?? "")", 1)
    return name
  }

  /// The capabilities that differ.
  ///
  /// Numbers of pairs instead of colours leave ncurses one short string to fill in where it would work out two long
  /// ones, which is a third of its time; `PenFilter` puts the colours in their place.
  private static func body(_ level: ColorLevel) -> String? {
    let colors: String
    switch level {
    case .mono: return nil
    case .sixteen: colors = "colors#16"
    case .palette: colors = "colors#256"
    case .truecolor: colors = "RGB, colors#0x1000000"
    }
    return
      "\t\(colors), pairs#0x10000, initc@, ccc@, op=\\E[39;49m, scp=\(PenFilter.pairSequence("%p1%d", escape: "\\E")),\n"
  }

  private static func isSafe(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2D, 0x2E, 0x5F: true
    default: false
    }
  }

  /// A folder that only this user can write; nil where there is none.
  private static func cache() -> String? {
    var bases: [String] = []
    if let given = environment("XDG_CACHE_HOME"), given.hasPrefix("/") { bases.append(given) }
    if let home = environment("HOME"), home.hasPrefix("/") { bases.append("\(home)/.cache") }
    for base in bases {
      unsafe mkdir(base, 0o700)
      unsafe mkdir("\(base)/podium", 0o700)
      let folder = "\(base)/podium/terminfo"
      unsafe mkdir(folder, 0o700)
      if isPrivate(folder) { return folder }
    }
    let folder = "\(environment("TMPDIR") ?? "/tmp")/podium-terminfo-\(getuid())"
    unsafe mkdir(folder, 0o700)
    return isPrivate(folder) ? folder : nil
  }

  private static func isPrivate(_ folder: String) -> Bool {
    var status = stat()
    return unsafe lstat(folder, &status) == 0 && status.st_uid == getuid() && status.st_mode & S_IFMT == S_IFDIR
      && status.st_mode & 0o022 == 0
  }

  /// Compiles into a folder of its own and renames it, so that two programs at once do not meet half an entry.
  private static func compile(_ text: String, root: String, home: String) -> Bool {
    let work = "\(root)/new-\(getpid())"
    unsafe mkdir(work, 0o700)
    let source = "\(root)/new-\(getpid()).src"
    let descriptor = unsafe open(source, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { return false }
    let bytes = Array(text.utf8)
    let written = unsafe write(descriptor, bytes, bytes.count)
    close(descriptor)
    defer {
      unsafe unlink(source)
      unsafe rmdir(work)
    }
    guard written == bytes.count, Command.run(["tic", "-x", "-o", work, source]) == 0 else { return false }
    if unsafe rename(work, home) == 0 { return true }
    return unsafe access(home, R_OK) == 0
  }
}

/// Starts other programs.
enum Command {
  /// Runs a program silently and gives its exit status, -1 where it cannot run.
  static func run(_ words: [String]) -> Int32 {
    var arguments = unsafe words.map { unsafe strdup($0) }
    unsafe arguments.append(nil)
    defer { unsafe arguments.forEach { unsafe free($0) } }
    return unsafe podium_run_quietly(words[0], arguments)
  }
}
