#!/usr/bin/env python3
"""Writes an inventory of N hosts and the node list of a Headscale 0.29 that matches it exactly.

usage: generate.py N FOLDER      (writes FOLDER/inventory.yaml and FOLDER/nodes.json)

The same N gives the same bytes. A node has every field of the recorded list
(reference/samples/hs0.29.2-ts1.102.3/api-node.json), because what is skipped has to be read too.
"""

import hashlib
import json
import pathlib
import sys

ROLES = ["web", "db", "cache", "build", "edge"]
TIME = "2026-11-22T21:25:28.206088844Z"
OWNER_EVERY = 10  # the others are tagged by their groups
ROUTES_EVERY = 20


def key(kind, index):
    return f"{kind}:{hashlib.sha256(f'{kind}{index}'.encode()).hexdigest()}"


def role(index):
    return ROLES[index % len(ROLES)]


def name(index):
    return f"{role(index)}-{index:06d}"


def routes(index):
    if index % ROUTES_EVERY:
        return []
    block = index // ROUTES_EVERY
    return [f"10.{block // 256}.{block % 256}.0/24"]


def inventory(count):
    yield "version: 1\nserver:\n  url: https://mesh.example.com\n"
    yield "defaults:\n  os: linux\n  ssh: {user: ops, connect_timeout: 10s}\n  accept_dns: true\n"
    yield "groups:\n"
    for each in ROLES:
        yield f"  {each}:\n    tags: [tag:{each}, tag:server]\n"
    yield "hosts:\n"
    for index in range(count):
        yield f"  {name(index)}:\n"
        yield f"    address: 172.{16 + index // 65536}.{index // 256 % 256}.{index % 256}\n"
        if index % OWNER_EVERY == 0:
            yield "    owner: alice\n"
        else:
            yield f"    groups: [{role(index)}]\n"
        if routes(index):
            yield f"    routes: [{', '.join(routes(index))}]      # the rack behind {name(index)}\n"


def user(identifier, text):
    return {
        "id": identifier, "name": text, "createdAt": TIME, "displayName": "", "email": "",
        "providerId": "", "provider": "", "profilePicUrl": "",
    }  # fmt: skip


def node(index):
    owned = index % OWNER_EVERY == 0
    tags = [] if owned else [f"tag:{role(index)}", "tag:server"]
    owner = user("1", "alice") if owned else user("2147455555", "tagged-devices")
    pre_auth_key = {
        "user": user("1", "alice") if owned else None,
        "id": str(index + 1), "key": "hskey-auth-A12V5PCvQysR-***", "reusable": False,
        "ephemeral": False, "used": True, "expiration": "2026-11-23T21:25:28.227544363Z",
        "createdAt": TIME, "aclTags": tags,
    }  # fmt: skip
    return {
        "id": str(index + 1), "machineKey": key("mkey", index), "nodeKey": key("nodekey", index),
        "discoKey": key("discokey", index),
        "ipAddresses": [
            f"100.{64 + index // 65536}.{index // 256 % 256}.{index % 256}",
            f"fd7a:115c:a1e0::{index + 1:x}",
        ],
        "name": name(index), "user": owner, "lastSeen": "2026-11-22T21:25:39.988364659Z",
        "expiry": None, "preAuthKey": pre_auth_key, "createdAt": TIME,
        "registerMethod": "REGISTER_METHOD_AUTH_KEY", "givenName": name(index), "online": True,
        "approvedRoutes": routes(index), "availableRoutes": routes(index),
        "subnetRoutes": routes(index), "tags": tags,
    }  # fmt: skip


def main():
    if len(sys.argv) != 3 or not sys.argv[1].isdigit():
        sys.exit(__doc__)
    count, folder = int(sys.argv[1]), pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "inventory.yaml").write_text("".join(inventory(count)))
    body = {"nodes": [node(index) for index in range(count)]}
    (folder / "nodes.json").write_text(json.dumps(body, separators=(",", ":")))


if __name__ == "__main__":
    main()
