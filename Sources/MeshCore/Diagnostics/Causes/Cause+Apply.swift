extension Cause {
  static let apply: [Cause] = [
    Cause(
      .notVerified, "the last look at the server still shows what was to be changed",
      why: "The server took the call and did not keep it, or could not be asked any more.",
      look: "What the list says after the step.", passes: true,
      next: "meshctl plan --probe --limit HOST"),
    Cause(
      .unexpected, "an error that meshctl did not expect",
      why: "It is a defect of meshctl; the host counts as failed, the others go on.",
      look: "The kind of error; its text is left out, since it may hold a secret.",
      next: "meshctl apply --limit HOST -v, and report it"),
    Cause(
      .notShown, "a host needs more than what was shown",
      why: "What came to light while acting was not part of the plan, so it is not done.",
      look: "The plan that was shown, and the host's facts now.", passes: true,
      next: "meshctl apply --limit HOST: the next plan has it"),
    Cause(
      .cleanUpFailed, "something could not be tidied up after a failure",
      why: "A pre-auth key ends by itself, within 15 minutes or, where it waits for a person,"
        + " within a day; the next run tries again.",
      look: "Which key or host, and why.", passes: true,
      next: "headscale preauthkeys expire --id ID"),
    Cause(
      .emptyList, "the server lists no node, but hosts report to be joined to it",
      why: "It is another server, or it was reset; that is no reason to join everybody anew.",
      look: "The list, and the hosts' own reports.",
      next: "check server.api.url and the server's database"),
    Cause(
      .secondLook, "a deletion by age waits for its second look",
      why: "A node that came back meanwhile must be kept.",
      look: "guards.confirm_after, and when the list was read.", passes: true,
      next: "meshctl apply"),
    Cause(
      .notDeleted, "a node that was to be deleted is still there",
      why: "It came back, or the server refused.", look: "The list after the call.", passes: true,
      next: "meshctl plan"),
    Cause(
      .routesKept, "a host keeps a route until the host that is to serve it does",
      why: "Otherwise nobody would serve it in between.", look: "Who serves the route now.",
      passes: true, next: "meshctl apply, once the other host is online"),
    Cause(
      .backedOff, "a host that keeps failing is not tried in this run",
      why:
        "It failed for more than five minutes, so a run that nobody watches tries it once in five"
        + " minutes, after an hour once an hour, after a day once a day; at once where its entry in"
        + " the inventory or its node changes. It counts as failed meanwhile.",
      look: "The code it failed with last, and how often it was tried.", passes: true,
      next: "meshctl apply --retry-now --limit HOST"),
    Cause(
      .waitsStill, "a host that waits for a person is not looked at in this run",
      why: "It waits for more than five minutes, so a run that nobody watches looks once in five"
        + " minutes, after an hour once an hour; at once where its node appears.",
      look: "The code it waits with, and since when.", passes: true,
      next: "do what it waits for, then: meshctl apply --retry-now --limit HOST"),
    Cause(
      .planMoved, "what was shown no longer holds",
      why:
        "A node that would be touched changed between the plan and the answer; nothing was done.",
      look: "What moved, old and new.", passes: true, next: "meshctl plan"),
  ]
}
