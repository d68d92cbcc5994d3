extension Cause {
  static let api: [Cause] = [
    Cause(
      .apiUnresolved, "the API's name does not resolve on this machine",
      why: "Nothing was asked and nothing changed.",
      look: "server.api.url, else server.url, and this machine's resolver.",
      next: "getent hosts NAME", "set server.api.url to a name or address that resolves here"),
    Cause(
      .apiUnreachable, "nothing accepts connections at the API's address",
      why: "The server is down, its port is another, or a firewall is in between.",
      look: "The error of the connection.", passes: true, next: "curl -v URL/health"),
    Cause(
      .apiTimeout, "the API did not answer in time",
      why:
        "The server hangs or something drops packets. What was asked may have been done; the next"
        + " run looks first.",
      look: "Which call, and how long it waited.", passes: true, next: "curl -v -m 30 URL/health"),
    Cause(
      .apiTLS, "the TLS handshake with the API failed",
      why:
        "The authority is unknown here, the name is another, the certificate expired, or the port"
        + " speaks no TLS.",
      look: "The certificate that the server showed.",
      next: "openssl s_client -connect HOST:443 -servername HOST", "set server.api.ca_file"),
    Cause(
      .apiCAFile, "server.api.ca_file cannot be read or holds no certificate",
      why: "Without it the server's certificate cannot be verified, and that is never turned off.",
      look: "The file.", next: "openssl x509 -in FILE -noout -subject"),
    Cause(
      .apiRedirect, "the API points elsewhere",
      why: "The key is sent to one origin only, so redirects are not followed.",
      look: "The Location of the answer.", next: "set server.api.url to where it points"),
    Cause(
      .apiCommand, "the headscale command cannot be run",
      why:
        "server.api.command or server.api.ssh names a program that is missing or may not be run.",
      look: "The program's exit status and words.",
      next: "run it by hand: headscale version -o json"),
    Cause(
      .apiUnavailable, "a gateway answers instead of Headscale",
      why: "502, 503 or 504: the proxy is up, the server behind it is not.",
      look: "The HTTP status.", passes: true, next: "systemctl status headscale, on the server"),
    Cause(
      .apiNotHeadscale, "what answers is not Headscale",
      why: "A page, or 404 everywhere: the URL's path or port is wrong.",
      look: "What answered /version and /api/v1.", next: "curl -v URL/version",
      "check server.api.url"),
    Cause(
      .apiBadAnswer, "the answer is cut short, too large, or not what this call returns",
      why: "A proxy changed it, or the server is of a kind that meshctl does not know.",
      look: "The first bytes of the answer.", passes: true,
      next: "curl -H \"Authorization: Bearer $HEADSCALE_API_KEY\" URL/api/v1/node"),
    Cause(
      .apiRefused, "Headscale said no, or failed at a call",
      why: "It understood the call; its own words say why.",
      look: "Headscale's message.", next: "journalctl -u headscale, on the server",
      from: "Headscale (hscontrol/grpcv1.go, hscontrol/api/v1)"),
    Cause(
      .apiNodeGone, "the node to change is not in the list any more",
      why: "Somebody deleted it meanwhile.", look: "The server's list.", passes: true,
      next: "meshctl plan"),
    Cause(
      .apiVersionTooOld, "Headscale is too old to be read",
      why: "Before 0.26 users go by name and routes have calls of their own.",
      look: "GET /version, and the fields of a node.",
      next: "upgrade Headscale, one minor at a time",
      from: "Headscale's changelog"),
    Cause(
      .apiVersionReadOnly, "Headscale is too old to be changed",
      why: "Below 0.28 tags and keys work otherwise; plan, status and import read it.",
      look: "GET /version.", next: "upgrade Headscale to 0.28 or later",
      from: "Headscale's changelog"),
    Cause(
      .apiVersionUntested, "Headscale is newer than what meshctl was tested with",
      why: "It most likely works; what changed is not known.",
      look: "GET /version.", next: "read the plan with care", "look for a newer meshctl"),
    Cause(
      .apiKeyRefused, "Headscale refused the API key",
      why: "It is wrong, expired, or of another server.",
      look: "401 or 403, and where the key came from; never the key itself.",
      next: "on the server: headscale apikeys list",
      "on the server: headscale apikeys create --expiration 90d"),
    Cause(
      .apiKeyMissing, "no API key is given anywhere",
      why: "Only REST over TCP needs one; the socket and the command do not.",
      look: "HEADSCALE_API_KEY, HEADSCALE_API_KEY_FILE, and server.api.key.",
      next: "export HEADSCALE_API_KEY=… (on the server: headscale apikeys create)"),
    Cause(
      .apiKeySource, "the environment does not say clearly where the API key is",
      why:
        "HEADSCALE_API_KEY and HEADSCALE_API_KEY_FILE are both set, or the file is no absolute path.",
      look: "env | grep ^HEADSCALE_API_KEY, without showing its value to anybody.",
      next: "unset one of them, and write the file's whole path"),
    Cause(
      .apiKeyMalformed, "the API key holds characters that no key has",
      why: "A line feed in the middle, quotes, or the wrong file.",
      look: "Where the key came from, and its length.", next: "check server.api.key"),
    Cause(
      .apiURL, "no API URL is given, or HEADSCALE_URL is not one",
      why: "meshctl does not guess where a key goes.",
      look: "server.api.url, server.url and HEADSCALE_URL.",
      next: "write server: {url: https://…}"),
    Cause(
      .apiURLPinned, "the inventory names another API than HEADSCALE_URL allows",
      why: "In CI a changed inventory must not be able to send the key elsewhere.",
      look: "Both URLs, normalised; or server.api.socket.",
      next: "correct server.api.url, or HEADSCALE_URL of the job",
      "add --allow-commands where the socket is meant"),
    Cause(
      .apiCommandsNotAllowed, "the inventory wants to run a command, and HEADSCALE_URL is set",
      why: "Where HEADSCALE_URL is set, an inventory may come from a stranger.",
      look: "server.api.command, server.api.ssh, and secrets from a command.",
      next: "add --allow-commands where you trust the file"),
    Cause(
      .apiAccessUnsupported, "the server has no such way in",
      why: "Its version does not offer it, for example the REST API on the socket below 0.30.",
      look: "server.api and the server's version.", next: "use server.api.url or server.api.command"
    ),
    Cause(
      .apiUserName, "the server would refuse or mangle that user name",
      why: "A name starts with a letter and holds letters, digits, `-._` and at most one `@`.",
      look: "The name.", next: "correct owner in the inventory",
      from: "Headscale (hscontrol/util/dns.go)"),
    Cause(
      .apiUserUnknown, "no user has that name or email",
      why: "A key needs its owner to exist.", look: "GET /user.",
      next: "headscale users create NAME"),
    Cause(
      .apiUserAmbiguous, "more than one user has that name or email",
      why: "A local user and one who signed in from outside may share a name.", look: "GET /user.",
      next: "use the email instead"),
    Cause(
      .apiUserTaken, "a user who signed in from outside has that name or email",
      why: "Creating a local one of the same name would make two.", look: "GET /user.",
      next: "use the email of that user as owner"),
    Cause(
      .apiKeyOwner, "keys of tagged hosts need server.key_owner on this Headscale",
      why: "Below 0.29 a key without a user makes a new node at every login.",
      look: "The server's version.", next: "write server: {key_owner: NAME}"),
    Cause(
      .apiTags, "the policy does not allow these tags, or there are none",
      why: "Headscale sets only tags that have an entry in tagOwners.",
      look: "`requested tags [tag:x] are invalid or not permitted`.",
      next: "add to the policy: \"tagOwners\": {\"tag:x\": []}",
      from: "Headscale (hscontrol/state/tags.go)"),
    Cause(
      .nodesFile, "a saved node list cannot be read",
      why: "`--nodes` takes what `meshctl import --format nodes` writes, the body of GET"
        + " /api/v1/node, or `headscale nodes list -o json`.",
      look: "Where in the file it stops to be that.", next: "meshctl import --format nodes > FILE"),
    Cause(
      .apiKeyAsPassword, "a become password would be the API key",
      why: "A become password is sent to the host, and the API key must never be.",
      look: "The sources of both.", next: "give become.password a source of its own"),
  ]
}
