#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif
import AsyncHTTPClient
import MeshCore
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// What a connection that failed means.
extension APIWords {
  /// Names the problem behind an error of the HTTP client.
  func problem(_ error: any Error, certificate: PeerCertificate?) -> APIProblem {
    switch error {
    case let error as NIOConnectionError:
      return APIProblem(.neverSent, transient: true, connection(error))
    case let error as IOError where Self.unconnected.contains(error.errnoCode):
      // An address needs no resolving, so its error comes bare.
      return APIProblem(.neverSent, transient: true, unreachable([error]))
    case let error as NIOSSLError:
      return APIProblem(.neverSent, tls(String(describing: error), certificate))
    case let error as BoringSSLError:
      return APIProblem(.neverSent, tls(String(describing: error), certificate))
    case let error as NIOSSLExtraError:
      return APIProblem(.neverSent, extra(error))
    case let error as HTTPClientError:
      return client(error)
    case let error as ChannelError:
      if case .connectTimeout = error {
        return APIProblem(.neverSent, transient: true, timeout("connect to"))
      }
      return APIProblem(.unclear, transient: true, broken(String(describing: error)))
    case let error as HTTPParserError:
      return APIProblem(.unclear, transient: true, cutShort(String(describing: error)))
    default:
      return APIProblem(.unclear, transient: true, broken(String(describing: error)))
    }
  }

  /// The total time of one call is over.
  var timedOut: APIProblem { APIProblem(.unclear, transient: true, timeout("answer from")) }

  private func connection(_ error: NIOConnectionError) -> Failure {
    let attempts = error.connectionErrors.map(\.error)
    if attempts.isEmpty, let dns = error.dnsAError ?? error.dnsAAAAError {
      return failure(
        .apiUnresolved, "the name \(url.host) does not resolve on this machine",
        detail: "meshctl cannot reach the Headscale API at \(url.normalized).",
        evidence: "\(dns)",
        hint: "check with: getent hosts \(url.host); or write an address in server.api.url")
    }
    let isTimeout = attempts.contains {
      if case .connectTimeout = $0 as? ChannelError { true } else { false }
    }
    let isRefused = attempts.contains { ($0 as? IOError)?.errnoCode == ECONNREFUSED }
    return isTimeout && !isRefused ? timeout("connect to") : unreachable(attempts)
  }

  /// What `connect` says where there is no connection, and so nothing was sent.
  private static let unconnected: Set = [
    ENOENT, EACCES, EPERM, ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, EHOSTDOWN, ENETDOWN,
    EADDRNOTAVAIL,
  ]

  private func unreachable(_ attempts: [any Error]) -> Failure {
    if socket != nil { return socketUnreachable(attempts) }
    let isRefused = attempts.contains { ($0 as? IOError)?.errnoCode == ECONNREFUSED }
    return failure(
      .apiUnreachable,
      isRefused ? "nothing listens at \(place)" : "cannot connect to \(place)",
      detail: "meshctl cannot reach the Headscale API at \(url.normalized).",
      evidence: attempts.first.map { "\($0)" },
      hint: "is the server running and the port right? check: " + curl("/health"))
  }

  private func socketUnreachable(_ attempts: [any Error]) -> Failure {
    let code = attempts.lazy.compactMap { ($0 as? IOError)?.errnoCode }.first
    let isForbidden = code == EACCES || code == EPERM
    let what =
      switch code {
      case ENOENT: "there is no socket at \(socket ?? "")"
      case ECONNREFUSED: "nothing listens on \(place)"
      case _ where isForbidden: "this user may not open \(place)"
      default: "cannot connect to \(place)"
      }
    return failure(
      .apiUnreachable, what,
      detail: "server.api.socket is for meshctl on the machine where Headscale 0.30 or later runs.",
      evidence: attempts.first.map { "\($0)" },
      hint: isForbidden
        ? "run as root, or add this user to the group headscale"
        : "is the server running? unix_socket in its config.yaml names the path")
  }

  private func client(_ error: HTTPClientError) -> APIProblem {
    switch error {
    case .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout:
      return APIProblem(.neverSent, transient: true, timeout("connect to"))
    case .readTimeout, .writeTimeout, .deadlineExceeded:
      return timedOut
    case .remoteConnectionClosed, .uncleanShutdown:
      return APIProblem(.unclear, transient: true, broken("\(error)"))
    default:
      return APIProblem(.unclear, broken("\(error)"))
    }
  }

  private func timeout(_ doing: String) -> Failure {
    failure(
      .apiTimeout,
      doing == "connect to"
        ? "no connection to \(place) in time" : "no complete answer from \(place) in time",
      detail: "A firewall that drops packets, a busy server or a slow network do this.",
      hint: "check with: \(curl("/health", options: "--max-time 10 "))")
  }

  private func broken(_ text: String) -> Failure {
    failure(
      .apiUnreachable, "the connection to \(place) broke before the answer was complete",
      evidence: text, hint: "check the server's and the proxy's logs, then run again")
  }

  private func cutShort(_ text: String) -> Failure {
    failure(
      .apiBadAnswer, "the answer of \(place) is cut short or not HTTP", evidence: text,
      hint: "check with: \(curl("/health"))")
  }

  private func extra(_ error: NIOSSLExtraError) -> Failure {
    failure(
      .apiTLS, "the certificate of \(place) is not for the name \(url.host)", evidence: "\(error)",
      hint: "use a name in server.api.url that the certificate holds, or issue one for it")
  }

  private func tls(_ text: String, _ certificate: PeerCertificate?) -> Failure {
    let evidence = certificate?.summary ?? text
    if text.contains("WRONG_VERSION_NUMBER") || text.contains("HTTP_REQUEST") {
      return failure(
        .apiTLS, "\(place) does not speak TLS, but the URL begins with https://", evidence: text,
        hint: "is the port right? a Headscale without TLS has an http:// URL")
    }
    if let certificate, certificate.isExpired {
      return failure(
        .apiTLS, "the certificate of \(place) has expired", evidence: evidence,
        hint: "renew it on the server; check this machine's clock: date")
    }
    if text.contains("CERTIFICATE_VERIFY_FAILED") {
      return failure(
        .apiTLS, "the certificate of \(place) is signed by nobody this machine trusts",
        evidence: evidence,
        hint: hasCAFile
          ? "is server.api.ca_file the authority that signed it?"
          : "name the authority's PEM file in server.api.ca_file")
    }
    return failure(
      .apiTLS, "no TLS connection to \(place)", evidence: text,
      hint: "check with: openssl s_client -connect \(place)")
  }
}
