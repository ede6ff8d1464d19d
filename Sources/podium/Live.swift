import ArgumentParser
import Console
import Deployments
import Documents
import Glibc
import Terminal
import Words
import XDeepServe

/// `podium live`, what `podium` does without a subcommand: a simulated pod on the screen.
struct LiveCommand: ParsableCommand {
  /// Colours that can be asked for.
  enum Colors: String, CaseIterable, ExpressibleByArgument {
    case auto, truecolor
    case palette = "256"
    case sixteen = "16"
    case mono

    /// The level, nil for what the terminal says of itself.
    var level: ColorLevel? {
      switch self {
      case .auto: nil
      case .truecolor: .truecolor
      case .palette: .palette
      case .sixteen: .sixteen
      case .mono: .mono
      }
    }
  }

  static let configuration = CommandConfiguration(
    commandName: "live", abstract: "Watch a simulated pod serve, on the screen (what podium does without a subcommand)."
  )

  @OptionGroup var options: ScenarioOptions

  @Option(help: "Simulated seconds a second, 0.25 to 1000.")
  var speed = 1.0

  @Option(help: ArgumentHelp("A built-in theme or a file (podium themes lists them).", valueName: "name|file"))
  var theme = ThemeLibrary.defaultName

  @Option(help: "Colours: auto, truecolor, 256, 16 or mono.")
  var color = Colors.auto

  @Flag(help: "Draw with ASCII alone.")
  var ascii = false

  @Option(help: "Redraws a second, 0.1 to 60.")
  var fps = 2.0

  @Flag(help: "Only watch: no action can be taken.")
  var readOnly = false

  @Option(help: ArgumentHelp("The audit log (default: audit.jsonl in podium's state folder).", valueName: "file"))
  var audit: String?

  func validate() throws {
    guard speed >= 0.25, speed <= 1000 else { throw ValidationError("--speed must lie between 0.25 and 1000.") }
    guard fps >= 0.1, fps <= 60 else { throw ValidationError("--fps must lie between 0.1 and 60.") }
  }

  func run() throws {
    let library = ThemeLibrary.forThisUser
    let look = try library.theme(named: theme)
    let simulation = try options.simulation()
    let session: TerminalSession
    do throws(TerminalProblem) {
      // Before any other thread: it blocks the signals that it reads, and threads inherit that.
      session = try TerminalSession(framesPerSecond: fps, color: color.level, ascii: ascii)
    } catch {
      StandardError.write("podium: \(error)\n")
      throw ExitCode(2)
    }
    let deployment = SimulatedDeployment(simulation, speed: speed, isReadOnly: readOnly)
    let size = session.screen.size
    let names = library.names.contains(theme) ? library.names : library.names + [theme]
    let state = ConsoleState(
      width: size.columns, height: size.rows, theme: theme, themes: names, offersTour: FirstStart.isFirst(),
      who: Self.user)
    let watched = WatchedTheme(theme, look, library: library)
    let program = LiveProgram(
      deployment, state: state, theme: watched,
      audit: AuditKeeper(file: (audit ?? StateFolder.file("audit.jsonl")).map { AuditFile(path: $0) }))
    session.watch(deployment.wakeDescriptor)
    session.screen.setTitle("podium · \(options.scenario.printable(limit: 40))")
    let end = session.run(program)
    deployment.stop()
    switch end {
    case .quit: return
    case .signal, .vanished: throw ExitCode(130)
    }
  }
}

extension LiveCommand {
  /// Who sits at the console, as the system knows them.
  fileprivate static var user: String {
    for name in ["USER", "LOGNAME"] {
      if let value = unsafe getenv(name) {
        let text = unsafe String(cString: value)
        if !text.isEmpty { return text.printable(limit: 40) }
      }
    }
    return "operator"
  }
}

/// The console on a terminal: what a person does goes to the state, what the state asks for goes to the deployment.
final class LiveProgram: TerminalProgram {
  private let deployment: any Deployment
  private var state: ConsoleState
  private var watched: WatchedTheme
  private var audit: AuditKeeper
  /// Whether the console has the audit log as it is.
  private var isAuditTold = false
  /// Whether the deployment was asked to stand still.
  private var isHolding = false
  /// Whether something came since the last tick.
  private var isStale = false

  init(_ deployment: any Deployment, state: ConsoleState, theme: WatchedTheme, audit: AuditKeeper) {
    self.deployment = deployment
    self.state = state
    self.audit = audit
    watched = theme
  }

  var theme: Theme { watched.theme }

