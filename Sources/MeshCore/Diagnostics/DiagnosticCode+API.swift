/// What can go wrong between meshctl and the Headscale API.
extension DiagnosticCode {
  // MARK: Getting there

  /// The API's host name does not resolve on this machine.
  package static let apiUnresolved = DiagnosticCode(rawValue: "MESH-API-UNRESOLVED")
  /// The name resolves, but nothing accepts connections there, or the connection broke.
  package static let apiUnreachable = DiagnosticCode(rawValue: "MESH-API-UNREACHABLE")
  /// No connection or no complete answer in time.
  package static let apiTimeout = DiagnosticCode(rawValue: "MESH-API-TIMEOUT")
  /// The TLS handshake failed: unknown authority, wrong name, expired, or no TLS at all.
  package static let apiTLS = DiagnosticCode(rawValue: "MESH-API-TLS")
  /// `server.api.ca_file` cannot be read or holds no certificate.
  package static let apiCAFile = DiagnosticCode(rawValue: "MESH-API-CA-FILE")
  /// The server points elsewhere; the key is never sent to another origin.
  package static let apiRedirect = DiagnosticCode(rawValue: "MESH-API-REDIRECT")
  /// The `headscale` command (`server.api.command`, `server.api.ssh`) cannot be run.
  package static let apiCommand = DiagnosticCode(rawValue: "MESH-API-COMMAND")
  /// A gateway answers instead of Headscale: 502, 503 or 504.
  package static let apiUnavailable = DiagnosticCode(rawValue: "MESH-API-UNAVAILABLE")

  // MARK: What answers

  /// Something answers, but it is not Headscale: a page, or 404 everywhere.
  package static let apiNotHeadscale = DiagnosticCode(rawValue: "MESH-API-NOT-HEADSCALE")
  /// The answer is cut short, too large, or not what this call returns.
  package static let apiBadAnswer = DiagnosticCode(rawValue: "MESH-API-BAD-ANSWER")
  /// Headscale understood the call and said no, or failed at it.
  package static let apiRefused = DiagnosticCode(rawValue: "MESH-API-REFUSED")
  /// The node to change is not in the list any more.
  package static let apiNodeGone = DiagnosticCode(rawValue: "MESH-API-NODE-GONE")
  /// Headscale is too old to be read.
  package static let apiVersionTooOld = DiagnosticCode(rawValue: "MESH-API-VERSION-TOO-OLD")
  /// Headscale is too old to be changed; it can be read.
  package static let apiVersionReadOnly = DiagnosticCode(rawValue: "MESH-API-VERSION-READ-ONLY")
  /// Headscale is newer than what meshctl was tested with (a warning).
  package static let apiVersionUntested = DiagnosticCode(rawValue: "MESH-API-VERSION-UNTESTED")

  // MARK: The key and where it may go

  /// Headscale refused the API key (401 or 403).
  package static let apiKeyRefused = DiagnosticCode(rawValue: "MESH-API-KEY-REFUSED")
  /// No API key is given anywhere.
  package static let apiKeyMissing = DiagnosticCode(rawValue: "MESH-API-KEY-MISSING")
  /// The environment does not say clearly where the API key is.
  package static let apiKeySource = DiagnosticCode(rawValue: "MESH-API-KEY-SOURCE")
  /// The API key holds characters that no key has.
  package static let apiKeyMalformed = DiagnosticCode(rawValue: "MESH-API-KEY-MALFORMED")
  /// No API URL is given, or HEADSCALE_URL is not one.
  package static let apiURL = DiagnosticCode(rawValue: "MESH-API-URL")
  /// The inventory names another API than HEADSCALE_URL allows (design law 7).
  package static let apiURLPinned = DiagnosticCode(rawValue: "MESH-API-URL-PINNED")
  /// The inventory wants to run a command, and HEADSCALE_URL asks for `--allow-commands`.
  package static let apiCommandsNotAllowed = DiagnosticCode(
    rawValue: "MESH-API-COMMANDS-NOT-ALLOWED")
  /// The inventory names a way to the API that this server does not have.
  package static let apiAccessUnsupported = DiagnosticCode(
    rawValue: "MESH-API-ACCESS-UNSUPPORTED")

  // MARK: Users and tags

  /// A user name the server would refuse or mangle.
  package static let apiUserName = DiagnosticCode(rawValue: "MESH-API-USER-NAME")
  /// No user has that name or email.
  package static let apiUserUnknown = DiagnosticCode(rawValue: "MESH-API-USER-UNKNOWN")
  /// More than one user has that name or email.
  package static let apiUserAmbiguous = DiagnosticCode(rawValue: "MESH-API-USER-AMBIGUOUS")
  /// A user signed in from outside already has that name or email.
  package static let apiUserTaken = DiagnosticCode(rawValue: "MESH-API-USER-TAKEN")
  /// Keys of tagged hosts need `server.key_owner` on this Headscale.
  package static let apiKeyOwner = DiagnosticCode(rawValue: "MESH-API-KEY-OWNER")
  /// The policy does not allow these tags, or there are none.
  package static let apiTags = DiagnosticCode(rawValue: "MESH-API-TAGS")

  // MARK: Saved lists

  /// A saved node list (`--nodes FILE`) cannot be read.
  package static let nodesFile = DiagnosticCode(rawValue: "MESH-API-NODES-FILE")
  /// A become password would be read from where the API key comes from.
  package static let apiKeyAsPassword = DiagnosticCode(rawValue: "MESH-API-KEY-AS-PASSWORD")
}
