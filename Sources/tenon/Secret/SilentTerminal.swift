internal import Glibc

/// A terminal that does not show what is typed, until `restore`, or until one of `signals` ends the command.
struct SilentTerminal {
    /// Ctrl-C as a character, which ends the line: the command goes on, and says what became of it.
    static let interrupt: UInt8 = 0x03

    /// Signals that end a command; the first two are what `kill` and a supervisor send.
    private static let signals = [SIGTERM, SIGINT, SIGHUP, SIGQUIT]
    /// How the terminal was. Invariant: written before the handlers are installed, and never freed; after that
    /// only read, by whichever thread takes the signal.
    nonisolated(unsafe) private static var before: UnsafeMutablePointer<termios>?
    /// What the signals did before.
    private var replaced: [(signal: Int32, action: sigaction)] = []

    /// Nil where the standard input is no terminal that can be asked so.
    init?() {
        var settings = termios()
        guard tcgetattr(STDIN_FILENO, &settings) == 0 else { return nil }
        let saved = Self.before ?? UnsafeMutablePointer<termios>.allocate(capacity: 1)
        saved.initialize(to: settings)
        Self.before = saved
        for number in Self.signals {
            var action = sigaction()
            // What is ignored, as below `nohup`, stays so.
            guard sigaction(number, nil, &action) == 0, !action.ignores else { continue }
            replaced.append((number, action))
            signal(number) { number in
                // Only calls that POSIX allows in a handler.
                if let before = SilentTerminal.before { tcsetattr(STDIN_FILENO, TCSANOW, before) }
                signal(number, SIG_DFL)
                raise(number)
            }
        }
        settings.c_lflag &= ~tcflag_t(ECHO | ISIG)
        settings.c_cc.11 = Self.interrupt
        guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings) == 0 else {
            restore()
            return nil
        }
    }

    /// Gives the terminal its echo back.
    func restore() {
        if let before = Self.before { tcsetattr(STDIN_FILENO, TCSAFLUSH, before) }
        for (number, action) in replaced {
            var action = action
            sigaction(number, &action, nil)
        }
    }
}

extension sigaction {
    fileprivate var ignores: Bool {
        unsafeBitCast(__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