  func handle(_ event: InputEvent, _ session: TerminalSession) {
    let effects = state.handle(event)
    // Time stands before a rehearsal begins, and goes on after an order was given.
    if state.holdsTime { hold(true) }
    for effect in effects {
      switch effect {
      case .quit: session.quit()
      case .pause(let paused): deployment.command(.pause(paused))
      case .speed(let speed): deployment.command(.speed(speed))
      case .step: deployment.command(.step)
      case .theme(let name): use(theme: name)
      case .rehearse(let request): deployment.rehearse(request)
      case .suggest(let number): deployment.suggest(number)
      case .cancelRehearsal: deployment.cancelRehearsal()
      case .perform(let order): deployment.perform(order)
      }
    }
    if !state.holdsTime { hold(false) }
    // The answer to a key shows what it did to the clock, not what the last tick saw.
    var observation = Observation(frame: nil, playback: deployment.playback, costs: Self.costs(session))
    observation.operating = news(preview: nil, results: [])
    state.observe(observation)
  }

  private func hold(_ holds: Bool) {
    guard holds != isHolding else { return }
    isHolding = holds
    deployment.command(.hold(holds))
  }

  func wake(_ descriptor: Int32, _ session: TerminalSession) -> Bool {
    let first = state.frame == nil
    // First the frame, which lowers the signal: what comes after it raises it again.
    let frame = deployment.latest()
    let (preview, results) = (deployment.takePreview(), deployment.takeResults())
    let suggestions = deployment.takeSuggestions()
    guard frame != nil || preview != nil || suggestions != nil || !results.isEmpty else { return false }
    for result in results { audit.note(result) }
    if !results.isEmpty { isAuditTold = false }
    var observation = Observation(frame: frame, events: deployment.takeEvents(), playback: deployment.playback)
    observation.operating = news(preview: preview, results: results)
    observation.operating.suggestions = suggestions
    state.observe(observation)
    hold(state.holdsTime)
    isStale = true
    if first { refreshProfiles(session) }
    // A preview grows before the eyes; what a model does otherwise waits for the tick.
    return first || preview != nil || suggestions != nil || !results.isEmpty
  }

  /// What is new about operating.
  private func news(preview: Preview?, results: [OrderResult]) -> OperatingNews {
    var news = OperatingNews()
    news.refusesOrders = deployment.refusesOrders
    news.configuration = deployment.configuration
    news.preview = preview
    news.results = results
    if state.wantsService { news.service = deployment.service(seconds: 1200) }
    if let frame = state.frame, audit.follow(frame, news.service ?? ServiceRecord()) { isAuditTold = false }
    if !isAuditTold { news.audit = audit.records }
    isAuditTold = true
    news.auditProblem = audit.problem
    return news
  }

  func tick(_ session: TerminalSession) -> Bool {
    if let said = watched.reload() {
      state.say(said)
      isStale = true
    }
    guard isStale else { return false }
    isStale = false
    refreshProfiles(session)
    return true
  }

  /// Courses over time are asked for once a tick, however many frames came between.
  private func refreshProfiles(_ session: TerminalSession) {
    var profiles: [Profile: [Float]] = [:]
    for profile in state.profiled {
      profiles[profile] = deployment.history(profile.metric, element: profile.element, seconds: 600)
    }
    var observation = Observation(
      frame: nil, events: deployment.takeEvents(), playback: deployment.playback, profiles: profiles,
      costs: Self.costs(session))
    observation.operating = news(preview: nil, results: [])
    state.observe(observation)
  }

  private static func costs(_ session: TerminalSession) -> ScreenCosts {
    ScreenCosts(frames: session.screen.costs, dropped: session.screen.dropped)
  }

  func draw(width: Int, height: Int, appearance: Appearance) -> Canvas {
    _ = state.handle(.resize(columns: width, rows: height))
    return state.paint(appearance)
  }

  private func use(theme name: String) {
    guard let problem = watched.use(name) else { return }
    state.keep(theme: watched.name)
    state.say(problem)
  }
}

/// Whether this user starts Podium for the first time: an empty file under `$XDG_STATE_HOME` remembers it.
enum FirstStart {
  /// True once; without a place to remember it, never.
  static func isFirst() -> Bool {
    guard let file = StateFolder.file("started"), unsafe access(file, F_OK) != 0 else { return false }
    var path = ""
    for part in file.split(separator: "/").dropLast() {
      path += "/" + part
      unsafe mkdir(path, 0o700)
    }
    let descriptor = unsafe open(file, O_WRONLY | O_CREAT, 0o600)
    guard descriptor >= 0 else { return false }
    close(descriptor)
    return true
  }
}
